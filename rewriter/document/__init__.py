"""A draft cut into blocks and numbered sentences, each a slice of the source, which is never rebuilt.

Quoted history, signatures, code, tables and whatever lies between sentences stay byte for byte. Facts are found
before sentences are cut, so that "9 a.m. EST" is one sentence's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise

from sentencex import segment

from rewriter import facts
from rewriter.document.compose import Composed, compose
from rewriter.document.lines import Line, Run, html_lines, text_lines
from rewriter.lexicon import load
from rewriter.model import Block, BlockKind, Document, Fact, Sentence
from rewriter.wording import either

__all__ = ["Composed", "compose", "parse"]


@dataclass(frozen=True, slots=True)
class Letter:
    """The file document.toml: how letters in a language open and close, and where a sentence does not end."""

    greetings: tuple[str, ...] = ()
    addressed: frozenset[str] = frozenset()  # words in lower case that may stand between a greeting and its end
    titles: frozenset[str] = frozenset()  # the same for those that may end in a full stop: "Dear Mr. Hill,"
    no_names: frozenset[str] = frozenset()  # words in lower case that open a sentence, a comma behind them
    honorifics: tuple[str, ...] = ()  # what makes a name a greeting by itself
    sign_offs: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()  # whole sentences that begin like this are sign-offs
    thanks: tuple[str, ...] = ()  # sign-offs only where nothing but a name follows
    abbreviations: frozenset[str] = frozenset()
    whole_words: tuple[str, ...] = ()  # what looks like an abbreviation and is none


@dataclass(frozen=True, slots=True)
class Quoted:
    """The file quoted.toml: how mail programs mark the history below a reply, in any language."""

    wrote: tuple[str, ...]
    fields: frozenset[str]
    separators: tuple[str, ...]


Find = Callable[[str], tuple[Fact, ...]]

_ITEM = re.compile(r"(?:[-*•‣◦▪·–—]|\(?(?P<number>\d{1,2})[.)]|\(?[a-zA-Z]\))\s+(?=\S)")
_WORD = re.compile(r"\s+([^\s,.!?:;，、。！？：]+(?:\.[a-z]{2,3}(?=\s))?)(\.(?=\s+\S))?")  # "sig.ra" is one word
_CLOSED = re.compile(r"\s*(?:[,.!:;，、。！：…]+|[-–—](?=\s|$))")
_SAID = re.compile(r"[^\W_]+")
_LIST_MARK = re.compile(r"(?:[^\W\d_]+ )?\(?(?:\d{1,2}|[a-zA-Z])[.)]\s*")  # "Step 1." too
_CAPITAL_AFTER_COMMA = re.compile(r",\s+(?=[^\W\d_a-zß-ÿ])")
_NAME_AFTER_COMMA = re.compile(r",\s+([^\W\d_][\w'’-]*)(?=\s*[,.!])")  # "Hi, Ana!"
_NOTHING_SAID = re.compile(r"[\W_]*")
_POSTSCRIPT = re.compile(r"p\.? ?(?:p\.? ?)?s\b", re.I)
_NAMED_ALONE = re.compile(r"[-–—~^*]+ ?[^\W\d_]\w*\.?(?: [^\W\d_]\w*\.?){0,2}")
_RULED = re.compile(r"-{2,}\s*(?P<said>[^-].*?)\s*-{2,}|##-.*-##")
_HEAD = re.compile(r"(?=.*\d).{1,400}[:：]")
_SENDER = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_FIELD = re.compile(r"\W{0,3}(\w[\w -]{0,15}?)\W{0,3}[:：]")
_CELLS = re.compile(r"\|.*\||[^\t]*\S *\t\s*\S.*")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\{%[^%]*%\}|\[\[[^\[\]]*\]\]|%\w+%")
_QUOTATION_GOES_ON = re.compile("[」』）][\u3040-\u309f]")  # と言いました: a particle carries the sentence on
_FULL_STOP = re.compile("[。！？](?![。！？」』）])")  # ends a sentence whatever follows
_STRETCH = 2000  # letters at least
_BEFORE_A_NUMBER = re.compile(r"[。！？](?=\d)")  # ends one too, though the segmenter reads on
_ENDS_A_LINE = tuple(".!?…:;。！？：")
_ENDS_UNSPACED = tuple("!?…。！？」』）")
_NAME_WORDS = 5
_CONTACT_LENGTH = 80
_WRAPPED = range(50, 101)  # length of a line that a mail program broke


def parse(
    source: str, *, html: bool, language: str, names: Sequence[str] = (), products: Sequence[str] = ()
) -> Document:
    """Return the draft as blocks and numbered sentences with their facts.

    `source` is HTML or plain text and may be broken: nothing raises. `language` is ISO 639-1; without a
    document.toml of that language every sentence is body. `names` and `products` are facts wherever they stand.
    """

    @cache  # of one draft: lines come again, and an item's without its mark
    def find(text: str) -> tuple[Fact, ...]:
        return facts.find(text, language, names=names, products=products)

    letter = load("document", language, Letter) or Letter()
    runs, lines = html_lines(source) if html else text_lines(source)
    _mark_zones(lines, letter, source, html)
    _mark_items(lines, find)
    said = [0] * len(runs)
    for line in lines:
        said[line.run] += bool(line.chars)
    blocks: list[Block] = []
    sentences: list[Sentence] = []
    for group in _groups(lines):
        run = runs[group[0].run]
        blocks.append(_block(group, run, whole=html and len(group) == said[group[0].run]))
        if not group[0].zone:
            for line in _joined(group, letter, html):
                sentences += _sentences(line, len(blocks) - 1, sentences, language, letter, find)
    return Document(source, html, language, tuple(blocks), _with_sign_offs(sentences, letter))


# --- zones -----------------------------------------------------------------------------------------------


def _mark_zones(lines: list[Line], letter: Letter, source: str, html: bool) -> None:
    """Give each line that stays byte for byte its zone."""
    _mark_code_and_tables(lines, source, html)
    _mark_quotes(lines)
    _mark_signature(lines, letter)


def _mark_code_and_tables(lines: list[Line], source: str, html: bool) -> None:
    fenced = False
    for line in lines:
        text = line.text
        fence = text.startswith("```") or text.startswith("~~~")
        code = sum(len(unit.text) for unit in line.units if unit.kind == "code")
        if fenced or fence or _PLACEHOLDER.fullmatch(text) or (text and code == len(text)):
            line.zone = line.zone or "code"
        fenced ^= fence
    if not html:
        cells = [bool(_CELLS.fullmatch(source[line.start : line.end])) for line in lines]
        for i, line in enumerate(lines):
            if cells[i] and not line.zone and (cells[i - 1 : i] == [True] or cells[i + 1 : i + 2] == [True]):
                line.zone = "table"


def _mark_quotes(lines: list[Line]) -> None:
    """Mark lines that begin with ">", and the history that a mail program's head line opens.

    Where quoted lines follow the head, what follows them may be the agent's again; else all that follows is
    history.
    """
    quoted = load("quoted", "any", Quoted)
    for i, line in enumerate(lines):
        if line.zone:
            continue
        if line.chars[:1] == [">"]:
            line.zone = "quote"
            continue
        head = _head_of_history(lines, i, quoted) if quoted and line.chars else 0
        if not head:
            continue
        after = next((later for later in lines[i + head :] if later.chars or later.zone), None)
        marked = after is not None and (after.zone == "quote" or after.chars[:1] == [">"])
        for history in lines[i : i + head] if marked else lines[i:]:
            history.zone = history.zone or "quote"


def _head_of_history(lines: list[Line], i: int, quoted: Quoted) -> int:
    """Return how many lines from `i` are the head of quoted history, 0 where none is."""
    text = lines[i].text
    ruled = _RULED.fullmatch(text)
    if ruled and (not ruled["said"] or either(quoted.separators).fullmatch(ruled["said"])):
        return 1
    for length in (1, 2):
        head = " ".join(line.text for line in lines[i : i + length])
        if _HEAD.fullmatch(head) and (either(quoted.wrote).search(head) or _SENDER.search(head)):
            return length
    fields = 0
    for line in lines[i : i + 8]:
        field = _FIELD.match(line.text)
        if not field or field[1].lower() not in quoted.fields:
            break
        fields += 1
    return fields if fields >= 3 else 0


def _mark_signature(lines: list[Line], letter: Letter) -> None:
    """Mark what follows "-- ", the names below a sign-off, and a name that stands alone at the end."""
    own = [line for line in lines if line.chars and not line.zone]
    for i, line in enumerate(own):
        text = line.text
        if text in ("--", "—") and i + 1 < len(own):
            signature = own[i:]
        elif i and _signs_off(text, letter, thanks=True):
            signature = []
            for after in own[i + 1 :]:
                if not _is_contact(after.text, first=not signature):
                    break
                signature.append(after)
        elif i and i == len(own) - 1 and _NAMED_ALONE.fullmatch(text) and not _ITEM.match(own[i - 1].text):
            signature = [line]
        else:
            continue
        for part in signature:
            part.zone = "signature"
        if signature:
            return


def _is_contact(text: str, *, first: bool) -> bool:
    """Tell whether a line below a sign-off is a name, a title, an address or a number, and no sentence."""
    words = len(text.split())
    if _POSTSCRIPT.match(text) or text.endswith(("?", "？", ":", "：", "。")):
        return False
    if first:
        return words <= _NAME_WORDS and not text.endswith((".", "!", ",")) and not text[0].islower()
    return len(text) <= _CONTACT_LENGTH and not (words > _NAME_WORDS and text.endswith((".", "!")))


# --- blocks ----------------------------------------------------------------------------------------------


def _mark_items(lines: list[Line], find: Find) -> None:
    """Give each line that is a list item the length of its mark: "1. März" is none, nor "3." without a "2."."""
    reached = {0}
    for line in lines:
        mark = None if line.zone else _ITEM.match(line.text)
        if not mark or any(unit.start < mark.end() for unit in line.units):
            continue
        if mark["number"]:
            number = int(mark["number"])
            if number - 1 not in reached or any(f.start < mark.end() < f.end for f in find(line.text)):
                continue
            reached.add(number)
        line.mark = mark.end()


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each block: empty lines part blocks, and so do zones, runs and list marks."""
    group: list[Line] = []
    for line in lines:
        follows = bool(group) and line.run == group[-1].run and line.zone == group[-1].zone
        if group and not (follows and (line.zone or (line.chars and not line.mark))):
            yield group
            group = []
        if line.chars or line.zone:
            group.append(line)
    if group:
        yield group


