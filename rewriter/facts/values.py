"""The one canonical form of a number, a date, a time or an address that a person wrote; nothing is found here.

`Marks` and `Words` are the shapes of the data files that the grammar of `rewriter.facts` works with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

import phonenumbers
from babel import Locale, UnknownLocaleError
from linkify_it import LinkifyIt
from stdnum import iban, luhn
from text_to_num import text2num

from rewriter import lexicon


@dataclass(frozen=True, slots=True)
class Marks:
    """Signs that mean the same in every language: `lexicons/any/marks.toml`."""

    currencies: dict[str, str]  # sign or code -> canonical currency
    units: dict[str, str]  # sign of a unit -> canonical unit
    multipliers: dict[str, int]  # "k" -> 1000
    zones: tuple[str, ...]  # abbreviations of time zones, as written
    file_endings: tuple[str, ...]
    systems: tuple[str, ...]  # names before a version: "iOS 17.2"
    products: tuple[str, ...]  # families whose number is part of a name: "iPhone 15"
    particles: tuple[str, ...]  # parts of a name that name nobody by themselves


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that facts are made of: `lexicons/<language>/facts.toml`."""

    decimal: str = "."
    space_groups: bool = False  # 1 200 is one number
    date_order: str = ""  # "dmy" or "ymd" where only one is in use; "" where both are
    capital_dates: bool = False  # months and weekdays are written with a capital letter
    no_spaces: bool = False  # words are not set apart

    number_words: tuple[str, ...] = ()
    number_joiners: tuple[str, ...] = ()
    number_parts: bool = False  # number words are written together: dreiundzwanzig
    not_alone: tuple[str, ...] = ()
    vague: dict[str, str] = field(default_factory=dict)  # "a few" -> "few", "an" -> "1"
    fractions: dict[str, str] = field(default_factory=dict)
    multipliers: dict[str, int] = field(default_factory=dict)
    ranges: tuple[str, ...] = ()
    between: dict[str, str] = field(default_factory=dict)  # "between" -> "and"
    ordinals: dict[str, int] = field(default_factory=dict)
    ordinal_endings: tuple[str, ...] = ()
    and_a_half: tuple[str, ...] = ()  # after a number or a unit: one "and a half" hours
    times: dict[str, str] = field(default_factory=dict)  # "twice" -> "2 times"

    currencies: dict[str, str] = field(default_factory=dict)
    percent: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    time_units: dict[str, str] = field(default_factory=dict)
    day_kinds: dict[str, str] = field(default_factory=dict)  # "business" -> "business", before the unit
    day_kinds_after: dict[str, str] = field(default_factory=dict)  # "ouvrés" -> "business", after the unit
    frequencies: dict[str, str] = field(default_factory=dict)

    months: dict[str, int] = field(default_factory=dict)  # beside those that babel knows
    weekdays: dict[str, str] = field(default_factory=dict)
    loose: tuple[str, ...] = ()  # names of months or days that are other words too
    date_glue: tuple[str, ...] = ()  # "of", "de": between day, month and year
    day_articles: tuple[str, ...] = ()  # "the" before a day without its month: by the 3rd
    after_day: tuple[str, ...] = ()  # words that may follow such a day: no noun
    quarters: tuple[str, ...] = ("q",)
    year_before: tuple[str, ...] = ()  # words after which four digits are a year
    date_before: tuple[str, ...] = ()  # words after which a lone month or day is one
    next_before: dict[str, str] = field(default_factory=dict)
    next_after: dict[str, str] = field(default_factory=dict)
    periods: dict[str, str] = field(default_factory=dict)
    relative: dict[str, str] = field(default_factory=dict)

    morning: tuple[str, ...] = ()  # "am"
    afternoon: tuple[str, ...] = ()  # "pm"
    clock: tuple[str, ...] = ()  # "Uhr", "heures": after the hour
    at: tuple[str, ...] = ()  # "à", "um": before a time of day whose word could also be a span of time
    at_hour: tuple[str, ...] = ()  # "a las", "ore": a bare number after it is a time of day
    hour_mark: str = ""  # between hour and minutes beside ":": "h", "."
    clock_names: dict[str, str] = field(default_factory=dict)  # "noon" -> "12:00"
    clock_before: dict[str, int] = field(default_factory=dict)  # minutes: "half past" two, "quarter to" three
    clock_after: dict[str, int] = field(default_factory=dict)  # minutes: las dos "y media"
    zones: dict[str, str] = field(default_factory=dict)

    labels: tuple[str, ...] = ()  # an identifier follows
    code_labels: tuple[str, ...] = ()  # after these even a short number is one
    code_labels_after: tuple[str, ...] = ()  # 404 "error"
    label_marks: tuple[str, ...] = ()  # "number", "no."
    phone_labels: tuple[str, ...] = ()
    version_labels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()  # ISO 3166, for telephone numbers without a country code
    streets_before: tuple[str, ...] = ()  # "rue", "calle"
    streets_after: tuple[str, ...] = ()  # "Street", "Road"
    streets_joined: tuple[str, ...] = ()  # "straße"
    street_glue: tuple[str, ...] = ()  # small words in the name of a street
    post_boxes: tuple[str, ...] = ()
    name_words: tuple[str, ...] = ()  # first names that are ordinary words too

    no_facts: tuple[str, ...] = ()  # phrases that look like facts and are none: "guten Morgen"
    scope_skip: tuple[str, ...] = ()  # words between a scope word and its fact: "by the 3rd"
    scope_before: dict[str, str] = field(default_factory=dict)
    scope_after: dict[str, str] = field(default_factory=dict)


