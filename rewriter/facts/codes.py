"""What is copied letter by letter: placeholders, code, versions, identifiers, names of products with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.facts import values
from rewriter.facts.rule import ANYWHERE, BEGIN, DIGIT, END, Grammar, Rule, S, any_of, rule, written


def placeholders() -> Iterator[Rule]:
    """Yield {{name}}, [Name], %name%, <name>, and code in backticks."""
    forms = (
        ("{", r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\{[a-z_][\w. ]{0,60}\}"),
        ("[", r"\[\[[^\[\]\n]{0,200}\]\]|\[[^\W\d_][^\[\]\n]{0,60}\]"),
        ("$", r"\$\{[^{}\n]{0,100}\}"),
        ("%", r"%[a-z_][\w.]{0,60}%"),
        ("<", r"<[^\W\d_][^<>@\n]{0,60}>"),
    )
    for sign, pattern in forms:
        yield rule("placeholder", {sign}, pattern, written)
    yield rule("code", {"`"}, r"```[^`]{1,4000}```|`[^`\n]{1,400}`", lambda m, c: written(m, c).strip("`"))


def versions(g: Grammar) -> Iterator[Rule]:
    """Yield v2.3.1, version 2.3, iOS 17.2."""
    dotted = r"\d{1,5}(?:\.\d{1,6}){0,4}(?:-?(?:alpha|beta|rc|b|a)\.?\d{0,3})?"
    labels = any_of([*g.words.version_labels, *g.marks.systems])
    ends = rf"{END}(?!\.\d)"
    yield rule(
        "version",
        g.firsts([*g.words.version_labels, *g.marks.systems]),
        rf"{labels}{S}(?P<x>v?{dotted}){ends}",
        lambda m, _: m["x"].lstrip("v"),
    )
    yield rule("version", {"v"}, rf"v\.?(?P<y>{dotted}){ends}", lambda m, _: m["y"])
    yield rule(
        "version",
        {DIGIT},
        rf"(?!0\d(?:\.\d\d){{4}})\d{{1,5}}(?:\.\d{{1,6}}){{2,4}}(?:-(?:alpha|beta|rc)\.?\d{{0,3}})?{ends}",
        lambda m, _: m[0],
    )  # 06.12.34.56.78 is a telephone number


def network() -> Iterator[Rule]:
    """Yield addresses and keys of machines."""
    octet = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"

    def upper(match: re.Match[str], _: str) -> str:
        return match[0].upper()

    yield rule(
        "identifier", {DIGIT}, rf"(?:{octet}\.){{3}}{octet}(?:/\d{{1,2}}|:\d{{2,5}})?(?![\d.]*\d)", upper, needs="."
    )
    yield rule(
        "identifier", ANYWHERE, rf"{BEGIN}(?:[0-9a-f]{{1,4}}:){{3,7}}:?[0-9a-f]{{1,4}}{END}", upper, needs=":"
    )
    yield rule("identifier", ANYWHERE, rf"{BEGIN}(?:[0-9a-f]{{2}}[:-]){{5}}[0-9a-f]{{2}}{END}", upper, needs=DIGIT)
    yield rule(
        "identifier",
        ANYWHERE,
        rf"{BEGIN}[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}{END}",
        upper,
        needs="-",
    )
    yield rule("identifier", {DIGIT}, rf"0x[0-9a-f]{{1,32}}{END}", lambda m, _: m[0], needs="x")


def identifiers(g: Grammar) -> Iterator[Rule]:
    """Yield what follows a label or a number sign, IBANs and card numbers."""
    words = g.words
    mixed = r"[a-z0-9]{1,40}(?:[-_/.][a-z0-9]{1,40}){0,8}"
    grouped = r"\d{3,6}(?: \d{2,6}){2,7}(?!\d)"  # 9400 1000 0000 0000
    marks = rf"(?:{S}?{any_of(words.label_marks)}){{0,2}}"
    labels = [*words.labels, *words.code_labels]

    def labelled(match: re.Match[str], _: str) -> str | None:
        found = match["x"].replace(" ", "")
        count = sum(mark.isdigit() for mark in found)
        told = match["t"] or "#" in match[0] or re.sub(S + "+", " ", match["l"]) in words.code_labels
        mixed = count < len(found) and not re.fullmatch(r"[\d.,/-]+|\d+[a-z]{1,2}", found)
        return found.lstrip("#").upper() if count and (told or count >= 4 or (mixed and count >= 2)) else None

    yield rule(
        "identifier",
        g.firsts(labels),
        rf"(?P<l>{any_of(labels)})(?P<t>{marks}){S}?[:=(]?{S}?(?P<x>\#?(?:{grouped}|{mixed})){END}",
        labelled,
    )
    yield rule(
        "identifier",
        {"#"},
        rf"\#{S}?(?P<y>{mixed}){END}",
        lambda m, _: m["y"].upper() if re.search(r"\d", m["y"]) else None,
    )

    if words.code_labels_after:
        behind = rf"(?P<x>\d{{3,5}})(?:{S}|-){any_of(words.code_labels_after)}"
        yield rule("identifier", {DIGIT}, behind, lambda m, _: m["x"], needs="a")
    masked = r"(?:[*•·]{1,16}|(?:[*•·x]{2,4}[ -]?){1,4})(?P<y>\d{4})(?![\d*]|[.,]\d)"
    yield rule("identifier", {"*", "•", "·", "xx", "xxx", "xxxx"}, masked, lambda m, _: m["y"])
    parcel = rf"1z(?: ?[0-9a-z]){{16}}{END}"
    yield rule("identifier", {DIGIT}, parcel, lambda m, _: m[0].replace(" ", "").upper(), needs="z")

    def account(match: re.Match[str], cased: str) -> str | None:
        if match[0][0].isalpha() and not cased[match.start() : match.start() + 2].isupper():
            return None
        shaped = re.fullmatch(r"(?:\w{4}[ -]){3,8}\w{1,4}", match[0])
        compact = re.sub(r"[^0-9A-Z]", "", match[0].upper())
        return values.account(match[0]) or (compact if shaped else None)

    yield rule(
        "identifier",
        ANYWHERE,
        rf"{BEGIN}[a-z]{{2}}\d{{2}}(?:{S}?[a-z0-9]{{4}}){{2,7}}(?:{S}?[a-z0-9]{{1,4}})?{END}",
        account,
    )
    yield rule("identifier", {DIGIT}, r"\d(?:[ \xa0-]?\d){12,18}(?![ -]?\d)", account)


def tokens(g: Grammar) -> Iterator[Rule]:
    """Yield tokens that mix letters and digits, and digits too long for a count."""
    both = r"(?=[a-z_/-]{0,24}\d)(?=[\d_/-]{0,40}[a-z])"
    mixed = rf"{BEGIN}{both}[a-z0-9]{{1,60}}(?:[-_/][a-z0-9]{{1,60}}){{0,8}}{END}"

    def parts(match: re.Match[str], cased: str) -> tuple[int, bool]:
        """Return how many digits a token has, and whether its letters are a code's: capitals, or mixed in."""
        pieces = re.split(r"[-_/]", written(match, cased))
        words = [piece for piece in pieces if piece.isalpha()]
        blended = any(not piece.isalpha() and not piece.isdigit() for piece in pieces)
        count = sum(mark.isdigit() for mark in match[0])
        letters = blended or bool(words)
        sure = letters and all(word.isupper() or (count >= 4 and len(word) < 5) for word in words)
        return count, sure

    def product(match: re.Match[str], cased: str) -> str | None:
        count, sure = parts(match, cased)
        thousands = re.fullmatch(r"\d+k", match[0])
        return match[0] if sure and count <= 2 and len(match[0]) <= 12 and not thousands else None

    def identifier(match: re.Match[str], cased: str) -> str | None:
        count, sure = parts(match, cased)
        return match[0].upper() if sure and (count > 2 or len(match[0]) > 12) else None

    underlined = rf"{BEGIN}[a-z][a-z0-9]{{0,40}}(?:_[a-z0-9]{{1,40}}){{1,8}}{END}"
    yield rule("identifier", ANYWHERE, underlined, lambda m, _: m[0].upper(), needs="_")  # ERR_CONNECTION_RESET
    yield rule("product", ANYWHERE, mixed, product, needs=DIGIT)
    yield rule("identifier", ANYWHERE, mixed, identifier, needs=DIGIT)
    family = any_of(g.marks.products)
    yield rule(
        "product",
        g.firsts(g.marks.products),
        rf"{family}[ \xa0-]?\d{{1,4}}(?:\.\d)?[a-z]{{0,2}}(?:{S}(?:pro|max|plus|mini|ultra|se)){{0,2}}{END}",
        lambda m, _: re.sub(r"\W+", " ", m[0]),
    )
    yield rule("identifier", {DIGIT}, r"\d{7,}|\d{6}(?<!000)|0\d{3,}", lambda m, _: m[0])
    yield rule(
        "identifier",
        {DIGIT},
        r"\d{1,12}(?:-\d{1,12}){1,6}(?!\d)",
        lambda m, _: m[0] if len(re.sub(r"\D", "", m[0])) > 6 else None,
    )
