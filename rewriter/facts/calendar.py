"""Dates and times of day, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.facts import values
from rewriter.facts.rule import DIGIT, END, Grammar, Rule, S, any_of, folded, rule, table

YEAR = r"(?P<y>(?:19|20)\d{2}|'\d{2})(?!\d|[.,]\d)"


def dates(g: Grammar) -> Iterator[Rule]:
    """Yield the rules for dates: in digits, with names, and seen from today."""
    yield from _in_digits(g)
    yield from _with_names(g)
    yield from _lone_names(g)
    yield from _from_today(g)
    if g.words.no_spaces:
        yield from _with_signs(g)


def year(text: str | None) -> str:
    """Return a year in four digits; "" where none is given."""
    text = (text or "").lstrip("'")
    return "20" + text if len(text) == 2 else text


def day(of_year: str, month: int, days: str, weekday: str = "") -> str | None:
    """Return a day as ISO 8601 writes it, "-" for a year that is not given; None where there is no such day.

    `days` is one day or two of a range: "3" or "3..5".
    """
    read = [f"{int(one):02}" for one in days.split("..")]
    if not 1 <= month <= 12 or not all("01" <= one <= "31" for one in read):
        return None
    return f"{of_year or '-'}-{month:02}-{'..'.join(read)}{weekday and ' ' + weekday}"


def _in_digits(g: Grammar) -> Iterator[Rule]:
    """Yield 2024-03-03, 03/04/2024, 3.4. and the like."""
    clock = r"(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})?)?"

    def iso(match: re.Match[str], _: str) -> str | None:
        found = day(match["y"], int(match["m"]), match["d"])
        return found and found + match["t"].replace(" ", "t").upper()

    yield rule("date", {DIGIT}, rf"(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})(?P<t>{clock}){END}", iso, needs="-")
    yield rule(
        "date",
        {DIGIT},
        r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d|[/.]\d)",
        lambda m, _: day(m["y"], int(m["m"]), m["d"]),
        needs="/.",
    )

    def numeric(match: re.Match[str], _: str) -> str | None:
        """Read day and month by the language's order; where both orders are in use, as written."""
        first, second, of_year = int(match["a"]), int(match["b"]), year(match["y"])
        weekday = g.weekdays[match["w"].rstrip(".")] if match["w"] else ""
        order = "dmy" if match["sep"] == "." else g.words.date_order
        if order == "ymd":
            return day(of_year, first, match["b"], weekday)
        if order == "dmy" or first > 12 >= second or first == second:
            return day(of_year, second, match["a"], weekday)
        if second > 12 >= first:
            return day(of_year, first, match["b"], weekday)
        if not 0 < first <= 12 or not second > 0:
            return None
        return f"{first:02}/{second:02}" + (f"/{of_year}" if of_year else "") + (weekday and f" {weekday}")

    def short(match: re.Match[str], cased: str) -> str | None:
        """Read 03/04 as a date, and 1/2 only after a word like "on"."""
        padded = "0" in (match["a"][0], match["b"][0]) or len(match["a"] + match["b"]) > 3
        return numeric(match, cased) if padded or g.follows(match, cased, g.words.date_before) else None

    begins = g.firsts(g.weekdays) | {DIGIT}
    pair = rf"(?:(?P<w>{any_of(g.weekdays)}\.?),?{S})?(?P<a>\d{{1,2}})(?P<sep>[SIGNS])(?P<b>\d{{1,2}})"
    yield rule(
        "date", begins, rf"{pair.replace('SIGNS', '/.-')}(?P=sep)(?P<y>(?:19|20)?\d{{2}})(?!\d|[/-]\d)", numeric
    )
    yield rule("date", begins, rf"{pair.replace('SIGNS', '/')}(?P<y>)(?![/-]?\d)", short, needs="/")
    if g.words.date_order == "dmy":
        yield rule("date", begins, rf"{pair.replace('SIGNS', '.')}\.(?P<y>)(?!\d)", numeric, needs=".")


