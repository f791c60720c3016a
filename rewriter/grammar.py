"""The grammar of facts: for each kind, the patterns of its spans and how a span is read into its value.

A rule is tried only where one of the words or signs that it begins with stands, so that a reply costs little.
Patterns see lower-case text in which digits, blanks, dashes and quotes have one form (`rewriter.facts` folds it);
`Rule.read` is given the match and the same text with its capitals, and says None where the span is no fact.
Every repetition in a pattern is bounded or over a class that its neighbour cannot match, so none runs away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rewriter import values
from rewriter.model import FactKind
from rewriter.values import Marks, Words

Read = Callable[[re.Match[str], str], str | None]

DIGIT = "0"  # stands for any digit among the tokens that a rule begins with
ANYWHERE: frozenset[str] = frozenset()

_S = r"[ \xa0\n]"
_LETTER = "a-zß-öø-ÿ\u0100-\u024f"
_END = rf"(?![0-9_{_LETTER}])"
_BEGIN = rf"(?<![0-9_{_LETTER}])"
_DASH = rf"{_S}?-{_S}?"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one form of a fact is found and read; a group `x` in the pattern narrows the span to that group."""

    kind: FactKind
    begins: frozenset[str]  # first tokens; empty: the pattern is searched through the whole text
    pattern: re.Pattern[str]
    read: Read
    needs: str = ""  # a sign without which the text need not be searched


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases, the longest first; one that can never match where there are none."""
    longest = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    marked = (
        re.escape(phrase).replace(r"\ ", f"{_S}+") + (_END if phrase[-1].isalnum() else "") for phrase in longest
    )
    return f"(?:{'|'.join(marked)})" if longest else "(?!)"


class Grammar:
    """The rules of one language, and the small patterns and readers that they share."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: Words = values.words(language)
        self.marks: Marks = values.marks()
        words = self.words
        spaced = rf"\d{{1,3}}(?: \d{{3}})+(?:,\d{{1,6}})?(?!\d)|" if words.space_groups else ""
        self.digits = (
            rf"(?:{spaced}\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,6}})?(?!\d)|\d{{1,3}}(?:\.\d{{3}})+(?:,\d{{1,6}})?(?!\d)"
            r"|\d{1,3}(?:['\xa0]\d{3})+(?:[.,]\d{1,6})?(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)"
            r"|\d{1,15}(?:[.,]\d{1,6})?(?!\d))"
        )
        word = any_of(words.number_words)
        joiner = f"(?:{any_of(words.number_joiners)}{_S})?"
        if words.number_parts:
            parts = "|".join(sorted(map(re.escape, words.number_words), key=len, reverse=True))
            self.spelled = f"(?:{parts}){{1,9}}{_END}(?:{_S}(?:{parts}){{1,9}}{_END}){{0,3}}"
        elif words.no_spaces:
            self.spelled = f"[{''.join(words.number_words)}]{{1,12}}"
        else:
            self.spelled = f"{word}(?:(?:{_S}|-){joiner}{word}){{0,8}}"
        self.number = f"(?:{self.digits}|{self.spelled})"
        self.counted = f"(?:{self.number}|{any_of(words.vague)})"
        self.to = f"(?:{_DASH}|{_S}{any_of(words.ranges)}{_S})"
        if words.no_spaces:
            self.to = f"(?:[-~]|{any_of(words.ranges)})"
        self.months = values.months(language)
        self.weekdays = values.weekdays(language)
        self.begin_number = self.firsts(words.number_words) | {DIGIT}
        self.begin_counted = self.begin_number | self.firsts(words.vague)

    def firsts(self, phrases: Iterable[str]) -> frozenset[str]:
        """Return the first token of each phrase: its first word, or its first sign where words are not set apart."""
        found = (TOKENS[self.words.no_spaces].match(phrase) for phrase in phrases)
        return frozenset(DIGIT if match[0].isdigit() else match[0] for match in found if match)

    def count(self, text: str) -> str | None:
        """Return a written number, or a vague one like "a few", in canonical form."""
        text = text.strip()
        if text[:1].isdigit():
            return values.digits(text, self.words.decimal)
        folded = re.sub(r"\s+", " ", text)
        return self.words.vague.get(folded) or values.spelled(folded, self.language)

    def span(self, first: str, last: str | None, scale: int = 1) -> str | None:
        """Return a number, or a range of two, in canonical form."""
        ends = [self.count(end) for end in (first, last) if end]
        if None in ends:
            return None
        return "..".join(values.scaled(end, scale) for end in ends if end)

    def is_pronoun(self, text: str) -> bool:
        """Whether a number word stands for a thing rather than a count: "the one you chose"."""
        return text in self.words.not_alone

    def rules(self) -> Iterator[Rule]:
        """Yield every rule; where two spans are equally long the earlier rule wins."""
        yield from _placeholders()
        yield from _addresses_of_the_web(self)
        yield from _dates(self)
        yield from _times(self)
        yield from _network()
        yield from _measures(self)
        yield from _versions(self)
        yield from _identifiers(self)
        yield from _phones(self)
        yield from _postal(self)
        yield from _tokens(self)
        yield from _numbers(self)


