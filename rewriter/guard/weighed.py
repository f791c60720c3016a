"""What a sentence said anew does not assert: its words are weighed, since no list of synonyms is ever whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial

from rapidfuzz.distance import Prefix

from rewriter.guard.assertions import Assertions
from rewriter.guard.difference import (
    Difference,
    are_opposed,
    has_capital,
    is_asking,
    lost_and_gained,
    lost_and_new,
    of_form,
    of_phrases,
    other_sex,
    people_of,
    person_said,
    said_once,
    times_told,
    unpaired,
)
from rewriter.guard.words import FACT, Lexicon, Named
from rewriter.model import ViolationKind

_FAMILY = 4  # letters that words of one family begin with, at least
_BESIDE = 8  # of so many words that name something, one more may come or go


def said_anew(
    a: Assertions, b: Assertions, lexicon: Lexicon, elsewhere: Collection[str], whole: bool
) -> Iterator[Difference]:
    """Yield what a sentence said anew does not assert: presence tells, not number and place of the words."""
    b = _put_plainly(a, b)
    yield from _of_weighed_marks(a, b, lexicon)
    yield from _of_deeds(a, b, lexicon)
    yield from _of_weighed_names(a, b, lexicon, elsewhere, whole)
    yield from of_form(a, b)


def _put_plainly(a: Assertions, b: Assertions) -> Assertions:
    """Return a rewrite that asks as the statement it stands for, where the draft supposes or leaves a choice.

    "Still locked out? Write to us." is "if you are still locked out", "would you like to wait?" is "you can wait".
    """
    if a.question or not b.question:
        return b
    supposes, offers = a.counted("condition")["if"], a.counted("certainty")["can"]
    if supposes and not b.counted("condition")["if"]:
        return replace(b, question=False, marks={**b.marks, "condition": b.counted("condition") + Counter(["if"])})
    if offers and b.counted("certainty")["would"]:
        return replace(b, question=False, marks={**b.marks, "certainty": b.counted("certainty") + Counter(["can"])})
    return b


# Marks that say one thing in a sentence said anew: "never" and "not", "if" and "when".
_ALIKE: dict[ViolationKind, dict[str, str]] = {
    "negation": dict.fromkeys(("never", "no longer", "not yet", "hardly", "without", "ne"), "not"),
    "condition": dict.fromkeys(("when", "whether"), "if"),
    "certainty": {"optional": "can", "allowed": "can"},
    "cause": {"therefore": "because"},
}
# Marks that such a sentence may take up or leave out: manners of speaking, and words that join two clauses.
_MANNERS = frozenset(
    (
        "instead",
        "just",
        "although",
        "would",
        "can",
        "during",
        "some",
        "any",
        "any more",
        "once",
        "about",
        "since",
        "then",
    )
)
_MAY_GO = _MANNERS | {"certain"}
_MAY_COME = _MANNERS | {"because", "otherwise", "every", "wish", "seem"}
_JOINING: tuple[ViolationKind, ...] = ("cause", "condition")
_UNDER = frozenset({"if", "wish", "otherwise"})  # conditions that may stand for one another


def _of_weighed_marks(a: Assertions, b: Assertions, lexicon: Lexicon) -> Iterator[Difference]:
    before, after = _weights(a), _weights(b)
    for kind in dict.fromkeys((*before, *after)):
        was, became = before.get(kind, Counter()), after.get(kind, Counter())
        lost = {said for said in was if said not in _MAY_GO and not became[said]}
        gained = {said for said in became if said not in _MAY_COME and not was[said]}
        if kind == "negation" and was["not"] != became["not"]:
            (lost if was["not"] > became["not"] else gained).add("not")
        if kind == "certainty":
            lost, gained = _uncertain(a, b, lost, gained)
        if kind == "condition" and _asks_what_it_supposes(a, b, lexicon):
            gained.discard("if")
        if kind == "commitment" and b.requests and "1s" not in b.actors and "1p" not in b.actors:
            gained.discard("try")  # "please use another card", "please try another card"
        if kind == "comparator" and was["any"] and became["some"] and not (was["some"] or became["any"]):
            gained.add("some")
        lost -= _stood_for(kind, became)
        gained -= _stood_for(kind, was)
        if kind == "condition":
            gained, lost = _supposed(a, b, gained, lost)
        if kind == "cause" and not lexicon.joins.isdisjoint(b.telling):
            lost.clear()
        if kind == "comparator" and not lost:  # "having checked" is "after a check"
            gained.discard("after")
        if lost or gained:
            yield Difference(
                kind, of_phrases([_phrase(a, kind, s) for s in lost], [_phrase(b, kind, s) for s in gained])
            )
    if turned := _turned(a, b):
        yield Difference("negation", f"in the draft it is said of {turned[0]}, in the rewrite of {turned[1]}")


def _opens_with_a_deed(one: Assertions) -> bool:
    """Tell whether a sentence begins with a word that nobody is said to do: "Tell us your number and we …"."""
    return any(not (named.inside or named.agent or named.tense) for named in one.named)


def _asks_what_it_supposes(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether the draft asks for all that the rewrite supposes: "call them", "if you call them"."""
    asked = {named.key for named in a.named}
    may = bool(a.counted("certainty")["can"])
    supposed = [named for named in b.named if named.supposed and not lexicon.is_light(named.word)]
    return (
        (is_asking(a) or may or _opens_with_a_deed(a))
        and bool(supposed)
        and all(named.key in asked for named in supposed)
    )


