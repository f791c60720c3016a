"""The engine without a model: says what the phrasebook of the draft's language has for this customer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

from rewriter.dose import SHORT_DRAFT, SHORT_MOVE
from rewriter.model import (
    NAME_SLOT,
    AccountabilityLevel,
    Brief,
    BriefSentence,
    Carry,
    Move,
    MoveKind,
    Planned,
    Reading,
    Rephrase,
    Step,
    Tone,
)
from rewriter.prompting import Address, Habit, Passage, Phrasebook, Place, Prompts
from rewriter.wording import count_words, either, listed, slotted

MOST_MOVES = 2  # beside the greeting
ENOUGH = 3  # phrases to choose among; below that, less telling ones are taken in
RUN_ON = 10  # words that may stand between the greeting and what is said first
CLEAR = 2  # the strength from which a feeling is owned, not merely named
STRONG = 3
FIRST = 8  # more than any phrase can tell: what is made for a tone goes before all else
IN_PASSING = 9  # words of a sentence that feels with the customer but says nothing of the matter

_CALLED = re.compile(r"[,，] (?:\w+\.? )?\[\[NAME_\w+\]\]\s?[,.!]")  # ", Mrs. Hill, …": greeted in passing

T = TypeVar("T")

_LEVELS: tuple[AccountabilityLevel, ...] = ("experience", "follow-through", "fault")
_READ = ("paragraph", "item", "heading")  # blocks that are the agent's own words
_FEW_WORDS = ("grief", "gratitude")  # feelings that only passages made for them may answer


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft as this engine sees it: its brief, the phrasebook of its language, and what it already does."""

    brief: Brief
    book: Phrasebook
    does: frozenset[Habit]