def _block(group: list[Line], run: Run, *, whole: bool) -> Block:
    """Return the block that a group of lines makes; `whole` where its run holds nothing else."""
    first, last = group[0], group[-1]
    start = first.starts[0] if first.chars else first.start
    end = last.ends[-1] if last.chars else last.end
    if first.zone:
        inner = (run.start, run.end) if run.kind == first.zone else (start, end)
        return Block(first.zone, *inner, start, end)
    kind: BlockKind = "item" if first.mark else run.kind
    if whole and run.outer_start < run.start:
        return Block(kind, run.start, run.end, run.outer_start, run.outer_end)
    return Block(kind, first.starts[first.mark], end, start, end)


def _joined(group: list[Line], letter: Letter, html: bool) -> Iterator[Line]:
    """Yield the lines without the list mark, those that a mail program broke put together."""
    whole = group[0].without_mark()
    for before, line in pairwise(group):
        if _is_wrapped(before.text, line.text, letter):
            whole = whole.joined(line, broken_by_markup=html)
        else:
            yield whole
            whole = line
    yield whole


def _is_wrapped(text: str, after: str, letter: Letter) -> bool:
    """Tell whether a sentence runs on in the next line."""
    if text.endswith(_ENDS_A_LINE) or _greeting(text, letter, ()) or _signs_off(text, letter, thanks=True):
        return False
    return after[0].islower() or (len(text) in _WRAPPED and " " in text)


