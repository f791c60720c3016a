"""The engine without a model: says what the phrasebook of the draft's language has for this customer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rewriter.dose import SHORT_MOVE
from rewriter.model import CLEAR, NAME_SLOT, Brief, Carry, Move, MoveKind, Planned, Rephrase, Step
from rewriter.phrasebook.draft import (
    READ,
    Draft,
    called_for,
    habits,
    is_courtesy,
    is_kind,
    is_short,
    meets,
    middle,
    most_moves,
    runs_on,
    within_a_sentence,
)
from rewriter.phrasebook.kinder import as_said, kinder, one_request
from rewriter.phrasebook.passages import (
    approved,
    capital,
    fits,
    pick,
    presumes,
    small,
    spoken,
    tells,
)
from rewriter.prompting import Address, Phrasebook, Place, Prompts
from rewriter.wording import count_words, either

ENOUGH = 3  # phrases to choose among; below that, less telling ones are taken in
RUN_ON = 10  # words that may stand between the greeting and what is said first

_CALLED = re.compile(  # ", Mrs. Hill, …", "Nice one Ana, …": greeted in passing
    r"[,，] (?:\w+\.? )?\[\[NAME_\w+\]\]\s?[,.!]|^(?:\w+ ){1,3}\[\[NAME_\w+\]\]\s?[,!]"
)


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
        body = one_request([kinder(book, self.prompts, brief, sentence) for sentence in brief.sentences])
        draft = Draft(brief, book, habits(book, map(as_said, brief.sentences, body)))
        does = draft.does
        opening: list[Move] = []
        closing: list[Move] = []
        greeting = [] if is_kind(draft) else self._greeting(book, brief)
        room = brief.tone.max_added_words - sum(count_words(move.text) for move in greeting)
        filled = self._with_its_matter(draft, body, room)
        for place, kinds in called_for(draft):
            if filled and place == "opening" and "validation" in kinds:
                continue  # one apology that says it all, instead of one beside a hollow one
            said = [*opening, *closing]
            in_place = said or place == "opening" or "validates" in does or "hand-off" in kinds
            if len(said) < most_moves(brief) and in_place:
                move = self._choose(draft, place, kinds, said, room)
                (opening if place == "opening" else closing).extend(move)
                room -= sum(count_words(each.text) for each in move)
        body = filled if filled and not opening else body
        first, last = middle(brief.sentences)
        if first and opening and runs_on(brief.sentences[first : first + 1]):
            begun = brief.sentences[first]
            if first + 1 < last and is_courtesy(book, begun):
                first += 1
            elif begun.rephrasable and isinstance(body[first], Carry):
                body[first] = Rephrase(begun.number, capital(begun.text))
            elif first + 1 < last and count_words(begun.text) <= RUN_ON and not begun.text.endswith((":", "：")):
                first += 1
            else:
                opening = []
        while opening and first + 1 < last and is_courtesy(book, brief.sentences[first]):
            first += 1
        if opening and within_a_sentence(brief.sentences, first):
            opening[0] = replace(opening[0], text=small(opening[0].text))
        return Planned((*greeting, *body[:first], *opening, *body[first:last], *closing, *body[last:]))

    def _greeting(self, book: Phrasebook, brief: Brief) -> list[Move]:
        greeted = any(s.role == "greeting" or _CALLED.search(s.text) for s in brief.sentences[:1])
        if greeted or "personalisation" not in brief.moves or brief.channel == "chat" or not brief.tone.greeting:
            return []
        reading = brief.reading
        first, last = middle(brief.sentences)
        if not reading.has_name and any(is_courtesy(book, begun) for begun in brief.sentences[first:last][:1]):
            return []
        formal = bool(reading.title) or _address(self.prompts, brief) == "formal"
        social = brief.channel == "social" and brief.tone.register != "formal" and "social" in book.greeting
        greeting = book.greeting["formal" if formal else "social" if social else brief.tone.register]
        known = {"name": NAME_SLOT, "family_name": reading.family_name} if reading.has_name else {}
        phrases = (self.prompts.say(phrase, **known) for phrase in (greeting.named if known else greeting.nameless))
        choices = [phrase for phrase in phrases if not either(brief.tone.ban).search(phrase)]
        return [Move("personalisation", pick(choices, brief.key))] if choices else []

    def _choose(
        self,
        draft: Draft,
        place: Place,
        kinds: Sequence[MoveKind],
        said: Sequence[Move],
        room: int,
        *,
        apology: bool = False,
        specific: bool = False,
    ) -> list[Move]:
        """Return the one move that fits best, or none; among equals the draft's key decides.

        `apology` asks for one that apologises, `specific` for one that says what it is about.
        """
        brief, book, does = draft.brief, draft.book, draft.does
        apologised = "apologises" in does or any(either(book.does["apologises"]).search(move.text) for move in said)
        sorry = either(book.does["apologises"])
        banned = either((*brief.tone.ban, *book.ban, *(book.outside if brief.reading.amends else ())))
        spared = either(brief.tone.never_apologise).search(f"{brief.customer} {brief.reading.topic}")
        longest = min(room, SHORT_MOVE if is_short(brief) else room)
        known = self._known(draft)
        fitting = self._candidates(draft, place, kinds, known)
        thanks = either(book.does["thanks"])
        met = meets(does) and set(kinds) == {"validation"}  # what would fit any other is not said on top of it
        specific = specific or met
        pool: list[Move] = []
        for telling in sorted(fitting, reverse=True):
            if len(pool) >= ENOUGH:
                break
            for kind, phrase in fitting[telling]:
                text = spoken(self.prompts.say(phrase, **known), book, brief.tone)
                if (
                    count_words(text) <= longest
                    and not banned.search(text)
                    and not (sorry.search(text) and (apologised or spared))
                    and not (thanks.search(text) and "thanks" in does)
                    and not (specific and not self.prompts.mentions(phrase))
                    and not (apology and not sorry.search(text))
                    and not presumes(book, text, brief.reading)
                    and not text[0].isdigit()
                    and not any(text in problem for problem in brief.problems)
                ):
                    pool.append(Move(kind, text))
        pool += [
            Move(kind, text)
            for kind, text in approved(brief.tone, kinds, place)
            if count_words(text) <= longest and not any(text in problem for problem in brief.problems)
        ]
        preferred = [move for move in pool if either(brief.tone.prefer).search(move.text)]
        return [pick(preferred or pool, f"{brief.key}:{place}")] if pool else []

    def _with_its_matter(self, draft: Draft, body: Sequence[Step], room: int) -> list[Step]:
        """Return the steps with a hollow apology put as one that says what it is for; [] where that is unknown.

        In grief it is for their loss. To somebody clearly upset it tells their feeling at least, where it opens.
        """
        brief, reading = draft.brief, draft.brief.reading
        first, last = middle(brief.sentences)
        hollow = next((s for s in brief.sentences if s.hollow and s.rephrasable and s.kind in READ), None)
        felt = reading.feeling != "gratitude" and (reading.problem or reading.strength or reading.repeated)
        if not hollow or not felt or "validation" not in brief.moves:
            return []
        feelings = either([word for words in draft.book.names.values() for word in words])
        opens = hollow in brief.sentences[first : min(first + 2, last)]
        if reading.strength and (feelings.search(hollow.text) or (reading.strength >= CLEAR and not opens)):
            return []  # "sorry for the frustration" meets whoever is frustrated
        without = replace(draft, does=draft.does - {"apologises", "validates"})
        told = self._choose(without, "opening", ("validation",), (), room, apology=True, specific=True)
        if not told and reading.strength >= CLEAR:
            told = self._choose(without, "opening", ("validation",), (), room, apology=True)
        if not told:
            return []
        text = small(told[0].text) if hollow.text[:1].islower() else told[0].text
        return [Rephrase(number, text) if number == hollow.number else step for number, step in enumerate(body, 1)]

    def _candidates(
        self, draft: Draft, place: Place, kinds: Sequence[MoveKind], known: Mapping[str, str]
    ) -> Mapping[int, Sequence[tuple[MoveKind, str]]]:
        """Return what may be said here, by how telling it is: its move, and the phrase as the phrasebook has it."""
        address = _address(self.prompts, draft.brief)
        fitting: dict[int, list[tuple[MoveKind, str]]] = {}
        for passage in draft.book.passage:
            if passage.place == place and passage.move in kinds and fits(passage, draft, address):
                for phrase in passage.say:
                    mentioned = self.prompts.mentions(phrase)
                    if mentioned <= known.keys():
                        telling = tells(mentioned, passage, draft.brief.reading)
                        fitting.setdefault(telling, []).append((passage.move, phrase))
        return fitting

    def _known(self, draft: Draft) -> dict[str, str]:
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


def _address(prompts: Prompts, brief: Brief) -> Address:
    """Return how the draft addresses the customer; where it does not show, "" unless the tone is formal."""
    text = " ".join(sentence.text for sentence in brief.sentences if sentence.kind in READ)
    return prompts.address(brief.language, text) or ("formal" if brief.tone.address == "formal" else "")
