"""A free rewrite, turned into the plan it amounts to, and judged by the guard's own rules.

Sentence by sentence: what was carried, put otherwise, merged, split, moved, added and lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rapidfuzz import fuzz

from rewriter import facts
from rewriter.document import parse
from rewriter.guard import Said, Scorer, added, assertions, differences
from rewriter.guard.difference import Difference
from rewriter.guard.words import PAUSE, lexicon_of
from rewriter.language import detect
from rewriter.model import Document, Fact, Sentence, Violation

LIKE = 0.5  # the share of a sentence's words that another must have to be its rewrite
CLAUSES = 40  # of one sentence, at most, among which added ones are looked for
ALIKE = 72  # rapidfuzz's token ratio, for sentences whose words tell too little

_WORDS = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\[[^\W\d][^\]\n]{0,60}\]|\[\[|\]\]|\{\{|\}\}")
_CLAUSE = re.compile(r"[^,;:—–()…]+[,;:—–()…]*")
_CONJUNCTION = re.compile(r"^(?:and|but|so|y|pero|et|mais|und|aber|e|mas|ma|en|maar)\s+", re.I)


Group = tuple[list[int], list[int]]  # sentences of the draft, and those of the rewrite that say the same


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of a free rewrite; `notice` says what could not be judged, "" where all was."""

    faithful: bool
    violations: tuple[Violation, ...]
    language: str
    notice: str = ""


