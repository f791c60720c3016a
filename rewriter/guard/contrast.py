"""What two sentences do not say alike: to the letter for a plan, weighed for a sentence said anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise

from rapidfuzz.distance import OSA, LCSseq, Prefix

from rewriter.guard.assertions import FACT, PAUSE, Assertions, Lexicon, Named, asserted, of
from rewriter.model import ViolationKind

_VOWELS = frozenset("aeiouyäöüàâáéèêëíîïóôúùûãõ")
_FAMILY = 4  # letters that words of one family begin with, at least
_BESIDE = 8  # of so many words that name something, one more may come or go
_COMPARED = 100  # words of one sentence that are compared each with each: a bound on time


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two sentences do not say alike."""

    kind: ViolationKind
    detail: str


def compare(
    draft: str,
    rewrite: str,
    language: str,
    *,
    free: bool = False,
    elsewhere: Collection[str] = (),
    whole: bool = False,
) -> tuple[Difference, ...]:
    """Return what a sentence's rewrite asserts otherwise than the sentence; () where they assert the same.

    Each fact stands as FACT in both texts; facts are compared elsewhere. Blame may be taken out ("You failed to
    attach …"), never put in. A plan is compared to the letter. So is a `free` rewrite with a single edit; one with
    several is a sentence said anew, and its words are weighed: no list of words that say the same can be whole.
    `elsewhere` are the keys of words that stand in other sentences of both texts: "it" may stand for them here.
    In a `whole`, all that was faulted sentence by sentence, words may have moved but not given way to others.
    () for a language without a lexicon.
    """
    lexicon = of(language)
    if lexicon is None or draft == rewrite:
        return ()
    before, after = asserted(draft, language), asserted(rewrite, language)
    differ = partial(_differences, free=free)
    if free and (PAUSE in draft + rewrite or _said_anew(before, after, lexicon)):
        differ = partial(_weighed, elsewhere=elsewhere, whole=whole)
    found = tuple(differ(before, after, lexicon))
    if found and lexicon.words.blame:
        plain = asserted(draft, language, without_blame=True)
        if plain != before and not any(differ(plain, after, lexicon)):
            return ()
    return found


