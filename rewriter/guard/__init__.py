"""The guard: what a plan does wrong, step by step, and the plan mended at those steps alone.

One guard for all: it judges the plan of any engine, and the plan that a free rewrite amounts to (`guard.align`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from rewriter import facts
from rewriter.guard import added
from rewriter.guard.contrast import compare
from rewriter.guard.difference import Difference
from rewriter.guard.words import FACT, lexicon_of
from rewriter.model import (
    NAME_SLOT,
    Carry,
    Document,
    Fact,
    Move,
    Plan,
    Reading,
    Rephrase,
    Seal,
    Sealed,
    Sentence,
    Step,
    Tone,
    Violation,
)
from rewriter.seal import TOKEN, restore
from rewriter.wording import count_words

LEAST_SCORE = 0.5  # below it a scorer rejects


class Scorer(Protocol):
    """A judge beside the rules: a model that the user supplies. It may reject, never approve over a rule."""

    def __call__(self, premise: str, hypothesis: str) -> float:
        """Return the probability, 0 to 1, that the hypothesis says what the premise says."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a plan is judged against: the draft, sealed, and what tone and customer allow."""

    document: Document
    sealed: tuple[Sealed, ...]  # sealed[i] belongs to sentence number i + 1
    reading: Reading
    tone: Tone
    name: str = ""  # the greeting name that NAME_SLOT stands for
    customer: str = ""  # visible text of the customer's message


def judge(case: Case, plan: Plan, scorer: Scorer | None = None) -> tuple[Violation, ...]:
    """Return all that a plan does wrong, in the order of its steps; () where it may be sent.

    Each sentence of the draft stands in it once, in order, as it is or in other words that assert the same; what
    is added passes the closed check and the tone's limits. Texts in violations are restored: no seal is in them.
    """
    found = [*_of_structure(case, plan), *_of_rephrases(case, plan, scorer)]
    wrong = {violation.step for violation in found}
    found += _of_moves(case, plan, wrong)
    return tuple(sorted(found, key=lambda violation: len(plan) if violation.step is None else violation.step))


def mend(case: Case, plan: Plan, violations: Sequence[Violation]) -> Plan:
    """Return the plan with each faulted step put right, and no other: the guard has nothing against the result.

    A faulted rephrasing goes back to the draft's own sentence, a faulted move is dropped, a lost sentence comes
    back in its place.
    """
    while violations:
        plan = _mended(case, plan, {violation.step for violation in violations})
        violations = judge(case, plan)
    return plan


def _mended(case: Case, plan: Plan, wrong: set[int | None]) -> Plan:
    bodies: dict[int, Step] = {}
    moves: dict[int, list[Step]] = {}
    last = 0  # the sentence after which a move stands
    for at, step in enumerate(plan):
        if isinstance(step, Move):
            if at not in wrong:
                moves.setdefault(last, []).append(step)
        elif 1 <= step.sentence <= len(case.document.sentences):
            last = max(last, step.sentence)
            if at not in wrong:
                bodies.setdefault(step.sentence, step)
    mended = moves.get(0, [])
    for sentence in case.document.sentences:
        mended += [bodies.get(sentence.number, Carry(sentence.number)), *moves.get(sentence.number, ())]
    return tuple(mended)


def _of_structure(case: Case, plan: Plan) -> Iterator[Violation]:
    sentences = case.document.sentences
    last, seen = 0, set[int]()
    for at, step in enumerate(plan):
        if isinstance(step, Move):
            continue
        number = step.sentence
        if not 1 <= number <= len(sentences):
            yield Violation("added sentence", f"the draft has no sentence {number}", at)
            continue
        text = sentences[number - 1].text
        if number in seen:
            yield Violation("doubled sentence", f"sentence {number} stands there twice", at, number, text, text)
        elif number < last:
            yield Violation("order", f"sentence {number} stands after sentence {last}", at, number, text, text)
        seen.add(number)
        last = max(last, number)
    for sentence in sentences:
        if sentence.number not in seen:
            said = f"sentence {sentence.number} is not in the rewrite"
            yield Violation("lost sentence", said, None, sentence.number, sentence.text)