@dataclass(frozen=True, slots=True)
class PhrasebookEngine:
    """Plans from phrases that admins can read and change; needs no network, and one draft always reads the same."""

    prompts: Prompts

    @property
    def name(self) -> str:
        """Return "phrasebook"."""
        return "phrasebook"

    def plan(self, brief: Brief) -> Planned:
        """Return a plan for the brief; where the draft's language has no phrasebook, the draft as it is."""
        book = self.prompts.phrasebook(brief.language)
        if book is None:
            return Planned(tuple(Carry(sentence.number) for sentence in brief.sentences))
        body = _one_request([_kinder(book, self.prompts, brief, sentence) for sentence in brief.sentences])
        draft = _Draft(brief, book, _does(book, map(_as_said, brief.sentences, body)))
        does = draft.does
        opening: list[Move] = []
        closing: list[Move] = []
        greeting = [] if _is_kind(draft) else self._greeting(book, brief)
        room = brief.tone.max_added_words - sum(count_words(move.text) for move in greeting)
        for place, kinds in _called_for(draft):
            said = [*opening, *closing]
            fits = said or place == "opening" or "validates" in does or "hand-off" in kinds
            if len(said) < _most_moves(brief) and fits:
                move = self._choose(draft, place, kinds, said, room)
                (opening if place == "opening" else closing).extend(move)
                room -= sum(count_words(each.text) for each in move)
        if not opening and not closing:
            body = self._with_its_matter(draft, body, room)
        first, last = _middle(brief.sentences)
        if first and opening and _runs_on(brief.sentences[first : first + 1]):
            begun = brief.sentences[first]
            if first + 1 < last and count_words(begun.text) <= RUN_ON and not begun.text.endswith((":", "：")):
                first += 1
            elif begun.rephrasable and isinstance(body[first], Carry):
                body[first] = Rephrase(begun.number, _capital(begun.text))
            else:
                opening = []
        while opening and first + 1 < last and _is_courtesy(book, brief.sentences[first]):
            first += 1
        if opening and _within_a_sentence(brief.sentences, first):
            opening[0] = replace(opening[0], text=_small(opening[0].text))
        return Planned((*greeting, *body[:first], *opening, *body[first:last], *closing, *body[last:]))

    def _greeting(self, book: Phrasebook, brief: Brief) -> list[Move]:
        greeted = any(s.role == "greeting" or _CALLED.search(s.text) for s in brief.sentences[:1])
        if greeted or "personalisation" not in brief.moves or brief.channel == "chat" or not brief.tone.greeting:
            return []
        reading = brief.reading
        first, last = _middle(brief.sentences)
        if not reading.has_name and any(_is_courtesy(book, begun) for begun in brief.sentences[first:last][:1]):
            return []
        formal = bool(reading.title) or _address(self.prompts, brief) == "formal"
        social = brief.channel == "social" and brief.tone.register != "formal" and "social" in book.greeting
        greeting = book.greeting["formal" if formal else "social" if social else brief.tone.register]
        known = {"name": NAME_SLOT, "family_name": reading.family_name} if reading.has_name else {}
        phrases = (self.prompts.say(phrase, **known) for phrase in (greeting.named if known else greeting.nameless))
        choices = [phrase for phrase in phrases if not either(brief.tone.ban).search(phrase)]
        return [Move("personalisation", _pick(choices, brief.key))] if choices else []

    def _choose(
        self,
        draft: _Draft,
        place: Place,
        kinds: Sequence[MoveKind],
        said: Sequence[Move],
        room: int,
        *,
        sorry_for_it: bool = False,
    ) -> list[Move]:
        """Return the one move that fits best, or none; among equals the draft's key decides.

        `sorry_for_it` asks for an apology that says what it is for.
        """
        brief, book, does = draft.brief, draft.book, draft.does
        apologised = "apologises" in does or any(either(book.does["apologises"]).search(move.text) for move in said)
        sorry = either(book.does["apologises"])
        banned = either((*brief.tone.ban, *book.ban, *(book.outside if brief.reading.amends else ())))
        spared = either(brief.tone.never_apologise).search(f"{brief.customer} {brief.reading.topic}")
        longest = min(room, SHORT_MOVE if _is_short(brief) else room)
        known = self._known(draft)
        fitting = self._candidates(draft, place, kinds, known)
        thanks = either(book.does["thanks"])
        met = _meets(does) and set(kinds) == {"validation"}  # what would fit any other is not said on top of it
        specific = met or sorry_for_it
        pool: list[Move] = []
        for telling in sorted(fitting, reverse=True):
            if len(pool) >= ENOUGH:
                break
            for kind, phrase in fitting[telling]:
                text = _spoken(self.prompts.say(phrase, **known), book, brief.tone)
                if (
                    count_words(text) <= longest
                    and not banned.search(text)
                    and not (sorry.search(text) and (apologised or spared))
                    and not (thanks.search(text) and "thanks" in does)
                    and not (specific and not self.prompts.mentions(phrase))
                    and not (sorry_for_it and not sorry.search(text))
                    and not _presumes(book, text, brief.reading)
                    and not text[0].isdigit()
                    and not any(text in problem for problem in brief.problems)
                ):
                    pool.append(Move(kind, text))
        pool += [
            Move(kind, text)
            for kind, text in _approved(brief.tone, kinds, place)
            if count_words(text) <= longest and not any(text in problem for problem in brief.problems)
        ]
        preferred = [move for move in pool if either(brief.tone.prefer).search(move.text)]
        return [_pick(preferred or pool, f"{brief.key}:{place}")] if pool else []

    def _with_its_matter(self, draft: _Draft, body: Sequence[Step], room: int) -> list[Step]:
        """Return the steps with a hollow apology of the draft put as one that says what it is for, where known."""
        brief = draft.brief
        hollow = next((s for s in brief.sentences if s.hollow and s.rephrasable and s.kind in _READ), None)
        reading = brief.reading
        felt = reading.feeling not in _FEW_WORDS and (reading.problem or reading.strength or reading.repeated)
        if not hollow or not felt or "validation" not in brief.moves:
            return list(body)
        without = replace(draft, does=draft.does - {"apologises", "validates"})
        told = self._choose(without, "opening", ("validation",), (), room, sorry_for_it=True)
        if not told:
            return list(body)
        text = _small(told[0].text) if hollow.text[:1].islower() else told[0].text
        return [Rephrase(number, text) if number == hollow.number else step for number, step in enumerate(body, 1)]

    def _candidates(
        self, draft: _Draft, place: Place, kinds: Sequence[MoveKind], known: Mapping[str, str]
    ) -> Mapping[int, Sequence[tuple[MoveKind, str]]]:
        """Return what may be said here, by how telling it is: its move, and the phrase as the phrasebook has it."""
        address = _address(self.prompts, draft.brief)
        fitting: dict[int, list[tuple[MoveKind, str]]] = {}
        for passage in draft.book.passage:
            if passage.place == place and passage.move in kinds and _fits(passage, draft, address):
                for phrase in passage.say:
                    mentioned = self.prompts.mentions(phrase)
                    if mentioned <= known.keys():
                        telling = _telling(mentioned, passage, draft.brief.reading)
                        fitting.setdefault(telling, []).append((passage.move, phrase))
        return fitting

    def _known(self, draft: _Draft) -> dict[str, str]:
        """Return the variables that phrases may mention for this customer and this draft."""
        brief, book = draft.brief, draft.book
        reading, address = brief.reading, _address(self.prompts, brief)
        if reading.language != brief.language:
            return {}
        known = {"told": reading.told, "times": reading.times}
        if reading.topic_form in book.topic:
            known["topic"] = reading.topic
            for name, forms in (("the_topic", book.topic), ("with_the_topic", book.with_topic)):
                said = forms.get(reading.topic_form, "")
                known[name] = self.prompts.say(said, topic=reading.topic, address=address)
        if "denies" not in draft.does:
            known["plight"] = reading.plight
            if self.prompts.mentions(reading.named) <= known.keys():
                known["the_trouble"] = self.prompts.say(reading.named, **known)
        return {name: said for name, said in known.items() if said}