TOKENS = {
    False: re.compile(r"\d+|[^\W\d_]+|[^\w\s]"),
    True: re.compile(r"\d+|[a-z]+|[^\s\w]|\w"),
}


@cache
def grammar(language: str) -> Grammar:
    """Return the grammar of a language."""
    return Grammar(language)


def _rule(kind: FactKind, begins: Iterable[str], pattern: str, read: Read, needs: str = "") -> Rule:
    return Rule(kind, frozenset(begins), re.compile(pattern), read, needs)


def _written(match: re.Match[str], cased: str) -> str:
    return cased[match.start() : match.end()]


def _table(kind: FactKind, g: Grammar, phrases: Mapping[str, str]) -> Rule:
    """Return the rule for phrases whose value stands in a table."""
    folded = {re.sub(r"\s+", " ", phrase): value for phrase, value in phrases.items()}
    return _rule(kind, g.firsts(phrases), any_of(phrases), lambda m, _: folded.get(re.sub(r"\s+", " ", m[0])))


# --- placeholders, code, the web --------------------------------------------------------------------------


def _placeholders() -> Iterator[Rule]:
    forms = (
        ("{", r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\{[a-z_][\w. ]{0,60}\}"),
        ("[", r"\[\[[^\[\]\n]{0,200}\]\]|\[[^\W\d_][^\[\]\n]{0,60}\]"),
        ("$", r"\$\{[^{}\n]{0,100}\}"),
        ("%", r"%[a-z_][\w.]{0,60}%"),
        ("<", r"<[^\W\d_][^<>@\n]{0,60}>"),
    )
    for sign, pattern in forms:
        yield _rule("placeholder", {sign}, pattern, _written)
    yield _rule("code", {"`"}, r"```[^`]{1,4000}```|`[^`\n]{1,400}`", lambda m, c: _written(m, c).strip("`"))


def _addresses_of_the_web(g: Grammar) -> Iterator[Rule]:
    local, label = r"[\w.%+'-]", r"[^\W_](?:[\w-]{0,61}[^\W_])?"
    yield _rule(
        "email",
        ANYWHERE,
        rf"(?<!{local})[\w%+]{local}{{0,80}}@(?:{label}\.){{1,6}}[^\W\d_]{{2,24}}{_END}",
        lambda m, _: m[0],
        needs="@",
    )
    inside = r"[^\s<>\"()`]|\([^\s<>\"()`]{0,200}\)"
    last = r"[^\s<>\"()`.,;:!?'\]}*。、]|\([^\s<>\"()`]{0,200}\)"
    yield _rule(
        "url",
        ANYWHERE,
        rf"(?:{_BEGIN}(?:https?|ftp|sftp)://|{_BEGIN}www\.)(?:{inside}){{0,2000}}(?:{last})",
        lambda m, c: values.url(_written(m, c)),
        needs=".:",
    )

    def domain(match: re.Match[str], cased: str) -> str | None:
        ending = cased[match.start("top") : match.end("top")]
        sure = ending.islower() or cased[match.start() : match.end("top")].isupper()
        return values.url(_written(match, cased)) if sure and values.is_domain(match["host"]) else None

    yield _rule(
        "url",
        ANYWHERE,
        rf"(?<![\w@.-])(?P<host>(?:[^\W_][\w-]{{0,62}}\.){{1,5}}(?P<top>[^\W\d_]{{2,24}}))(?::\d{{2,5}})?"
        rf"(?:/(?:{inside}){{0,2000}}(?:{last})|/)?(?![\w@])",
        domain,
        needs=".",
    )
    yield _rule(
        "file",
        ANYWHERE,
        rf"(?<![\w@/.-])\w[\w-]{{0,80}}(?:\.[\w-]{{1,40}}){{0,4}}\.(?:{'|'.join(g.marks.file_endings)}){_END}(?!\.?\w)",
        _written,
        needs=".",
    )
    yield _rule("file", ANYWHERE, rf"{_BEGIN}[a-z]:\\[^\s\"<>|?*]{{1,240}}", _written, needs="\\")
    yield _rule("file", ANYWHERE, r"(?<![\w/.:])(?:~|\.{1,2})?(?:/[\w.-]{0,80}\w){2,20}/?", _written, needs="/")
    yield _rule("identifier", {"@"}, r"(?<![\w@])@[a-z_]\w{1,30}", lambda m, _: m[0])


# --- dates and times --------------------------------------------------------------------------------------


def _year(text: str) -> str:
    text = text.lstrip("'")
    return text if len(text) == 4 else "20" + text


def _day(year: str, month: int, day: str, weekday: str = "") -> str | None:
    """Return a day as ISO 8601 writes it, "-" for a year that is not given; None where there is no such day."""
    days = [f"{int(part):02}" for part in day.split("..")]
    if not 1 <= month <= 12 or not all("01" <= one <= "31" for one in days):
        return None
    return f"{year or '-'}-{month:02}-{'..'.join(days)}{weekday and ' ' + weekday}"


def _dates(g: Grammar) -> Iterator[Rule]:
    words = g.words
    month, weekday = any_of(g.months) + r"\.?", any_of(g.weekdays) + r"\.?"
    glue = f"(?:{_S}?{any_of(words.date_glue)})?" if words.date_glue else ""
    year = r"(?P<y>(?:19|20)\d{2}|'\d{2})(?!\d|[.,]\d)"
    suffix = f"(?:{'|'.join(map(re.escape, words.ordinal_endings))})?" if words.ordinal_endings else ""
    day = rf"(?P<d>\d{{1,2}}){suffix}{_END}(?::(?!\d))?(?!:\d|[.,]\d|%)"
    until = rf"(?:{g.to}(?P<e>\d{{1,2}}){suffix}{_END}(?!:\d|[.,]\d|%))?"
    named = rf"(?:(?P<w>{weekday}),?{_S}(?:{any_of(words.date_glue)}{_S})?)?"
    begin_day = g.firsts(g.weekdays) | {DIGIT}

    def textual(match: re.Match[str], _: str) -> str | None:
        found = match.groupdict()
        days = found["d"] + (f"..{found['e']}" if found.get("e") else "")
        number = g.months[found["m"].rstrip(".")]
        named = g.weekdays[found["w"].rstrip(".")] if found.get("w") else ""
        return _day(_year(found["y"]) if found.get("y") else "", number, days, named)

    iso_time = r"(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})?)?"
    yield _rule(
        "date",
        {DIGIT},
        rf"(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})(?P<t>{iso_time}){_END}",
        lambda m, _: (found := _day(m["y"], int(m["m"]), m["d"])) and found + m["t"].replace(" ", "t").upper(),
    )
    yield _rule(
        "date",
        {DIGIT},
        r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d|[/.]\d)",
        lambda m, _: _day(m["y"], int(m["m"]), m["d"]),
    )

    def numeric(match: re.Match[str], _: str) -> str | None:
        first, second = int(match["a"]), int(match["b"])
        year = _year(match["y"]) if match["y"] else ""
        order = "dmy" if match["sep"] == "." else words.date_order
        if order == "dmy" or (first > 12 >= second):
            return _day(year, second, match["a"])
        if second > 12 >= first:
            return _day(year, first, match["b"])
        if first > 12 or not first or not second:
            return None
        return f"{first:02}/{second:02}" + (f"/{year}" if year else "")  # either order: kept as written

    numbers = rf"(?:(?P<w>{weekday}),?{_S})?(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})"
    yield _rule("date", begin_day, rf"{numbers}(?P=sep)(?P<y>(?:19|20)?\d{{2}})(?!\d|[/-]\d)", numeric)

    def short(match: re.Match[str], cased: str) -> str | None:
        """Read 03/04 as a date, and 1/2 only after a word like "on"."""
        padded = "0" in (match["a"][0], match["b"][0]) or len(match["a"] + match["b"]) > 3
        before = cased[max(0, match.start() - 12) : match.start()].lower().split()
        return numeric(match, cased) if padded or (before and before[-1] in words.date_before) else None

    yield _rule("date", begin_day, rf"{numbers.replace('[/.-]', '[/]')}(?P<y>)(?!\d|[/-]\d)", short)
    if words.date_order == "dmy":
        yield _rule("date", begin_day, rf"{numbers.replace('[/.-]', '[.]')}\.(?P<y>)(?!\d)", numeric)
    yield _rule(
        "date",
        begin_day,
        rf"{named}{day}{until}\.?{_S}?-?{glue}{_S}?(?P<m>{month})(?:[,-]?{glue}{_S}?{year})?",
        textual,
    )
    begin_month = g.firsts([*g.weekdays, *g.months])
    yield _rule(
        "date",
        begin_month,
        rf"{named}(?P<m>{month}){_S}?(?:{any_of(words.date_glue)}{_S})?{day}{until}(?:,?{_S}{year})?",
        textual,
    )
    yield _rule(
        "date",
        g.firsts(g.months),
        rf"(?P<m>{month}),?{glue}{_S}{year}",
        lambda m, _: f"{_year(m['y'])}-{g.months[m['m'].rstrip('.')]:02}",
    )

    def sure(match: re.Match[str], cased: str) -> bool:
        """Whether a lone name of a month or day is one: a full name, or one after a word like "on"."""
        name = match[0].rstrip(".")
        capital = not words.capital_dates or cased[match.start()].isupper()
        before = re.split(r"\s+", cased[max(0, match.start() - 14) : match.start()].lower().rstrip())[-1]
        return (name not in words.loose and len(name) > 3) or (capital and before in words.date_before)

    yield _rule(
        "date",
        g.firsts(g.months),
        any_of(g.months),
        lambda m, c: f"--{g.months[m[0]]:02}" if sure(m, c) else None,
    )
    yield _rule(
        "date", g.firsts(g.weekdays), any_of(g.weekdays), lambda m, c: g.weekdays[m[0]] if sure(m, c) else None
    )
    yield _rule(
        "date",
        g.firsts(g.weekdays),
        rf"(?P<a>{weekday}){g.to}(?P<b>{weekday})",
        lambda m, _: f"{g.weekdays[m['a'].rstrip('.')]}..{g.weekdays[m['b'].rstrip('.')]}",
    )
    periods = words.periods | {name: value for name, value in g.weekdays.items() if len(name) > 3}
    periods |= {name: f"{number:02}" for name, number in g.months.items() if name not in words.loose}
    pointer = words.next_before | words.next_after

    def pointed(match: re.Match[str], _: str) -> str:
        return f"{pointer[re.sub(_S + '+', ' ', match['n'])]} {periods[re.sub(_S + '+', ' ', match['p'])]}"

    yield _rule(
        "date",
        g.firsts(words.next_before),
        rf"(?P<n>{any_of(words.next_before)}){_S}?(?P<p>{any_of(periods)})",
        pointed,
    )
    if words.next_after:
        yield _rule(
            "date", g.firsts(periods), rf"(?P<p>{any_of(periods)}){_S}(?P<n>{any_of(words.next_after)})", pointed
        )
    yield _table("date", g, words.relative)
    yield _rule(
        "date",
        {"q"},
        rf"q(?P<q>[1-4]){_END}(?:{_S}(?:of{_S})?(?P<y>(?:19|20)\d{{2}})(?!\d))?",
        lambda m, _: f"{m['y']}-Q{m['q']}" if m["y"] else f"Q{m['q']}",
    )