# --- sentences -------------------------------------------------------------------------------------------


def _sentences(
    line: Line, block: int, before: Sequence[Sentence], language: str, letter: Letter, find: Find
) -> list[Sentence]:
    """Return the sentences of a line; a greeting that opens the draft is a sentence of its own."""
    apart = [
        fact for fact in find(line.text) if not any(u.start < fact.end and fact.start < u.end for u in line.units)
    ]
    found = tuple(_spaced(fact) for fact in sorted((*line.units, *apart), key=lambda fact: fact.start))
    text = line.text.replace("\xa0", " ")
    opening = not before or before[-1].role == "greeting"  # a greeting stands only behind greetings
    greeting = _greeting(text, letter, found) if opening else 0
    ends = _ends(text, greeting, language, letter, found)
    sentences: list[Sentence] = []
    start = 0
    for end in [greeting, *ends] if greeting else ends:
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        last = start + len(piece.rstrip())
        start = end
        facts_here = found[bisect_left(found, first, key=_start) : bisect_left(found, last, key=_start)]
        if not _says_something(text, first, last, facts_here):
            continue
        sentences.append(
            Sentence(
                number=len(before) + len(sentences) + 1,
                text=text[first:last],
                offsets=(*line.starts[first:last], line.ends[last - 1]),
                start=line.starts[first],
                end=line.ends[last - 1],
                block=block,
                facts=tuple(replace(fact, start=fact.start - first, end=fact.end - first) for fact in facts_here),
                role="greeting" if last <= greeting else "body",
                rephrasable=bisect_left(line.markup, line.starts[first])
                == bisect_left(line.markup, line.ends[last - 1]),
            )
        )
    return sentences


