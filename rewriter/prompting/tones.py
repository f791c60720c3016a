"""Tone profiles, tones/*.toml."""

from __future__ import annotations

import re
from pathlib import Path

from rewriter.datafile import open_toml
from rewriter.model import MoveKind, Tone
from rewriter.prompting.phrases import check_notation, check_word_for_word, forbid_banned

WORD_FOR_WORD: dict[str, MoveKind] = {  # the approved texts, and the move that says them
    "anecdotes": "relatability",
    "expertise": "expertise",
    "handoff": "hand-off",
}
MOST = {"max_added_words": 60, "max_added_sentences": 3}  # more is no dose of kindness


def read_tone(path: Path) -> Tone:
    """Return a tone profile, checked; raises PromptError with file, line and the mend."""
    file = open_toml(path)
    file.forbid_empty_lists()
    tone = file.read(Tone, name=path.stem)
    for key in ("prefer", "ban", "never_apologise"):
        check_notation(file, key)
    for key, most in MOST.items():
        if not 1 <= getattr(tone, key) <= most:
            file.wrong(f"{key} is 1 to {most}; take moves out to add nothing.", key)
    for key, move in WORD_FOR_WORD.items():
        check_word_for_word(file, key)
        for at, text in file.texts(key):
            if len(text.split()) > tone.max_added_words:
                most = tone.max_added_words
                file.wrong(f"longer than max_added_words ({most}), so it would never be said: shorten it.", *at)
        if getattr(tone, key) and move not in tone.moves:
            file.wrong(f"{key} is never said: add {move!r} to moves.", key)
    for key in ("prefer", *WORD_FOR_WORD):
        forbid_banned(file, tone.ban, key)
    for at, code in file.texts("languages"):
        if not re.fullmatch("[a-z]{2}", code):
            file.wrong(f"{code!r} is no language code; write two small letters: en, de.", *at)
    for number, named in enumerate(tone.moves):
        if named in tone.moves[:number]:
            file.wrong(f"the move {named!r} stands here twice; name each once.", "moves", number)
    file.refuse_wrong()
    return tone