def _clock(hour: int, minute: str, meridiem: str) -> str | None:
    """Return a time of day as HH:MM; `meridiem` is "am", "pm" or "" for the 24-hour clock."""
    if meridiem and not 1 <= hour <= 12:
        return None
    if meridiem:
        hour = hour % 12 + (12 if meridiem == "pm" else 0)
    return f"{hour:02}:{minute}" if hour <= 24 and minute[:2] < "60" else None


def _times(g: Grammar) -> Iterator[Rule]:
    words = g.words
    halves = any_of([*words.morning, *words.afternoon])
    after = any_of(words.clock)
    marks = f"[:{re.escape(words.hour_mark)}]" if words.hour_mark else ":"

    def one(name: str) -> str:
        return (
            rf"(?P<{name}h>\d{{1,2}})(?:(?P<{name}s>[:.]|{marks})(?P<{name}m>\d{{2}}(?::\d{{2}})?)(?!\d))?(?!\d|[,.:]\d)"
            rf"(?:{_S}?(?P<{name}p>{halves}))?(?:{_S}?(?P<{name}c>{after}))?"
        )

    def half(text: str | None) -> str:
        return "" if not text else "am" if re.sub(_S, " ", text) in words.morning else "pm"

    def core(match: re.Match[str]) -> str | None:
        found = match.groupdict()
        ends = [end for end in ("a", "b") if found.get(f"{end}h")]
        told = [end for end in ends if found[f"{end}p"] or found[f"{end}c"]]
        if not told and not all(found[f"{end}s"] and found[f"{end}s"] != "." for end in ends):
            return None  # 9.30 and 9-5 are no times without a word beside them
        if not told and words.hour_mark == "." and any(found[f"{end}s"] == "." for end in ends):
            return None
        read: list[str] = []
        for end in ends:
            meridiem = half(found[f"{end}p"] or (found["bp"] if "bh" in found else None))
            value = _clock(int(found[f"{end}h"]), found[f"{end}m"] or "00", meridiem)
            if value is None:
                return None
            read.append(value)
        if len(read) == 2 and read[0] > read[1] and not found["ap"] and half(found["bp"]) == "pm":
            read[0] = _clock(int(found["ah"]), found["am"] or "00", "am") or read[0]  # 11-1 pm begins before noon
        return "..".join(read)

    named = {name: zone for name, zone in words.zones.items()}
    short = {zone.lower(): zone for zone in g.marks.zones}
    zone = rf"{_S}?\(?(?P<z>(?:utc|gmt)[+-]\d{{1,2}}(?::?\d{{2}})?{_END}|{any_of([*named, *short])})\)?"

    def zoned(match: re.Match[str], cased: str) -> str | None:
        written = cased[match.start("z") : match.end("z")]
        canonical = named.get(re.sub(_S, " ", match["z"])) or (
            written if written.isupper() or written[-1].isdigit() else ""
        )
        value = core(match)
        return f"{value} {canonical}" if value and canonical else None

    single, double = one("a"), one("a") + g.to + one("b")
    for pattern in (single, double):
        yield _rule("time", {DIGIT}, pattern, lambda m, _: core(m))
        yield _rule("time", {DIGIT}, pattern + zone, zoned)
    yield _table("time", g, words.clock_names)


