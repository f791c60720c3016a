"""The way of a draft from its text to a suggestion, with engines of every temper."""

from dataclasses import dataclass, field, replace

import pytest

from rewriter.engine import NoPlan
from rewriter.errors import EngineError, EngineUnavailable, InputError
from rewriter.model import Brief, Carry, Channel, Move, Plan, Planned, Rephrase, Usage
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import Prompts, load

DRAFT = "Your refund of $49.99 was issued on March 3. You can not use the old card."
MESSAGE = "I have waited three weeks for my refund and nobody answers me, Tom Baker. I am so frustrated!"
REQUEST = Request(DRAFT, customer=MESSAGE, name="Ana Reyes", people=("Tom Baker",))


@dataclass
class Scripted:
    """An engine that answers what it was told to, in turn, and keeps the briefs it was given."""

    answers: list[Plan | EngineError]
    name: str = "scripted"
    briefs: list[Brief] = field(default_factory=list)

    def plan(self, brief: Brief) -> Planned:
        self.briefs.append(brief)
        answer = self.answers.pop(0)
        if isinstance(answer, EngineError):
            raise answer
        return Planned(answer, Usage(10, 1))


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return load()


def kept(suggestion) -> list[str]:
    return [part.text for part in suggestion.parts if part.kind == "kept"]


def test_a_good_plan_is_taken_as_it_is(prompts: Prompts) -> None:
    engine = Scripted([(Move("validation", "I'm sorry about the wait."), Carry(1), Carry(2))])
    suggestion = suggest(REQUEST, engine, prompts, PhrasebookEngine(prompts))
    assert suggestion.text == f"I'm sorry about the wait.\n\n{DRAFT}"
    assert (suggestion.engine, suggestion.reverted, suggestion.usage) == ("scripted", (), Usage(10, 1))


def test_a_plan_that_fails_twice_is_mended_at_the_faulty_step_alone(prompts: Prompts) -> None:
    bad = (Move("validation", "I'm sorry about the wait."), Carry(1), Rephrase(2, "You can use the old card."))
    suggestion = suggest(REQUEST, Scripted([bad, bad]), prompts, PhrasebookEngine(prompts))
    assert suggestion.text == f"I'm sorry about the wait.\n\n{DRAFT}"
    assert [violation.sentence for violation in suggestion.reverted] == [2]
    assert suggestion.usage == Usage(20, 2)


def test_what_is_told_to_an_engine_about_its_plan_holds_no_fact_and_no_name(prompts: Prompts) -> None:
    bad = (Move("accountability", "We will send you $500."), Carry(1), Rephrase(2, "Use the old card, Tom Baker."))
    engine = Scripted([bad, (Move("validation", "I'm sorry about the wait."), Carry(1), Carry(2))])
    suggest(REQUEST, engine, prompts, PhrasebookEngine(prompts))
    assert engine.briefs[0].problems == ()
    assert engine.briefs[1].problems
    for brief in engine.briefs:
        told = repr((brief.sentences, brief.customer))
        for secret in ("49.99", "March 3", "Reyes", "Baker"):
            assert secret not in told
    assert "49.99" not in "".join(engine.briefs[1].problems)


def test_where_nothing_of_a_plan_is_left_the_phrasebook_writes(prompts: Prompts) -> None:
    bad = (Move("accountability", "We will send you $500 today."), Carry(1), Carry(2))
    suggestion = suggest(REQUEST, Scripted([bad, bad]), prompts, PhrasebookEngine(prompts))
    assert suggestion.engine == "phrasebook"
    assert "500" not in suggestion.text
    assert DRAFT in suggestion.text
    assert suggestion.reverted


def test_where_only_a_greeting_is_left_of_what_was_tried_the_phrasebook_writes(prompts: Prompts) -> None:
    greeting = Move("personalisation", "Hi [[NAME]],")
    bad = (greeting, Move("validation", "We will send you $500 today."), Carry(1), Carry(2))
    for repaired in (bad, (greeting, Carry(1), Carry(2))):
        suggestion = suggest(REQUEST, Scripted([bad, repaired]), prompts, PhrasebookEngine(prompts))
        assert suggestion.engine == "phrasebook"
        assert any(part.kind not in ("personalisation", "kept") for part in suggestion.parts)


def test_an_engine_that_nothing_stands_behind_is_asked_once_more_too(prompts: Prompts) -> None:
    refused, taken = "We will send you a gift.", "I'm sorry about the wait."
    engine = Scripted([(Move("validation", said), Carry(1), Carry(2)) for said in (refused, taken)])
    assert suggest(REQUEST, engine, prompts).text == f"{taken}\n\n{DRAFT}"
    assert any(refused in problem for problem in engine.briefs[1].problems)


def test_the_subject_is_the_customers_own_words(prompts: Prompts) -> None:
    plan = (Move("validation", "I'm sorry about the overdraft fee."), Carry(1), Carry(2))
    assert suggest(REQUEST, Scripted([plan, plan]), prompts).text == DRAFT
    asked = replace(REQUEST, subject="Overdraft fee")
    assert suggest(asked, Scripted([plan]), prompts).text.startswith("I'm sorry about the overdraft fee.")


