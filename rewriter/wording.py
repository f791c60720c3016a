"""The notation in which people write phrases to look for, in lexicons, phrasebooks and decline.toml.

A phrase is plain words. `*` stands for any ending ("lawyer*"), ` ... ` for up to four words in between
("take ... to court"), `(a|b)` for either and `(a )?` for perhaps. Case and the kind of apostrophe do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_GAP = r"\W+(?:[\w'’-]+\W+){0,4}?"
_NEVER = re.compile(r"(?!)")
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that do not set words apart


def either(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases, longest first; one that finds nothing for no phrases.

    Raises re.error where a phrase has a bracket too many or too few.
    """
    return _either(tuple(phrases))


@lru_cache(maxsize=1024)
def _either(phrases: tuple[str, ...]) -> re.Pattern[str]:
    if not phrases:
        return _NEVER
    return re.compile("|".join(_expression(phrase) for phrase in sorted(phrases, key=len, reverse=True)), re.I)


def _expression(phrase: str) -> str:
    if not any(character.isalnum() for character in phrase):
        return re.escape(phrase)  # an emoticon or an emoji
    if phrase.strip().startswith("... ") or phrase.strip().endswith(" ..."):
        raise re.error("... stands between words only")
    inner = re.sub(r"([.+^$\[\]{}\\])", r"\\\1", phrase.strip().replace(" ... ", "\0"))
    inner = re.sub(r"['’]", "['’]", inner).replace("*", r"[^\W\d_]*")
    inner = re.sub(r" +", r"\\s+", inner).replace("\0", _GAP)
    before = r"(?<!\w)" if _is_letter(phrase.lstrip("( ")[:1]) else ""
    after = r"(?!\w)" if _is_letter(phrase.rstrip(")?* ")[-1:]) else ""
    return f"{before}(?:{inner}){after}"


def _is_letter(character: str) -> bool:
    return bool(character) and character.isalnum() and not _SPACELESS.match(character)


_SLOT = re.compile(r"<(\w+)(?:=([^>]*))?>")


def slots(phrase: str) -> frozenset[str]:
    """Return the names of a phrase's slots: `<rest>` stands for any words, `<verb=send|give>` for one of these."""
    return frozenset(found[1] for found in _SLOT.finditer(phrase))


@lru_cache(maxsize=1024)
def slotted(phrase: str) -> re.Pattern[str]:
    """Return a pattern that finds a phrase with slots, each a named group.

    `^` in front stands for the start of a text, `$` behind for its end; a slot at the end takes all that is
    left. Raises re.error as `either` does.
    """
    bare = phrase.removeprefix("^").removesuffix("$")
    pattern, place = "^" if phrase.startswith("^") else "", 0
    for slot in _SLOT.finditer(bare):
        pattern += _literal(bare[place : slot.start()], after_slot=place > 0)
        choice = (
            "|".join(map(re.escape, slot[2].split("|"))) if slot[2] else ".+" if slot.end() == len(bare) else ".+?"
        )
        pattern += f"(?P<{slot[1]}>{choice})"
        place = slot.end()
    pattern += _literal(bare[place:], after_slot=place > 0) + (r"\s*$" if phrase.endswith("$") else "")
    return re.compile(pattern, re.I | re.S)


def _literal(piece: str, *, after_slot: bool) -> str:
    if not piece.strip():
        return r"\s+" if piece else ""
    before = r"\s+" if after_slot and piece[0] == " " else ""
    return before + _expression(piece) + (r"\s+" if piece[-1] == " " else "")
