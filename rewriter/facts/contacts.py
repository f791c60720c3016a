"""Where people and pages are reached: e-mail, the web, files, telephones, postal addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.facts import values
from rewriter.facts.rule import (
    ANYWHERE,
    BEGIN,
    DIGIT,
    END,
    LETTER,
    UNSPACED,
    WORD,
    Grammar,
    Rule,
    S,
    any_of,
    rule,
    written,
)


def addresses_of_the_web(g: Grammar) -> Iterator[Rule]:
    """Yield e-mail and web addresses, file names, paths and handles."""
    local, label = rf"(?:{WORD}|[.%+'-])", rf"{WORD}(?:{WORD}|-){{0,62}}"
    yield rule(
        "email",
        ANYWHERE,
        rf"(?<!{local})(?:{WORD}|[%+]){local}{{0,80}}@(?:{label}\.){{1,6}}{LETTER}{{2,24}}(?!{WORD})",
        lambda m, _: m[0],
        needs="@",
    )
    inside = rf"[^\s<>\"()`{UNSPACED}]|\([^\s<>\"()`{UNSPACED}]{{0,200}}\)"
    last = rf"[^\s<>\"()`{UNSPACED}.,;:!?'\]}}*]|\([^\s<>\"()`{UNSPACED}]{{0,200}}\)"
    yield rule(
        "url",
        ANYWHERE,
        rf"{BEGIN}(?:(?:https?|s?ftp)://|www\.)(?:{inside}){{0,2000}}(?:{last})",
        lambda m, c: values.url(written(m, c)),
        needs=".:",
    )

    endings = "|".join(g.marks.file_endings)
    yield rule(
        "file",
        ANYWHERE,
        rf"(?<![\w@/.-])\w[\w-]{{0,80}}(?:\.[\w-]{{1,40}}){{0,4}}\.(?:{endings}){END}(?!\.?{WORD})",
        written,
        needs=".",
    )

    def domain(match: re.Match[str], cased: str) -> str | None:
        """Read a bare domain; "you.It" with its capital only lacks a space."""
        ending = cased[match.start("top") : match.end("top")]
        sure = ending.islower() or cased[match.start() : match.end("top")].isupper()
        return values.url(written(match, cased)) if sure and values.is_domain(match["host"]) else None

    yield rule(
        "url",
        ANYWHERE,
        rf"(?<!{WORD})(?<![@.-])(?P<host>(?:{WORD}(?:{WORD}|-){{0,62}}\.){{1,5}}(?P<top>{LETTER}{{2,24}}))"
        rf"(?::\d{{2,5}})?(?:/(?:{inside}){{0,2000}}(?:{last})|/)?(?!{WORD}|@)",
        domain,
        needs=".",
    )
    yield rule("file", ANYWHERE, rf"{BEGIN}[a-z]:\\[^\s\"<>|?*]{{0,240}}[^\s\"<>|?*.,;:!)]", written, needs="\\")
    yield rule("file", ANYWHERE, r"(?<![\w/.:])(?:~|\.{1,2})?(?:/[\w.-]{0,80}\w){2,20}/?", written, needs="/")
    yield rule("identifier", {"@"}, r"(?<![\w@])@[a-z_]\w{1,30}", lambda m, _: m[0])


def phones(g: Grammar) -> Iterator[Rule]:
    """Yield telephone numbers, also those spelled with letters."""
    label = re.compile(
        rf"(?:^|\W){any_of(g.words.phone_labels)}[:.]?\s*(?:{any_of(g.words.label_marks)}[:.]?\s*)?$"
    )
    american = re.compile(r"(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")

    def phone(match: re.Match[str], cased: str) -> str | None:
        written = match[0].replace("(0)", "")
        if len(written) < 5:
            return None
        labelled = bool(label.search(cased[max(0, match.start() - 28) : match.start()].lower()))
        if not labelled and written.isdecimal():
            return None
        if american.fullmatch(written):
            return re.sub(r"\D", "", written)
        return values.phone(written, g.words.regions, labelled=labelled)

    apart = r"(?:[ \xa0.\-/]{1,2}\(?|(?<=\))\(?|\()"
    ends = rf"(?![\d/:%]|[.,]\d|{S}?-\d|{S}?[%€$£]|{S}?0x)"
    country = rf"(?:\+{S}?|\(\+)\d{{1,15}}(?!\d)\)?(?: ?\(0\) ?\d{{1,9}}(?!\d))?"  # +49 (0)30
    abroad = rf"{country}(?:{apart}\d{{1,9}}(?!\d)\)?){{0,7}}{ends}"
    yield rule("phone", {"+", "("}, abroad, phone)
    yield rule("phone", {DIGIT, "("}, rf"\(?\d{{1,15}}(?!\d)\)?(?:{apart}\d{{2,9}}(?!\d)\)?){{0,7}}{ends}", phone)
    yield rule(
        "phone",
        {DIGIT},
        rf"1-8\d\d-[a-z0-9]{{3}}-?[a-z0-9]{{4}}{END}|1-8\d\d-[a-z]{{7,9}}{END}",
        lambda m, _: re.sub(r"\W", "", m[0]).upper(),
        needs="-",
    )


def postal(g: Grammar) -> Iterator[Rule]:
    """Yield streets with their number, post boxes and postcodes, as far as they can be told."""
    words = g.words
    name = r"[^\W\d_][^\W\d_'.-]{0,30}(?:-[^\W\d_]{1,30}){0,3}"

    def bare(match: re.Match[str], _: str) -> str:
        return re.sub(r"[\s,.]+", " ", match[0]).strip()

    def proper(match: re.Match[str], cased: str) -> str | None:
        """Read an address whose street is written with capitals: "3 people on the road" is none."""
        street = cased[match.start("s") : match.end("s")].split()
        told = [part for part in street if part.lower() not in words.street_glue]
        return bare(match, cased) if told and all(not part[0].islower() for part in told) else None

    flat = rf"(?:,?{S}(?:apt|apartment|suite|ste|unit|floor|flat)\.?{S}?\#?\w{{1,6}})?"
    state = rf"(?:,{S}{name}(?:{S}{name}){{0,2}})?(?:,?{S}[a-z]{{2}}{S}\d{{5}}(?:-\d{{4}})?{END})?"
    british = rf"[a-z]{{1,2}}\d[a-z\d]?{S}\d[a-z]{{2}}{END}"
    street = rf"(?P<s>(?:[\w'.-]{{1,30}}{S}){{1,4}}{any_of(words.streets_after)})"
    if words.streets_after:
        after = rf"\d{{1,5}}[a-z]?,?{S}{street}{flat}{state}(?:,?{S}{british})?"
        yield rule("address", {DIGIT}, after, proper, needs="a")

    town = rf"(?:,?{S}\d{{4,5}}(?:-\d{{3}})?(?:{S}[a-z]{{2}}{END})?{S}{name})?"
    number = rf",?{S}?(?:n[º°o]\.?{S}?)?\d{{1,5}}(?:{S}?[a-z])?{END}"
    if words.streets_before:
        kind = rf"{any_of(words.streets_before)}{S}(?P<s>(?:{any_of(words.street_glue)}{S}?){{0,3}}{name}"
        begin = g.firsts(words.streets_before)
        yield rule("address", begin, rf"{kind}(?:{S}{name}){{0,4}}){number}{town}", proper)
        ended = rf"{kind}(?:(?:{S}{name}){{0,3}}(?=[,.;)\n]|$))?)"
        yield rule("address", {DIGIT}, rf"\d{{1,4}}(?:{S}?(?:bis|ter))?,?{S}{ended}{town}", proper, needs="a")
    if words.streets_joined:
        joined = "|".join(map(re.escape, words.streets_joined))
        street = rf"(?P<s>{BEGIN}[^\W\d_]{{1,30}}?(?:[ -][^\W\d_]{{1,20}}?)?(?:{joined}))"
        street += rf"{S}\d{{1,4}}(?:{S}?[a-z])?{END}"
        town = rf"(?:,?{S}(?:\d{{4}}{S}?[a-z]{{2}}|\d{{4,5}}){S}{name})?"
        yield rule("address", ANYWHERE, street + town, proper, needs=DIGIT)
    yield rule("address", g.firsts(words.post_boxes), rf"{any_of(words.post_boxes)}{S}?\d{{1,7}}", bare)

    def upper(match: re.Match[str], cased: str) -> str | None:
        return match[0].upper() if cased[match.start("t") : match.end("t")].isupper() else None

    yield rule("address", ANYWHERE, rf"{BEGIN}(?P<t>{british})", upper, needs=DIGIT)
    american = rf"{BEGIN}(?:{name},{S})?(?P<t>[a-z]{{2}}){S}\d{{5}}(?:-\d{{4}})?{END}"
    yield rule("address", ANYWHERE, american, upper, needs=DIGIT)
