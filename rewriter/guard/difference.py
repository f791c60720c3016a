"""One thing that two sentences do not say alike, and what every comparison of two asks about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from rewriter.guard.assertions import Assertions
from rewriter.guard.words import Lexicon, Named
from rewriter.model import ViolationKind

_VOWELS = frozenset("aeiouyäöüàâáéèêëíîïóôúùûãõ")
_COMPARED = 100  # words of one sentence that are compared each with each: a bound on time


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two sentences do not say alike."""

    kind: ViolationKind
    detail: str


def is_asking(one: Assertions) -> bool:
    """Tell whether a sentence asks for something, with or without "please"."""
    return bool(one.requests) or not (
        one.tense or any(actor[:1] != "2" and " " not in actor for actor in one.actors)
    )


def of_phrases(lost: list[str], gained: list[str]) -> str:
    """Return how marks that came and went are told: "not" became "never"."""
    gone, new = (" and ".join(f'"{words}"' for words in sorted(many)) for many in (lost, gained))
    if gone and new:
        return f"{gone} in the draft, {new} in the rewrite"
    return f"{gone} is not in the rewrite" if gone else f"{new} is not in the draft"


def other_sex(a: Assertions, b: Assertions) -> bool:
    """Tell whether a man became a woman, or a woman a man."""
    sexes = [{actor[:2] for actor in one.actors} & {"3m", "3f"} for one in (a, b)]
    return all(len(sex) == 1 for sex in sexes) and sexes[0] != sexes[1]


_PEOPLE = {
    **{"1s": "I", "1p": "we", "2": "you", "3m": "he", "3f": "she", "3p": "they", "3": "they"},
    **{"1s object": "me", "1p object": "us", "3m object": "him", "3f object": "her", "3p object": "them"},
    **{"1s own": "my", "1p own": "our", "2 own": "your", "3m own": "his", "3f own": "her", "3p own": "their"},
}
_TIMES = {
    "past": "a past",
    "present": "a present",
    "future": "a future",
    "werden": '"werden"',
    "ongoing": "a present",
}


def person_said(said: str) -> str:
    """Return how an actor is told."""
    return f'"{_PEOPLE.get(said, said)}"'


def said_once(many: tuple[Named, ...]) -> dict[str, Named]:
    """Return the words that stand in a sentence once, by key."""
    return {key: named[0] for key, named in by_key(many).items() if len(named) == 1}


def has_capital(named: Named) -> bool:
    """Tell whether a word begins with a capital, though it opens no sentence."""
    return named.written[:1].isupper() and named.inside


def unpaired(
    lost: list[Named], gained: list[Named], stands_for: Callable[[Named, Named], bool]
) -> tuple[list[Named], list[Named]]:
    """Return the words that have none on the other side that stands for them."""
    left, new = list(lost), list(gained)
    for one in lost[:_COMPARED]:
        if other := next((n for n in new[:_COMPARED] if stands_for(one, n)), None):
            left.remove(one)
            new.remove(other)
    return left, new


def of_form(a: Assertions, b: Assertions) -> Iterator[Difference]:
    """Yield a statement that became a question, or the reverse, and things told in another order."""
    if a.question != b.question:
        was, became = ("a question", "a statement") if a.question else ("a statement", "a question")
        yield Difference("question", f"{was} in the draft, {became} in the rewrite")
    if _out_of_order(a, b):
        yield Difference("order", "the steps stand in another order")
    if pair := _joined_otherwise(a, b):
        yield Difference("content", f'"{pair[0]}" and "{pair[1]}" are both in one, one or the other in the other')


def _joined_otherwise(a: Assertions, b: Assertions) -> tuple[str, str] | None:
    """Return two words of which one text says both and the other either, None where there are none.

    Not of what is denied: "no A or B" is "no A and no B".
    """
    pairs = [
        {
            (one.key, other.key): other
            for one, other in pairwise(text.named)
            if other.joined and other.clause not in text.denied
        }
        for text in (a, b)
    ]
    for keys in pairs[0].keys() & pairs[1].keys():
        if pairs[0][keys].joined != pairs[1][keys].joined and not b.counted("comparator")["every"]:
            return keys
    return None


