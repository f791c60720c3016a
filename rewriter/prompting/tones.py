"""Tone profiles, tones/*.toml."""

from __future__ import annotations

import re
from pathlib import Path

from rewriter.datafile import read_toml
from rewriter.model import Tone
from rewriter.prompting.phrases import check_notation, forbid_banned, forbid_empty_lists, wrong

_WORD_FOR_WORD = ("anecdotes", "expertise", "handoff")  # what a tone says as it stands
MOST = {"max_added_words": 60, "max_added_sentences": 3}  # more is no dose of kindness


def read_tone(path: Path) -> Tone:
    """Return a tone profile, checked; raises PromptError with file, line and the mend."""
    tone = read_toml(path, Tone, name=path.stem)
    forbid_empty_lists(path)
    for key in ("prefer", "ban", "never_apologise"):
        check_notation(getattr(tone, key), path)
    for key in ("prefer", *_WORD_FOR_WORD):
        forbid_banned(getattr(tone, key), tone.ban, path)
    for key, most in MOST.items():
        if not 1 <= getattr(tone, key) <= most:
            raise wrong(path, key, f"{key} is 1 to {most}; take moves out to add nothing.")
    for text in (text for key in _WORD_FOR_WORD for text in getattr(tone, key)):
        if len(text.split()) > tone.max_added_words:
            most = tone.max_added_words
            raise wrong(path, text, f"longer than max_added_words ({most}), so it would never be said: shorten it.")
    for code in tone.languages:
        if not re.fullmatch("[a-z]{2}", code):
            raise wrong(path, "languages", f"{code!r} is no language code; write two small letters: en, de.")
    if len(set(tone.moves)) < len(tone.moves):
        raise wrong(path, "moves", "a move stands here twice; name each once.")
    for move, key in (("expertise", "expertise"), ("hand-off", "handoff")):
        if getattr(tone, key) and move not in tone.moves:
            raise wrong(path, key, f"{key} is never said: add {move!r} to moves.")
    return tone