def _supposed(a: Assertions, b: Assertions, gained: set[str], lost: set[str]) -> tuple[set[str], set[str]]:
    """Return which conditions came and went: "ask them whether they have it" supposes nothing, "once" is "when"."""
    if b.said.get(("condition", "if")) == "whether" or "when" in b.counted("condition"):
        gained = gained - {"if"}  # what is told of a time has to stand in the draft: no word may come with it
    if "when" in a.counted("condition") and b.counted("comparator")["once"]:
        lost = lost - {"if"}
    elif b.said.get(("condition", "if")) == "whether" and a.counted("condition").keys() == {"when"}:
        lost = lost | {"if"}  # "I cannot say when it comes", "… whether it comes"
    return gained, lost


def _stood_for(kind: ViolationKind, marks: Counter[str]) -> frozenset[str]:
    """Return what else the marks of the other side stand for: "otherwise" is "if not", "once" is "after"."""
    if kind == "condition" and any(marks[said] for said in _UNDER):
        return _UNDER
    if kind == "comparator" and marks["once"]:
        return frozenset({"after"})
    return frozenset({"only"}) if kind == "negation" and marks["just"] else frozenset()


def _uncertain(a: Assertions, b: Assertions, lost: set[str], gained: set[str]) -> tuple[set[str], set[str]]:
    """Return which words of certainty came and went: "you may" is "you can", "you must send" is "please send".

    "It cannot be paid" is "it is not paid", but "it can" is not "it does".
    """
    was = a.counted("certainty")
    could, can = (bool(one.counted("certainty")["can"]) for one in (a, b))
    may = bool(b.counted("certainty")["may"])
    asked = bool(b.requests) - bool(a.requests)
    if could and not (can or may or asked > 0 or (a.denied and b.denied)):
        lost.add("can")
    if a.denied and b.denied:  # "not possible", "cannot"; "you need not pay", "nothing to pay"
        (lost if can else gained).discard("may")
        if not can and not may:
            lost.discard("must")
    if any(actor.startswith("1p") for actor in a.actors) and not could and "must" in gained:
        known = said_once(a.named)  # "we cancel it", "we will have to cancel it"
        if any(n.agent == "1p" and n.key in known and known[n.key].agent == "1p" for n in b.named):
            gained.discard("must")
    if any(actor[:1] == "2" for actor in a.actors):  # "it may take a week" is another "may"
        (lost if can else gained if could else set()).discard("may")
    if asked:
        (lost if asked > 0 else gained).discard("must")
    if FACT in a.telling and not (was or a.tense["future"] or any(actor[:1] == "1" for actor in a.actors)):
        gained.discard("should")  # "it takes 3 days", "it should take 3 days": of a time it can only be expected
    if (
        is_asking(b) and _opens_with_a_deed(b) and not _opens_with_a_deed(a)
    ):  # "it must have 12 signs", "choose 12 signs"
        lost.discard("must")
    if is_asking(a) and not could and not a.question:  # "export the chat", "you could export the chat"
        gained -= {"may", "must"}
    return lost, gained