def _start(fact: Fact) -> int:
    return fact.start


def _spaced(fact: Fact) -> Fact:
    return replace(fact, text=fact.text.replace("\xa0", " ")) if "\xa0" in fact.text else fact


def _says_something(text: str, start: int, end: int, found: Sequence[Fact]) -> bool:
    """Tell whether there is a letter or digit in a stretch of text, apart from what stands for an image."""
    for fact in found:
        if fact.kind == "image":
            text = text[: fact.start] + " " * (fact.end - fact.start) + text[fact.end :]
    return bool(_SAID.search(text, start, end))


def _ends(text: str, start: int, language: str, letter: Letter, found: Sequence[Fact]) -> list[int]:
    """Return where the sentences after `start` end: never inside a fact, and never beside nothing but marks."""
    pieces = (piece for stretch in _stretches(text[start:]) for piece in segment(language or "en", stretch))
    ends = {start + end for end in accumulate(map(len, pieces))}
    ends |= {stop.end() for stop in _BEFORE_A_NUMBER.finditer(text, start)}
    for word in letter.whole_words:
        ends |= {m.end() for m in re.finditer(rf"(?i:\b{re.escape(word)})\.\s+(?=[^\W\d_a-z])", text)}
    letters = [m.start() for m in _SAID.finditer(text)]
    kept: list[int] = []
    last = start
    for end in sorted(ends):
        fact = found[max(0, bisect_left(found, end, key=_start) - 1)] if found else None
        if end < len(text) and (
            (fact and fact.start < end < fact.end)
            or not letters
            or end > letters[-1]
            or end <= letters[min(bisect_left(letters, last), len(letters) - 1)]
            or not (text[end - 1].isspace() or text[end - 1] in _ENDS_UNSPACED)
            or _QUOTATION_GOES_ON.match(text, end - 1)
            or _LIST_MARK.fullmatch(text, last, end)
            or _is_abbreviation(text, last, end, letter)
        ):
            continue
        if end > start:
            kept.append(end)
            last = end
    return kept


def _stretches(text: str) -> Iterator[str]:
    """Yield a text in stretches of whole sentences: without spaces, the segmenter's time grows by the square."""
    start = 0
    while stop := _FULL_STOP.search(text, start + _STRETCH):
        yield text[start : stop.end()]
        start = stop.end()
    yield text[start:]