def _said_anew(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether words differ in more than one place."""
    was, became = (
        tuple(word for word in one.telling if lexicon.key(word) not in lexicon.softening) for one in (a, b)
    )
    runs = groupby(edit.tag == "equal" for edit in LCSseq.opcodes(was, became))
    return sum(not equal for equal, _ in runs) > 1


def _weighed(
    a: Assertions, b: Assertions, lexicon: Lexicon, elsewhere: Collection[str], whole: bool
) -> Iterator[Difference]:
    """Yield what a sentence said anew does not assert: presence tells, not number and place of the words."""
    b = _put_plainly(a, b)
    yield from _of_weighed_marks(a, b, lexicon)
    yield from _of_deeds(a, b, lexicon)
    yield from _of_weighed_names(a, b, lexicon, elsewhere, whole)
    yield from _of_form(a, b)


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
                kind, _of_phrases([_phrase(a, kind, s) for s in lost], [_phrase(b, kind, s) for s in gained])
            )
    if turned := _turned(a, b):
        yield Difference("negation", f"in the draft it is said of {turned[0]}, in the rewrite of {turned[1]}")


def _asks(one: Assertions) -> bool:
    """Tell whether a sentence asks for something, with or without "please"."""
    return bool(one.requests) or not (
        one.tense or any(actor[:1] != "2" and " " not in actor for actor in one.actors)
    )


def _opens_with_a_deed(one: Assertions) -> bool:
    """Tell whether a sentence begins with a word that nobody is said to do: "Tell us your number and we …"."""
    return any(not (named.inside or named.agent or named.tense) for named in one.named)


def _asks_what_it_supposes(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether the draft asks for all that the rewrite supposes: "call them", "if you call them"."""
    asked = {named.key for named in a.named}
    may = bool(a.counted("certainty")["can"])
    supposed = [named for named in b.named if named.supposed and not lexicon.is_light(named.word)]
    return (
        (_asks(a) or may or _opens_with_a_deed(a))
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
        known = _once(a.named)  # "we cancel it", "we will have to cancel it"
        if any(n.agent == "1p" and n.key in known and known[n.key].agent == "1p" for n in b.named):
            gained.discard("must")
    if any(actor[:1] == "2" for actor in a.actors):  # "it may take a week" is another "may"
        (lost if can else gained if could else set()).discard("may")
    if asked:
        (lost if asked > 0 else gained).discard("must")
    if FACT in a.telling and not (was or a.tense["future"] or any(actor[:1] == "1" for actor in a.actors)):
        gained.discard("should")  # "it takes 3 days", "it should take 3 days": of a time it can only be expected
    if (
        _asks(b) and _opens_with_a_deed(b) and not _opens_with_a_deed(a)
    ):  # "it must have 12 signs", "choose 12 signs"
        lost.discard("must")
    if _asks(a) and not could and not a.question:  # "export the chat", "you could export the chat"
        gained -= {"may", "must"}
    return lost, gained


def _of_phrases(lost: list[str], gained: list[str]) -> str:
    gone, new = (" and ".join(f'"{words}"' for words in sorted(many)) for many in (lost, gained))
    if gone and new:
        return f"{gone} in the draft, {new} in the rewrite"
    return f"{gone} is not in the rewrite" if gone else f"{new} is not in the draft"


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
    was, became = _once(a.named), _once(b.named)
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
        yield Difference("tense", f"{_tenses(a)} in the draft, {_tenses(b)} in the rewrite")
    if _other_sex(a, b):
        yield Difference("actor", f"{_people(a)} in the draft, {_people(b)} in the rewrite")


def _of_roles(a: Assertions, b: Assertions, lexicon: Lexicon) -> Iterator[Difference]:
    """Yield who does what to whom, and when, where a word of both sentences tells it otherwise."""
    was, became = _once(a.named), _once(b.named)
    for key in [key for key in was if key in became]:
        one, other = was[key], became[key]
        for role in ("agent", "patient", "owner"):
            before, after = getattr(one, role), getattr(other, role)
            if before and after and before != after:
                yield Difference(
                    "actor", f'"{one.written}": {_person(before)} in the draft, {_person(after)} in the rewrite'
                )
        present = lexicon.words.subject_first and one.agent[:1] == "1" and not one.tense
        before = "future" if present else one.tense  # "we ship it on Monday"
        done, to_come = ({before, other.tense} & tenses for tenses in (_DONE, _TO_COME))
        if done and to_come and not one.supposed and not other.supposed:
            yield Difference("tense", f'"{one.written}": a {before} in the draft, a {other.tense} in the rewrite')


def _of_asked(a: Assertions, b: Assertions) -> Iterator[Difference]:
    """Yield what one text asks of the reader and the other says that we do."""
    was = _once(a.named)
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
    was = {named.key: named for named in reversed(a.named)} | _once(a.named)
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


def _other_sex(a: Assertions, b: Assertions) -> bool:
    """Tell whether a man became a woman, or a woman a man."""
    sexes = [{actor[:2] for actor in one.actors} & {"3m", "3f"} for one in (a, b)]
    return all(len(sex) == 1 for sex in sexes) and sexes[0] != sexes[1]


_DONE, _TO_COME = frozenset({"past"}), frozenset({"future"})
_CLAIMS: tuple[tuple[frozenset[str], ViolationKind, str], ...] = (
    (_DONE, "claimed action", "did"),
    (_TO_COME | {"werden"}, "commitment", "will do"),
)
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


def _person(said: str) -> str:
    return f'"{_PEOPLE.get(said, said)}"'


def _once(many: tuple[Named, ...]) -> dict[str, Named]:
    """Return the words that stand in a sentence once, by key."""
    return {key: named[0] for key, named in _by_key(many).items() if len(named) == 1}


def _of_weighed_names(
    a: Assertions, b: Assertions, lexicon: Lexicon, elsewhere: Collection[str], whole: bool
) -> Iterator[Difference]:
    """Yield words lost and added: names and matters of their own at once, others where they outweigh the rest."""
    sides = _lost_and_new(a, b, lexicon)
    lost, gained = ([n for n in many if n.key not in elsewhere and not lexicon.is_light(n.word)] for many in sides)
    for stands_for in (lexicon.near, lexicon.converse, partial(_of_one_family, lexicon=lexicon)):
        lost, gained = _unpaired(lost, gained, stands_for)
    lightly = _told_lightly(sides, lost, gained)
    if grave := _grave(sides, lost, gained, lexicon, lightly=lightly):
        yield grave
    elif lightly:
        told = [{named.tense for named in many if not named.supposed} for many in sides]
        if told in ([_DONE, _TO_COME], [_TO_COME, _DONE]):
            yield Difference("tense", _lost_and_gained(*sides))
    elif not _borne(a, b, lost, gained, lexicon, whole=whole):
        yield Difference("content", _lost_and_gained(lost, gained))


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
    proper = [[n for n in many if not lexicon.words.capitals and _capital(n)] for many in (lost, gained)]
    apart = [[n for n in many if n.said in lexicon.apart and not (lightly and n.deed)] for many in (lost, gained)]
    if proper[0] or proper[1]:
        return Difference("name", _lost_and_gained(*proper))
    if any(named.said in lexicon.denying for named in (*lost, *gained)):
        return Difference("negation", _lost_and_gained(lost, gained))
    if _opposed(*sides, lexicon):
        return Difference("content", _lost_and_gained(*sides))
    for own, others in zip(apart, (gained, lost), strict=True):  # a word that no list knows may stand for one
        if own and all(named.said in lexicon.apart or lexicon.knows(named) for named in others):
            return Difference("content", _lost_and_gained(*apart))
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


def _capital(named: Named) -> bool:
    """Tell whether a word begins with a capital, though it opens no sentence."""
    return named.written[:1].isupper() and named.inside


def _unpaired(
    lost: list[Named], gained: list[Named], stands_for: Callable[[Named, Named], bool]
) -> tuple[list[Named], list[Named]]:
    """Return the words that have none on the other side that stands for them."""
    left, new = list(lost), list(gained)
    for one in lost[:_COMPARED]:
        if other := next((n for n in new[:_COMPARED] if stands_for(one, n)), None):
            left.remove(one)
            new.remove(other)
    return left, new


def _of_one_family(one: Named, other: Named, lexicon: Lexicon) -> bool:
    """Tell whether two words begin alike: "renew" and "renewal", "Iran" and "Iranian"."""
    begins = lexicon.words.participle
    word, twin = (named.word.removeprefix(begins) for named in (one, other))
    shared = Prefix.similarity(word, twin)
    return shared >= _FAMILY and shared >= 0.55 * max(len(word), len(twin))


def _differences(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
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
        yield from _of_actors(a, b, asks=free and _asks(a))
    yield from _of_names(a, b, lexicon, free)
    yield from _of_form(a, b)


def _of_form(a: Assertions, b: Assertions) -> Iterator[Difference]:
    """Yield a statement that became a question, or the reverse, and things told in another order."""
    if a.question != b.question:
        was, became = ("a question", "a statement") if a.question else ("a statement", "a question")
        yield Difference("question", f"{was} in the draft, {became} in the rewrite")
    if _out_of_order(a, b):
        yield Difference("order", "the steps stand in another order")
    if pair := _joined_otherwise(a, b):
        yield Difference("content", f'"{pair[0]}" and "{pair[1]}" are both in one, one or the other in the other')


def _stands_done(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether a rewrite says that it has been done where the draft says that it is: "is approved"."""
    done = [tuple(named.word for named in one.named if named.passive) for one in (a, b)]
    has = not set(lexicon.words.tense.get("perfect", ())).isdisjoint(b.telling)
    return has and done[0] == done[1] != () and a.tense.keys() == {"present"} and b.tense.keys() == {"past"}


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


def _harmless(kind: ViolationKind, a: Assertions, b: Assertions) -> bool:
    """Tell whether a free rewrite may say it so: "you can choose" for "choose", "so", "just"."""
    was, became = a.counted(kind), b.counted(kind)
    gained = set(became - was)
    if lost := set(was - became):
        return lost == {"must"} and not gained and bool(b.requests) and not a.requests
    asks = _asks(a)
    return asks if gained == {"can"} else bool(gained) and gained <= {"therefore", "just", "wish", "although"}


def _of_marks(kind: ViolationKind, a: Assertions, b: Assertions) -> Iterator[Difference]:
    was, became = a.counted(kind), b.counted(kind)
    if was == became:
        return
    lost, gained = was - became, became - was
    if kind == "certainty" and was.keys() == became.keys():  # "could potentially" is "could"
        return
    yield Difference(kind, _of_phrases([a.said[kind, s] for s in lost], [b.said[kind, s] for s in gained]))


def _of_tense(a: Assertions, b: Assertions, first_person: bool) -> Iterator[Difference]:
    lost, gained = a.tense - b.tense, b.tense - a.tense
    tells = {said for said in (*lost, *gained) if (a.tense[said] == 0) != (b.tense[said] == 0)} - {"present"}
    if not tells and not (lost and gained):
        return
    kind: ViolationKind = "commitment" if first_person and "future" in tells else "tense"
    yield Difference(kind, f"{_tenses(a)} in the draft, {_tenses(b)} in the rewrite")


def _people(one: Assertions) -> str:
    return ", ".join(dict.fromkeys(map(_person, one.actors))) or "nobody"


def _tenses(one: Assertions) -> str:
    told = dict.fromkeys(_TIMES.get(said, said) for said, times in sorted(one.tense.items()) if times)
    return " and ".join(told) or "no word that tells the time"


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
    if strangers or swapped or _other_sex(a, b):
        yield Difference("actor", f"{_people(a)} in the draft, {_people(b)} in the rewrite")


def _of_names(a: Assertions, b: Assertions, lexicon: Lexicon, free: bool) -> Iterator[Difference]:
    """Yield words lost and words added, typing mistakes and harmless words apart; and verbs in another form."""
    lost, gained = _lost_and_new(a, b, lexicon)
    if free and not lost:
        gained = [named for named in gained if not lexicon.is_light(named.word)]
    reworded = free and not _opposed(lost, gained, lexicon) and _reworded(lost, gained, lexicon)
    if (lost or gained) and not reworded:
        kind: ViolationKind = "name" if lost and gained and _proper(lost) and _proper(gained) else "content"
        yield Difference(kind, _lost_and_gained(lost, gained))
    was, became = _by_key(a.named), _by_key(b.named)
    for key in was.keys() & became.keys():
        for one, other in zip(was[key], became[key], strict=False):
            if one.word != other.word:
                yield from _of_forms(one, other, lexicon, a, b)


def _lost_and_new(a: Assertions, b: Assertions, lexicon: Lexicon) -> tuple[list[Named], list[Named]]:
    """Return the words that stand on one side only, mended typing slips and softening words apart."""
    was, became = _by_key(a.named), _by_key(b.named)
    lost = [named for key, many in was.items() for named in many[len(became.get(key, ())) :]]
    gained = [named for key, many in became.items() for named in many[len(was.get(key, ())) :]]
    lost, gained = _unpaired(lost, gained, lexicon.alike)
    lost, gained = _unpaired(lost, gained, _mistyped)
    # what is said twice is said once
    return (
        [n for n in lost if n.key not in lexicon.softening and n.key not in became],
        [n for n in gained if n.key not in lexicon.softening and n.key not in was],
    )


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
    if len(lost) == len(gained) == 1:
        deeds = lexicon.words.subject_first and lost[0].deed and gained[0].deed
        return deeds and not (lexicon.knows(lost[0]) and lexicon.knows(gained[0]))
    if min(len(lost), len(gained)) < 2 or abs(len(lost) - len(gained)) > 1:
        return False
    if any(_capital(named) or named.said in lexicon.denying for named in (*lost, *gained)):
        return False
    return not (any(map(lexicon.knows, lost)) and any(map(lexicon.knows, gained)))


def _opposed(lost: list[Named], gained: list[Named], lexicon: Lexicon) -> bool:
    """Tell whether a word gave way to its opposite."""
    return any(lexicon.opposed(one, other) for one in lost[:_COMPARED] for other in gained[:_COMPARED])


def _proper(many: list[Named]) -> bool:
    return all(_capital(named) for named in many)


def _lost_and_gained(lost: list[Named], gained: list[Named]) -> str:
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
    was, became = _once(a.named), _once(b.named)
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