# --- money and measures -----------------------------------------------------------------------------------


def _measures(g: Grammar) -> Iterator[Rule]:
    words, marks = g.words, g.marks
    number, to = g.number, g.to
    units = marks.units | words.units
    multipliers = marks.multipliers | words.multipliers
    scale = f"(?:{_S}?(?P<k>{any_of(multipliers)}))?"
    scale_b = scale.replace("<k>", "<l>")
    money = marks.currencies | words.currencies
    sign = any_of(marks.currencies)
    currency = any_of(money)
    period = any_of(words.time_units)
    per = rf"(?:(?:{_S}?/{_S}?|{_S}{any_of(words.per)}{_S})(?P<p>{period}))?"
    minus = "(?P<n>-)?"

    def amount(match: re.Match[str], cased: str) -> str | None:
        code = match["c"]
        written = cased[match.start("c") : match.end("c")]
        if (
            code in marks.currencies
            and code not in words.currencies
            and code.isascii()
            and code.isalpha()
            and not written.isupper()
        ):
            return None  # "try 5", "all 5"
        found = match.groupdict()
        factor, second = found["k"], found.get("l")
        one = g.span(found["a"], None, multipliers.get(factor or second or "", 1))
        two = g.span(found["b"], None, multipliers.get(second or "", 1)) if found.get("b") else ""
        if one is None or two is None:
            return None
        rate = f" /{words.time_units[found['p']]}" if found["p"] else ""
        value = one + (f"..{two}" if two else "")
        return f"{money[re.sub(_S + '+', ' ', code)]} {'-' if found['n'] else ''}{value}{rate}"

    begin_sign = g.firsts(marks.currencies) | {"-"}
    after = rf"{minus}(?P<c>{sign}){_S}?-?(?P<a>{g.digits}){scale}(?:{to}(?:{sign}{_S}?)?(?P<b>{g.digits}){scale_b})?{per}"
    yield _rule("amount", begin_sign, after, amount)
    before = rf"{minus}(?P<a>{number}){scale}(?:{_S}?{currency})?(?:{to}(?P<b>{number}){scale_b})?(?:{_S}|-)?(?P<c>{currency}){per}"
    yield _rule("amount", g.begin_number | {"-"}, before, amount)
    if words.vague:
        one = f"(?P<n>)(?P<a>{any_of(words.vague)})(?P<k>){_S}(?P<c>{any_of(words.currencies)}){per}"
        yield _rule("amount", g.firsts(words.vague), one, amount)

    percent = rf"(?:{_S}?[%‰]|{_S}?{any_of(words.percent)})"
    yield _rule(
        "percentage",
        g.begin_number | {"-"},
        rf"(?P<n>[-+])?(?P<a>{number})(?:{percent})?(?:{to}(?P<b>{number}))?{percent}",
        lambda m, _: (found := g.span(m["a"], m["b"])) and ("-" if m["n"] == "-" else "") + found,
    )

    kind, kind_after = any_of(words.day_kinds), any_of(words.day_kinds_after)
    gap = f"(?:{_S}|-)?"
    length = rf"{gap}(?:(?P<q>{kind}){_S}?)?(?P<u>{period})(?:{_S}?(?P<r>{kind_after}))?"

    def duration(match: re.Match[str], cased: str) -> str | None:
        found = match.groupdict()
        unit, first = found["u"], found["a"].strip()
        if not first[0].isdigit() and len(unit) < 3 and unit.isascii():
            return None
        value = g.span(first, found.get("b"))
        if value is None or (value == "1" and _is_ordinal(match, cased, words)):
            return None
        quality = words.day_kinds.get(re.sub(_S, " ", found["q"] or "")) or words.day_kinds_after.get(
            found["r"] or ""
        )
        if unit == "d" and cased[match.start("u")] == "D":
            return None  # 3D
        return f"{value} {quality + ' ' if quality else ''}{words.time_units[unit]}"

    yield _rule("duration", g.begin_counted, rf"(?P<a>{g.counted})(?:{to}(?P<b>{number}))?{length}", duration)
    for first, second in words.between.items():
        start, join = re.escape(first) + _S, _S + re.escape(second) + _S
        one, two = rf"(?P<a>{number})", rf"(?P<b>{number})"
        yield _rule("duration", g.firsts([first]), rf"{start}{one}{join}{two}{length}", duration)
        paid = rf"(?P<n>){start}{one}{scale}{join}{two}{scale_b}{_S}?(?P<c>{currency}){per}"
        yield _rule("amount", g.firsts([first]), paid, amount)
        paid = rf"(?P<n>){start}(?P<c>{sign}){_S}?{one}{scale}{join}(?:{sign}{_S}?)?{two}{scale_b}{per}"
        yield _rule("amount", g.firsts([first]), paid, amount)
    short = "|".join(sorted((name for name in words.time_units if len(name) <= 4), key=len, reverse=True))
    yield _rule(
        "duration",
        {DIGIT},
        rf"(?P<a>\d{{1,4}}){_S}?(?P<u>{short}){_S}?(?P<b>\d{{1,2}})(?:{_S}?(?P<v>{short}))?{_END}",
        lambda m, _: _compound(m, words),
    )
    yield _table("duration", g, words.frequencies)

    unit = any_of(units)
    cross = rf"{_S}?[x×*]{_S}?"

    def quantity(match: re.Match[str], cased: str) -> str | None:
        found = match.groupdict()
        value = g.span(found["a"], found.get("b"))
        canonical = units[re.sub(_S + "+", " ", found["u"])]
        if value is None or (not found["a"][0].isdigit() and len(found["u"]) < 3):
            return None
        written = cased[match.start("u") : match.end("u")]
        if written in ("A", "V", "W", "L", "G") and not match["g"]:
            canonical = {"G": "GB"}.get(written, canonical)
        return f"{'-' if found['n'] else ''}{value} {canonical}"

    yield _rule(
        "quantity",
        g.begin_number | {"-"},
        rf"{minus}(?P<a>{number})(?:{to}(?P<b>{number}))?(?P<g>{gap})(?P<u>{unit})",
        quantity,
    )
    yield _rule(
        "quantity",
        {DIGIT},
        rf"(?P<a>{g.digits}){cross}(?P<b>{g.digits})(?:{cross}(?P<d>{g.digits}))?(?:{gap}(?P<u>{unit}))?{_END}",
        lambda m, _: (
            "x".join(values.digits(m[i], words.decimal) for i in "abd" if m[i])
            + (f" {units[m['u']]}" if m["u"] else "")
        ),
    )
    yield _table("quantity", g, words.times)