def _is_abbreviation(text: str, start: int, end: int, letter: Letter) -> bool:
    words = text[max(start, end - 20) : end].rstrip().rsplit(maxsplit=1)
    return bool(words) and words[-1].endswith(".") and words[-1][:-1].lower().lstrip("(") in letter.abbreviations


def _greeting(text: str, letter: Letter, found: tuple[Fact, ...]) -> int:
    """Return where the greeting that a line opens with ends, its comma included; 0 where it opens with none."""
    head = either(letter.greetings).match(text)
    if head:
        end = _after_names(text, head.end(), letter, found)
        word = _WORD.match(text, end)
        if word and end == head.end() and text[word.end(1) : word.end(1) + 1] == ",":
            end = word.end(1)  # a name without a capital
        if end == head.end() and _CAPITAL_AFTER_COMMA.match(text, end):
            name, names = _NAME_AFTER_COMMA.match(text, end), _after_names(text, end + 1, letter, found)
            if name and name[1].lower() in letter.no_names:
                name = None
            end = names if text[names : names + 1] in (",", ":", "!") else name.end() if name else end
    elif letter.honorifics:
        honorifics = "|".join(map(re.escape, letter.honorifics))
        honoured = re.match(
            rf"[^\s、。，,.!?！？]{{1,20}}(?:[ \u3000][^\s、。，,.!?！？]{{1,10}})?(?:{honorifics})(?![^\W_])", text
        )
        if not honoured:
            return 0
        end = honoured.end()
    else:
        return 0
    if _NOTHING_SAID.fullmatch(text, end):
        return len(text)
    closed = _CLOSED.match(text, end - (text[end - 1] == "."))  # the full stop of "Hi there." is no abbreviation's
    return closed.end() if closed else 0


def _after_names(text: str, start: int, letter: Letter, found: tuple[Fact, ...] = ()) -> int:
    """Return where the names, titles and words of address that stand at `start` end."""
    end = start
    for _ in range(_NAME_WORDS + 1):
        word = _WORD.match(text, end)
        if not word:
            break
        fact = next((f for f in found if f.start == word.start(1) and f.kind in ("name", "placeholder")), None)
        said = word[1].lower()
        if said in letter.titles:  # even where the helpdesk has it as part of the name
            end = word.end()
        elif fact:
            end = fact.end
        elif said in letter.addressed:
            end = word.end()
            if word[2]:
                break  # "Hi there. This ..." ends here
        elif said in letter.no_names:
            break  # "Hello, Unfortunately, we …"
        elif word[1][0].isupper() or (word[1][0] in "{[%" and not word[1][-1].isalpha()):
            end = word.end(1)
        else:
            break
    return end


def _signs_off(text: str, letter: Letter, *, thanks: bool) -> bool:
    """Tell whether a text is a sign-off and no more, perhaps with a name; `thanks` counts words of thanks too."""
    if either(letter.formulas).match(text):
        return True
    head = either(letter.sign_offs).match(text) or (either(letter.thanks).match(text) if thanks else None)
    if not head:
        return False
    closed = _CLOSED.match(text, head.end())
    end = closed.end() if closed else head.end()
    return bool(_NOTHING_SAID.fullmatch(text, _after_names(text, end, letter)))


def _with_sign_offs(sentences: Sequence[Sentence], letter: Letter) -> tuple[Sentence, ...]:
    """Return the sentences with the role of those that close the draft; thanks count only where they do."""
    signed: list[Sentence] = []
    last = True  # nothing but sign-offs follows
    for sentence in reversed(sentences):
        thanks = last or sentence.text.endswith(",")
        closes = _signs_off(sentence.text, letter, thanks=thanks) or (
            last and _NAMED_ALONE.fullmatch(sentence.text)
        )
        closes = closes and sentence.role == "body" and sentence.number > 1
        signed.append(replace(sentence, role="sign-off") if closes else sentence)
        last = last and bool(closes)
    return tuple(reversed(signed))