def marks() -> Marks:
    """Return the signs that mean the same in every language."""
    found: Marks | None = lexicon.load("marks", "any", Marks)
    if found is None:
        raise FileNotFoundError(lexicon.FOLDER / "any" / "marks.toml")
    return found


@cache
def words(language: str) -> Words:
    """Return the words of a language; English ones where it has no file, for signs and units are much alike."""
    own: Words | None = lexicon.load("facts", language, Words)
    return own or lexicon.load("facts", "en", Words) or Words()


def _names(
    language: str, table: str, widths: tuple[str, ...] = ("wide", "abbreviated")
) -> Iterable[tuple[int, str]]:
    """Yield the names that babel's calendar tables hold, with their key, without a final full stop."""
    try:
        calendar = getattr(Locale.parse(language), table)
    except (UnknownLocaleError, ValueError):
        return
    for context in ("format", "stand-alone"):
        for width in widths:
            for key, name in calendar[context][width].items():
                yield key, name.rstrip(".").lower()


@cache
def full_names(language: str) -> frozenset[str]:
    """Return the long names of months and days of the week."""
    found = [name for table in ("months", "days") for _, name in _names(language, table, ("wide",))]
    return frozenset(found) | {name for name in words(language).weekdays if len(name) > 4}


@cache
def months(language: str) -> dict[str, int]:
    """Return the names of months, short and long, with their number from 1."""
    found = {name: key for key, name in _names(language, "months") if not name[0].isdigit()}
    return found | words(language).months


@cache
def weekdays(language: str) -> dict[str, str]:
    """Return the names of the days of the week, short and long, with their canonical short form ("mon")."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found = {name: days[key] for key, name in _names(language, "days") if len(name) > 1}
    return found | words(language).weekdays


# --- numbers ---------------------------------------------------------------------------------------------

_KANJI = {mark: value for value, mark in enumerate("〇一二三四五六七八九")}
_KANJI_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "億": 100_000_000}


PARTS = "½¼¾⅓⅔⅛"


def plain(number: Decimal) -> str:
    """Return a number without group marks, exponent or trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(number: str, factor: int) -> str:
    """Return a canonical number times a factor; a vague one ("few") as it is."""
    return number if factor == 1 or "/" in number else plain(Decimal(number) * factor)


def digits(text: str, decimal: str) -> str:
    """Return a written number in canonical form; `decimal` is the language's mark before the fraction.

    One mark before three last digits groups them unless it is the decimal mark; any other last mark is decimal.
    """
    if text.isdigit():
        return text.lstrip("0") or "0"
    if text[-1] in PARTS or "/" in text:
        return _parted(text)
    text = re.sub(r"[ \xa0']", "", text)
    seen = [mark for mark in text if mark in ".,"]
    if len(set(seen)) == 2:
        last = seen[-1]
        text = text.replace("." if last == "," else ",", "").replace(last, ".")
    elif len(seen) > 1:
        text = re.sub("[.,]", "", text)
    elif seen:
        groups = seen[0] != decimal and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text)
        text = text.replace(seen[0], "" if groups else ".")
    return plain(Decimal(text))


