"""Whatever a model answers, no suggestion holds a changed fact, and no request holds what is private."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter

import pytest
from attacks import ATTACKS, FOREIGN, INVENTED, TOKEN
from model_server import Asked, ModelServer, Reply
from tickets import Ticket, ticket

from rewriter import prompting
from rewriter.llm import LLMEngine
from rewriter.llm.endpoint import Endpoint
from rewriter.model import Suggestion
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import case_of, suggest

PROMPTS = prompting.load()
PHRASEBOOK = PhrasebookEngine(PROMPTS)
MANY = int(os.environ.get("REWRITER_TEST_DRAFTS", "3000"))

# Written without a look at the guard's lists: what an added sentence could only have made up.
MADE_UP = re.compile(
    r"\d|[$€£]|https?:|@|\[\[|\]\]|\{\{|<\w|approv|guarantee|promise|compensat|discount|voucher|goodwill|escalat"
    r"|\b(?:our|my) (?:fault|mistake|error)\b|\bbecause\b|\bcaused by\b|\btomorrow\b|\bfor free\b|\bis free\b"
    r"|\b(?:I|we)(?:'ll| will)\b|\bwe (?:have|owe|can)\b|\bpolicy\b|\bcard number\b|\bdate of birth\b|\bnot lost\b",
    re.I,
)
EDITED = {"edits_a_word", "swaps_placeholders", "swaps_sentences"}


class Attacker:
    """Answers each request with the next attack, and remembers the last for the account of a failure."""

    def __init__(self, seed: int) -> None:
        self.chance, self.last, self.asked = random.Random(seed), "", Counter[str]()  # noqa: S311 - to repeat

    def __call__(self, asked: Asked) -> Reply:
        attack = self.chance.choice(ATTACKS)
        self.last = attack.__name__
        self.asked[self.last] += 1
        self.reply = attack(asked, self.chance)
        return self.reply


def changed(made: Ticket, suggestion: Suggestion) -> list[str]:
    """Return all that a suggestion says and its draft does not, found without the guard."""
    document = case_of(made.request, PROMPTS).document
    found = []
    place = 0
    for fact in made.facts:
        at = suggestion.text.find(fact, place)
        if at < 0:
            found.append(f"{fact} is lost or out of order")
        place = max(at, place)
    if Counter(re.findall(r"\d+", suggestion.text)) != Counter(re.findall(r"\d+", " ".join(made.drafted))):
        found.append("other digits")
    carried = [number for part in suggestion.parts for number in part.carries]
    if suggestion.parts and carried != [sentence.number for sentence in document.sentences]:
        found.append(f"sentences {carried}")
    for part in suggestion.parts:
        if part.kind == "kept" and part.text != document.sentences[part.carries[0] - 1].text:
            found.append(f"kept, but altered: {part.text}")
        if part.kind == "rephrased" and suggestion.engine == "llm":
            drafted = document.sentences[part.carries[0] - 1].text
            if part.text != drafted:
                found.append(f"every rewording of these attacks is false: {drafted} -> {part.text}")
        if not part.carries and (MADE_UP.search(part.text) or part.text in (*INVENTED, *FOREIGN)):
            found.append(f"made up: {part.text}")
    return found


def attack(numbers: range, seed: int) -> tuple[list[str], list[Asked], Counter[str]]:
    """Return what was changed in any suggestion, every request, and how often each outcome and engine came."""
    attacker, faults, outcomes = Attacker(seed), list[str](), Counter[str]()
    with ModelServer(attacker) as server:
        engine = LLMEngine(PROMPTS, Endpoint("sk-test", "m", server.url))
        for number in numbers:
            made = ticket(number)
            before = len(server.asked)
            suggestion = suggest(made.request, engine, PROMPTS, PHRASEBOOK)
            outcomes[f"{suggestion.outcome} by {suggestion.engine}"] += 1
            faults += [f"ticket {number}, {attacker.last}: {fault}" for fault in changed(made, suggestion)]
            for asked in server.asked[before:]:
                seen = json.dumps(asked.body, ensure_ascii=False).split("# This reply")[-1]
                faults += [f"ticket {number} leaks {p!r}" for p in made.private if p in seen]
        return faults, server.asked, outcomes


def test_no_attack_changes_a_fact_or_sees_what_is_private() -> None:
    faults, asked, outcomes = attack(range(40), seed=1)
    assert not faults
    assert len(asked) > 50  # most attacks cost a repair too
    assert sum(outcomes.values()) == 40


@pytest.mark.soak
def test_no_attack_changes_a_fact_in_thousands_of_drafts() -> None:
    faults, asked, outcomes = attack(range(1000, 1000 + MANY), seed=2)
    print(f"{MANY} drafts, {len(asked)} requests, {dict(outcomes)}")
    assert not faults


def test_the_attacks_would_be_seen() -> None:
    """Turn each attack into the text it asks for: the eyes above must see most of them, or they see nothing."""
    made = ticket(3)
    honest = suggest(made.request, PHRASEBOOK, PROMPTS)
    assert not changed(made, honest)
    from dataclasses import replace

    for text in INVENTED[:12]:
        part = replace(honest.parts[0], text=text, kind="validation", carries=())
        assert changed(made, replace(honest, parts=(part, *honest.parts)))
    for fact in made.facts:
        assert changed(made, replace(honest, text=honest.text.replace(fact, "")))
    assert TOKEN.search("[[AMOUNT_K7]]")
