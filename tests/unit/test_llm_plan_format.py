"""An answer is wholly a plan or it is none, and the reason tells a model what to do and nothing else."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.llm.plan_format import PLAN, REFUSALS, read_plan, read_refusals
from rewriter.model import Carry, Move, Rephrase


def answer(*steps: object) -> str:
    return json.dumps({"steps": steps})


GOOD = answer("P Hi [[NAME]],", "1-2", "3   It is [[AMOUNT_K7]]. ", " 4 ")
PLANNED = (
    Move("personalisation", "Hi [[NAME]],"), Carry(1), Carry(2), Rephrase(3, "It is [[AMOUNT_K7]]."), Carry(4),
)  # fmt: skip


def test_a_plan_is_read_and_a_run_of_sentences_is_each_of_them() -> None:
    assert read_plan(GOOD, 4) == PLANNED


def test_a_colon_after_a_label_is_passed_over() -> None:
    assert read_plan(GOOD.replace('"P ', '"P: ').replace('"3 ', '"3: '), 4) == PLANNED


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
    "a key too many": '{"steps": ["1"], "reply": "..."}',
    "a key twice": '{"steps": ["1"], "steps": []}',
    "no list": '{"steps": "1-4"}',
    "no steps": '{"steps": []}',
    "an unknown step": answer("1", "drop 2"),
    "a step that is a number": answer(1),
    "a step that is a list": answer(["1"]),
    "two in one": answer("1, 2"),
    "an unknown move": answer("X x"),
    "a move without a text": answer("V"),
    "an empty text": answer("V  "),
    "a rephrasing without a text": answer("1: "),
    "no space": answer("Vx"),
    "sentence nought": answer("0"),
    "a negative sentence": answer("-1"),
    "a sentence too far": answer("5"),
    "a rephrasing too far": answer("5 x"),
    "a rephrasing of nought": answer("0 x"),
    "a run too far": answer("1-999999"),
    "a run beyond counting": answer("1-" + "9" * 5000),
    "a run backwards": answer("3-2"),
    "other digits": answer("１"),
    "a fraction": answer("1.0"),
    "a line break in a text": answer("V one\ntwo"),
    "half a character": '{"steps": ["V \\ud800"]}',
    "text turned about": answer("V so \u202egnol"),
    "too many steps": answer(*["V x"] * 17),
    "not a number": '{"steps": [NaN]}',
    "too deep": "[" * 100_000,
    "a number too long": '{"steps": [' + "9" * 5000 + "]}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_whatever_is_not_wholly_a_plan_is_none(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the reasons differ, and the next test reads them
        read_plan(text, 4)
    assert len(str(caught.value)) < 120


def test_a_reason_quotes_nothing_of_the_answer() -> None:
    with pytest.raises(ValueError, match="step 1 is none of") as caught:
        read_plan(answer("Ana Lima, Ana Lima"), 4)
    assert "Ana" not in str(caught.value)


STEPS = st.from_regex(r"\A([PVX]|[0-9]{1,2})(:? .{0,4}|-[0-9])?\Z") | st.text(max_size=5)


@given(st.recursive(st.none() | STEPS | st.integers(), lambda inner: st.lists(inner, max_size=4), max_leaves=8))
def test_any_steps_are_a_plan_of_known_sentences_or_a_value_error(steps: object) -> None:
    try:
        plan = read_plan(json.dumps({"steps": steps}), 3)
    except ValueError:
        return
    assert all(1 <= step.sentence <= 3 for step in plan if not isinstance(step, Move))
    assert all(step.text.strip() for step in plan if not isinstance(step, Carry))


def test_the_schemas_pattern_takes_what_is_read_and_little_else() -> None:
    pattern = PLAN["properties"]["steps"]["items"]["pattern"]
    for step in ("1", "1-2", "3 It is.", "H Call me."):
        assert re.search(pattern, step)
        assert read_plan(answer(step), 4)
    for step in ("drop 2", "X x", "V", "1-", ""):
        assert not re.search(pattern, step)


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