def _weights(one: Assertions) -> dict[ViolationKind, Counter[str]]:
    """Return the marks of a sentence by what they weigh."""
    weights: dict[ViolationKind, Counter[str]] = {}
    for kind, counted in one.marks.items():
        alike, weighed = _ALIKE.get(kind, {}), weights.setdefault(kind, Counter())
        for said, times in counted.items():
            weighed[alike.get(said, said)] += times
        if kind == "negation" and counted["not yet"] and counted["not"]:  # "not known yet" is "not yet known"
            weighed["not"] -= 1
    if unless := weights.get("negation", Counter()).pop("unless", 0):
        weights["negation"]["not"] += unless
        weights.setdefault("condition", Counter())["if"] += unless
    return weights


def _phrase(one: Assertions, kind: ViolationKind, said: str) -> str:
    """Return the words by which a mark was made."""
    alike = _ALIKE.get(kind, {})
    return next((words for (k, s), words in one.said.items() if k == kind and alike.get(s, s) == said), said)


def _turned(a: Assertions, b: Assertions) -> tuple[str, str] | None:
    """Return two words that changed places round a negation: each is denied on one side only."""
    was, became = said_once(a.named), said_once(b.named)
    shared = was.keys() & became.keys()
    before, after = (
        {key for key in shared if many[key].clause in one.denied} for one, many in ((a, was), (b, became))
    )
    if before - after and after - before:
        return was[min(before - after)].written, became[min(after - before)].written
    return None


def _of_deeds(a: Assertions, b: Assertions, lexicon: Lexicon) -> Iterator[Difference]:
    """Yield who does what to whom, and when, where the sentences tell it otherwise."""
    yield from _of_roles(a, b, lexicon)
    yield from _of_asked(a, b)
    for tenses, kind, said in _CLAIMS:
        if named := _claimed(a, b, lexicon, tenses):
            told = f'the rewrite says that we {said} something ("{named.written}"), the draft does not'
            yield Difference(kind, told)
    came, went = ({n.tense for n in one.named if not n.supposed and not lexicon.is_light(n.word)} for one in (b, a))
    if (went & _DONE and not came & _DONE and came & _TO_COME and not went & _TO_COME) or (
        went & _TO_COME and not came & _TO_COME and came & _DONE and not went & _DONE
    ):
        yield Difference("tense", f"{times_told(a)} in the draft, {times_told(b)} in the rewrite")
    if other_sex(a, b):
        yield Difference("actor", f"{people_of(a)} in the draft, {people_of(b)} in the rewrite")


def _of_roles(a: Assertions, b: Assertions, lexicon: Lexicon) -> Iterator[Difference]:
    """Yield who does what to whom, and when, where a word of both sentences tells it otherwise."""
    was, became = said_once(a.named), said_once(b.named)
    for key in [key for key in was if key in became]:
        one, other = was[key], became[key]
        for role in ("agent", "patient", "owner"):
            before, after = getattr(one, role), getattr(other, role)
            if before and after and before != after:
                yield Difference(
                    "actor",
                    f'"{one.written}": {person_said(before)} in the draft, {person_said(after)} in the rewrite',
                )
        present = lexicon.words.subject_first and one.agent[:1] == "1" and not one.tense
        before = "future" if present else one.tense  # "we ship it on Monday"
        done, to_come = ({before, other.tense} & tenses for tenses in (_DONE, _TO_COME))
        if done and to_come and not one.supposed and not other.supposed:
            yield Difference("tense", f'"{one.written}": a {before} in the draft, a {other.tense} in the rewrite')


