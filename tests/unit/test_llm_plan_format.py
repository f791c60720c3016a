"""An answer is wholly a plan or it is none, and the reason tells a model what to do and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.model import Carry, Move, Rephrase
from rewriter.plan_format import PLAN, REFUSALS, read_plan, read_refusals


def answer(*steps: object) -> str:
    return json.dumps({"steps": steps})


GOOD = answer(
    {"move": "personalisation", "text": "Hi [[NAME]],"},
    {"carry": 1, "to": 2},
    {"rephrase": 3, "text": "  It is [[AMOUNT_K7]]. "},
    {"carry": 4},
)
PLANNED = (
    Move("personalisation", "Hi [[NAME]],"), Carry(1), Carry(2), Rephrase(3, "It is [[AMOUNT_K7]]."), Carry(4),
)  # fmt: skip


def test_a_plan_is_read_and_a_run_of_sentences_is_each_of_them() -> None:
    assert read_plan(GOOD, 4) == PLANNED


@pytest.mark.parametrize("around", ["```json\n{}\n```", "```\n{}\n```", "<think>\nHm.\n</think>\n\n{}", "\n {} \n"])
def test_a_code_fence_and_thinking_around_a_plan_are_passed_over(around: str) -> None:
    assert read_plan(around.replace("{}", GOOD), 4) == PLANNED


BAD = {
    "nothing": "",
    "white space": " \n ",
    "prose": "Here is the reply: Hi Ana, your refund is on its way.",
    "prose before": f"Sure! {GOOD}",
    "prose after": f"{GOOD} Let me know!",
    "two plans": GOOD + GOOD,
    "half a plan": GOOD[:-9],
    "a list": "[]",
    "a number": "7",
    "another key": '{"plan": []}',
    "a key too many": '{"steps": [{"carry": 1}], "reply": "..."}',
    "a key twice": '{"steps": [{"carry": 1}], "steps": []}',
    "no list": '{"steps": {"carry": 1}}',
    "no steps": '{"steps": []}',
    "an unknown step": answer({"carry": 1}, {"drop": 2}),
    "a step with more": answer({"carry": 1, "text": "x"}),
    "a step that is none": answer(1),
    "two in one": answer({"carry": 1, "rephrase": 2, "text": "x"}),
    "an unknown move": answer({"move": "refund", "text": "x"}),
    "a move that is a list": answer({"move": ["validation"], "text": "x"}),
    "no text": answer({"move": "validation"}),
    "an empty text": answer({"move": "validation", "text": " "}),
    "a text that is none": answer({"rephrase": 1, "text": 5}),
    "sentence nought": answer({"carry": 0}),
    "a negative sentence": answer({"carry": -1}),
    "a sentence too far": answer({"carry": 5}),
    "a run too far": answer({"carry": 1, "to": 10**12}),
    "a run backwards": answer({"carry": 3, "to": 2}),
    "a sentence as text": answer({"carry": "1"}),
    "a sentence as fraction": answer({"carry": 1.0}),
    "a sentence as truth": answer({"carry": True}),
    "a line break in a text": answer({"move": "validation", "text": "one\ntwo"}),
    "half a character": '{"steps": [{"move": "validation", "text": "\\ud800"}]}',
    "text turned about": answer({"move": "validation", "text": "so \u202egnol"}),
    "too many steps": answer(*[{"move": "validation", "text": "x"}] * 17),
    "not a number": '{"steps": [{"carry": NaN}]}',
    "too deep": "[" * 100_000,
    "a number too long": '{"steps": [{"carry": ' + "9" * 5000 + "}]}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_whatever_is_not_wholly_a_plan_is_none(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the reasons differ, and the next test reads them
        read_plan(text, 4)
    assert len(str(caught.value)) < 120


def test_a_reason_quotes_nothing_of_the_answer() -> None:
    with pytest.raises(ValueError, match=r"^step 1 is none of carry, rephrase and move$"):
        read_plan(answer({"move": "Ana Lima", "text": "Ana Lima"}), 4)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["steps", "carry", "to", "rephrase", "move", "text"]), inner, max_size=3),
    max_leaves=12,
))  # fmt: skip
def test_any_json_is_a_plan_of_known_sentences_or_a_value_error(content: object) -> None:
    try:
        plan = read_plan(json.dumps(content), 3)
    except ValueError:
        return
    assert all(1 <= step.sentence <= 3 for step in plan if not isinstance(step, Move))


@given(st.text())
def test_any_text_is_a_plan_or_a_value_error(text: str) -> None:
    try:
        read_plan(text, 3)
    except ValueError:
        return


def test_every_object_of_a_schema_is_closed_and_all_of_it_required() -> None:
    def objects(schema: object) -> list[dict[str, object]]:
        if isinstance(schema, list):
            return [found for item in schema for found in objects(item)]
        if not isinstance(schema, dict):
            return []
        inner = [found for item in schema.values() for found in objects(item)]
        return [schema, *inner] if schema.get("type") == "object" else inner

    for schema in (PLAN, REFUSALS):
        for found in objects(schema):
            assert found["additionalProperties"] is False
            assert found["required"] == list(found["properties"])  # type: ignore[call-overload]


def test_a_judge_refuses_by_number() -> None:
    assert read_refusals('{"refused": [2, 1]}', 2) == (2, 1)
    assert read_refusals('{"refused": []}', 2) == ()


@pytest.mark.parametrize(
    "text",
    ["", "all fine", '{"refused": [3]}', '{"refused": [0]}', '{"refused": [true]}', '{"refused": "1"}', "[]"],
)
def test_a_verdict_that_names_no_items_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do: all is refused then
        read_refusals(text, 2)