def _parted(text: str) -> str:
    """Return 2½, 1/2 or 1 1/2 in canonical form: a decimal where it has a whole part or is a half, else "3/4"."""
    sign = re.search(rf"[{PARTS}]|\d/\d", text)
    part = Fraction(unicodedata.normalize("NFKC", sign[0]).replace("⁄", "/")) if sign else Fraction(0)
    whole = text[: sign.start()].strip() if sign else text
    if not whole:
        return "0.5" if part == Fraction(1, 2) else str(part)
    return (
        f"{whole} {part}"
        if part.denominator == 3
        else plain(int(whole) + Decimal(part.numerator) / part.denominator)
    )


def kanji(text: str) -> str:
    """Return a number written in kanji in canonical form."""
    total = section = current = 0
    for mark in text:
        if mark in _KANJI:
            current = current * 10 + _KANJI[mark]
        elif _KANJI_TENS[mark] < 10_000:
            section, current = section + (current or 1) * _KANJI_TENS[mark], 0
        else:
            total, section, current = total + (section + current or 1) * _KANJI_TENS[mark], 0, 0
    return str(total + section + current)


def and_a_half(number: str | None) -> str | None:
    """Return a canonical number and a half; None for a range and a vague one."""
    return plain(Decimal(number) + Decimal("0.5")) if number and number.replace(".", "", 1).isdigit() else None


@lru_cache(4096)
def spelled(text: str, language: str) -> str | None:
    """Return a number written in words in canonical form; None where the words make no number."""
    if language == "ja":
        return kanji(text)
    try:
        return str(text2num(re.sub(r"\s+", " ", text), language))
    except ValueError:
        return None


@lru_cache(4096)
def readable(text: str, language: str) -> int:
    """Return the length of the longest beginning of a text, whole words, that is a number; 0 where none is."""
    ends = [match.start() for match in re.finditer(r"[\s-]", text)]
    return next((end for end in [len(text), *reversed(ends)] if spelled(text[:end], language)), 0)


# --- spans that a library knows better ---------------------------------------------------------------------

_LINKIFY = LinkifyIt()


def is_domain(text: str) -> bool:
    """Whether a bare dotted name ends in a top-level domain that exists."""
    found = _LINKIFY.match(text)
    return bool(found) and found[0].index == 0 and found[0].last_index >= len(text.split("/", maxsplit=1)[0])


def url(text: str) -> str:
    """Return an address of the web without scheme, with its host in lower case and no lone final slash."""
    scheme, sign, rest = text.partition("://") if "://" in text else ("http", "", text)
    host, *path = re.split(r"(?=[/?#])", rest, maxsplit=1)
    kept = "" if scheme.lower() in ("http", "https") else scheme.lower() + sign
    return kept + host.lower() + ("" if path == ["/"] else "".join(path))


def account(text: str) -> str | None:
    """Return an IBAN or a card number without its spaces; None where its check digits are wrong."""
    compact = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    valid = luhn.is_valid(compact) if compact.isdigit() else iban.is_valid(compact)
    return compact if valid else None


@lru_cache(1024)  # to ask every region costs more than all other rules together
def phone(text: str, regions: tuple[str, ...], *, labelled: bool) -> str | None:
    """Return a telephone number in E.164 form, or its bare digits where no country is known; None if it is none.

    `labelled` says that words like "call us on" stand before it, so that any length a number may have will do.
    """
    bare = re.sub(r"\D", "", text)
    if not (5 if labelled else 7) <= len(bare) <= 15:
        return None
    if text.startswith(("+", "00")):
        try:
            number = phonenumbers.parse("+" + bare.removeprefix("00"))
        except phonenumbers.NumberParseException:
            return bare if labelled else None
        possible = phonenumbers.is_possible_number(number)
        return "+" + bare.removeprefix("00") if possible or labelled else None
    if labelled:
        return bare
    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(bare, region)):
                return bare
        except phonenumbers.NumberParseException:
            continue
    return None
