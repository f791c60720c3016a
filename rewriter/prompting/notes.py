"""The words of the note that agents read, notes/*.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rewriter.datafile import open_toml
from rewriter.model import MoveKind
from rewriter.prompting.phrases import check_phrases

NOTE_WORDS = {  # the variables of the note's lines, by key
    "added": {"list"}, "rephrased": {"list"}, "kept": {"count", "total"}, "facts": {"list"}, "put_back": {"list"},
    "left_out": {"list"}, "tone": {"tone", "others", "directive"}, "quote": {"text"}, "declined": {"reason"},
    "refused": {"error"}, "gave_up": {"error"}, "no_tone": {"tone"}, "no_language": {"language", "read", "others"},
}  # fmt: skip
Reason = Literal["fact", "negation", "condition", "certainty", "promise", "fault", "actor", "time", "wording"]


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of the note that agents read, in one language; each line is a template of its own variables."""

    suggested: str
    no_tone: str
    no_language: str
    added: str
    rephrased: str
    kept: str
    facts: str
    put_back: str
    left_out: str
    tone: str
    quote: str
    declined: str
    untouched: str
    missing: str
    refused: str
    gave_up: str
    moves: dict[MoveKind, str]
    reasons: dict[Reason, str]


def read_note_words(path: Path) -> NoteWords:
    """Return the words of a note, checked; raises PromptError likewise."""
    file = open_toml(path)
    words = file.read(NoteWords)
    for key in NoteWords.__dataclass_fields__:
        check_phrases(file, frozenset(NOTE_WORDS.get(key, ())), key)
    for table, keys in (("moves", get_args(MoveKind)), ("reasons", get_args(Reason))):
        for missing in (key for key in keys if key not in getattr(words, table)):
            file.wrong(f"{missing!r} is missing below [{table}]; add it.", table, missing)
    file.refuse_wrong()
    return words