def _with_names(g: Grammar) -> Iterator[Rule]:
    """Yield March 3, 3 March 2024, Friday the 3rd of March, March 3-5, March 2024."""
    words = g.words
    month = rf"(?P<m>{any_of(g.months)}(?:\.(?=,?{S}?\d))?)"  # a full stop that ends a sentence is no part of it
    glue = f"(?:{S}?{any_of(words.date_glue)})?" if words.date_glue else ""
    suffix = f"(?:{'|'.join(map(re.escape, words.ordinal_endings))})?" if words.ordinal_endings else ""
    alone = rf"{suffix}{END}(?!:\d|[.,]\d|{S}?%)"  # not the beginning of 3:00, 3.5 or 3 %
    days = rf"(?P<d>\d{{1,2}}){alone}(?:{g.to}(?P<e>\d{{1,2}}){alone})?"
    weekday = rf"(?:(?P<w>{any_of(g.weekdays)}\.?),?{S}(?:{any_of(words.date_glue)}{S})?)?"

    def named(match: re.Match[str], _: str) -> str | None:
        shown = match["d"] + (f"..{match['e']}" if match["e"] else "")
        of_week = g.weekdays[match["w"].rstrip(".")] if match["w"] else ""
        return day(year(match["y"]), g.months[match["m"].rstrip(".")], shown, of_week)

    yield rule(
        "date",
        g.firsts(g.weekdays) | {DIGIT},
        rf"{weekday}{days}\.?{S}?-?{glue}{S}?{month}(?:[,-]?{glue}{S}?{YEAR})?",
        named,
        needs="a",
    )
    yield rule(
        "date",
        g.firsts([*g.weekdays, *g.months]),
        rf"{weekday}{month}{S}?(?:{any_of(words.date_glue)}{S})?{days}(?:,?{S}{YEAR})?",
        named,
    )
    yield rule(
        "date",
        g.firsts(g.months),
        rf"{month},?{glue}{S}{YEAR}",
        lambda m, _: f"{year(m['y'])}-{g.months[m['m'].rstrip('.')]:02}",
    )

    def of_month(match: re.Match[str], cased: str) -> str | None:
        told = int(match["d"]) < 32 and g.follows(match, cased, words.date_before)
        return f"---{int(match['d']):02}" if told else None

    ends = rf"(?={S}*(?:$|[.,;:!?)]|{any_of(words.after_day)}))"
    for article in words.day_articles:
        yield rule(
            "date",
            g.firsts([article]),
            rf"{any_of([article])}{S}(?P<d>\d{{1,2}}){suffix}{END}{ends}",
            lambda m, c: (
                f"---{int(m['d']):02}" if g.follows(m, c, words.date_before) and int(m["d"]) < 32 else None
            ),
        )


def _lone_names(g: Grammar) -> Iterator[Rule]:
    """Yield March, Friday, Mon-Fri, Q3."""
    words = g.words

    def sure(match: re.Match[str], cased: str) -> bool:
        """Whether a lone name of a month or day is one: a full name, or one after a word like "on"."""
        full = match[0] in g.full_names
        if full and match[0] not in words.loose:
            return True
        capital = cased[match.start()].isupper() if words.capital_dates else full
        return capital and g.follows(match, cased, words.date_before)

    yield rule(
        "date", g.firsts(g.months), any_of(g.months), lambda m, c: f"--{g.months[m[0]]:02}" if sure(m, c) else None
    )
    yield rule(
        "date", g.firsts(g.weekdays), any_of(g.weekdays), lambda m, c: g.weekdays[m[0]] if sure(m, c) else None
    )
    weekday = any_of(g.weekdays) + r"\.?"
    yield rule(
        "date",
        g.firsts(g.weekdays),
        rf"(?P<a>{weekday}){g.to}(?P<b>{any_of(g.weekdays)})",
        lambda m, _: f"{g.weekdays[m['a'].rstrip('.')]}..{g.weekdays[m['b']]}",
    )
    yield rule(
        "date",
        g.firsts(words.quarters),
        rf"(?:{'|'.join(words.quarters)})(?P<q>[1-4]){END}(?:{S}(?:{any_of(words.date_glue)}{S})?(?P<y>(?:19|20)\d{{2}})(?!\d))?",
        lambda m, _: f"{m['y'] + '-' if m['y'] else ''}Q{m['q']}",
    )
    yield rule(
        "date",
        {DIGIT},
        rf"(?:19|20)\d{{2}}{END}(?![.,:/-]\d|{S}?[%€$£])",
        lambda m, c: m[0] if g.follows(m, c, words.year_before) else None,
        needs="a",
    )