def people_of(one: Assertions) -> str:
    """Return how those who act in a sentence are told."""
    return ", ".join(dict.fromkeys(map(person_said, one.actors))) or "nobody"


def times_told(one: Assertions) -> str:
    """Return how a sentence's tenses are told."""
    told = dict.fromkeys(_TIMES.get(said, said) for said, times in sorted(one.tense.items()) if times)
    return " and ".join(told) or "no word that tells the time"


def lost_and_new(a: Assertions, b: Assertions, lexicon: Lexicon) -> tuple[list[Named], list[Named]]:
    """Return the words that stand on one side only, mended typing slips and softening words apart."""
    was, became = by_key(a.named), by_key(b.named)
    lost = [named for key, many in was.items() for named in many[len(became.get(key, ())) :]]
    gained = [named for key, many in became.items() for named in many[len(was.get(key, ())) :]]
    lost, gained = unpaired(lost, gained, lexicon.alike)
    lost, gained = unpaired(lost, gained, _mistyped)
    # what is said twice is said once
    return (
        [n for n in lost if n.key not in lexicon.softening and n.key not in became],
        [n for n in gained if n.key not in lexicon.softening and n.key not in was],
    )


def by_key(many: tuple[Named, ...]) -> dict[str, list[Named]]:
    """Return the words of a sentence by key, each list in their order."""
    keyed: dict[str, list[Named]] = {}
    for named in many:
        keyed.setdefault(named.key, []).append(named)
    return keyed


def are_opposed(lost: list[Named], gained: list[Named], lexicon: Lexicon) -> bool:
    """Tell whether a word gave way to its opposite."""
    return any(lexicon.opposed(one, other) for one in lost[:_COMPARED] for other in gained[:_COMPARED])


def lost_and_gained(lost: list[Named], gained: list[Named]) -> str:
    """Return how words that came and went are told."""
    gone, new = (", ".join(f'"{named.written}"' for named in many[:6]) for many in (lost, gained))
    if lost and gained:
        return f"{gone} in the draft, {new} in the rewrite"
    return f"{gone} is not in the rewrite" if lost else f"{new} is not in the draft"


def _mistyped(one: Named, other: Named) -> bool:
    """Tell whether two words differ as a slip of the hand does: letters in turn, doubled, or a vowel.

    "recieved" is "received", but "contact" is not "contract".
    """
    draft, rewrite = one.word, other.word
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


def _turned_round(shared: list[tuple[Named, Named]]) -> bool:
    """Tell whether two things changed places behind their prepositions: "from A to B", "from B to A"."""
    moved = [(one.behind, other.behind) for one, other in shared if one.behind != other.behind]
    return any(one and other and (other, one) in moved for one, other in moved)


def _out_of_order(a: Assertions, b: Assertions) -> bool:
    """Tell whether steps in order are in another order, or two things have changed places round their verb."""
    was, became = said_once(a.named), said_once(b.named)
    shared = [key for key in was if key in became][:_COMPARED]
    if _turned_round([(was[key], became[key]) for key in shared]):
        return True
    if a.sequenced:
        phased = {key: (became[key].phase if b.sequenced else 0, became[key].at) for key in shared}
        pairs = [(x, y) for i, x in enumerate(shared) for y in shared[i + 1 :] if was[x].phase != was[y].phase]
        turned = sum((was[x].phase < was[y].phase) != (phased[x] < phased[y]) for x, y in pairs)
        return turned * 2 > len(pairs)
    if len(shared) < 3 or len(shared) != len(a.named) or len(shared) != len(b.named):
        return False
    if any(was[key].passive != became[key].passive for key in shared):
        return False  # "the bank charges a fee", "a fee is charged by the bank"
    rank = {key: place for place, key in enumerate(sorted(shared, key=lambda key: became[key].at))}
    places = [rank[key] for key in shared]
    chunks = [place for i, place in enumerate(places) if i == 0 or place != places[i - 1] + 1]
    return len(chunks) >= 3 and chunks == sorted(chunks, reverse=True)
