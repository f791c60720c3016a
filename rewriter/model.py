"""Every value that travels from step to step, in the order in which a draft meets them; frozen, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# --- what the helpdesk holds -----------------------------------------------------------------------------

Role = Literal["agent", "customer", "system"]
Status = Literal["open", "solved", "closed", "gone"]
Channel = Literal["email", "web", "chat", "social"]
RunOutcome = Literal["suggested", "unchanged", "declined", "failed", "stale", "left"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as a list or a search shows it; `stamp` is the vendor's own updated_at, verbatim."""

    id: str
    tags: tuple[str, ...]
    status: Status
    stamp: str
    requester_id: str = ""
    subject: str = ""
    channel: Channel = "email"
    brand: str = ""
    group: str = ""
    form: str = ""
    priority: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """What makes a note ours: the key of the draft it answers, and what became of that draft."""

    key: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a ticket, of whatever visibility; `html` is as the vendor's API gave it."""

    id: str
    html: str
    author: Role
    public: bool
    at: datetime
    rule: bool = False  # written by a trigger or automation, not by a person's hand
    marker: Marker | None = None  # ours by this, not by its author: keys act as a person


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket with its comments, oldest first, and the people on it."""

    helpdesk: str
    ticket: Ticket
    comments: tuple[Comment, ...]
    requester: str = ""  # full name as the helpdesk has it
    people: tuple[str, ...] = ()  # every other name the ticket knows: agents, people copied
    agent_language: str = ""  # BCP-47 of the agent who wrote the draft, "" where unknown


@dataclass(frozen=True, slots=True)
class Directive:
    """What a draft's first line `#draft …` asks for; empty strings where it says nothing."""

    tone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that waits in a helpdesk: the chosen note, without its directive line."""

    key: str  # helpdesk:ticket:comment:digest
    thread: Thread
    comment: Comment
    html: str
    directive: Directive
    customer: str  # visible text of the customer's latest public message
    earlier: tuple[str, ...] = ()  # visible text of the customer's messages before it, oldest first


@dataclass(frozen=True, slots=True)
class NoDraft:
    """A ticket that carries the request tag but has no draft to handle, and why."""

    key: str
    thread: Thread
    reason: Literal["missing", "answered", "closed", "withdrawn", "done"]
    outcome: str = ""  # of the draft that is done


# --- facts -----------------------------------------------------------------------------------------------

FactKind = Literal[
    "amount", "percentage", "date", "time", "duration", "quantity", "number", "ordinal", "identifier", "url",
    "email", "phone", "address", "file", "code", "version", "name", "product", "placeholder", "link", "image",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed fact: where it stands in a text, as written, and its value in one canonical form.

    Two facts say the same exactly when `kind`, `value` and `scope` are equal.
    """

    kind: FactKind
    text: str
    value: str
    start: int
    end: int
    scope: str = ""  # canonical comparator around it: "<=", ">=", "<", ">", "~", "by", "before", "after", ...


# --- a document ------------------------------------------------------------------------------------------