def _from_today(g: Grammar) -> Iterator[Rule]:
    """Yield tomorrow, next Friday, last month, by end of day."""
    words = g.words
    periods = words.periods | g.weekdays
    periods |= {name: f"{number:02}" for name, number in g.months.items() if name not in words.loose}
    pointers = words.next_before | words.next_after

    def pointed(match: re.Match[str], cased: str) -> str | None:
        short = match["p"] in words.loose and match["p"] in g.weekdays and match["p"] not in g.full_names
        if short and not (words.capital_dates and cased[match.start("p")].isupper()):
            return None  # "this sat on the shelf"
        return f"{pointers[folded(match['n'])]} {periods[folded(match['p'])]}"

    yield table("date", g, words.relative)
    before, after, period = any_of(words.next_before), any_of(words.next_after), any_of(periods)
    yield rule("date", g.firsts(words.next_before), rf"(?P<n>{before}){S}?(?P<p>{period})", pointed)
    if words.next_after:
        yield rule("date", g.firsts(periods), rf"(?P<p>{period}){S}(?P<n>{after})", pointed)


def _with_signs(g: Grammar) -> Iterator[Rule]:
    """Yield 3月3日, 2024年3月, 午後2時30分."""
    figure, kanji = r"\d{1,2}", "[一二三四五六七八九十]{1,3}"
    begins = g.firsts("一二三四五六七八九十") | {DIGIT}
    weekday = "(?:[(](?P<w>[月火水木金土日])(?:曜日?)?[)])?"

    def read(text: str) -> int:
        return int(text if text.isdigit() else values.kanji(text))

    def named(match: re.Match[str], _: str) -> str | None:
        of_week = g.weekdays[match["w"] + "曜"] if match["w"] else ""
        return day(match["y"] or "", read(match["m"]), str(read(match["d"])), of_week)

    yield rule(
        "date",
        begins,
        rf"(?:(?P<y>\d{{4}})年)?(?P<m>{figure}|{kanji})月(?P<d>{figure}|{kanji})日(?!間){weekday}",
        named,
    )
    yield rule("date", {DIGIT}, r"(?P<y>\d{4})年(?P<m>\d{1,2})月", lambda m, _: f"{m['y']}-{int(m['m']):02}")
    yield rule("date", {DIGIT}, r"(?P<y>(?:19|20)\d{2})年", lambda m, _: m["y"])
    yield rule("date", {DIGIT}, r"(?P<m>\d{1,2})月(?![\d間])", lambda m, _: f"--{int(m['m']):02}")

    def clock(match: re.Match[str], _: str) -> str | None:
        if not match["h"].isdigit() and not match["p"]:
            return None  # 一時 is "for a while"
        minute = "30" if match["m"] == "半" else f"{read(match['m'].rstrip('分')):02}" if match["m"] else "00"
        return _clock(read(match["h"]), minute, {"午前": "am", "午後": "pm"}.get(match["p"] or "", ""))

    yield rule(
        "time",
        begins | {"午"},
        rf"(?P<p>午前|午後)?(?P<h>{figure}|{kanji})時(?!間)(?P<m>(?:{figure}|{kanji})分|半)?",
        clock,
    )


def _clock(hour: int, minute: str, meridiem: str) -> str | None:
    """Return a time of day as HH:MM; `meridiem` is "am", "pm" or "" for the 24-hour clock."""
    if meridiem and hour > 12:
        return None
    if meridiem:
        hour = hour % 12 + (12 if meridiem == "pm" else 0)
    return f"{hour:02}:{minute}" if hour <= 24 and minute[:2] < "60" else None