def _of_asked(a: Assertions, b: Assertions) -> Iterator[Difference]:
    """Yield what one text asks of the reader and the other says that we do."""
    was = said_once(a.named)
    mine = [named for named in b.named if named.agent[:1] == "1" and not named.supposed]
    ours = [named for named in a.named if named.agent[:1] == "1" and named.tense in _TO_COME]
    if ours and not mine and bool(b.requests) > bool(a.requests):
        yield Difference("commitment", f'"{ours[0].written}": we do it in the draft, the rewrite asks for it')
    for named in mine:
        known = was.get(named.key)
        asked = known and not (known.inside or known.agent or known.tense)  # "Send us the form."
        if known and asked and named.deed and known.word == named.word:
            yield Difference("actor", f'"{named.written}": the draft asks for it, in the rewrite we do it')


def _claimed(a: Assertions, b: Assertions, lexicon: Lexicon, tenses: frozenset[str]) -> Named | None:
    """Return a deed of ours in these tenses that only the rewrite has, None where there is none."""
    was = {named.key: named for named in reversed(a.named)} | said_once(a.named)
    before = any(named.agent[:1] == "1" and named.tense in tenses for named in a.named)
    for named in b.named:
        if named.agent[:1] != "1" or named.supposed or named.tense not in tenses or not named.deed:
            continue
        if lexicon.is_light(named.word) and _done_by_us(a, b, named):
            continue  # "we will give you a call" is "we call you"
        if any(
            lexicon.converse(one, named) and one.tense == named.tense and one.agent[:1] != "1" for one in a.named
        ):
            continue  # "we will send it" is "you will receive it"
        known = was.get(named.key) or next((n for n in a.named if lexicon.near(n, named)), None)
        if known and known.tense in tenses and (known.agent[:1] == "1" or named.agent == "1p"):
            continue  # "we shipped it" is "it was shipped"; that it was I is news
        if known and known.agent == named.agent and not known.tense and tenses is not _DONE:
            continue  # "we ship it on Monday" is "we will ship it on Monday"
        if known and known.passive and known.tense == "present" and named.agent == "1p":
            continue  # "it is approved", "we have approved it"; "it is sent by post", "we will send it by post"
        if not before or (
            known and not known.agent and tenses is _DONE
        ):  # "I asked for a refund": not "I refunded"
            return named
    return None


def _done_by_us(a: Assertions, b: Assertions, light: Named) -> bool:
    """Tell whether a word that a light verb takes is a deed of ours in the draft too."""
    taken = {named.key for named in b.named if named.at > light.at and named.clause == light.clause}
    return any(named.key in taken and named.agent == "1p" and not named.tense for named in a.named)


_DONE, _TO_COME = frozenset({"past"}), frozenset({"future"})
_CLAIMS: tuple[tuple[frozenset[str], ViolationKind, str], ...] = (
    (_DONE, "claimed action", "did"),
    (_TO_COME | {"werden"}, "commitment", "will do"),
)


def _of_weighed_names(
    a: Assertions, b: Assertions, lexicon: Lexicon, elsewhere: Collection[str], whole: bool
) -> Iterator[Difference]:
    """Yield words lost and added: names and matters of their own at once, others where they outweigh the rest."""
    sides = lost_and_new(a, b, lexicon)
    lost, gained = ([n for n in many if n.key not in elsewhere and not lexicon.is_light(n.word)] for many in sides)
    for stands_for in (lexicon.near, lexicon.converse, partial(_of_one_family, lexicon=lexicon)):
        lost, gained = unpaired(lost, gained, stands_for)
    lightly = _told_lightly(sides, lost, gained)
    if grave := _grave(sides, lost, gained, lexicon, lightly=lightly):
        yield grave
    elif lightly:
        told = [{named.tense for named in many if not named.supposed} for many in sides]
        if told in ([_DONE, _TO_COME], [_TO_COME, _DONE]):
            yield Difference("tense", lost_and_gained(*sides))
    elif not _borne(a, b, lost, gained, lexicon, whole=whole):
        yield Difference("content", lost_and_gained(lost, gained))