BlockKind = Literal["paragraph", "item", "heading", "quote", "code", "table", "signature"]
SentenceRole = Literal["body", "greeting", "sign-off"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft: `source[start:end]` of its document is the sentence with its markup."""

    number: int  # from 1, through the whole document
    text: str  # what a reader sees: no tags, entities resolved, white space folded
    offsets: tuple[int, ...]  # text[i] begins at source[offsets[i]]; one more entry, the end
    start: int
    end: int
    block: int  # index into Document.blocks
    facts: tuple[Fact, ...] = ()  # offsets within `text`
    role: SentenceRole = "body"
    rephrasable: bool = True  # False where the slice holds markup that another wording would lose


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the source that is one paragraph, item or heading, or a zone that is kept byte for byte."""

    kind: BlockKind
    start: int  # of its content, inside its tags
    end: int
    outer_start: int  # of the whole element
    outer_end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A draft cut into blocks and numbered sentences; joining the source's slices gives the source again."""

    source: str
    is_html: bool
    language: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """A placeholder and the fact it stands for."""

    token: str  # "[[AMOUNT_K7]]"
    fact: Fact


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text in which every fact is a placeholder; seals in the order in which they stand."""

    text: str
    seals: tuple[Seal, ...] = ()


# --- reading the customer --------------------------------------------------------------------------------

Feeling = Literal["none", "frustration", "anger", "worry", "disappointment", "confusion", "grief", "gratitude"]


CLEAR = 2  # the strength from which a feeling is clear: it is owned, not merely named


@dataclass(frozen=True, slots=True)
class Reading:
    """What the customer's messages ask for; `topic` and `told` are words of theirs that are safe to repeat."""

    language: str = "en"
    feeling: Feeling = "none"
    strength: int = 0  # 0 none, 1 slight, 2 clear, 3 strong
    topic: str = ""  # a concrete noun phrase without its article: "deposit", "cracked screen"
    topic_form: str = ""  # which of a phrasebook's articles the topic takes: "own" ("my deposit"), "other"
    told: str = ""  # a duration or count of theirs that may be told back: "three weeks"
    times: str = ""  # how often they say they have asked: "twice", "a third time"
    named: str = ""  # their word for what went wrong, with its article: "the crashes", "the trouble signing in"
    plight: str = ""  # what they have to live with: "being locked out", "losing your progress"
    repeated: bool = False  # not the first time, or not the first message about it
    asked: bool = False  # of the two, the latter
    urgent: bool = False
    plain_question: bool = False
    trouble: str = ""  # the kind of problem: "waiting", "broken", "charge", ...; "" for none
    problem: bool = False  # something went wrong, by their message or by the draft
    amends: bool = False  # of the two, the latter
    first_name: str = ""  # usable to greet with; "" where there is none
    family_name: str = ""  # for languages that greet with it; "" where unknown
    title: str = ""  # as the draft's language writes it before a family name: "Frau Dr."; "" where they bear none
    matter: str = ""  # why no rewriter should touch it ("legal", "harm", ...); "" for ordinary matters

    @property
    def has_name(self) -> bool:
        """Whether there is a name to greet with."""
        return bool(self.first_name or (self.title and self.family_name))


# --- a tone profile --------------------------------------------------------------------------------------

MoveKind = Literal[
    "personalisation", "validation", "accountability", "mirroring", "relatability", "expertise", "hand-off"
]
AccountabilityLevel = Literal["experience", "follow-through", "fault"]


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone profile: which moves, phrases, limits and register apply."""

    name: str
    description: str = ""
    moves: tuple[MoveKind, ...] = ("personalisation", "validation", "accountability")
    accountability: AccountabilityLevel = "experience"
    register: Literal["casual", "neutral", "formal"] = "neutral"
    address: Literal["informal", "formal"] = "informal"  # tu/vous, du/Sie, tú/usted
    greeting: bool = True
    close: bool = True  # a warm last sentence
    max_added_words: int = 60
    max_added_sentences: int = 3
    prefer: tuple[str, ...] = ()
    ban: tuple[str, ...] = ()
    never_apologise: tuple[str, ...] = ()
    anecdotes: tuple[str, ...] = ()  # approved texts, word for word
    expertise: tuple[str, ...] = ()  # statements the admin vouches for, word for word
    handoff: tuple[str, ...] = ()  # approved offers of a person, a call or a link, word for word
    names: tuple[str, ...] = ()  # brands and products, sealed as facts
    languages: tuple[str, ...] = ()  # empty: every language that has a phrasebook


# --- a plan ----------------------------------------------------------------------------------------------

NAME_SLOT = "[[NAME]]"  # stands for the requester's greeting name in a Move's text


@dataclass(frozen=True, slots=True)
class Carry:
    """The draft's sentence, byte for byte."""

    sentence: int


@dataclass(frozen=True, slots=True)
class Rephrase:
    """The draft's sentence in other words; `text` is sealed text and no HTML."""

    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """An added sentence; `text` is plain text whose only placeholder may be NAME_SLOT."""

    kind: MoveKind
    text: str


Step = Carry | Rephrase | Move
Plan = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a model was asked to read and wrote."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens)


@dataclass(frozen=True, slots=True)
class BriefSentence:
    """A sentence as an engine sees it: sealed."""

    number: int
    text: str
    block: int
    kind: BlockKind
    role: SentenceRole
    rephrasable: bool
    hollow: bool = False  # an apology that says not a word of what it is for


@dataclass(frozen=True, slots=True)
class Brief:
    """All that an engine is told: sealed text, the reading, the tone, and what its last plan did wrong."""

    key: str  # decides between equally good phrasings, so that one draft always reads the same
    language: str
    channel: Channel
    sentences: tuple[BriefSentence, ...]
    customer: str  # sealed; durations and counts of the customer's own stay readable
    reading: Reading
    tone: Tone
    moves: tuple[MoveKind, ...]  # the moves that tone and reading allow
    problems: tuple[str, ...] = ()  # the guard's words on the plan before this one, sealed


@dataclass(frozen=True, slots=True)
class Planned:
    """An engine's answer: a plan, and what it cost."""

    plan: Plan
    usage: Usage = field(default_factory=Usage)


# --- the guard's verdict ---------------------------------------------------------------------------------

ViolationKind = Literal[
    # typed facts
    "amount", "percentage", "date", "time", "duration", "quantity", "number", "ordinal", "identifier", "url",
    "email", "phone", "address", "file", "code", "version", "name", "product", "placeholder", "link", "image",
    # assertions
    "negation", "condition", "certainty", "commitment", "fault", "cause", "claimed action", "actor", "tense",
    "comparator", "order", "question", "content",
    # sentences and added text
    "lost sentence", "added sentence", "doubled sentence", "promise", "policy", "identity", "greeting",
    "sign-off", "language", "banned phrase", "length", "seal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing a plan or a rewrite does wrong: what kind, where, and both texts (facts restored)."""

    kind: ViolationKind
    detail: str  # one line for a person: "$49.99 in the draft, $49.90 in the rewrite"
    step: int | None = None  # index into the plan
    sentence: int | None = None  # number in the draft
    draft: str = ""
    rewrite: str = ""


# --- a suggestion ----------------------------------------------------------------------------------------

Outcome = Literal["rewritten", "unchanged", "declined"]
PartKind = Literal[
    "kept", "rephrased",
    "personalisation", "validation", "accountability", "mirroring", "relatability", "expertise", "hand-off",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of a suggestion: its visible text, what it is, and which of the draft's sentences it carries."""

    text: str
    kind: PartKind
    carries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What became of a draft; `text` and `html` are the draft's own where nothing was rewritten."""

    outcome: Outcome
    engine: str
    tone: str
    language: str
    text: str
    html: str
    parts: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()
    reverted: tuple[Violation, ...] = ()
    added_words: int = 0
    usage: Usage = field(default_factory=Usage)
    reason: str = ""  # why it was declined


# --- a note ----------------------------------------------------------------------------------------------


NoteOutcome = Literal["suggested", "unchanged", "declined", "failed"]
Failure = Literal["missing", "refused", "gave_up"]  # no draft found, it cannot be handled, all attempts failed


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be left on a ticket for a draft: an outcome, the note's HTML ("" posts none), and its figures."""

    outcome: NoteOutcome
    html: str = ""
    tone: str = ""
    reverted: int = 0  # violations that were mended
    usage: Usage = field(default_factory=Usage)