def _is_ordinal(match: re.Match[str], cased: str, words: Words) -> bool:
    """Whether "a second" counts attempts rather than time: a noun follows it at once."""
    return match["u"] in words.ordinals and bool(
        re.match(rf"{_S}(?!to\b|and\b|or\b|while\b)\w", cased[match.end() :][:8])
    )


def _compound(match: re.Match[str], words: Words) -> str | None:
    """Read 2h30 and 1h 20min."""
    unit = words.time_units[match["u"]]
    smaller = {"hour": "minute", "minute": "second", "day": "hour"}
    rest = words.time_units[match["v"]] if match["v"] else smaller.get(unit)
    return f"{int(match['a'])} {unit} {int(match['b'])} {rest}" if rest and unit in smaller else None


# --- versions, identifiers, telephone numbers, postal addresses -------------------------------------------


def _versions(g: Grammar) -> Iterator[Rule]:
    dotted = r"\d{1,5}(?:\.\d{1,6}){0,4}(?:-?(?:alpha|beta|rc|b|a)\.?\d{0,3})?"
    labels = any_of([*g.words.version_labels, *g.marks.systems])
    ends = rf"{_END}(?!\.\d)"
    yield _rule(
        "version",
        g.firsts([*g.words.version_labels, *g.marks.systems]),
        rf"{labels}{_S}(?P<x>v?{dotted}){ends}",
        lambda m, _: m["x"].lstrip("v"),
    )
    yield _rule("version", {"v"}, rf"v\.?(?P<y>{dotted}){ends}", lambda m, _: m["y"])
    yield _rule(
        "version",
        {DIGIT},
        rf"\d{{1,5}}(?:\.\d{{1,6}}){{2,4}}(?:-(?:alpha|beta|rc)\.?\d{{0,3}})?{ends}",
        lambda m, _: m[0],
    )


