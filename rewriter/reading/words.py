"""The words by which a language's messages are read: each list says in its own file what it is for."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache

from rewriter.lexicon import load
from rewriter.model import Feeling


@dataclass(frozen=True, slots=True)
class Felt:
    """The phrases and signs (emoji, emoticons) of one feeling, by strength."""

    slight: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    signs_strength: int = 2


@dataclass(frozen=True, slots=True)
class Around:
    """What turns feelings and trouble off, down or up, and where earlier mail begins."""

    negators: tuple[str, ...]
    weaker: tuple[str, ...]
    stronger: tuple[str, ...]
    unreal: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    inverting: frozenset[str] = frozenset()
    settled: tuple[str, ...] = ()
    past: tuple[str, ...] = ()  # what was felt in a sentence with one of these is past
    over: tuple[str, ...] = ()  # what was felt or went wrong up to one of these is over
    hearsay: tuple[str, ...] = ()  # behind one of these, "it is fixed" is only what they were told
    innocent: tuple[str, ...] = ()  # what sounds like trouble or a feeling and is none
    blamed: tuple[str, ...] = ()  # but not right before one of these
    not_mourned: tuple[str, ...] = ()  # what ends in one of these is no death of somebody's
    intact: tuple[str, ...] = ()  # what works, and how long it does: no thing or time in one of these is the matter
    hinted: tuple[str, ...] = ()  # trouble where nothing else tells what is wrong or felt
    calm: tuple[str, ...] = ()  # they say that they do not mind
    own_doing: tuple[str, ...] = ()  # what went wrong in a sentence with one of these was their own doing
    elsewhere: tuple[str, ...] = ()  # a sentence with one of these is about somebody else
    ours: tuple[str, ...] = ()  # but not what stands behind one of these
    supposed: tuple[str, ...] = ()  # a question that begins with one of these is about what might be
    real: tuple[str, ...] = ()  # but not if it has one of these
    unbought: tuple[str, ...] = ()  # questions beside one of these are asked before they buy
    history: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Praise:
    """What tells praise from manners and mockery, and trouble that still stands from that of a story."""

    requests: tuple[str, ...] = ()  # thanks behind one of these are manners
    turns: tuple[str, ...] = ()  # thanks before one of these are not what they write for
    thanked_for: frozenset[str] = frozenset()  # thanks and one of these before trouble are mockery
    mockery: tuple[str, ...] = ()  # beside one of these no thanks are meant
    story: tuple[str, ...] = ()  # beside warm praise, trouble in a sentence with one of these is only told
    felt: tuple[str, ...] = ()  # ... and so is a feeling in a sentence with one of these
    remedy: tuple[str, ...] = ()  # but not where the message has one of these


@dataclass(frozen=True, slots=True)
class Signals:
    """What shows that it happened before, that it is pressing, that it is a question."""

    repeated: tuple[str, ...]
    urgent: tuple[str, ...]
    question: tuple[str, ...]
    again: tuple[str, ...] = ()  # it happened before, but they need not have asked before
    owed: tuple[str, ...] = ()  # who waits for one of these, waits, whatever went wrong before
    amends: tuple[str, ...] = ()  # in a draft: something did go wrong, however calmly they wrote
    mends: tuple[str, ...] = ()  # in a draft: there is trouble, however it was told


@dataclass(frozen=True, slots=True)
class Told:
    """When a duration or a count of the customer's may be told back."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    ago: tuple[str, ...]
    never: tuple[str, ...]
    units: tuple[str, ...]
    numbers: tuple[str, ...]
    loose: tuple[str, ...] = ()
    ago_words: tuple[str, ...] = ("ago",)
    times: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topics:
    """Which nouns may be told back, and by which words they are known to be the customer's own."""

    own: frozenset[str]
    other: frozenset[str]
    always_own: frozenset[str]
    nouns: frozenset[str]
    modifiers: frozenset[str]
    verbs: frozenset[str]
    never: frozenset[str]
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)  # gender -> nouns, as they are spelled
    fitting: dict[str, frozenset[str]] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    addressing: frozenset[str] = frozenset()
    spelled: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # phrases that show the matter to be somebody else's: "my dad has"
    holders: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()
    tellers: frozenset[str] = frozenset()  # what only tells of trouble, before one of `telling`: "the app says"
    telling: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()  # words between an article and its noun that are not told back
    makers: frozenset[str] = frozenset()  # a brand before a noun of theirs: "my HP Sprocket"
    in_full: dict[str, str] = field(default_factory=dict)  # abbreviations of listed nouns
    clauses: frozenset[str] = frozenset()  # of `aside`, those that may begin a clause with trouble of its own
    done_to: frozenset[str] = frozenset()  # of `aside`, what may be done to it: "someone changed my password"
    tools: frozenset[str] = frozenset()  # what something else is done with: "I tried to connect the cable"
    pointing: frozenset[str] = frozenset()
    towards: frozenset[str] = frozenset()  # of `within`, those before what is acted on: "access to my files"
    shows: frozenset[str] = frozenset()  # "this" and one of these only shows what is wrong: "this message"
    acquired: tuple[str, ...] = ()  # "I bought": what follows is what "it" stands for
    pronouns: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()  # pronouns that have the trouble themselves: "it", "it's"
    strangers: frozenset[str] = frozenset()  # who cannot do it is somebody else: "she couldn't see it"
    many: frozenset[str] = frozenset()  # of `pronouns`, those for more than one
    reporting: frozenset[str] = frozenset()  # of `verbs`, what merely tells something: "Tracking says delivered"
    uncounted: frozenset[str] = frozenset()  # nouns that have no article: "I can't obtain parental consent"
    means: tuple[
        str, ...
    ] = ()  # words ahead by which a thing is only a means or a reason: "for linking my account"
    plural: str = ""  # the ending by which more than one of a listed noun is known
    frames: tuple[str, ...] = ()  # "an issue with": what follows has the trouble, be it without an article
    troubled: tuple[str, ...] = ()  # "issues": so has what stands right before it: "payment issues"
    listed_only: frozenset[str] = frozenset()  # nouns told back only where `fitting` lists them
    determiners: frozenset[str] = frozenset()  # words between "I bought" and its noun that are not told back
    anywhere: frozenset[str] = frozenset({"waiting"})  # kinds of trouble


@dataclass(frozen=True, slots=True)
class Unable:
    """What shows that something cannot be done, and what that may be."""

    cues: tuple[str, ...]
    doing: dict[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Feelings:
    """The file feelings.toml."""

    feelings: dict[Feeling, Felt]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Troubles:
    """The file troubles.toml."""

    troubles: dict[str, tuple[str, ...]]
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plight: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unable: Unable | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class _Topics:
    """The file topics.toml."""

    topic: Topics


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reading:
    """The file reading.toml."""

    around: Around
    signals: Signals
    told: Told
    courtesy: dict[str, str] = field(default_factory=dict)  # titles, without full stops -> before a family name
    praise: Praise = field(default_factory=Praise)


@dataclass(frozen=True, kw_only=True, eq=False)  # one a language, known by its identity
class Lexicon(_Feelings, _Troubles, _Topics, _Reading):
    """All that messages of one language are read by: its four files as one."""


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """Return what messages of a language are read by; None where it has no reading.toml.

    Raises PromptError with file and line on a bad entry.
    """
    shapes = {"feelings": _Feelings, "troubles": _Troubles, "topics": _Topics, "reading": _Reading}
    parts = [load(file, language, shape) for file, shape in shapes.items()]
    found = {each.name: getattr(part, each.name) for part in parts if part for each in fields(part)}
    return Lexicon(**found) if all(parts) else None