def test_an_engine_that_means_to_greet_and_no_more_is_taken_at_its_word(prompts: Prompts) -> None:
    greeting = (Move("personalisation", "Hi [[NAME]],"), Carry(1), Carry(2))
    suggestion = suggest(REQUEST, Scripted([greeting]), prompts, PhrasebookEngine(prompts))
    assert (suggestion.engine, suggestion.parts[0].kind) == ("scripted", "personalisation")


def test_answers_that_are_no_plans_are_paid_for_and_the_phrasebook_writes(prompts: Prompts) -> None:
    engine = Scripted([NoPlan("not JSON", Usage(7, 3)), NoPlan("not JSON", Usage(7, 3))])
    suggestion = suggest(REQUEST, engine, prompts, PhrasebookEngine(prompts))
    assert (suggestion.engine, suggestion.usage) == ("phrasebook", Usage(14, 6))
    assert engine.briefs[1].problems == ("not JSON",)


def test_an_outage_is_not_papered_over(prompts: Prompts) -> None:
    with pytest.raises(EngineUnavailable):
        suggest(REQUEST, Scripted([EngineUnavailable("away")]), prompts, PhrasebookEngine(prompts))


def test_a_plan_that_loses_doubles_and_turns_sentences_round_gives_the_draft_in_order(prompts: Prompts) -> None:
    bad = (Carry(2), Carry(2), Carry(9), Move("validation", "I'm sorry about the wait."))
    suggestion = suggest(REQUEST, Scripted([bad, bad]), prompts, PhrasebookEngine(prompts))
    assert kept(suggestion) == ["Your refund of $49.99 was issued on March 3.", "You can not use the old card."]


@pytest.mark.parametrize("source", ["", "   \n", "<p> </p>", "<div><br></div>"])
def test_a_draft_without_words_is_refused_in_one_line(prompts: Prompts, source: str) -> None:
    request = Request(source, html=source.startswith("<"))
    with pytest.raises(InputError, match="The draft is empty"):
        suggest(request, PhrasebookEngine(prompts), prompts)


def test_a_running_chat_is_not_greeted(prompts: Prompts) -> None:
    chat = Request(DRAFT, customer=MESSAGE, name="Ana Reyes", channel="chat")
    suggestion = suggest(chat, PhrasebookEngine(prompts), prompts)
    assert suggestion.outcome == "rewritten"
    assert "Ana" not in suggestion.text


@pytest.mark.parametrize(("channel", "greeting"), [("chat", ""), ("social", "Hi Ana. "), ("email", "Hi Ana,\n\n")])
def test_chat_and_social_media_get_one_line_and_mail_gets_paragraphs(
    prompts: Prompts, channel: Channel, greeting: str
) -> None:
    reply = Request("It was sent.", customer="My parcel never came.", name="Ana Reyes", channel=channel)
    suggestion = suggest(reply, PhrasebookEngine(prompts), prompts)
    said = next(part.text for part in suggestion.parts if part.kind == "validation")
    apart = "\n\n" if channel == "email" else " "
    assert suggestion.text == f"{greeting}{said}{apart}It was sent."
    html = suggest(replace(reply, source="<p>It was sent.</p>", html=True), PhrasebookEngine(prompts), prompts).html
    assert html.count("<p>") == (3 if channel == "email" else 1)


def test_a_greeting_without_a_name_is_no_suggestion_by_itself(prompts: Prompts) -> None:
    question = Request(DRAFT, customer="Where do I find the export?")
    assert suggest(question, PhrasebookEngine(prompts), prompts).outcome == "unchanged"
    assert suggest(replace(question, name="Ana Reyes"), PhrasebookEngine(prompts), prompts).text.startswith(
        "Hi Ana,"
    )


@pytest.mark.parametrize(
    ("draft", "customer", "language"),
    [
        ("Restored to 3 Nov.", "My notes are gone since the update, can you get them back?", "en"),
        ("Já lá está.", "Onde está a minha encomenda?", "pt"),
        ("Refund issued today.", "Wo bleibt meine Erstattung?", "en"),
    ],
)
def test_a_few_words_are_taken_to_be_in_the_customers_language_where_they_may_be(
    prompts: Prompts, draft: str, customer: str, language: str
) -> None:
    assert suggest(Request(draft, customer=customer), PhrasebookEngine(prompts), prompts).language == language


def test_a_draft_in_a_language_without_a_phrasebook_stays_as_it_is(prompts: Prompts) -> None:
    draft = "Twój zwrot w wysokości 49,99 zł został wysłany 3 marca."
    suggestion = suggest(Request(draft, customer=MESSAGE, name="Ana Reyes"), PhrasebookEngine(prompts), prompts)
    assert (suggestion.outcome, suggestion.language, suggestion.text) == ("unchanged", "pl", draft)