def _network() -> Iterator[Rule]:
    """Yield addresses and keys of machines."""
    octet = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
    upper: Read = lambda m, _: m[0].upper()
    yield _rule("identifier", {DIGIT}, rf"(?:{octet}\.){{3}}{octet}(?:/\d{{1,2}}|:\d{{2,5}})?(?![\d.]*\d)", upper)
    yield _rule(
        "identifier", ANYWHERE, rf"{_BEGIN}(?:[0-9a-f]{{1,4}}:){{3,7}}:?[0-9a-f]{{1,4}}{_END}", upper, needs=":"
    )
    yield _rule("identifier", ANYWHERE, rf"{_BEGIN}(?:[0-9a-f]{{2}}[:-]){{5}}[0-9a-f]{{2}}{_END}", upper)
    yield _rule(
        "identifier",
        ANYWHERE,
        rf"{_BEGIN}[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}{_END}",
        upper,
        needs="-",
    )
    yield _rule("identifier", {DIGIT}, rf"0x[0-9a-f]{{1,32}}{_END}", lambda m, _: m[0])


def _identifiers(g: Grammar) -> Iterator[Rule]:
    words = g.words
    token = r"[a-z0-9]{1,40}(?:[-_/.][a-z0-9]{1,40}){0,8}"
    marks = rf"(?:{_S}?{any_of(words.label_marks)}){{0,2}}"
    labels = [*words.labels, *words.code_labels]

    def labelled(match: re.Match[str], _: str) -> str | None:
        found = match["x"]
        count = sum(mark.isdigit() for mark in found)
        told = match["t"] or "#" in match[0] or re.sub(_S + "+", " ", match["l"]) in words.code_labels
        mixed = count < len(found) and not re.fullmatch(r"[\d.,/-]+|\d+[a-z]{1,2}", found)
        return found.lstrip("#").upper() if count and (told or count >= 4 or (mixed and count >= 2)) else None

    yield _rule(
        "identifier",
        g.firsts(labels),
        rf"(?P<l>{any_of(labels)})(?P<t>{marks}){_S}?[:=(]?{_S}?(?P<x>\#?{token}){_END}",
        labelled,
    )
    yield _rule(
        "identifier",
        {"#"},
        rf"\#{_S}?(?P<y>{token}){_END}",
        lambda m, _: m["y"].upper() if re.search(r"\d", m["y"]) else None,
    )

    def account(match: re.Match[str], cased: str) -> str | None:
        if match[0][0].isalpha() and not cased[match.start() : match.start() + 2].isupper():
            return None
        shaped = re.fullmatch(r"(?:\w{4}[ -]){3,8}\w{1,4}", match[0])
        compact = re.sub(r"[^0-9A-Z]", "", match[0].upper())
        return values.account(match[0]) or (compact if shaped else None)

    yield _rule(
        "identifier",
        ANYWHERE,
        rf"{_BEGIN}[a-z]{{2}}\d{{2}}(?:{_S}?[a-z0-9]{{4}}){{2,7}}(?:{_S}?[a-z0-9]{{1,4}})?{_END}",
        account,
    )
    yield _rule("identifier", {DIGIT}, r"\d(?:[ \xa0-]?\d){12,18}(?![ -]?\d)", account)