def check(
    draft: str,
    rewrite: str,
    *,
    html: bool = False,
    language: str = "",
    customer: str = "",
    name: str = "",
    scorer: Scorer | None = None,
) -> Verdict:
    """Return whether a rewrite says what its draft says, and where it does not.

    Both are HTML or both plain text; `customer` is the visible text of their message, `name` the requester's.
    Where the draft's language has no lexicon, facts and carried sentences are judged, and the notice says so.
    """
    language = language or detect(draft) or "en"
    names = (name,) if name and not name.islower() else ()
    before = parse(draft, html=html, language=language, names=names)
    after = before if rewrite == draft else parse(rewrite, html=html, language=language, names=names)
    judged = lexicon_of(language) is not None
    found = tuple(_Alignment(before, after, language, customer, names, scorer).violations())
    notice = "" if judged else f"What sentences assert is not judged in {language!r}: it has no lexicon. Facts are."
    return Verdict(not found, found, language, notice)


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence on one side, with the words and facts by which its counterpart is found."""

    sentence: Sentence
    keys: frozenset[str]


class _Alignment:
    """A draft beside a rewrite: which sentences belong together."""

    def __init__(
        self,
        before: Document,
        after: Document,
        language: str,
        customer: str,
        names: tuple[str, ...],
        scorer: Scorer | None,
    ) -> None:
        self.before, self.after, self.language, self.scorer = before, after, language, scorer
        self.customer = customer
        self.before_text = " ".join(s.text for s in before.sentences)
        greeted = [s.text for s in before.sentences if s.role == "greeting"]
        hailed = [s.text for s in after.sentences if s.role == "greeting"]
        signed = frozenset(_WORDS.findall(customer))
        self.given = names
        self.names = (
            *names,
            *(part for name in names for part in name.split() if not part.islower()),
            *(name for text in greeted for name in _names_in(text, language)),
            *(name for text in hailed for name in _names_in(text, language) if name in signed),
        )
        self.draft = [_line(s, language) for s in before.sentences if s.role == "body"]
        self.rewrite = [_line(s, language) for s in after.sentences]
        self._told = [Counter(key for line in lines for key in line.keys) for lines in (self.draft, self.rewrite)]

    def violations(self) -> Iterator[Violation]:
        """Yield all that is wrong: by the draft's order, then what was added."""
        yield from self._of_zones()
        yield from self._of_signature()
        groups, unlinked, added_here = self._groups()
        lost, new = set(unlinked), set(added_here)
        gathered = list(self._gathered(groups, lost, new))
        faulted = [group for group in gathered if self._found(*group)]
        if not self._same_as_a_whole(faulted, lost, new):
            for olds, news in faulted:
                yield from self._of_group(olds, news)
        yield from self._of_moved(groups)
        for i in sorted(lost):
            yield from self._of_lost(self.draft[i].sentence)
        for i in sorted(new):
            yield from self._of_added(self.rewrite[i].sentence)

    def _same_as_a_whole(self, faulted: list[Group], lost: set[int], new: set[int]) -> bool:
        """Tell whether what is faulted in several places says the same as one: words may have moved between them.

        Takes all of `lost` and `new` that cannot stand by itself where it does.
        """
        olds = sorted({i for group in faulted for i in group[0]} | lost)
        strange = {j for j in new if self._needs_another(self.rewrite[j].sentence)}
        news = sorted({j for group in faulted for j in group[1]} | strange)
        alone = not faulted and len(olds) == len(news) == 1  # one sentence for one, which no words connect
        if not olds or not news or (len(faulted) == 1 and not lost and not strange):
            return False
        if self._found(olds, news, whole=not alone):
            return False
        lost.clear()
        new -= strange
        return True

    def _gathered(self, groups: list[Group], lost: set[int], new: set[int]) -> Iterator[Group]:
        """Yield each group, with the lost or new sentences beside it that leave less to fault when they join it.

        "It is $20." may have become "…, which is $20" of the sentence before: few words tell that they belong
        together. Takes from `lost` and `new` what joins.
        """
        for olds, news in groups:
            old, now = olds, news
            found = len(self._found(old, now)) if lost or new else 0
            for i in (olds[0] - 1, olds[-1] + 1):
                if i not in lost:
                    continue
                joined = sorted([*old, i])
                fewer = len(self._found(joined, now))
                if fewer < found + len(tuple(self._of_lost(self.draft[i].sentence))):
                    old, found = joined, fewer
                    lost.remove(i)
            for j in (news[0] - 1, news[-1] + 1):
                if not found or j not in new or not self._needs_another(self.rewrite[j].sentence):
                    continue
                joined = sorted([*now, j])
                fewer = len(self._found(old, joined))
                if fewer < found:
                    now, found = joined, fewer
                    new.remove(j)
            yield old, now

    def _needs_another(self, sentence: Sentence) -> bool:
        """Tell whether a new sentence cannot stand by itself."""
        return sentence.role == "body" and any(self._of_added(sentence))

    def _groups(self) -> tuple[list[Group], list[int], list[int]]:
        """Return which sentences belong together (draft's, rewrite's), which are lost, and which are new."""
        links: set[tuple[int, int]] = set()
        free_old, free_new = self._carried(links)
        holders: dict[str, list[int]] = {}
        for i in free_old:
            for key in self.draft[i].keys:
                holders.setdefault(key, []).append(i)
        rarity = {key: 1 / len(many) for key, many in holders.items()}
        shared: dict[int, Counter[int]] = {}
        for j in free_new:
            for key in self.rewrite[j].keys & holders.keys():
                for i in holders[key][:50]:
                    shared.setdefault(j, Counter())[i] += 1
        for j, counts in shared.items():
            links |= {(i, j) for i, j in self._best(j, counts, rarity)}
        linked_new = {j for _, j in links}
        for i in free_old:
            if all(i != linked for linked, _ in links):
                links |= self._likely(i, [j for j in free_new if j not in linked_new])
        return _connected(links, len(self.draft), len(self.rewrite))

    def _carried(self, links: set[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """Link sentences that are equal, each to the first one still free; return those left on both sides."""
        waiting: dict[str, list[int]] = {}
        for j, line in enumerate(self.rewrite):
            waiting.setdefault(line.sentence.text, []).append(j)
        for i, line in enumerate(self.draft):
            if twins := waiting.get(line.sentence.text):
                links.add((i, twins.pop(0)))
        olds, news = {i for i, _ in links}, {j for _, j in links}
        return (
            [i for i in range(len(self.draft)) if i not in olds],
            [j for j in range(len(self.rewrite)) if j not in news],
        )

    def _best(self, j: int, counts: Counter[int], rarity: dict[str, float]) -> Iterator[tuple[int, int]]:
        """Yield the draft's sentence that a sentence of the rewrite comes from, and those within it."""
        keys = self.rewrite[j].keys

        def weight(i: int) -> float:
            return sum(rarity[key] for key in keys & self.draft[i].keys)

        scored = sorted(counts, key=lambda i: (-weight(i), abs(i - j)))
        for rank, i in enumerate(scored):
            both, old = counts[i], len(self.draft[i].keys)
            within = both / old >= LIKE + (0.1 if rank else 0)
            if within or (rank == 0 and both / len(keys) >= LIKE):
                yield i, j

    def _likely(self, i: int, free: list[int]) -> set[tuple[int, int]]:
        """Return a link to the free sentence that reads much like this one, if any does."""
        text = self.draft[i].sentence.text
        scores = [(fuzz.token_sort_ratio(text, self.rewrite[j].sentence.text), -abs(i - j), j) for j in free[:50]]
        best = max(scores, default=(0.0, 0, 0))
        return {(i, best[2])} if best[0] >= ALIKE else set()

    def _of_group(self, olds: list[int], news: list[int]) -> Iterator[Violation]:
        first = self.draft[olds[0]].sentence
        draft, rewrite = (" ".join(line.sentence.text for line in many) for many in self._lines(olds, news))
        for one in self._found(olds, news):
            yield Violation(one.kind, one.detail, None, first.number, draft, rewrite)

    def _lines(self, olds: list[int], news: list[int]) -> tuple[list[_Line], list[_Line]]:
        return [self.draft[i] for i in olds], [self.rewrite[j] for j in news]

    def _found(self, old: list[int], new: list[int], *, whole: bool = False) -> tuple[Difference, ...]:
        """Return what two groups of sentences do not say alike, harmless clauses that were added apart."""
        olds, news = self._lines(old, new)
        rewrite = _joined([line.sentence for line in news])
        draft = _joined(_as_told([line.sentence for line in olds], rewrite.facts))
        if draft == rewrite:
            return ()
        elsewhere = self._elsewhere(old, new)
        differ = partial(
            differences, draft, language=self.language, scorer=self.scorer,
            free=True, elsewhere=elsewhere, whole=whole,
        )  # fmt: skip
        found = differ(rewrite)
        if found:
            drafted = frozenset().union(*(line.keys for line in olds))
            plain = added.without_greeting(rewrite.text, self.language, self.names)
            plain = self._without_additions(plain, drafted)
            if plain != rewrite.text:
                shorter = Said(plain, facts.find(plain, self.language, names=self.given))
                fewer = differ(shorter)
                found = fewer if len(fewer) <= len(found) else found
        return found

    def _elsewhere(self, olds: list[int], news: list[int]) -> frozenset[str]:
        """Return the keys of these sentences that other sentences of the other text have as well."""
        here, there = (Counter(key for line in lines for key in line.keys) for lines in self._lines(olds, news))
        return frozenset(
            [key for key in here if self._told[1][key] > there[key]]
            + [key for key in there if self._told[0][key] > here[key]]
        )

    def _without_additions(self, text: str, drafted: frozenset[str]) -> str:
        """Return a text without the clauses that have nothing of the draft and would pass as added sentences."""
        clauses = _CLAUSE.findall(text)
        if not 1 < len(clauses) <= CLAUSES:
            return text
        kept = []
        for clause in clauses:
            bare = _CONJUNCTION.sub("", clause.strip(" ,;:—–()…"))
            if not bare or _keys(bare, (), self.language) & drafted or added.wrongs(bare, self._bounds()):
                kept.append(clause)
        return "".join(kept).strip() if kept else text

    def _of_lost(self, sentence: Sentence) -> Iterator[Violation]:
        lexicon = lexicon_of(self.language)
        if lexicon and not sentence.facts and not _keys(sentence.text, (), self.language) - lexicon.softening:
            return  # thanks and the like: warm words may give way to others
        item = self.before.blocks[sentence.block].kind == "item"
        said = f'{"the list item" if item else "the sentence"} "{_short(sentence.text)}" is not in the rewrite'
        yield Violation("lost sentence", said, None, sentence.number, sentence.text)
        for fact in sentence.facts:
            yield Violation(fact.kind, f"{fact.text} is not in the rewrite", None, sentence.number, sentence.text)

    def _of_added(self, sentence: Sentence) -> Iterator[Violation]:
        if any(sentence.text == s.text for s in self.before.sentences):
            return
        if _PLACEHOLDER.search(sentence.text) or any(fact.kind == "placeholder" for fact in sentence.facts):
            yield _unfilled(sentence.text)
            return
        strange = self._strange_names(sentence.text) if sentence.role == "greeting" else []
        if strange:
            said = f'"{" ".join(strange)}" is no name that the draft, the ticket or the customer gives'
            yield Violation("name", said, None, None, "", sentence.text)
            return
        if sentence.role == "sign-off" and not any(c in sentence.text for c in self._strange_names(sentence.text)):
            return
        if lexicon_of(self.language) is None:
            for fact in sentence.facts:
                yield Violation(fact.kind, f"{fact.text} is not in the draft", None, None, "", sentence.text)
            return
        wrong = added.wrongs(sentence.text, self._bounds())
        if wrong and not any(one.kind in ("greeting", "name", "sign-off") for one in wrong):
            said = f'"{_short(sentence.text)}" is not in the draft'
            yield Violation("added sentence", said, None, None, "", sentence.text)
        for one in wrong:
            yield Violation(one.kind, one.detail, None, None, "", sentence.text)

    def _strange_names(self, text: str) -> list[str]:
        known = {w.lower() for name in (*self.names, self.before.source) for w in _WORDS.findall(name)}
        return [word for word in _names_in(text, self.language) if word.lower() not in known]

    def _of_moved(self, groups: Sequence[Group]) -> Iterator[Violation]:
        """Yield steps that stand in another order than in the draft."""
        last = -1
        for olds, news in groups:
            sentence = self.draft[olds[0]].sentence
            if not self._is_step(sentence):
                continue
            if news[0] < last:
                said = f'"{_short(sentence.text)}" stands before the step that it followed'
                yield Violation("order", said, None, sentence.number, sentence.text, sentence.text)
            last = max(last, news[0])

    def _is_step(self, sentence: Sentence) -> bool:
        if self.before.blocks[sentence.block].kind == "item":
            return True
        if lexicon_of(self.language) is None:
            return False
        said = assertions.asserted(Said(sentence.text, sentence.facts).masked, self.language)
        plain = not said.tense and not said.question and not any(" " not in actor for actor in said.actors)
        return said.sequenced or (plain and bool(said.named))

    def _of_zones(self) -> Iterator[Violation]:
        """Yield quotes, code and tables of the draft that the rewrite does not have."""
        text = "".join(self.after.source.split())
        for block in self.before.blocks:
            zone = self.before.source[block.start : block.end]
            if block.kind in ("quote", "code", "table") and "".join(zone.split()) not in text:
                said = f'the {block.kind} "{_short(zone)}" is not as it was'
                yield Violation("code" if block.kind == "code" else "lost sentence", said, None, None, zone)

    def _of_signature(self) -> Iterator[Violation]:
        """Yield placeholders under the rewrite that the draft does not have."""
        for block in self.after.blocks:
            zone = self.after.source[block.start : block.end]
            if block.kind == "signature" and _PLACEHOLDER.search(zone) and zone not in self.before.source:
                yield _unfilled(zone)

    def _bounds(self) -> added.Bounds:
        return added.Bounds(
            language=self.language,
            customer=self.customer,
            drafted=self.before_text,
            names=self.names,
            free=True,
        )


def _line(sentence: Sentence, language: str) -> _Line:
    return _Line(
        sentence,
        _keys(
            Said(sentence.text, sentence.facts).masked,
            tuple(f"{f.kind} {f.value}" for f in sentence.facts),
            language,
        ),
    )


def _keys(text: str, values: tuple[str, ...], language: str) -> frozenset[str]:
    """Return what a sentence is known by: its facts and the words that name something."""
    if lexicon_of(language) is None:
        return frozenset((*values, *(word.lower() for word in _WORDS.findall(text))))
    return frozenset((*values, *(named.key for named in assertions.asserted(text, language).named)))


def _names_in(greeting: str, language: str) -> list[str]:
    usual = added.greeting_words(language)
    return [word for word in _WORDS.findall(greeting)[1:] if word[:1].isupper() and word.lower() not in usual]


def _joined(sentences: Sequence[Sentence]) -> Said:
    """Return several sentences as one text, with their facts where they then stand."""
    if len(sentences) == 1:
        return Said(sentences[0].text, sentences[0].facts)
    found: list[Fact] = []
    start = 0
    for sentence in sentences:
        found += [replace(fact, start=fact.start + start, end=fact.end + start) for fact in sentence.facts]
        start += len(sentence.text) + 1
    return Said(PAUSE.join(sentence.text for sentence in sentences), tuple(found))


def _as_told(sentences: list[Sentence], facts: Sequence[Fact]) -> list[Sentence]:
    """Return a draft's sentences in the order in which a rewrite tells their facts, where all of them have some."""
    places = {(fact.kind, fact.value): place for place, fact in reversed(list(enumerate(facts)))}
    found = [
        min((places[f.kind, f.value] for f in sentence.facts if (f.kind, f.value) in places), default=None)
        for sentence in sentences
    ]
    told = [place for place in found if place is not None]
    if told == sorted(told):
        return sentences
    last, order = -1, []
    for at, place in enumerate(found):
        last = last if place is None else place
        order.append((last, at))
    return [sentences[at] for _, at in sorted(order)]


def _unfilled(text: str) -> Violation:
    said = f'"{_short(text)}" holds a placeholder that nobody filled in'
    return Violation("placeholder", said, None, None, "", text)


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= 80 else folded[:79] + "…"


def _connected(links: set[tuple[int, int]], olds: int, news: int) -> tuple[list[Group], list[int], list[int]]:
    """Return the groups that links make, by the draft's order, and what has no link on either side."""
    by_old: dict[int, set[int]] = {}
    by_new: dict[int, set[int]] = {}
    for i, j in links:
        by_old.setdefault(i, set()).add(j)
        by_new.setdefault(j, set()).add(i)
    groups, seen = [], set[int]()
    for first in sorted(by_old):
        if first in seen:
            continue
        group_old, group_new, waiting = set[int](), set[int](), [first]
        while waiting:
            i = waiting.pop()
            group_old.add(i)
            group_new |= by_old[i]
            waiting += [x for j in by_old[i] for x in by_new[j] if x not in group_old and x not in waiting]
        seen |= group_old
        groups.append((sorted(group_old), sorted(group_new)))
    return groups, [i for i in range(olds) if i not in by_old], [j for j in range(news) if j not in by_new]
