"""A draft as the phrasebook engine sees it: what it does already, what is called for, and where that may stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rewriter.dose import SHORT_DRAFT
from rewriter.model import CLEAR, Brief, BriefSentence, MoveKind
from rewriter.prompting import Habit, Phrasebook, Place
from rewriter.wording import count_words, either, listed

MOST_MOVES = 2  # beside the greeting
IN_PASSING = 9  # words of a sentence that feels with the customer but says nothing of the matter
READ = ("paragraph", "item", "heading")  # blocks that are the agent's own words


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as this engine sees it: its brief, the phrasebook of its language, and what it already does."""

    brief: Brief
    book: Phrasebook
    does: frozenset[Habit]


def habits(book: Phrasebook, sentences: Iterable[BriefSentence]) -> frozenset[Habit]:
    """Return what the draft already does, so that nothing is said twice."""
    text = " ".join(sentence.text for sentence in sentences if sentence.kind in READ)
    return frozenset(habit for habit, phrases in book.does.items() if listed(phrases).search(text))


def meets(does: frozenset[Habit]) -> bool:
    """Say whether a draft has a word for what the customer went through."""
    return not does.isdisjoint(("validates", "apologises"))


def is_kind(draft: Draft) -> bool:
    """Say whether a draft is kind as it is: it meets what the customer feels, and it thanks or offers help."""
    enough: Habit = "validates" if draft.brief.reading.strength >= CLEAR else "apologises"
    return bool({"validates", enough} & draft.does and {"offers", "thanks"} & draft.does)


def called_for(draft: Draft) -> Iterable[tuple[Place, tuple[MoveKind, ...]]]:
    """Yield places and the moves that may stand there, the most needed first."""
    brief, book, does = draft.brief, draft.book, draft.does
    reading = brief.reading
    if is_kind(draft) or _agrees(book, brief):
        return
    if not (reading.problem or reading.strength or reading.repeated):
        return

    def allowed(*kinds: MoveKind) -> tuple[MoveKind, ...]:
        return tuple(kind for kind in kinds if kind in brief.moves)

    if reading.feeling == "gratitude":
        if "thanks" not in does:
            yield "opening", allowed("mirroring", "validation")
        return
    if reading.strength < CLEAR and not reading.repeated and meets(does):
        return
    met = "validates" in does or (reading.feeling == "grief" and "apologises" in does)
    if not met or _is_general(book, brief):
        yield "opening", allowed("validation")
    if reading.feeling == "grief" or (meets(does) and is_short(brief)):
        return
    owned = reading.strength >= CLEAR or reading.repeated
    if owned and brief.tone.handoff:
        yield "close", allowed("hand-off")
    if brief.tone.expertise and reading.feeling in ("worry", "confusion"):
        yield "opening", allowed("expertise")
    if owned:
        yield "opening", allowed("accountability")
    if brief.tone.anecdotes and reading.strength < CLEAR:
        yield "opening", allowed("relatability")
    if brief.tone.close and not {"offers", "thanks"} & does and not _ends_with_a_question(brief.sentences):
        yield "close", allowed("mirroring", "relatability", "accountability")


def _is_general(book: Phrasebook, brief: Brief) -> bool:
    """Say whether all that a draft has for the customer would fit any other: "Sorry for the trouble."."""
    validates, sorry = either(book.does["validates"]), either(book.does["apologises"])
    meeting = [s.text for s in brief.sentences if s.kind in READ and validates.search(s.text)]
    theirs = [said.lower().split()[-1] for said in (brief.reading.topic, brief.reading.named) if said]
    in_passing = (text for text in meeting if sorry.search(text) and count_words(text) <= IN_PASSING)
    general = [text for text in in_passing if not any(word in text.lower() for word in theirs)]
    return general == meeting


def is_courtesy(book: Phrasebook, sentence: BriefSentence) -> bool:
    """Say whether a sentence only makes way for what follows: "Thanks for reaching out.", "So sorry!"."""
    phrases = (*book.does["apologises"], *book.does.get("courtesy", ()))
    return count_words(sentence.text) <= IN_PASSING and bool(either(phrases).search(sentence.text))


def _agrees(book: Phrasebook, brief: Brief) -> bool:
    """Say whether the draft's own matter begins in good humour: "Good question!"."""
    first, last = middle(brief.sentences)
    agrees = either(book.does.get("agrees", ()))
    return any(agrees.match(sentence.text) for sentence in brief.sentences[first:last][:1])


def _ends_with_a_question(sentences: Sequence[BriefSentence]) -> bool:
    body = [sentence.text for sentence in sentences if sentence.role == "body" and sentence.kind in READ]
    return bool(body) and body[-1].rstrip().endswith(("?", "？"))


def most_moves(brief: Brief) -> int:
    """Return how many moves a draft may take beside its greeting."""
    most = 1 if is_short(brief) else MOST_MOVES + bool(brief.tone.handoff and brief.tone.expertise)
    return min(brief.tone.max_added_sentences, most)


def is_short(brief: Brief) -> bool:
    """Say whether a draft is too short for more than one short move."""
    return sum(count_words(sentence.text) for sentence in brief.sentences) < SHORT_DRAFT


def runs_on(after_greeting: Sequence[BriefSentence]) -> bool:
    """Say whether a greeting is one sentence with what follows it: "Hi Ana, your refund …"."""
    return any(sentence.text[:1].islower() for sentence in after_greeting)


def within_a_sentence(sentences: Sequence[BriefSentence], first: int) -> bool:
    """Say whether what is put before a sentence goes on with the line of a greeting: "Hello there, I'm sorry …"."""
    ahead = sentences[first - 1 : first + 1] if first else ()
    return len(ahead) > 1 and ahead[0].text.endswith(",") and ahead[0].block == ahead[1].block


def middle(sentences: Sequence[BriefSentence]) -> tuple[int, int]:
    """Return where the draft's own matter begins (after its greeting) and ends (before sign-off and zones)."""
    first = 0
    while first < len(sentences) and sentences[first].role == "greeting":
        first += 1
    last = len(sentences)
    while last > first and (sentences[last - 1].role == "sign-off" or sentences[last - 1].kind not in READ):
        last -= 1
    return first, last