def _phones(g: Grammar) -> Iterator[Rule]:
    label = re.compile(
        rf"(?:^|\W){any_of(g.words.phone_labels)}[:.]?\s*(?:{any_of(g.words.label_marks)}[:.]?\s*)?$"
    )
    american = re.compile(r"(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")

    def phone(match: re.Match[str], cased: str) -> str | None:
        written = re.sub(r"\(0\)", "", match[0])
        labelled = bool(label.search(cased[max(0, match.start() - 28) : match.start()].lower()))
        if not labelled and not re.search(r"\D", written):
            return None
        if re.fullmatch(american, written):
            return re.sub(r"\D", "", written)
        return values.phone(written, g.words.regions, labelled=labelled)

    groups = rf"(?:[ \xa0.\-/]{{0,2}}\(?\d{{2,9}}\)?){{1,7}}(?![\d/:%]|[.,]\d|{_S}?[-]\d)"
    yield _rule(
        "phone", {DIGIT, "+", "("}, rf"(?:\+{_S}?\d{{1,4}}|\(?\+?\d{{1,5}}\)?){groups}(?!{_S}?[%€$£])", phone
    )
    yield _rule(
        "phone",
        {DIGIT},
        rf"1-8\d\d-[a-z0-9]{{3}}-?[a-z0-9]{{4}}{_END}|1-8\d\d-[a-z]{{7,9}}{_END}",
        lambda m, _: re.sub(r"\W", "", m[0]).upper(),
    )


def _postal(g: Grammar) -> Iterator[Rule]:
    words = g.words
    name = rf"[^\W\d_][^\W\d_'.-]{{0,30}}"
    city = rf"{name}(?:[ -]{name}){{0,2}}"

    def proper(match: re.Match[str], cased: str) -> str | None:
        """Read an address whose street is written with capitals."""
        street = cased[match.start("s") : match.end("s")].split()
        small = {
            "of",
            "the",
            "de",
            "la",
            "le",
            "les",
            "du",
            "des",
            "da",
            "do",
            "dos",
            "del",
            "di",
            "della",
            "van",
            "den",
            "der",
        }
        ok = any(part[0].isupper() or part[0].isdigit() for part in street) and all(
            part[0].isupper() or part[0].isdigit() or part.lower() in small for part in street
        )
        return re.sub(r"[\s,.]+", " ", match[0]).strip() if ok else None

    unit = rf"(?:,?{_S}(?:apt|apartment|suite|ste|unit|floor|flat)\.?{_S}?\#?\w{{1,6}})?"
    state = rf"(?:,{_S}{city})?(?:,?{_S}[a-z]{{2}}{_S}\d{{5}}(?:-\d{{4}})?{_END})?"
    british = rf"(?:,?{_S}[a-z]{{1,2}}\d[a-z\d]?{_S}\d[a-z]{{2}}{_END})?"
    if words.streets_after:
        yield _rule(
            "address",
            {DIGIT},
            rf"\d{{1,5}}[a-z]?,?{_S}(?P<s>(?:[\w'.-]{{1,30}}{_S}){{1,4}}{any_of(words.streets_after)}){unit}{state}{british}",
            proper,
        )
    if words.streets_before:
        number = rf"(?:,?{_S}?(?:n[º°o]\.?{_S}?)?\d{{1,5}}{_S}?[a-z]?{_END})"
        street = rf"(?P<s>{any_of(words.streets_before)}{_S}[\w'.-]{{1,30}}(?:{_S}[\w'.-]{{1,30}}){{0,4}}?)"
        town = rf"(?:,?{_S}\d{{4,5}}(?:-\d{{3}})?(?:{_S}[a-z]{{2}}{_END})?{_S}{city})?"
        yield _rule(
            "address",
            g.firsts(words.streets_before),
            rf"{street}{number}{town}",
            lambda m, _: re.sub(r"[\s,.]+", " ", m[0]),
        )
        yield _rule(
            "address",
            {DIGIT},
            rf"\d{{1,4}}(?:{_S}?(?:bis|ter))?,?{_S}{street}{town}",
            lambda m, _: re.sub(r"[\s,.]+", " ", m[0]),
        )
    if words.streets_joined:
        joined = "|".join(map(re.escape, words.streets_joined))
        street = rf"(?P<s>{_BEGIN}[^\W\d_][^\W\d_-]{{0,30}}(?:[ -][^\W\d_]{{1,20}})?(?:{joined})){_S}\d{{1,4}}{_S}?[a-z]?{_END}"
        yield _rule(
            "address", ANYWHERE, rf"{street}(?:,?{_S}(?:\d{{4}}{_S}?[a-z]{{2}}|\d{{4,5}}){_S}{city})?", proper
        )
    yield _rule(
        "address",
        g.firsts(words.post_boxes),
        rf"{any_of(words.post_boxes)}{_S}?\d{{1,7}}",
        lambda m, _: re.sub(r"[\s.]+", "", m[0]),
    )
    yield _rule(
        "address",
        ANYWHERE,
        rf"{_BEGIN}[a-z]{{1,2}}\d[a-z\d]?{_S}\d[a-z]{{2}}{_END}",
        lambda m, c: m[0].upper() if _written(m, c).isupper() else None,
    )
    yield _rule(
        "address",
        ANYWHERE,
        rf"(?P<s>{_BEGIN}{city}),{_S}(?P<t>[a-z]{{2}}){_S}\d{{5}}(?:-\d{{4}})?{_END}",
        lambda m, c: proper(m, c) if c[m.start("t") : m.end("t")].isupper() else None,
    )


