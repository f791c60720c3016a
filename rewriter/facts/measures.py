"""Money, percentages, spans of time, quantities, and numbers on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.facts import values
from rewriter.facts.rule import DIGIT, END, MINUS, Grammar, Rule, S, any_of, folded, rule, table


def measures(g: Grammar) -> Iterator[Rule]:
    """Yield the rules for a number with what it counts."""
    yield from _amounts(g)
    yield from _percentages(g)
    yield from _durations(g)
    yield from _quantities(g)
    yield from _ordinals(g)


def _amounts(g: Grammar) -> Iterator[Rule]:
    """Yield $1,200.50, 20 euros, USD 5, $1.2k, -$5, $20-$30, between 5 and 7 euros, $10 a month."""
    words, signs = g.words, g.marks.currencies
    money = signs | words.currencies
    multipliers = g.marks.multipliers | words.multipliers
    sign, currency, period = any_of(signs), any_of(money), any_of(words.time_units)
    minus, scale = "(?P<n>-)?", rf"(?:{S}?(?P<k>{any_of(multipliers)}))?"
    scale_b = scale.replace("<k>", "<l>")
    per = rf"(?:(?:{S}?/{S}?|{S}{any_of(words.per)}{S})(?P<p>{period}))?"

    def amount(match: re.Match[str], cased: str) -> str | None:
        found, code = match.groupdict(), folded(match["c"])
        letters = len(code) > 2 and code.isascii() and code.isalpha() and code not in words.currencies
        if letters and not cased[match.start("c") : match.end("c")].isupper():
            return None  # "try 5" is no Turkish lira
        scales = [multipliers.get(found.get(name) or "", 1) for name in ("k", "l")]
        value = g.span(found["a"], found.get("b"), scales if found["k"] else [scales[1]] * 2)
        rate = f" /{words.time_units[found['p']]}" if found["p"] else ""
        minus = "-" if re.match(r"\D{0,4}-", match[0]) else ""
        return value and f"{money[code]} {minus}{value}{rate}"

    even = "(?:,-)?"  # 49,- €
    one, two = rf"(?P<a>{g.number}){even}{scale}", rf"(?P<b>{g.number}){even}{scale_b}"
    shown = rf"(?P<c>{sign}){S}?-?(?P<a>{g.digits}){even}{scale}"
    yield rule(
        "amount",
        g.firsts(signs) | {"-"},
        rf"{minus}{shown}(?:(?:{S}?-{S}?|{g.to}(?={sign}))(?:{sign}{S}?)?(?P<b>{g.digits}){scale_b})?{per}",
        amount,
    )
    yield rule(
        "amount",
        {DIGIT},
        r"(?P<a>\d{1,6})(?P<c>€|£)(?P<b>\d\d)(?!\d)",
        lambda m, _: f"{money[m['c']]} {values.digits(m['a'] + '.' + m['b'], '.')}",
    )  # 49€90
    coded = rf"{minus}{sign}{S}?(?P<a>{g.digits}){scale}{S}?(?P<c>{any_of(signs)})(?P<p>(?!))?"
    yield rule("amount", g.firsts(signs) | {"-"}, coded, amount)  # $500 MXN
    yield rule(
        "amount",
        g.begin_number | {"-"},
        rf"{MINUS}{one}(?:(?:{S}?{currency})?{g.to}{two})?(?:{S}|-)?(?P<c>{currency}){per}",
        amount,
        needs=f"a{''.join(signs)}",
    )
    if words.no_spaces:
        yield rule(
            "amount",
            {DIGIT},
            rf"(?P<a>\d{{1,4}})万(?P<b>\d{{1,4}})(?P<k>千)?(?P<c>{currency})",
            lambda m, _: f"{money[m['c']]} {int(m['a']) * 10_000 + int(m['b']) * (1000 if m['k'] else 1)}",
        )
    if words.vague:
        yield rule(
            "amount",
            g.firsts(words.vague),
            rf"(?P<a>{any_of(words.vague)})(?P<k>){S}(?P<c>{any_of(words.currencies)}){per}",
            amount,
        )
    for first, second in words.between.items():
        start, join = any_of([first]) + S, f"{S}{any_of([second])}{S}"
        begins = g.firsts([first])
        one = rf"(?P<a>{g.first_of_two}){scale}"
        yield rule("amount", begins, rf"{start}{one}{join}{two}{S}?(?P<c>{currency}){per}", amount)
        yield rule("amount", begins, rf"{start}{shown}{join}(?:{sign}{S}?)?(?P<b>{g.digits}){scale_b}{per}", amount)


def _percentages(g: Grammar) -> Iterator[Rule]:
    """Yield 15%, 15 percent, 5-10 %."""
    percent = rf"(?:{S}?[%‰]|{S}?{any_of(g.words.percent)})"

    def percentage(match: re.Match[str], _: str) -> str | None:
        found = g.span(match["a"], match["b"])
        return found and ("-" if match["n"] == "-" else "") + found + ("‰" if "‰" in match[0] else "")

    pattern = rf"(?P<n>[-+](?=\d))?(?P<a>{g.number})(?:{percent})?(?:{g.to}(?P<b>{g.number}))?{percent}"
    yield rule("percentage", g.begin_number | {"-", "+"}, pattern, percentage, needs="%‰a")


def _durations(g: Grammar) -> Iterator[Rule]:
    """Yield 3 days, 3-5 business days, a few hours, two or three weeks, 24h, 2h30, every month."""
    words = g.words
    kinds, units = words.day_kinds | words.day_kinds_after, any_of(words.time_units)
    kind, kind_after = any_of(words.day_kinds), any_of(words.day_kinds_after)
    half = any_of(words.and_a_half)
    length = rf"(?:{S}|-)?(?:(?P<q>{kind})(?:{S}|-)?)?(?P<u>{units})(?:{S}?(?P<r>{kind_after}))?"
    length = rf"(?:{S}?(?P<f>{half}))?{length}(?:{S}?(?P<g>{half}))?"

    def duration(match: re.Match[str], cased: str) -> str | None:
        found, unit, first = match.groupdict(), folded(match["u"]), match["a"].strip()
        if not first[0].isdigit() and ((len(unit) < 3 and unit.isascii()) or match[0] in words.not_alone):
            return None  # "a d"
        if unit == "d" and cased[match.start("u")] == "D":
            return None  # 3D
        if match[0] in words.fractions:
            return None  # 半分 is half, and half a minute by its signs
        if first in words.vague and unit in words.ordinals and g.noun_follows(match, cased):
            return None
        value = g.span(first, found.get("b"))
        if found["f"] or found["g"]:
            value = values.and_a_half(value)
        quality = kinds.get(folded(found["q"] or found["r"] or ""), "")
        return value and f"{value} {quality and quality + ' '}{words.time_units[unit]}"

    yield rule(
        "duration", g.begin_counted, rf"(?P<a>{g.counted})(?:{g.to}(?P<b>{g.number}))?{length}", duration, needs="a"
    )
    for first, second in words.between.items():
        pair = rf"{any_of([first])}{S}(?P<a>{g.first_of_two}){S}{any_of([second])}{S}(?P<b>{g.number})"
        yield rule("duration", g.firsts([first]), pair + length, duration)

    smaller = {"day": "hour", "hour": "minute", "minute": "second"}
    tight = "|".join(sorted((name for name in words.time_units if len(name) <= 4), key=len, reverse=True))

    def compound(match: re.Match[str], _: str) -> str | None:
        unit = words.time_units[match["u"]]
        rest = words.time_units.get(match["v"] or "m", smaller.get(unit, ""))  # the "m" of 1h 30m is no metre
        known = unit in smaller and rest in smaller.values()
        return f"{int(match['a'])} {unit} {int(match['b'])} {rest}" if known else None

    pattern = rf"(?P<a>\d{{1,4}}){S}?(?P<u>{tight}){S}?(?P<b>\d{{1,2}})(?:{S}?(?P<v>{tight}|m))?{END}"
    yield rule("duration", {DIGIT}, pattern, compound, needs="a")
    yield table("duration", g, words.frequencies)


def _quantities(g: Grammar) -> Iterator[Rule]:
    """Yield 5 kg, 20 °C, 100 Mbps, 5 times, 10x20 cm."""
    words = g.words
    units = g.marks.units | words.units
    unit, cross = any_of(units), rf"{S}?[x×*]{S}?"

    def quantity(match: re.Match[str], cased: str) -> str | None:
        value, written = g.span(match["a"], match["b"]), match["u"]
        if not match["a"][0].isdigit() and len(written) < 3 and written.isascii():
            return None
        if match["g"] == "-" and len(written) == 1:
            return None  # 0042-A
        if not match["g"] and cased[match.start("u")] in "AGLMVW" and len(written) == 1:
            return None  # 5G, 4M: a name or a size
        if written == "a" and cased[match.start("u")] == "a":
            return None  # an ampere is a capital: "48213 a été expédiée"
        return value and f"{'-' if match['n'] else ''}{value} {units[folded(written)]}"

    def size(match: re.Match[str], _: str) -> str:
        sides = "x".join(values.digits(match[side], words.decimal) for side in "abd" if match[side])
        return sides + (f" {units[folded(match['u'])]}" if match["u"] else "")

    begins = g.begin_number | {"-"}
    number = rf"{MINUS}(?P<a>{g.number})(?:{g.to}(?P<b>{g.number}))?"
    yield rule("quantity", begins, rf"{number}(?P<g>(?:{S}|-)?)(?P<u>{unit})", quantity, needs='a°"℃℉')
    sides = rf"(?P<a>{g.digits}){cross}(?P<b>{g.digits})(?:{cross}(?P<d>{g.digits}))?"
    yield rule("quantity", {DIGIT}, rf"{sides}(?:(?:{S}|-)?(?P<u>{unit}))?{END}", size, needs="x×*")
    yield table("quantity", g, words.times)


def _ordinals(g: Grammar) -> Iterator[Rule]:
    """Yield 3rd, second."""
    words = g.words
    if words.ordinal_endings:
        endings = "|".join(map(re.escape, words.ordinal_endings))
        yield rule("ordinal", {DIGIT}, rf"(?P<a>\d{{1,4}})(?:{endings}){END}", lambda m, _: str(int(m["a"])))
    yield rule(
        "ordinal", g.firsts(words.ordinals), any_of(words.ordinals), lambda m, _: str(words.ordinals[folded(m[0])])
    )


def numbers(g: Grammar) -> Iterator[Rule]:
    """Yield the numbers that nothing else is made of."""
    yield table("number", g, g.words.fractions)
    multipliers = g.words.multipliers | {"k": 1000}

    def number(match: re.Match[str], cased: str) -> str | None:
        if match["b"] is None and (g.is_pronoun(match["a"]) or _is_marker(match, cased)):
            return None
        scales = [multipliers.get(match[name] or "", 1) for name in "kl"]
        value = g.span(match["a"], match["b"], scales if match["k"] else [scales[1]] * 2)
        return value and ("-" if match["n"] else "") + value

    def readable(match: re.Match[str]) -> int:
        """Return how much of some number words makes a number: "two three" is no number, and "two" is one."""
        return 0 if not match["a"][0].isalpha() else values.readable(match["a"], g.language)

    scale = rf"(?:{S}?(?P<k>{any_of(multipliers)}))?"
    other = rf"(?P<b>{g.number}){scale.replace('<k>', '<l>')}"
    pattern = rf"{MINUS}(?P<a>{g.number}){scale}(?:{g.to}{other})?(?![a-z])"
    yield rule("number", g.begin_number | {"-"}, pattern, number, shorter=readable)
    yield rule("number", {DIGIT}, r"\d{1,4}(?:[:/]\d{1,4}){1,3}(?!\d)", lambda m, _: m[0], needs=":/")
    yield rule("number", {DIGIT}, r"\d+", lambda m, c: None if _is_marker(m, c) else m[0].lstrip("0") or "0")


def _is_marker(match: re.Match[str], cased: str) -> bool:
    """Whether a number only counts the items of a list: "1. Open the app"."""
    if len(match[0]) > 2 or not re.match(r"[.)]\s", cased[match.end() : match.end() + 2]):
        return False
    return not cased[max(0, match.start() - 80) : match.start()].rpartition("\n")[2].strip()