def _told_lightly(sides: tuple[list[Named], list[Named]], lost: list[Named], gained: list[Named]) -> bool:
    """Tell whether light words stand for all that was lost or added: "it went out" for "it was shipped"."""
    light = [len(many) - len(heavy) for many, heavy in zip(sides, (lost, gained), strict=True)]
    return (not gained and len(lost) <= min(light[1], 1)) or (not lost and len(gained) <= min(light[0], 1))


def _grave(
    sides: tuple[list[Named], list[Named]],
    lost: list[Named],
    gained: list[Named],
    lexicon: Lexicon,
    *,
    lightly: bool,
) -> Difference | None:
    """Return a difference that no weighing excuses: of names, of a denial, of opposites, of a matter of its own."""
    proper = [[n for n in many if not lexicon.words.capitals and has_capital(n)] for many in (lost, gained)]
    apart = [[n for n in many if n.said in lexicon.apart and not (lightly and n.deed)] for many in (lost, gained)]
    if proper[0] or proper[1]:
        return Difference("name", lost_and_gained(*proper))
    if any(named.said in lexicon.denying for named in (*lost, *gained)):
        return Difference("negation", lost_and_gained(lost, gained))
    if are_opposed(*sides, lexicon):
        return Difference("content", lost_and_gained(*sides))
    for own, others in zip(apart, (gained, lost), strict=True):  # a word that no list knows may stand for one
        if own and all(named.said in lexicon.apart or lexicon.knows(named) for named in others):
            return Difference("content", lost_and_gained(*apart))
    return None


def _borne(
    a: Assertions, b: Assertions, lost: list[Named], gained: list[Named], lexicon: Lexicon, *, whole: bool
) -> bool:
    """Tell whether what came and went is borne by what stayed: a manner of telling, or as many words for others.

    A reason or a condition that is new joins what the draft has: no word may come with it.
    """
    joins = any(b.counted(kind).keys() - _MANNERS - {"wish"} and not a.counted(kind) for kind in _JOINING)
    besides = any(named.joined == "both" for named in gained)  # "and a credit"
    if not joins and not besides and _few(len(lost), len(gained), max(len(a.named), len(b.named))):
        return True
    return not whole and not (joins and len(gained) > len(lost)) and _stand_for_each_other(lost, gained, lexicon)


def _few(lost: int, gained: int, of: int) -> bool:
    """Tell whether words only came, or only went, and few beside those that stayed: a manner of telling."""
    few, many = sorted((lost, gained))
    return few == 0 and many <= 1 + of // _BESIDE


def _stand_for_each_other(lost: list[Named], gained: list[Named], lexicon: Lexicon) -> bool:
    """Tell whether words gave way to others: never few to many, nor a name to a name, nor where lists know both."""
    few, many = sorted((len(lost), len(gained)))
    if few == many == 1:
        names = lost[0].written[:1].isupper() and gained[0].written[:1].isupper() and not lexicon.words.capitals
        both = lexicon.knows(lost[0]) and lexicon.knows(gained[0])
        return not names and (not both or lexicon.on_one_side(lost[0], gained[0]))
    return not many or (few > 0 and many <= 2 * few + 1)


def _of_one_family(one: Named, other: Named, lexicon: Lexicon) -> bool:
    """Tell whether two words begin alike: "renew" and "renewal", "Iran" and "Iranian"."""
    begins = lexicon.words.participle
    word, twin = (named.word.removeprefix(begins) for named in (one, other))
    shared = Prefix.similarity(word, twin)
    return shared >= _FAMILY and shared >= 0.55 * max(len(word), len(twin))
