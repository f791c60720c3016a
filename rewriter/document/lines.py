"""A source, HTML or text, as lines of visible text in which every character knows its place in the source.

The source is read, never rebuilt: whatever is not written anew can be copied byte for byte. Broken HTML is read
as a browser reads it, and nothing here raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Literal, NamedTuple

from rewriter.model import BlockKind, Fact, FactKind

TokenKind = Literal["text", "open", "close", "unseen"]


class Token(NamedTuple):
    """A stretch of HTML: text, a tag, or what no reader sees (comment, script, style)."""

    kind: TokenKind
    start: int
    end: int
    name: str = ""  # of a tag, in lower case


class Run(NamedTuple):
    """Where a stretch of lines stands: the element that holds it, and what that element is."""

    kind: BlockKind
    start: int  # inside the element's tags
    end: int
    outer_start: int  # the whole element; the same as inside where no element holds just these lines
    outer_end: int


@dataclass(slots=True)
class Line:
    """A line as a reader sees it, white space folded but for single no-break spaces; with a zone, kept as it is."""

    run: int  # index into the runs
    start: int  # in the source, indentation and marks of quoting included
    end: int
    zone: BlockKind | None = None
    mark: int = 0  # characters of the list mark it begins with, the space after it included
    chars: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # where each character begins in the source
    ends: list[int] = field(default_factory=list)
    units: list[Fact] = field(default_factory=list)  # links, images and code: each moves as a whole
    markup: list[int] = field(default_factory=list)  # where other tags and comments begin

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(self.chars)

    def without_mark(self) -> Line:
        """Return the line without its list mark, which holds no unit."""
        count = self.mark
        units = [replace(unit, start=unit.start - count, end=unit.end - count) for unit in self.units]
        seen = self.chars[count:], self.starts[count:], self.ends[count:]
        return Line(self.run, self.start, self.end, self.zone, 0, *seen, units, self.markup)

    def joined(self, other: Line, *, broken_by_markup: bool) -> Line:
        """Return both lines as one, with a space between; a <br> between them counts as markup."""
        length = len(self.chars) + 1
        gap = [self.ends[-1]] if broken_by_markup else []
        return Line(
            self.run,
            self.start,
            other.end,
            self.zone,
            0,
            [*self.chars, " ", *other.chars],
            [*self.starts, self.ends[-1], *other.starts],
            [*self.ends, other.starts[0], *other.ends],
            [
                *self.units,
                *(replace(unit, start=unit.start + length, end=unit.end + length) for unit in other.units),
            ],
            [*self.markup, *gap, *other.markup],
        )


_BLOCK = re.compile(
    "address|article|aside|body|blockquote|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hgroup|hr|html|legend|li|main|menu|nav|ol|optgroup|option|p|pre|section|summary|table|tbody"
    "|td|tfoot|th|thead|tr|ul"
)
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])
_UNSEEN = frozenset(["head", "script", "style", "template", "title", "xml"])
_ITEMS = frozenset(["li", "dt", "dd"])
_LISTS = frozenset(["ul", "ol", "dl"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CODE = frozenset(["code", "kbd", "samp", "tt"])
_ZONES: dict[str, BlockKind] = {"blockquote": "quote", "pre": "code", "table": "table"}

# An unfinished tag runs to the end, as in browsers; a ">" inside a quoted value ends nothing.
_MARKUP = re.compile(
    r"""<(?:!--(?:.*?-->|.*)|/?(?P<name>[a-z][^\s/>]*)(?:[^>=]|=\s*(?:"[^"]*"|'[^']*')|=)*+(?:>|\Z)|[!?/][^>]*>?)""",
    re.S | re.I,
)
_UNBROKEN = frozenset("\xa0\u202f\u2007\u2009")  # "1 234" may be one number only with one of these
_NOTHING = "\u200b\u2060\ufeff\u00ad"  # drawn as nothing
_SEEN = re.compile(
    rf"(?P<entity>&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);?)|(?P<space>\s+)|(?P<nothing>[{_NOTHING}]+)"
    rf"|[^&\s{_NOTHING}]+|&",
    re.I,
)
_ROW = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ATTRIBUTE = r"""\b{}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_HREF, _SRC, _ALT = (re.compile(_ATTRIBUTE.format(name), re.I) for name in ("href", "src", "alt"))
_QUOTED = re.compile(
    r"""\b(?:class|id)\s*=\s*["']?[^"'>]*\b(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|freshdesk_quote"""
    r"""|zd_quoted?|protonmail_quote|OutlookMessageHeader|(?:x_)?divRplyFwdMsg)\b""",
    re.I,
)
_SIGNATURE = re.compile(
    r"""(?:\b(?:class|id)\s*=\s*["']?[^"'>]*(?<![a-z])signature(?![a-z])|\bdata-(?:[\w-]*-)?signature\b)""", re.I
)


def tokens(source: str) -> list[Token]:
    """Return the HTML as tokens that follow one another without a gap."""
    found: list[Token] = []
    position = 0
    while markup := _MARKUP.search(source, position):
        if markup.start() > position:
            found.append(Token("text", position, markup.start()))
        start, position = markup.span()
        name = (markup["name"] or "").lower()
        closes = source.startswith("</", start)
        kind: TokenKind = "unseen" if not name else "close" if closes else "open"
        if name in _UNSEEN and not closes:
            ending = re.compile(rf"</{name}\b[^>]*>?", re.I).search(source, position)
            position = ending.end() if ending else len(source)
            kind = "unseen"
        found.append(Token(kind, start, position, name))
    if position < len(source):
        found.append(Token("text", position, len(source)))
    return found


def html_lines(source: str) -> tuple[list[Run], list[Line]]:
    """Return the lines of an HTML source with the runs they stand in; an empty line parts two blocks."""
    runs: list[Run] = []
    lines: list[Line] = []
    parts = tokens(source)
    first = 0  # token with which the present run begins
    opened: Token | None = None  # the block tag just before it
    lists = 0  # how many are open
    index = 0
    while index <= len(parts):
        token = parts[index] if index < len(parts) else None
        zone = _zone(source, token) if token else None
        if token and not zone and (not _BLOCK.fullmatch(token.name) or token.kind == "unseen"):
            index += 1
            continue
        read = _read_run(source, parts[first:index], len(runs))
        if any(line.chars for line in read):
            run = _run(source, parts, first, index, opened)
            runs.append(run._replace(kind="item") if lists and run.kind == "paragraph" else run)
            lines += read
        if token and token.name in _LISTS:
            lists = max(0, lists + (1 if token.kind == "open" else -1))
        opened = token if token and token.kind == "open" and not zone else None
        if token and zone:
            index = _closing(parts, index)
            end = parts[index].end if index < len(parts) else len(source)
            runs.append(Run(zone, token.end, parts[index].start if index < len(parts) else end, token.start, end))
            lines.append(Line(len(runs) - 1, token.start, end, zone))
        index += 1
        first = index
    return runs, lines


def text_lines(source: str) -> tuple[list[Run], list[Line]]:
    """Return the lines of a text, all in one run."""
    lines = []
    for row in _ROW.finditer(source):
        line = Line(0, row.start(), row.end(1))
        _see(line, source, row.start(), row.end(1), entities=False)
        lines.append(_trimmed(line))
    return [Run("paragraph", 0, len(source), 0, len(source))], lines


def _zone(source: str, token: Token) -> BlockKind | None:
    """Return which zone an element is, from its name, class, id or data attributes."""
    if token.kind != "open" or token.name in _VOID:
        return None
    if token.name in _ZONES:
        return _ZONES[token.name]
    tag = source[token.start : token.end]
    if len(tag) == len(token.name) + 2:
        return None
    return "quote" if _QUOTED.search(tag) else "signature" if _SIGNATURE.search(tag) else None


def _closing(parts: list[Token], index: int) -> int:
    """Return the index of the tag that closes the element opened at `index`; past the end where none does."""
    depth = 0
    name = parts[index].name
    for i in range(index, len(parts)):
        if parts[i].name == name:
            depth += {"open": 1, "close": -1}.get(parts[i].kind, 0)
            if not depth:
                return i
    return len(parts)


def _run(source: str, parts: list[Token], first: int, end: int, opened: Token | None) -> Run:
    """Return where the run of tokens `first` to `end` stands.

    A div is a paragraph only beside another block; alone in its parent it is a wrapper, and what is added
    belongs inside it.
    """
    start, stop = (parts[first].start, parts[end - 1].end)
    held = opened is not None and (opened.name not in ("div", "body", "html", "center"))
    if opened is not None and opened.name == "div":
        before = _neighbour(source, parts, first - 2, -1)
        after = _neighbour(source, parts, end + 1, 1)
        held = bool((before and before.kind == "close") or (after and after.kind == "open"))
    if opened is None or not held:
        return Run("paragraph", start, stop, start, stop)
    closed = end < len(parts) and parts[end].kind == "close" and parts[end].name == opened.name
    kind: BlockKind = "item" if opened.name in _ITEMS else "heading" if opened.name in _HEADINGS else "paragraph"
    return Run(kind, start, stop, opened.start, parts[end].end if closed else stop)


def _neighbour(source: str, parts: list[Token], index: int, step: int) -> Token | None:
    """Return the next block tag in a direction, None where visible text or the end comes first."""
    while 0 <= index < len(parts):
        token = parts[index]
        if _BLOCK.fullmatch(token.name):
            return token
        if token.kind == "text" and source[token.start : token.end].strip():
            return None
        index += step
    return None


def _read_run(source: str, parts: list[Token], run: int) -> list[Line]:
    """Return the lines of one run: a <br> ends a line."""
    if not parts:
        return []
    lines = [Line(run, parts[0].start, parts[0].start)]
    index = 0
    while index < len(parts):
        token = parts[index]
        line = lines[-1]
        line.end = token.end
        if token.kind == "text":
            _see(line, source, token.start, token.end, entities=True)
        elif token.name == "br":
            line.end = token.start
            lines.append(Line(run, token.end, token.end))
        elif unit := _unit(source, parts, index):
            last, kind, value = unit
            line.end = parts[last].end
            _see_unit(line, source, parts[index : last + 1], kind, value)
            index = last
        else:
            line.markup.append(token.start)
        index += 1
    return [_trimmed(line) for line in lines]


def _unit(source: str, parts: list[Token], index: int) -> tuple[int, FactKind, str] | None:
    """Return where the link, code or image opened at `index` ends, what it is, and its target, words or file."""
    token = parts[index]
    if token.kind != "open":
        return None
    tag = source[token.start : token.end]
    if token.name == "img":
        return (index, "image", _attribute(_SRC, tag)) if _attribute(_ALT, tag).strip() else None
    href = _attribute(_HREF, tag) if token.name == "a" else ""
    if not href and token.name not in _CODE:
        return None
    last = next((i for i in range(index + 1, len(parts)) if parts[i].name in (token.name, "br")), 0)
    if not last or parts[last].kind != "close":
        return None
    shown = "".join(source[part.start : part.end] for part in parts[index:last] if part.kind == "text")
    said = " ".join(unescape(shown).split())
    return (last, "link" if href else "code", href or said) if said else None


def _see_unit(line: Line, source: str, parts: list[Token], kind: FactKind, value: str) -> None:
    """Add an element that moves as a whole: its first and last characters stand for its tags."""
    start, end = parts[0].start, parts[-1].end
    first = len(line.chars)
    if kind == "image":
        alt = " ".join(_attribute(_ALT, source[start : parts[0].end]).split())
        line.chars += alt
        line.starts += [start, *[end] * (len(alt) - 1)]
        line.ends += [end] * len(alt)
    for part in parts:
        if part.kind == "text":
            _see(line, source, part.start, part.end, entities=True)
    if "".join(line.chars[first : first + 1]).isspace():
        line.starts[first] = line.ends[first] = start
        first += 1
    last = len(line.chars)
    if line.chars[first:last] and line.chars[last - 1].isspace():
        last -= 1
        line.starts[last] = line.ends[last] = end
    if first == last:  # nothing but invisible characters
        line.markup.append(start)
        return
    line.starts[first] = start
    line.ends[last - 1] = end
    line.units.append(Fact(kind, "".join(line.chars[first:last]), value, first, last))


def _see(line: Line, source: str, start: int, end: int, *, entities: bool) -> None:
    """Add the visible characters of a stretch of text."""
    for piece in _SEEN.finditer(source, start, end):
        at, until = piece.span()
        if piece["space"] or (piece["entity"] and entities and unescape(piece[0]).isspace()):
            if line.chars and not line.chars[-1].isspace():
                line.chars.append("\xa0" if (unescape(piece[0]) if entities else piece[0]) in _UNBROKEN else " ")
                line.starts.append(at)
                line.ends.append(until)
        elif piece["entity"] and entities:
            said = unescape(piece[0])
            kept = 0  # characters after an entity that lacks its semicolon: "&ampx"
            while kept < len(said) - 1 and piece[0][-1 - kept :] == said[-1 - kept :]:
                kept += 1
            until -= kept
            if said.strip(_NOTHING):
                line.chars += said
                line.starts += [at, *[until] * (len(said) - kept - 1), *range(until, until + kept)]
                line.ends += [*[until] * (len(said) - kept), *range(until + 1, until + kept + 1)]
        elif not piece["nothing"]:
            line.chars += piece[0]
            line.starts += range(at, until)
            line.ends += range(at + 1, until + 1)


def _trimmed(line: Line) -> Line:
    """Take the space off the end of a line."""
    if line.chars and line.chars[-1].isspace():
        line.chars.pop()
        line.starts.pop()
        line.ends.pop()
    return line


def _attribute(pattern: re.Pattern[str], tag: str) -> str:
    """Return the value of an attribute of a tag, "" where it has none."""
    found = pattern.search(tag)
    return unescape(next((value for value in found.groups() if value is not None), "")) if found else ""
