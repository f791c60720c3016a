"""The draft's own sentences, their cold wordings put kindly where the phrasebook knows how."""

from __future__ import annotations

from dataclasses import replace

from rewriter.model import Brief, BriefSentence, Carry, Rephrase, Step
from rewriter.phrasebook.passages import capital
from rewriter.prompting import Phrasebook, Prompts
from rewriter.wording import either, slotted


def kinder(book: Phrasebook, prompts: Prompts, brief: Brief, sentence: BriefSentence) -> Step:
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
            text = capital(text)
    if text == sentence.text or any(text in problem for problem in brief.problems):
        return Carry(sentence.number)
    return Rephrase(sentence.number, text)


def as_said(sentence: BriefSentence, step: Step) -> BriefSentence:
    """Return a sentence with the words that it is given: what is put kindly may apologise."""
    return replace(sentence, text=step.text) if isinstance(step, Rephrase) else sentence


def one_request(body: list[Step]) -> list[Step]:
    """Return the steps with a request put as a question where it is the only one: a row of steps stays as it is."""
    asking = [step for step in body if isinstance(step, Rephrase) and step.text.endswith("?")]
    alone = len(asking) == 1
    return [
        Carry(step.sentence) if isinstance(step, Rephrase) and step in asking and not alone else step
        for step in body
    ]