# --- what is called for ---------------------------------------------------------------------------------


def _does(book: Phrasebook, sentences: Iterable[BriefSentence]) -> frozenset[Habit]:
    """Return what the draft already does, so that nothing is said twice."""
    text = " ".join(sentence.text for sentence in sentences if sentence.kind in _READ)
    return frozenset(habit for habit, phrases in book.does.items() if listed(phrases).search(text))


def _meets(does: frozenset[Habit]) -> bool:
    """Say whether a draft has a word for what the customer went through."""
    return not does.isdisjoint(("validates", "apologises"))


def _is_kind(draft: _Draft) -> bool:
    """Say whether a draft is kind as it is: it meets what the customer feels, and it thanks or offers help."""
    enough: Habit = "validates" if draft.brief.reading.strength >= CLEAR else "apologises"
    return bool({"validates", enough} & draft.does and {"offers", "thanks"} & draft.does)


def _called_for(draft: _Draft) -> Iterable[tuple[Place, tuple[MoveKind, ...]]]:
    """Yield places and the moves that may stand there, the most needed first."""
    brief, book, does = draft.brief, draft.book, draft.does
    reading = brief.reading
    if _is_kind(draft) or _agrees(book, brief):
        return
    if not (reading.problem or reading.strength or reading.repeated):
        return

    def allowed(*kinds: MoveKind) -> tuple[MoveKind, ...]:
        return tuple(kind for kind in kinds if kind in brief.moves)

    if reading.feeling == "gratitude":
        if "thanks" not in does:
            yield "opening", allowed("mirroring", "validation")
        return
    if reading.strength < CLEAR and not reading.repeated and _meets(does):
        return
    met = "validates" in does or (reading.feeling == "grief" and "apologises" in does)
    if not met or _is_general(book, brief):
        yield "opening", allowed("validation")
    if reading.feeling == "grief" or (_meets(does) and _is_short(brief)):
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
    meeting = [s.text for s in brief.sentences if s.kind in _READ and validates.search(s.text)]
    theirs = [said.lower().split()[-1] for said in (brief.reading.topic, brief.reading.named) if said]
    in_passing = (text for text in meeting if sorry.search(text) and count_words(text) <= IN_PASSING)
    general = [text for text in in_passing if not any(word in text.lower() for word in theirs)]
    return general == meeting


