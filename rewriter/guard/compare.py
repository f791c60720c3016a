"""What two sentences do not say alike: to the letter for a plan, weighed for a sentence said anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from rewriter.guard.assertions import Assertions, Lexicon, Named, asserted, of
from rewriter.model import ViolationKind

_VOWELS = frozenset("aeiouyäöüàâáéèêëíîïóôúùûãõ")
_COMPARED = 100  # words of one sentence that are compared each with each: a bound on time


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two sentences do not say alike."""

    kind: ViolationKind
    detail: str


def compare(draft: str, rewrite: str, language: str, *, free: bool = False) -> tuple[Difference, ...]:
    """Return what a sentence's rewrite asserts otherwise than the sentence; () where they assert the same.

    Each fact stands as FACT in both texts; facts are compared elsewhere. Blame may be taken out ("You failed to
    attach …"), never put in. In a `free` rewrite, words that are reworded throughout are let pass: there, a list of
    words that say the same can never be whole. () for a language without a lexicon.
    """
    lexicon = of(language)
    if lexicon is None or draft == rewrite:
        return ()
    before, after = asserted(draft, language), asserted(rewrite, language)
    found = tuple(_differences(before, after, lexicon, free))
    if found and lexicon.words.blame:
        plain = asserted(draft, language, without_blame=True)
        if plain != before and not any(_differences(plain, after, lexicon, free)):
            return ()
    return found