def _of_rephrases(case: Case, plan: Plan, scorer: Scorer | None) -> Iterator[Violation]:
    names = tuple({f.text for s in case.document.sentences for f in s.facts if f.kind in ("name", "product")})
    for at, step in enumerate(plan):
        if isinstance(step, Rephrase) and 1 <= step.sentence <= len(case.document.sentences):
            sentence, sealed = case.document.sentences[step.sentence - 1], case.sealed[step.sentence - 1]
            text = _readable(step.text, sealed.seals)
            ban = set(added.banned(text, case.tone.ban)) - set(added.banned(sentence.text, case.tone.ban))
            hollow = added.is_hollow(sentence.text, case.document.language)
            said = (
                _of_apology(case, step.text)
                if hollow and sentence.rephrasable
                else _of_rephrase(sentence, sealed, step.text, case.document.language, names, scorer)
            )
            for difference in (*said, *sorted(ban, key=lambda one: one.detail)):
                yield Violation(difference.kind, difference.detail, at, sentence.number, sentence.text, text)


def _of_rephrase(
    sentence: Sentence,
    sealed: Sealed,
    text: str,
    language: str,
    names: tuple[str, ...],
    scorer: Scorer | None,
) -> tuple[Difference, ...]:
    if not sentence.rephrasable:
        return (Difference("content", "this sentence is to stay as it is: its markup would be lost"),)
    if not text.strip():
        return (Difference("content", "the rephrased sentence is empty"),)
    if seals := tuple(_of_seals(sealed.seals, text)):
        return seals
    if lexicon_of(language) is None:
        return (Difference("language", f"rephrasing cannot be judged in the language {language!r}"),)
    restored = restore(text, sealed.seals)
    find = partial(facts.find, language=language, names=names)
    draft, rewrite = (Said(one, find(one)) for one in (sentence.text, restored))
    return differences(draft, rewrite, language, scorer)


def _of_apology(case: Case, text: str) -> tuple[Difference, ...]:
    """Return what is wrong with words put for a hollow apology: as it says nothing, they are judged as added."""
    if len(added.sentences(text)) > 1 or count_words(text) > case.tone.max_added_words:
        return (Difference("length", f"more than one sentence of {case.tone.max_added_words} words"),)
    if not added.apologises(text, case.document.language):
        return (Difference("content", "the draft's apology is lost"),)
    return added.wrongs(text, _bounds(case, may_greet=False))


