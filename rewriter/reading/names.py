"""By which name a person may be greeted, or none: a wrong greeting is worse than a neutral one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nameparser import HumanName
from nameparser.config import Constants

from rewriter.errors import PromptError
from rewriter.lexicon import load

_HAN_KANA_HANGUL = re.compile("^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af々ー]+$")
_ASIDE = re.compile(r"\s*[(\[{<][^)\]}>]*[)\]}>]?|[\"“”„«»]")
_THRICE = re.compile(r"(.)\1\1", re.I)
_INNER_CAPITAL = re.compile(r"(?<=[a-zß-ÿ])[A-ZÀ-Þ]")
_VOWEL = re.compile("[aeiouyæœøıаеёиоуыэюяієї]", re.I)
_LONGEST_NAME = 15
_CHINESE_NAME = 4
SIGNED = 4  # words that a signature with a title may have: "Mrs B A Hartnell"


@dataclass(frozen=True, slots=True)
class Names:
    """The file names.toml: what is no person, what is no given name, and how names of two words look."""

    not_people: frozenset[str]
    titles: frozenset[str]
    not_given: frozenset[str]
    double_first: frozenset[str]
    double_second: frozenset[str]
    family_first: frozenset[str]
    family_of_two: frozenset[str]
    joints: tuple[str, ...]
    couples: tuple[str, ...]


def greeting_names(full: str, language: str) -> tuple[str, str]:
    """Return the first and the family name to greet with in a draft of this language; "" for what is unsure.

    Companies, roles, handles, e-mail addresses, couples and initials give ("", ""). A name in Han, kana or
    Hangul is read family name first, and only for drafts in Japanese, Chinese or Korean.
    """
    words = _words()
    name = " ".join(_ASIDE.sub(" ", _without_symbols(full)).split())
    if not name or re.search(r"[\d@_#]", name) or any(mark in f" {name.lower()} " for mark in words.couples):
        return "", ""
    before, joint = _cut(name, words)
    if joint and " " not in before:
        return "", ""  # who knows which side of the joint is the person
    name = before
    if _HAN_KANA_HANGUL.match(name.replace(" ", "").replace("・", "")):
        return _family_first(name, language, words)
    if any(_bare(token) in words.not_people for token in re.split(r"[\s,-]+", name)):
        return "", ""
    return _given_first(name, words)


def titled_name(full: str, courtesy: Mapping[str, str]) -> tuple[str, str]:
    """Return the titles that a name begins with, as `courtesy` writes them, and the family name behind them.

    Where a family name cannot be told from the middle names, all that follows the titles is returned; ("", "")
    where no title or nothing else is there, and for couples.
    """
    if any(mark in f" {full.lower()} " for mark in _words().couples):
        return "", ""
    tokens, said = full.split(), []
    while tokens:
        size = next((size for size in (2, 1) if " ".join(map(_bare, tokens[:size])) in courtesy), 0)
        if not size:
            break
        said.append(courtesy[" ".join(map(_bare, tokens[:size]))])
        tokens = tokens[size:]
    if not said or not tokens or any(_bare(token) in _words().not_people for token in tokens):
        return "", ""
    name = " ".join(_recased(token) if _shouted(token) else token for token in tokens)
    parsed = HumanName(name, constants=_parser())
    family = name if parsed.middle or tokens[0] == tokens[0].lower() else parsed.last or name
    return " ".join(filter(None, said)), family if any(said) else ""


def signed_title(message: str, family: str, courtesy: Mapping[str, str]) -> str:
    """Return the title, as `courtesy` writes it, with which a message is signed by the family name; "" for none."""
    for line in message.strip().splitlines()[-2:]:
        tokens = list(map(_bare, line.split()))
        if family and 1 < len(tokens) <= SIGNED and tokens[0] in courtesy and tokens[-1] == family.lower():
            return courtesy[tokens[0]]
    return ""


@cache
def _words() -> Names:
    words: Names | None = load("names", "any", Names)
    if words is None:
        raise PromptError("lexicons/any/names.toml is missing: install the package again.")
    return words


@cache
def _parser() -> Constants:
    constants = Constants()
    constants.titles.add(*(title for title in _words().titles if len(title) > 1))
    return constants


def _without_symbols(name: str) -> str:
    kept = (
        c
        for c in unicodedata.normalize("NFC", name)
        if unicodedata.category(c) not in ("So", "Sk", "Cf", "Co", "Mn")
    )
    return "".join(kept).replace("’", "'")


def _cut(name: str, words: Names) -> tuple[str, str]:
    lowered = name.lower()
    found = [(lowered.find(joint), joint) for joint in words.joints if joint in lowered]
    if not found:
        return name.strip(" -–—|,.:;!*~"), ""
    place, joint = min(found)
    return name[:place].strip(), joint


def _bare(token: str) -> str:
    return token.lower().replace(".", "").strip(",;:!?*'\"-")


def _family_first(name: str, language: str, words: Names) -> tuple[str, str]:
    if language not in ("ja", "zh", "ko"):
        return "", ""
    parts = name.split()
    if any(part in words.not_people or part in words.titles for part in parts):
        parts = [part for part in parts if part not in words.titles]
        if any(part in words.not_people for part in parts):
            return "", ""
    if any(word in "".join(parts) for word in words.not_people if _HAN_KANA_HANGUL.match(word)):
        return "", ""
    if len(parts) == 2:
        return parts[1], parts[0]
    if len(parts) == 1 and language == "zh" and 2 <= len(name) <= _CHINESE_NAME:
        family = name[:2] if name[:2] in words.family_of_two else name[:1]
        return name[len(family) :], family
    return "", ""


def _given_first(name: str, words: Names) -> tuple[str, str]:
    tokens = name.replace(",", " , ").split()
    plain = [word for word in tokens if word != "," and _bare(word) not in words.titles]
    if "," not in tokens and len(plain) >= 2 and _shouted(plain[0]) and not all(map(_shouted, plain)):
        plain = [*plain[1:], plain[0]]  # DUPONT Jean
        name = " ".join(plain)
    elif "," not in tokens:
        name = " ".join(plain) if len(plain) >= 2 or len(plain) == len(tokens) else name
    parsed = HumanName(name, constants=_parser())
    first, family = parsed.first, parsed.last
    if not first or (len(plain) == 1 and len(tokens) > 1):
        return "", _recased(family or (plain[0] if plain else ""))
    middle = parsed.middle.split()
    second = middle[0] if middle else "" if family and len(plain) > 2 else family
    if _bare(first) in words.double_first and second and _bare(second) in words.double_second:
        first = f"{first} {second}"
        family = "" if second == family else family
    if not _may_greet(first, family, words):
        return "", ""
    return " ".join(map(_recased, first.split())), _recased(family)


def _may_greet(first: str, family: str, words: Names) -> bool:
    head = _bare(first.split(maxsplit=1)[0])
    letters = first.replace(" ", "").replace("-", "").replace("'", "")
    return not (
        len(letters) < 2
        or len(letters) > _LONGEST_NAME
        or not letters.isalpha()
        or (not letters.isascii() and not _is_latin(letters))
        or head in words.not_given
        or head in words.family_first
        or not _VOWEL.search(unicodedata.normalize("NFD", letters))
        or _THRICE.search(letters)
        or (
            not family
            and " " not in first
            and (first == first.lower() or _shouted(first) or _INNER_CAPITAL.search(first))
        )
    )


def _is_latin(letters: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in letters)


def _shouted(token: str) -> bool:
    return len(token) > 1 and token == token.upper() and token != token.lower() and "." not in token


def _recased(name: str) -> str:
    if name != name.lower() and not _shouted(name):
        return name
    return re.sub(r"(?:^|(?<=[\s'-]))\w", lambda found: found[0].upper(), name.lower())