def _is_courtesy(book: Phrasebook, sentence: BriefSentence) -> bool:
    """Say whether a sentence only makes way for what follows: "Thanks for reaching out.", "So sorry!"."""
    phrases = (*book.does["apologises"], *book.does.get("courtesy", ()))
    return count_words(sentence.text) <= IN_PASSING and bool(either(phrases).search(sentence.text))


def _agrees(book: Phrasebook, brief: Brief) -> bool:
    """Say whether the draft's own matter begins in good humour: "Good question!"."""
    first, last = _middle(brief.sentences)
    agrees = either(book.does.get("agrees", ()))
    return any(agrees.match(sentence.text) for sentence in brief.sentences[first:last][:1])


def _ends_with_a_question(sentences: Sequence[BriefSentence]) -> bool:
    body = [sentence.text for sentence in sentences if sentence.role == "body" and sentence.kind in _READ]
    return bool(body) and body[-1].rstrip().endswith(("?", "？"))


def _most_moves(brief: Brief) -> int:
    most = 1 if _is_short(brief) else MOST_MOVES + bool(brief.tone.handoff and brief.tone.expertise)
    return min(brief.tone.max_added_sentences, most)


def _is_short(brief: Brief) -> bool:
    return sum(count_words(sentence.text) for sentence in brief.sentences) < SHORT_DRAFT


def _approved(tone: Tone, kinds: Sequence[MoveKind], place: Place) -> Iterable[tuple[MoveKind, str]]:
    """Yield the texts that the tone approves for these moves: they are said word for word."""
    texts: dict[tuple[MoveKind, Place], tuple[str, ...]] = {
        ("relatability", "opening"): tone.anecdotes,
        ("expertise", "opening"): tone.expertise,
        ("hand-off", "close"): tone.handoff,
    }
    for kind in kinds:
        yield from ((kind, text) for text in texts.get((kind, place), ()))


def _fits(passage: Passage, draft: _Draft, address: Address) -> bool:
    brief, reading = draft.brief, draft.brief.reading
    return (
        (not passage.trouble or reading.trouble in passage.trouble)
        and (reading.feeling in passage.feeling or (not passage.feeling and reading.feeling not in _FEW_WORDS))
        and passage.strength <= reading.strength < passage.below
        and passage.repeated in (None, reading.repeated)
        and passage.asked in (None, reading.asked)
        and passage.urgent in (None, reading.urgent)
        and _LEVELS.index(passage.level) <= _LEVELS.index(brief.tone.accountability)
        and draft.does.issuperset(passage.where)
        and passage.address in ("", address)
        and (not passage.tones or brief.tone.name in passage.tones)
    )


def _presumes(book: Phrasebook, text: str, reading: Reading) -> bool:
    """Say whether a phrase names another feeling than the one that the customer clearly shows."""
    near = ("frustration", "anger") if reading.feeling in ("frustration", "anger") else (reading.feeling,)
    named = (feeling for feeling, words in book.names.items() if either(words).search(text))
    return reading.strength >= CLEAR and any(feeling not in near for feeling in named)


def _address(prompts: Prompts, brief: Brief) -> Address:
    """Return how the draft addresses the customer; where it does not show, "" unless the tone is formal."""
    text = " ".join(sentence.text for sentence in brief.sentences if sentence.kind in _READ)
    return prompts.address(brief.language, text) or ("formal" if brief.tone.address == "formal" else "")