def _differences(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
    """Yield each difference, the gravest kinds first."""
    for kind in lexicon.words.marks:
        yield from _of_marks(kind, a, b)
    first_person = any(actor.startswith("1") for actor in b.actors)
    acts = first_person and not any(actor.startswith("1") for actor in a.actors)
    if acts and b.tense["past"]:
        yield Difference("claimed action", "the rewrite says that you did something, the draft does not")
    if a.tense != b.tense:
        yield from _of_tense(a, b, first_person)
    if a.actors != b.actors:
        yield from _of_actors(a, b)
    if a.question != b.question:
        was, became = ("a question", "a statement") if a.question else ("a statement", "a question")
        yield Difference("question", f"{was} in the draft, {became} in the rewrite")
    yield from _of_names(a, b, lexicon, free)
    if _out_of_order(a, b):
        yield Difference("order", "the steps stand in another order")


def _of_marks(kind: ViolationKind, a: Assertions, b: Assertions) -> Iterator[Difference]:
    was, became = a.marks.get(kind, Counter()), b.marks.get(kind, Counter())
    if was == became:
        return
    lost, gained = was - became, became - was
    if kind == "certainty" and was.keys() == became.keys():  # "could potentially" is "could"
        return
    words_lost = " and ".join(f'"{a.said[kind, said]}"' for said in lost)
    words_gained = " and ".join(f'"{b.said[kind, said]}"' for said in gained)
    if lost and gained:
        yield Difference(kind, f"{words_lost} in the draft, {words_gained} in the rewrite")
    elif lost:
        yield Difference(kind, f"{words_lost} is not in the rewrite")
    else:
        yield Difference(kind, f"{words_gained} is not in the draft")


def _of_tense(a: Assertions, b: Assertions, first_person: bool) -> Iterator[Difference]:
    lost, gained = a.tense - b.tense, b.tense - a.tense
    tells = {said for said in (*lost, *gained) if (a.tense[said] == 0) != (b.tense[said] == 0)} - {"present"}
    if not tells and not (lost and gained):
        return
    kind: ViolationKind = "commitment" if first_person and "future" in tells else "tense"
    yield Difference(kind, f"{_tenses(a)} in the draft, {_tenses(b)} in the rewrite")


def _tenses(assertions: Assertions) -> str:
    return " and ".join(sorted(said for said, times in assertions.tense.items() if times)) or "no auxiliary"


def _of_actors(a: Assertions, b: Assertions) -> Iterator[Difference]:
    """Yield a change of who does what: somebody new, or one put in another's place."""
    lost, gained = Counter(a.actors) - Counter(b.actors), Counter(b.actors) - Counter(a.actors)
    people = {actor.partition(" ")[0] for actor in a.actors}
    strangers = [actor for actor in gained if actor.partition(" ")[0] not in people and not actor.endswith("own")]
    lost_people, gained_people = (
        {"own": {x for x in many if x.endswith("own")}, "": {x for x in many if not x.endswith("own")}}
        for many in (lost, gained)
    )
    swapped = any(lost_people[case] and gained_people[case] for case in ("own", ""))
    if not lost and not gained:  # "you must send us" is not "we must send you", in whatever form they stand
        swapped = [named.key for named in a.named] == [named.key for named in b.named]
    if strangers or swapped:
        was, became = ", ".join(dict.fromkeys(a.actors)) or "nobody", ", ".join(dict.fromkeys(b.actors)) or "nobody"
        yield Difference("actor", f"{was} in the draft, {became} in the rewrite (1s: I, 1p: we, 2: you)")


def _of_names(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
    """Yield words lost and words added, typing mistakes and harmless words apart; and verbs in another form."""
    was, became = _by_key(a.named), _by_key(b.named)
    lost = [named for key, many in was.items() for named in many[len(became.get(key, ())) :]]
    gained = [named for key, many in became.items() for named in many[len(was.get(key, ())) :]]
    for named in lost[:_COMPARED]:
        mended = next((other for other in gained[:_COMPARED] if _mistyped(named.word, other.word)), None)
        if mended:
            lost.remove(named)
            gained.remove(mended)
    lost = [named for named in lost if named.key not in lexicon.softening]
    gained = [n for n in gained if n.key not in lexicon.softening]
    gained = [n for n in gained if n.key not in was]  # said twice is said once
    lost = [n for n in lost if n.key not in became]
    if (lost or gained) and not (free and _reworded(lost, gained, lexicon)):
        kind: ViolationKind = "name" if lost and gained and _proper(lost) and _proper(gained) else "content"
        yield Difference(kind, _lost_and_gained(lost, gained))
    for key in was.keys() & became.keys():
        for one, other in zip(was[key], became[key], strict=False):
            if one.word != other.word:
                yield from _of_forms(one, other, lexicon, a, b)


def _of_forms(one: Named, other: Named, lexicon: Lexicon, a: Assertions, b: Assertions) -> Iterator[Difference]:
    for kind in lexicon.endings:
        was, became = lexicon.form(kind, one.word), lexicon.form(kind, other.word)
        tells = a.tense != b.tense or not {was, became} <= {"", *lexicon.words.tense}
        if was != became and (tells if kind == "tense" else was and became):
            yield Difference(kind, f'"{one.written}" in the draft, "{other.written}" in the rewrite')


def _by_key(many: tuple[Named, ...]) -> dict[str, list[Named]]:
    keyed: dict[str, list[Named]] = {}
    for named in many:
        keyed.setdefault(named.key, []).append(named)
    return keyed


def _reworded(lost: list[Named], gained: list[Named], lexicon: Lexicon) -> bool:
    """Tell whether words gave way to as many others, as in a paraphrase, and not just one or two to a claim.

    Names do not give way, nor does a word that is known to say something else.
    """
    if min(len(lost), len(gained)) < 2 or abs(len(lost) - len(gained)) > 1:
        return False
    if any(named.written[:1].isupper() and named.at > 0 for named in (*lost, *gained)):
        return False
    return not (any(lexicon.knows(n.key) for n in lost) and any(lexicon.knows(n.key) for n in gained))


def _proper(many: list[Named]) -> bool:
    return all(named.written[:1].isupper() and named.at > 0 for named in many)


def _lost_and_gained(lost: list[Named], gained: list[Named]) -> str:
    gone, new = (", ".join(f'"{named.written}"' for named in many[:6]) for many in (lost, gained))
    if lost and gained:
        return f"{gone} in the draft, {new} in the rewrite"
    return f"{gone} is not in the rewrite" if lost else f"{new} is not in the draft"


def _mistyped(draft: str, rewrite: str) -> bool:
    """Tell whether two words differ as a slip of the hand does: letters in turn, doubled, or a vowel.

    "recieved" is "received", but "contact" is not "contract".
    """
    if draft == rewrite:  # once by itself, once in a phrase that says the same as another
        return True
    if min(len(draft), len(rewrite)) < 5 or OSA.distance(draft, rewrite, score_cutoff=1) > 1:
        return False
    if len(draft) == len(rewrite):
        at = next(i for i, (x, y) in enumerate(zip(draft, rewrite, strict=True)) if x != y)
        turned = draft[at : at + 2] == rewrite[at : at + 2][::-1] and len(draft[at : at + 2]) == 2
        return turned or (0 < at < len(draft) - 1 and draft[at] in _VOWELS and rewrite[at] in _VOWELS)
    short, long = sorted((draft, rewrite), key=len)
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return at < len(short) and (long[at] in (long[at - 1], long[at + 1]) or long[at] in _VOWELS)


def _out_of_order(a: Assertions, b: Assertions) -> bool:
    """Tell whether steps in order are in another order, or two things have changed places round their verb."""
    was = {key: many[0] for key, many in _by_key(a.named).items() if len(many) == 1}
    became = {key: many[0] for key, many in _by_key(b.named).items() if len(many) == 1}
    shared = [key for key in was if key in became][:_COMPARED]
    if a.sequenced:
        phased = {key: (became[key].phase if b.sequenced else 0, became[key].at) for key in shared}
        pairs = [(x, y) for i, x in enumerate(shared) for y in shared[i + 1 :] if was[x].phase != was[y].phase]
        turned = sum((was[x].phase < was[y].phase) != (phased[x] < phased[y]) for x, y in pairs)
        return turned * 2 > len(pairs)
    if len(shared) < 3 or len(shared) != len(a.named) or len(shared) != len(b.named):
        return False
    rank = {key: place for place, key in enumerate(sorted(shared, key=lambda key: became[key].at))}
    places = [rank[key] for key in shared]
    chunks = [place for i, place in enumerate(places) if i == 0 or place != places[i - 1] + 1]
    return len(chunks) >= 3 and chunks == sorted(chunks, reverse=True)