def times(g: Grammar) -> Iterator[Rule]:
    """Yield 2 pm, 14:00, 9am-5pm, 2 pm EST, noon."""
    words = g.words
    halves = any_of([*words.morning, *words.afternoon])
    hours = any_of(words.clock)
    mark = f"[:.]|{S}?{re.escape(words.hour_mark)}{S}?" if words.hour_mark else "[:.]"

    def one(end: str) -> str:
        return (
            rf"(?P<{end}h>\d{{1,2}})(?:(?P<{end}s>{mark})(?P<{end}m>\d{{2}}(?::\d{{2}})?)(?!\d))?(?!\d|[,.:]\d)"
            rf"(?:{S}?(?P<{end}p>{halves}))?(?:{S}?(?P<{end}c>{hours}))?(?:{S}?(?P<{end}q>{halves}))?"
        )

    def half(text: str | None) -> str:
        return "" if not text else "am" if folded(text) in words.morning else "pm"

    def told(match: re.Match[str], cased: str, end: str) -> bool:
        """Whether a word or sign shows that the figures are a time: 9.30 and 9 alone do not."""
        if match[f"{end}p"] or match[f"{end}q"]:
            return True
        hour, mark = match[f"{end}c"], match[f"{end}s"]
        if hour and (mark or hour not in words.time_units or g.follows(match, cased, words.at)):
            return True
        if mark:
            return mark != "." or g.follows(match, cased, words.at_hour)
        return g.follows(match, cased, words.at_hour) and not g.noun_follows(match, cased)

    def core(match: re.Match[str], cased: str) -> str | None:
        ends = [end for end in "ab" if f"{end}h" in match.groupdict()]
        if not told(match, cased, ends[-1]):
            return None
        last = half(match[f"{ends[-1]}p"] or match[f"{ends[-1]}q"])
        read: list[str] = []
        for end in ends:
            own = half(match[f"{end}p"] or match[f"{end}q"])
            value = _clock(int(match[f"{end}h"]), match[f"{end}m"] or "00", own or last)
            if value is None:
                return None
            if end == "a" and own == "" and last == "pm" and len(ends) == 2:
                noon = _clock(int(match["bh"]), match["bm"] or "00", "pm") or ""
                value = (_clock(int(match["ah"]), match["am"] or "00", "am") or value) if value > noon else value
            read.append(value)
        return "..".join(read)

    short = {zone.lower(): zone for zone in g.marks.zones}
    zone = rf"{S}?\(?(?P<z>(?:utc|gmt)[+-]\d{{1,2}}(?::?\d{{2}})?{END}|{any_of([*words.zones, *short])})\)?"

    def zoned(match: re.Match[str], cased: str) -> str | None:
        written = cased[match.start("z") : match.end("z")]
        known = words.zones.get(folded(match["z"])) or (written if written == written.upper() else "")
        value = core(match, cased)
        return f"{value} {known}" if value and known else None

    def spoken(match: re.Match[str], cased: str) -> str | None:
        """Read half past two; what could be a span of time as well ("deux heures et demie") after "at" only."""
        at = match["s"] in words.clock_before or g.follows(match, cased, [*words.at, *words.at_hour])
        hour = g.count(match["a"])
        if not hour or not hour.isdigit() or not 0 < int(hour) <= 24 or not (at or match["p"]):
            return None
        whole = _clock(int(hour), "00", half(match["p"]))
        minutes = {**words.clock_before, **words.clock_after}[folded(match["s"])]
        of_day = (int(whole[:2]) * 60 + minutes) % 1440 if whole else None
        return None if of_day is None else f"{of_day // 60:02}:{of_day % 60:02}"

    hour = rf"(?P<a>{g.number})(?:{S}(?P<c>{hours}))?"
    part = rf"(?:{S}?(?P<p>{halves}))?"
    before, after = any_of(words.clock_before), any_of(words.clock_after)
    yield rule("time", g.firsts(words.clock_before), rf"(?P<s>{before}){S}{hour}{part}", spoken)
    if words.clock_after:
        yield rule("time", g.begin_number, rf"{hour}{S}(?P<s>{after}){part}", spoken)
    for pattern in (one("a"), one("a") + g.to + one("b")):
        yield rule("time", {DIGIT}, pattern, core, needs=":a")
        yield rule("time", {DIGIT}, pattern + zone, zoned, needs="a")
    yield table("time", g, words.clock_names)