def _telling(mentioned: frozenset[str], passage: Passage, reading: Reading) -> int:
    """Return how much a phrase takes up of what the customer wrote: their noun most, their wait, their feeling."""
    felt = reading.strength >= CLEAR and bool(passage.feeling or passage.strength)
    made_for_it = bool(passage.trouble) + (len(passage.trouble) == 1)
    seen = 2 * bool(passage.repeated or passage.asked or passage.urgent or passage.where) + made_for_it
    concrete = max(
        2 * bool(mentioned & {"topic", "the_topic", "with_the_topic"}),
        4 * bool(mentioned & {"the_trouble", "plight"}),
    )
    counted = 4 * ("times" in mentioned) + ("told" in mentioned)
    return concrete + counted + 2 * felt + seen + FIRST * bool(passage.tones)


# --- words ----------------------------------------------------------------------------------------------


def _spoken(text: str, book: Phrasebook, tone: Tone) -> str:
    """Return a phrase as it is written: a capital in front, full forms where the register is formal."""
    if tone.register == "formal":
        for short, full in book.full_forms.items():
            text = text.replace(short, full)
    return _capital(text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """Return a text with a small letter in front, but for the English "I"."""
    return text if text[:1] == "I" and not text[1:2].isalpha() else text[:1].lower() + text[1:]


def _pick(choices: Sequence[T], key: str) -> T:
    """Return one of the choices, always the same one for a key, and evenly over many keys."""
    return choices[int.from_bytes(sha256(key.encode()).digest()[:8]) % len(choices)]


# --- the draft's own sentences --------------------------------------------------------------------------


def _kinder(book: Phrasebook, prompts: Prompts, brief: Brief, sentence: BriefSentence) -> Step:
    """Return a sentence of the draft, its cold wordings put kindly where the phrasebook knows how."""
    if not sentence.rephrasable or sentence.role != "body" or sentence.kind != "paragraph":
        return Carry(sentence.number)
    text = sentence.text
    for cold in book.cold:
        found = slotted(cold.find).search(text)
        if found and not either(cold.unless).search(text):
            slots = found.groupdict()
            words = {slot: book.becomes.get(slot, {}).get(word.lower(), word) for slot, word in slots.items()}
            said = prompts.say(cold.say, **words)
            text = f"{text[: found.start()]}{said}{text[found.end() :]}".strip()
            text = _capital(text)
    if text == sentence.text or any(text in problem for problem in brief.problems):
        return Carry(sentence.number)
    return Rephrase(sentence.number, text)


def _as_said(sentence: BriefSentence, step: Step) -> BriefSentence:
    """Return a sentence with the words that it is given: what is put kindly may apologise."""
    return replace(sentence, text=step.text) if isinstance(step, Rephrase) else sentence


def _one_request(body: list[Step]) -> list[Step]:
    """Return the steps with a request put as a question where it is the only one: a row of steps stays as it is."""
    asking = [step for step in body if isinstance(step, Rephrase) and step.text.endswith("?")]
    alone = len(asking) == 1
    return [
        Carry(step.sentence) if isinstance(step, Rephrase) and step in asking and not alone else step
        for step in body
    ]


def _runs_on(after_greeting: Sequence[BriefSentence]) -> bool:
    """Say whether a greeting is one sentence with what follows it: "Hi Ana, your refund …"."""
    return any(sentence.text[:1].islower() for sentence in after_greeting)


def _within_a_sentence(sentences: Sequence[BriefSentence], first: int) -> bool:
    """Say whether what is put before a sentence goes on with the line of a greeting: "Hello there, I'm sorry …"."""
    ahead = sentences[first - 1 : first + 1] if first else ()
    return len(ahead) > 1 and ahead[0].text.endswith(",") and ahead[0].block == ahead[1].block


def _middle(sentences: Sequence[BriefSentence]) -> tuple[int, int]:
    """Return where the draft's own matter begins (after its greeting) and ends (before sign-off and zones)."""
    first = 0
    while first < len(sentences) and sentences[first].role == "greeting":
        first += 1
    last = len(sentences)
    while last > first and (sentences[last - 1].role == "sign-off" or sentences[last - 1].kind not in _READ):
        last -= 1
    return first, last