def _of_seals(seals: tuple[Seal, ...], text: str) -> Iterator[Difference]:
    """Yield seals that are lost, invented or out of order."""
    was, became = [seal.token for seal in seals], [found[0] for found in TOKEN.finditer(text)]
    written = {seal.token: seal.fact for seal in seals}
    for token in (Counter(was) - Counter(became)).elements():
        yield Difference("seal", f"{written[token].text} is not in the rewrite")
    for token in (Counter(became) - Counter(was)).elements():
        twice = token in written
        yield Difference(
            "seal", f"{written[token].text} stands there twice" if twice else "a placeholder of no fact"
        )
    if was != became and Counter(was) == Counter(became):
        yield Difference("seal", "facts stand in another order: " + ", ".join(written[t].text for t in became))
    if "[[" in TOKEN.sub("", text) or "]]" in TOKEN.sub("", text):
        yield Difference("seal", "a placeholder of no fact")


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its typed facts, sorted."""

    text: str
    facts: tuple[Fact, ...]

    @property
    def masked(self) -> str:
        """The text with FACT in place of each fact."""
        pieces, end = [], 0
        for fact in self.facts:
            pieces += [self.text[end : fact.start], FACT]
            end = fact.end
        return "".join(pieces) + self.text[end:]


def differences(
    draft: Said,
    rewrite: Said,
    language: str,
    scorer: Scorer | None = None,
    *,
    free: bool = False,
    elsewhere: Collection[str] = (),
    whole: bool = False,
) -> tuple[Difference, ...]:
    """Return what two texts do not say alike: their typed facts first, then what they assert."""
    changed = facts_changed(draft.facts, rewrite.facts)
    asserted = compare(draft.masked, rewrite.masked, language, free=free, elsewhere=elsewhere, whole=whole)
    found = tuple(dict.fromkeys([*changed, *asserted]))
    if not found and scorer and scorer(draft.text, rewrite.text) < LEAST_SCORE:
        return (Difference("content", "the model that judges beside the rules rejects it"),)
    return found


def facts_changed(was: Sequence[Fact], became: Sequence[Fact]) -> Iterator[Difference]:
    """Yield typed facts that are altered, lost, new, or in another order among their kind."""
    before, after = [_value(fact) for fact in was], [_value(fact) for fact in became]
    if before == after:
        return
    lost = _left_over(was, Counter(before) - Counter(after))
    new = _left_over(became, Counter(after) - Counter(before))
    for fact in lost:
        twin = next((n for n in new if n.kind == fact.kind), None)
        if twin is None:
            yield Difference(fact.kind, f"{fact.text} is not in the rewrite")
            continue
        new.remove(twin)
        if twin.value == fact.value:
            was_so, is_so = (f'"{one.scope}" {one.text}' if one.scope else one.text for one in (fact, twin))
            yield Difference("comparator", f"{was_so} in the draft, {is_so} in the rewrite")
        else:
            yield Difference(fact.kind, f"{fact.text} in the draft, {twin.text} in the rewrite")
    for fact in new:
        yield Difference(fact.kind, f"{fact.text} is not in the draft")
    if not lost and not new:
        for kind in dict.fromkeys(fact.kind for fact in was):
            one, other = ([f for f in many if f.kind == kind] for many in (was, became))
            if [f.value for f in one] != [f.value for f in other]:
                said = ", ".join(f.text for f in one), ", ".join(f.text for f in other)
                yield Difference(kind, f"{said[0]} in the draft, {said[1]} in the rewrite: another order")


def _value(fact: Fact) -> tuple[str, str, str]:
    return fact.kind, fact.value, fact.scope


def _left_over(many: Sequence[Fact], counted: Counter[tuple[str, str, str]]) -> list[Fact]:
    left = []
    for fact in many:
        if counted[_value(fact)] > 0:
            counted[_value(fact)] -= 1
            left.append(fact)
    return left


def _of_moves(case: Case, plan: Plan, wrong: set[int | None]) -> Iterator[Violation]:
    """Yield what is wrong with added steps; those that are faulted already take no room of the limits."""
    language, tone = case.document.language, case.tone
    drafted = [sentence.text for sentence in case.document.sentences]
    greeted = any(sentence.role == "greeting" for sentence in case.document.sentences)
    apologised = any(added.apologises(text, language) for text in drafted)
    approved = _approved(tone)
    words = sentences = 0
    for at, step in enumerate(plan):
        if not isinstance(step, Move) or at in wrong:
            continue
        bounds = _bounds(case, may_greet=not greeted and tone.greeting)
        found = list(added.wrongs(step.text, bounds))
        if not step.text.strip():
            found.append(Difference("content", "the added sentence is empty"))
        greets = added.greets(step.text, language)
        if greets and any(not isinstance(before, Move) for before in plan[:at]):
            found.append(Difference("greeting", "a greeting after the reply has begun"))
        apologises = step.text not in approved and added.apologises(step.text, language)
        if apologises and apologised:
            found.append(Difference("length", "a second apology"))
        body = added.without_greeting(step.text, language)
        longer = count_words(step.text), len(added.sentences(body))
        if words + longer[0] > tone.max_added_words:
            found.append(Difference("length", f"more than {tone.max_added_words} added words"))
        elif sentences + longer[1] > tone.max_added_sentences:
            found.append(Difference("length", f"more than {tone.max_added_sentences} added sentences"))
        shown = step.text.replace(NAME_SLOT, case.name)
        yield from (Violation(one.kind, one.detail, at, None, "", shown) for one in found)
        if not found:
            words, sentences = words + longer[0], sentences + longer[1]
            greeted, apologised = greeted or greets, apologised or apologises


def _approved(tone: Tone) -> tuple[str, ...]:
    return (*tone.anecdotes, *tone.expertise, *tone.handoff)


def _bounds(case: Case, *, may_greet: bool) -> added.Bounds:
    language = case.document.language
    return added.Bounds(
        language=language,
        customer=case.customer,
        topic=f"{_politely(case.reading.topic, language)} {case.reading.told}",
        approved=_approved(case.tone),
        ban=case.tone.ban,
        may_greet=may_greet,
        may_exclaim=case.reading.feeling != "anger",
    )


def _politely(topic: str, language: str) -> str:
    """Return the customer's word, in Japanese also as a reply says it: 注文 as ご注文, 荷物 as お荷物."""
    return f"{topic} ご{topic} お{topic}" if topic and language == "ja" else topic


def _readable(text: str, seals: Sequence[Seal]) -> str:
    for seal in seals:
        text = text.replace(seal.token, seal.fact.text)
    return text
