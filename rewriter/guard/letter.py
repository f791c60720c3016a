"""What a sentence of a plan asserts otherwise than the draft's own: compared to the letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rewriter.guard.assertions import Assertions
from rewriter.guard.difference import (
    Difference,
    are_opposed,
    by_key,
    has_capital,
    is_asking,
    lost_and_gained,
    lost_and_new,
    of_form,
    of_phrases,
    other_sex,
    people_of,
    times_told,
)
from rewriter.guard.words import Lexicon, Named
from rewriter.model import ViolationKind


def to_the_letter(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
    """Yield each difference, the gravest kinds first."""
    for kind in lexicon.words.marks:
        if not (free and _harmless(kind, a, b)):
            yield from _of_marks(kind, a, b)
    first_person = any(actor.startswith("1") for actor in b.actors)
    acts = first_person and not any(actor.startswith("1") for actor in a.actors)
    if acts and b.tense["past"]:
        yield Difference("claimed action", "the rewrite says that we did something, the draft does not")
    ours = any(actor.startswith("1") for actor in a.actors) or not first_person
    told = free and ours and not a.tense and b.tense.keys() == {"future"}  # "it expires", "it will expire"
    told |= free and _stands_done(a, b, lexicon)
    if a.tense != b.tense and not told:
        yield from _of_tense(a, b, first_person)
    if a.actors != b.actors:
        yield from _of_actors(a, b, asks=free and is_asking(a))
    yield from _of_names(a, b, lexicon, free)
    yield from of_form(a, b)


def _stands_done(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether a rewrite says that it has been done where the draft says that it is: "is approved"."""
    done = [tuple(named.word for named in one.named if named.passive) for one in (a, b)]
    has = not set(lexicon.words.tense.get("perfect", ())).isdisjoint(b.telling)
    return has and done[0] == done[1] != () and a.tense.keys() == {"present"} and b.tense.keys() == {"past"}


def _harmless(kind: ViolationKind, a: Assertions, b: Assertions) -> bool:
    """Tell whether a free rewrite may say it so: "you can choose" for "choose", "so", "just"."""
    was, became = a.counted(kind), b.counted(kind)
    gained = set(became - was)
    if lost := set(was - became):
        return lost == {"must"} and not gained and bool(b.requests) and not a.requests
    asks = is_asking(a)
    return asks if gained == {"can"} else bool(gained) and gained <= {"therefore", "just", "wish", "although"}


def _of_marks(kind: ViolationKind, a: Assertions, b: Assertions) -> Iterator[Difference]:
    was, became = a.counted(kind), b.counted(kind)
    if was == became:
        return
    lost, gained = was - became, became - was
    if kind == "certainty" and was.keys() == became.keys():  # "could potentially" is "could"
        return
    yield Difference(kind, of_phrases([a.said[kind, s] for s in lost], [b.said[kind, s] for s in gained]))


def _of_tense(a: Assertions, b: Assertions, first_person: bool) -> Iterator[Difference]:
    lost, gained = a.tense - b.tense, b.tense - a.tense
    tells = {said for said in (*lost, *gained) if (a.tense[said] == 0) != (b.tense[said] == 0)} - {"present"}
    if not tells and not (lost and gained):
        return
    kind: ViolationKind = "commitment" if first_person and "future" in tells else "tense"
    yield Difference(kind, f"{times_told(a)} in the draft, {times_told(b)} in the rewrite")


def _of_actors(a: Assertions, b: Assertions, *, asks: bool) -> Iterator[Difference]:
    """Yield a change of who does what: somebody new, or one put in another's place.

    Where the draft `asks`, "choose" may become "you can choose".
    """
    lost, gained = Counter(a.actors) - Counter(b.actors), Counter(b.actors) - Counter(a.actors)
    people = {actor.partition(" ")[0] for actor in a.actors} | ({"2"} if asks else set())
    strangers = [actor for actor in gained if actor.partition(" ")[0] not in people and not actor.endswith("own")]
    lost_people, gained_people = (
        {"own": {x for x in many if x.endswith("own")}, "": {x for x in many if not x.endswith("own")}}
        for many in (lost, gained)
    )
    swapped = any(lost_people[case] and gained_people[case] for case in ("own", ""))
    if not lost and not gained:  # "you must send us" is not "we must send you", in whatever form they stand
        swapped = [named.key for named in a.named] == [named.key for named in b.named]
    if strangers or swapped or other_sex(a, b):
        yield Difference("actor", f"{people_of(a)} in the draft, {people_of(b)} in the rewrite")


def _of_names(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
    """Yield words lost and words added, typing mistakes and harmless words apart; and verbs in another form."""
    lost, gained = lost_and_new(a, b, lexicon)
    if free and not lost:
        gained = [named for named in gained if not lexicon.is_light(named.word)]
    reworded = free and not are_opposed(lost, gained, lexicon) and _reworded(lost, gained, lexicon)
    if (lost or gained) and not reworded:
        kind: ViolationKind = "name" if lost and gained and _proper(lost) and _proper(gained) else "content"
        yield Difference(kind, lost_and_gained(lost, gained))
    was, became = by_key(a.named), by_key(b.named)
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


def _reworded(lost: list[Named], gained: list[Named], lexicon: Lexicon) -> bool:
    """Tell whether words gave way to as many others, as in a paraphrase, and not just one or two to a claim.

    Names do not give way, nor does a word that is known to say something else.
    """
    if len(lost) == len(gained) == 1:
        deeds = lexicon.words.subject_first and lost[0].deed and gained[0].deed
        return deeds and not (lexicon.knows(lost[0]) and lexicon.knows(gained[0]))
    if min(len(lost), len(gained)) < 2 or abs(len(lost) - len(gained)) > 1:
        return False
    if any(has_capital(named) or named.said in lexicon.denying for named in (*lost, *gained)):
        return False
    return not (any(map(lexicon.knows, lost)) and any(map(lexicon.knows, gained)))


def _proper(many: list[Named]) -> bool:
    return all(has_capital(named) for named in many)