# --- tokens that mix letters and digits, and plain numbers ------------------------------------------------


def _tokens(g: Grammar) -> Iterator[Rule]:
    mixed = rf"{_BEGIN}(?=[a-z_/-]{{0,24}}\d)[a-z0-9]{{1,60}}(?:[-_/][a-z0-9]{{1,60}}){{0,8}}{_END}"

    def parts(match: re.Match[str], cased: str) -> tuple[int, bool]:
        """Return how many digits a token has, and whether its letters are those of a code: capitals, or mixed in."""
        pieces = re.split(r"[-_/]", _written(match, cased))
        words = [piece for piece in pieces if piece.isalpha()]
        blended = any(not piece.isalpha() and not piece.isdigit() for piece in pieces)
        count = sum(mark.isdigit() for mark in match[0])
        letters = blended or bool(words)
        sure = letters and all(word.isupper() or (count >= 4 and len(word) < 5) for word in words)
        return count, sure

    def product(match: re.Match[str], cased: str) -> str | None:
        count, sure = parts(match, cased)
        return match[0] if sure and count <= 2 and len(match[0]) <= 12 else None

    def identifier(match: re.Match[str], cased: str) -> str | None:
        count, sure = parts(match, cased)
        return match[0].upper() if sure and (count > 2 or len(match[0]) > 12) else None

    yield _rule("product", ANYWHERE, mixed, product)
    yield _rule("identifier", ANYWHERE, mixed, identifier)
    family = any_of(g.marks.products)
    yield _rule(
        "product",
        g.firsts(g.marks.products),
        rf"{family}[ \xa0-]?\d{{1,4}}[a-z]{{0,2}}(?:{_S}(?:pro|max|plus|mini|ultra|se)){{0,2}}{_END}",
        lambda m, _: re.sub(r"\W+", " ", m[0]),
    )
    yield _rule("identifier", {DIGIT}, r"\d{7,}|\d{6}(?<!000)|0\d{3,}", lambda m, _: m[0])
    yield _rule(
        "identifier",
        {DIGIT},
        rf"\d{{1,12}}(?:-\d{{1,12}}){{1,6}}(?!\d)",
        lambda m, _: m[0] if len(re.sub(r"\D", "", m[0])) > 6 else None,
    )


def _numbers(g: Grammar) -> Iterator[Rule]:
    words = g.words
    endings = "|".join(map(re.escape, words.ordinal_endings))
    if endings:
        yield _rule("ordinal", {DIGIT}, rf"(?P<a>\d{{1,4}})(?:{endings}){_END}", lambda m, _: str(int(m["a"])))
    yield _rule(
        "ordinal",
        g.firsts(words.ordinals),
        any_of(words.ordinals),
        lambda m, _: str(words.ordinals[re.sub(_S + "+", " ", m[0])]),
    )
    yield _table("number", g, words.fractions)

    def number(match: re.Match[str], cased: str) -> str | None:
        written = match["a"]
        if match["b"] is None and g.is_pronoun(written):
            return None
        if match["b"] is None and _is_marker(match, cased):
            return None
        value = g.span(written, match["b"])
        return value and ("-" if match["n"] else "") + value

    yield _rule(
        "number",
        g.begin_number | {"-"},
        rf"(?P<n>-)?(?P<a>{g.number})(?:{g.to}(?P<b>{g.number}))?(?![a-z])",
        number,
    )
    yield _rule("number", {DIGIT}, r"\d{1,4}(?:[:/]\d{1,4}){1,3}(?![\d])", lambda m, _: m[0])
    yield _rule("number", {DIGIT}, r"\d+", lambda m, c: None if _is_marker(m, c) else m[0].lstrip("0") or "0")


def _is_marker(match: re.Match[str], cased: str) -> bool:
    """Whether a number only counts the items of a list: "1. Open the app"."""
    line = cased[cased.rfind("\n", 0, match.start()) + 1 : match.start()]
    return not line.strip() and bool(re.match(r"[.)]\s", cased[match.end() : match.end() + 2]))
