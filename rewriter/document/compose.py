"""A draft put together with the steps of a plan: what is carried is copied, and so is all between the sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from rewriter.document.lines import tokens
from rewriter.model import NAME_SLOT, Block, Document, Move, Part, Plan, Rephrase, Sealed, Sentence
from rewriter.visible import visible_text

_IN_WORDS = ("number", "quantity", "duration", "ordinal")  # facts that may be words of the sentence: "two payments"


@dataclass(frozen=True, slots=True)
class Composed:
    """A rewritten draft; the one of `html` and `text` that the draft was is the draft's source with the changes."""

    html: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Something written anew over source[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a paragraph is written in this draft: what opens it, what closes it, what stands between two."""

    opens: str
    closes: str
    apart: str


_SPACELESS = ("ja", "zh", "th")
_BREAK = re.compile(r"<br\b[^>]*>|\r\n|\r|\n", re.I)
_INLINE_END = re.compile(r"(?:</(?:b|strong|i|em|u|s|mark|small)\s*>)+", re.I)
_SPACER = re.compile(r"(?:\s|<br\b[^>]*>|<(p|div)\b[^>]*>(?:\s|&nbsp;|\xa0|<br\b[^>]*>)*</\1\s*>)*", re.I)
_UNIQUE = re.compile(r"""\s(?:id|name|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*)""", re.I)
_LIST = frozenset(["ul", "ol", "dl"])
_WRAPPERS = frozenset(["p", "div", "span", "font"])


def compose(
    document: Document, sealed: Sequence[Sealed], plan: Plan, name: str, *, in_line: bool = False
) -> Composed:
    """Return the draft as the plan has it: HTML for HTML, text for text, and the other made from it.

    The plan names every sentence once and in order; one that it leaves out is carried. `sealed[i]` belongs to
    sentence i + 1; `name` fills NAME_SLOT. What opens or closes the draft is a paragraph, or with `in_line` part of
    the paragraph beside it, as in a chat. A plan that carries all gives the source again, byte for byte.
    """
    html = document.is_html
    edits: list[_Edit] = []
    parts: list[Part] = []
    before: Sentence | None = None
    for moves, sentence, text in _in_order(document, plan):
        if moves:
            edits.append(_placed(document, moves, before, sentence, name, in_line=in_line))
            parts += [Part(_named(move.text, name), move.kind) for move in moves]
        if sentence is None:
            break
        before = sentence
        if text is None:
            parts.append(Part(sentence.text, "kept", (sentence.number,)))
            continue
        pieces = list(_pieces(document, sentence, sealed[sentence.number - 1], text, name))
        written = "".join(source or _written(said, html) for said, source in pieces)
        edits.append(_Edit(sentence.start, sentence.end, written))
        parts.append(Part("".join(said for said, _ in pieces), "rephrased", (sentence.number,)))
    composed = _applied(document.source, edits)
    if html:
        return Composed(composed, visible_text(composed), tuple(parts))
    return Composed(_as_html(composed), composed, tuple(parts))


def _in_order(document: Document, plan: Plan) -> Iterator[tuple[list[Move], Sentence | None, str | None]]:
    """Yield each sentence with the moves that stand before it and its new text, None where it is carried.

    After a greeting, a sentence that begins in lower case runs on from it ("Hi Ana, your refund ..."): moves
    that would part the two follow it.
    """
    moves: list[Move] = []
    waiting = list(document.sentences)
    for step in plan:
        if isinstance(step, Move):
            moves.append(step)
            continue
        while waiting and waiting[0].number <= step.sentence:
            sentence = waiting.pop(0)
            text = step.text if isinstance(step, Rephrase) and step.sentence == sentence.number else None
            greeted = sentence.number > 1 and document.sentences[sentence.number - 2].role == "greeting"
            if greeted and (text or sentence.text)[:1].islower():
                yield [], sentence, text
            else:
                yield moves, sentence, text
                moves = []
    for sentence in waiting:
        yield moves, sentence, None
        moves = []
    if moves:
        yield moves, None, None


def _named(text: str, name: str) -> str:
    return text.replace(NAME_SLOT, name) if name else re.sub(rf"\s*{re.escape(NAME_SLOT)}", "", text)


def _written(text: str, html: bool) -> str:
    return escape(text, quote=False) if html else text


def _pieces(
    document: Document, sentence: Sentence, sealed: Sealed, text: str, name: str
) -> Iterator[tuple[str, str | None]]:
    """Yield the new text in pieces: what is seen of each, and for a fact its slice of the source."""
    facts = {seal.token: seal.fact for seal in sealed.seals}
    tokens_or_none = re.compile("|".join(map(re.escape, facts)) or r"(?!)")
    position = 0
    folded = _named(" ".join(text.split()), name)
    for token in tokens_or_none.finditer(folded):
        yield folded[position : token.start()], None
        fact = facts[token[0]]
        if token.start() == 0 and fact.kind in _IN_WORDS and sentence.text[:1].isupper():
            yield fact.text[:1].upper() + fact.text[1:], None  # "Actually, two ..." begins with "Two" now
            position = token.end()
            continue
        yield fact.text, document.source[sentence.offsets[fact.start] : sentence.offsets[fact.end]]
        position = token.end()
    yield folded[position:], None


# --- where moves go --------------------------------------------------------------------------------------


def _placed(
    document: Document,
    moves: list[Move],
    before: Sentence | None,
    after: Sentence | None,
    name: str,
    *,
    in_line: bool,
) -> _Edit:
    """Return the moves set between two sentences: paragraphs at either end of a draft, else in their line."""
    opening = before is None or before.role == "greeting"
    closing = after is None or after.role == "sign-off"
    source = document.source
    greeting = [move for move in moves if move.kind == "personalisation"] if before is None else []
    others = [move for move in moves if move not in greeting]
    space = "" if document.language in _SPACELESS else " "
    paragraphs = [
        _written(space.join(_named(move.text, name) for move in group), document.is_html)
        for group in (greeting, others)
        if group
    ]
    inline = space.join(paragraphs)
    if before and after and before.block == after.block:
        gap = source[before.end : after.start]
        breaks = "".join(_BREAK.findall(gap)) if document.is_html or "\n" in gap or "\r" in gap else ""
        if breaks and (opening or closing):
            return _Edit(after.start, after.start, inline + breaks)
        return _after_sentence(document, before, space + inline)
    if before and after and not opening and not closing:
        if document.blocks[before.block].kind == "paragraph":
            return _after_sentence(document, before, space + inline)
        if document.blocks[after.block].kind == "paragraph":
            return _Edit(after.start, after.start, inline + space)
    if in_line and after and opening and _begins_plainly(document, after):
        return _Edit(after.start, after.start, inline + space)
    if in_line and before and closing and not opening and document.blocks[before.block].kind == "paragraph":
        return _after_sentence(document, before, space + inline)
    if after and (opening or before is None):
        return _before_block(document, document.blocks[after.block], paragraphs)
    return _after_block(document, _last_block(document, before, after), paragraphs)


def _begins_plainly(document: Document, sentence: Sentence) -> bool:
    """Say whether a sentence begins a paragraph, with no bold or link that words before it would fall into."""
    block = document.blocks[sentence.block]
    return block.kind == "paragraph" and block.start == sentence.start


def _after_sentence(document: Document, sentence: Sentence, text: str) -> _Edit:
    """Return text set right after a sentence, outside the bold or italics that end with it."""
    ending = _INLINE_END.match(document.source, sentence.end) if document.is_html else None
    place = ending.end() if ending else sentence.end
    return _Edit(place, place, text)


def _last_block(document: Document, before: Sentence | None, after: Sentence | None) -> Block | None:
    """Return the block after which added words may stand: code and tables are passed, signature and history not."""
    if before is None:
        return None
    last = before.block
    for index in range(before.block + 1, after.block if after else len(document.blocks)):
        if document.blocks[index].kind in ("signature", "quote"):
            break
        last = index
    return document.blocks[last]


def _before_block(document: Document, block: Block, paragraphs: list[str]) -> _Edit:
    shape = _shape(document, block)
    place = _list_around(document, block)[0]
    return _Edit(place, place, "".join(shape.opens + text + shape.closes + shape.apart for text in paragraphs))


def _after_block(document: Document, block: Block | None, paragraphs: list[str]) -> _Edit:
    if block is None:
        block = Block("paragraph", 0, 0, 0, 0)
    shape = _shape(document, block)
    place = _list_around(document, block)[1]
    if document.is_html and block.outer_end and not shape.opens:
        ending = _INLINE_END.match(document.source, place)
        place = ending.end() if ending else place
    return _Edit(place, place, "".join(shape.apart + shape.opens + text + shape.closes for text in paragraphs))


def _shape(document: Document, block: Block) -> _Shape:
    """Return how a paragraph beside this block is written: as the block is, or as the draft's first paragraph."""
    source = document.source
    if not document.is_html:
        newline = "\r\n" if "\r\n" in source else "\n"
        return _Shape("", "", newline * 2)
    paragraphs = [b for b in document.blocks if b.kind == "paragraph"]
    model = block if block.kind == "paragraph" else next(iter(paragraphs), None)
    if model is None:
        return _Shape("<p>", "</p>", "")
    if model.outer_start == model.start:
        return _Shape("", "", "<br><br>") if model is block else _Shape("<p>", "</p>", "")
    said = [s for s in document.sentences if document.blocks[s.block] is model]
    first, last = (said[0].start, said[-1].end) if said else (model.start, model.end)
    around = _elements_around(source[model.outer_start : first], source[last : model.outer_end])
    return _Shape(
        "".join(tag for _, tag in around), "".join(f"</{n}>" for n, _ in reversed(around)), _apart(document)
    )


def _elements_around(before: str, after: str) -> list[tuple[str, str]]:
    """Return name and tag of each element that begins before a paragraph's words and ends after them."""
    opened = [(t.name, _UNIQUE.sub("", before[t.start : t.end])) for t in tokens(before) if t.kind == "open"]
    closed = [token.name for token in reversed(tokens(after)) if token.kind == "close"]
    around = opened[:1]
    for (name, tag), end in list(zip(opened, closed, strict=False))[1:]:
        if name != end or name not in _WRAPPERS:
            break
        around.append((name, tag))
    return around


def _apart(document: Document) -> str:
    """Return what stands between two paragraphs that are elements: nothing, a line end, or an empty paragraph."""
    held = [b for b in document.blocks if b.kind == "paragraph" and b.outer_start < b.start]
    for one, other in pairwise(held):
        gap = document.source[one.outer_end : other.outer_start]
        if _SPACER.fullmatch(gap):
            return gap
    return ""


def _list_around(document: Document, block: Block) -> tuple[int, int]:
    """Return where the outermost list that holds a block begins and ends; the block itself where none does."""
    if document.is_html and block.kind == "item":
        depth = start = 0
        for token in tokens(document.source):
            if token.name not in _LIST:
                continue
            if not depth:
                start = token.start
            depth = max(0, depth + (1 if token.kind == "open" else -1))
            if not depth and start <= block.outer_start < token.end:
                return start, token.end
    return block.outer_start, block.outer_end


# --- putting together ------------------------------------------------------------------------------------


def _applied(source: str, edits: Sequence[_Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [source[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, source[position:]])


def _as_html(text: str) -> str:
    """Return text as paragraphs: an empty line parts them, and lines and runs of blanks stay."""
    paragraphs = re.split(r"(?:\r\n|\r|\n)\s*?(?:\r\n|\r|\n)\s*", text.strip("\r\n"))
    kept = (re.sub(r"\r\n|\r|\n", "<br>", escape(paragraph, quote=False)) for paragraph in paragraphs)
    return "".join(f"<p>{paragraph.replace('  ', ' &nbsp;')}</p>" for paragraph in kept if paragraph)
