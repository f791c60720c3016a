"""The shapes of a language's reading.toml: each list says in the file itself what it is for."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """What turns a feeling off, down or up, and where earlier mail begins."""

    negators: tuple[str, ...]
    weaker: tuple[str, ...]
    stronger: tuple[str, ...]
    unreal: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    inverting: frozenset[str] = frozenset()
    settled: tuple[str, ...] = ()
    past: tuple[str, ...] = ()  # what was felt in a sentence with one of these is past
    over: tuple[str, ...] = ()  # what was felt or went wrong up to one of these is over
    history: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """What shows that it happened before, that it is pressing, that it is a question."""

    repeated: tuple[str, ...]
    urgent: tuple[str, ...]
    question: tuple[str, ...]
    again: tuple[str, ...] = ()  # it happened before, but they need not have asked before


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
    anywhere: frozenset[str] = frozenset({"waiting"})  # kinds of trouble


@dataclass(frozen=True, slots=True)
class Unable:
    """What shows that something cannot be done, and what that may be."""

    cues: tuple[str, ...]
    doing: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The file reading.toml of one language."""

    feelings: dict[Feeling, Felt]
    around: Around
    signals: Signals
    troubles: dict[str, tuple[str, ...]]
    told: Told
    topic: Topics
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plight: dict[str, tuple[str, ...]] = field(default_factory=dict)
    courtesy: dict[str, str] = field(default_factory=dict)  # titles, without full stops -> before a family name
    unable: Unable | None = None
