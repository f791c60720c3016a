"""`rewriter run` with a model on loopback: what its troubles mean for drafts, exit status and cost."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from model_server import ModelServer, Reply, error, kind_words, plan

TAG = "rewrite_requested"
SAID = "<p>I have waited three weeks for my refund, mail me at ana.duarte@example.com. So frustrating!</p>"
DRAFT = "<p>#draft</p><p>Ana, your refund of $49.99 for order 48213-77 was issued on March 3. It is not late.</p>"
SECRETS = ("Duarte", "Okoro", "ana.duarte@example.com", "48213", "49.99", "March 3")


@pytest.fixture
def tickets(desk):
    """Three tickets, each with a draft handed over."""
    ana = desk.add_person("Ana Duarte", "ana.duarte@example.com")
    sam = desk.add_person("Sam Okoro", "sam@example.com", role="agent")
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    opened = []
    for _ in range(3):
        ticket = desk.open_ticket("Refund", ana, SAID, at=then)
        desk.say(ticket, sam, DRAFT, public=False, at=then)
        ticket.tags.append(TAG)
        desk.touch(ticket, then)
        opened.append(ticket)
    return opened


@pytest.fixture
def run(commands, served, tmp_path, tickets):
    """One run against a model that answers so; returns the ended command and the requests the model saw."""

    def run(answers, **more):
        with ModelServer(answers) as server:
            environment = {**settings(served, tmp_path, server.url), **more}
            return commands.run("run", "--json", **environment), list(server.asked)

    return run


def settings(served, folder, url):
    """What a run with a model needs: the helpdesk, a ledger in this folder, the model's address."""
    return {
        **served.environment("zendesk"),
        "REWRITER_LEDGER": str(folder / "ledger.db"),
        "REWRITER_RATE_SHARE": "1",
        "REWRITER_THREADS": "1",
        "REWRITER_ENGINE": "llm",
        "REWRITER_MODEL": "some-model",
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": url,
    }


def suggested(tickets):
    return [ticket for ticket in tickets if "rewrite_suggested" in ticket.tags]


def waiting(tickets):
    return [ticket for ticket in tickets if TAG in ticket.tags]


def test_a_good_model_writes_every_suggestion_and_is_told_no_fact_and_no_name(run, tickets) -> None:
    ended, asked = run(kind_words)
    assert (ended.status, len(suggested(tickets))) == (0, 3)
    assert json.loads(ended.stdout())["usage"]["completion_tokens"] > 0
    assert asked
    for question in asked:
        for secret in SECRETS:
            assert secret not in json.dumps(question.body)


def test_a_model_that_invents_a_refund_gets_it_into_no_note(run, tickets) -> None:
    ended, _ = run(lambda asked: plan("A We approve a $500 refund.", f"1-{len(asked.sentences)}"))
    assert (ended.status, len(suggested(tickets))) == (0, 3)
    for ticket in tickets:
        assert "$500" not in ticket.comments[-1].html
        assert "It is not late." in ticket.comments[-1].html


@pytest.mark.parametrize(
    "answers",
    [
        lambda asked: Reply("I cannot help with that."),
        lambda asked: Reply(""),
        lambda asked: plan("1", "1", "9"),
        lambda asked: Reply("x " * 10_000),
    ],
    ids=["a refusal", "nothing", "wrong sentences", "ten thousand words"],
)
def test_an_answer_that_is_no_plan_leaves_the_phrasebook_to_write(run, tickets, answers) -> None:
    ended, _ = run(answers)
    assert (ended.status, len(suggested(tickets))) == (0, 3)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (lambda asked: error(401, "Incorrect API key provided", code="invalid_api_key"), "OPENAI_API_KEY"),
        (lambda asked: error(404, "The model does not exist", code="model_not_found"), "REWRITER_MODEL"),
    ],
    ids=["key", "model"],
)
def test_a_refused_key_or_model_is_one_line_naming_the_setting_and_exit_2(run, tickets, answers, said) -> None:
    ended, asked = run(answers)
    assert ended.status == 2
    assert said in ended.stderr().splitlines()[-1]
    assert len(waiting(tickets)) == 3
    assert len(asked) == 1


@pytest.mark.parametrize(
    "answers",
    [lambda asked: error(503, "overloaded"), lambda asked: Reply(fault="reset")],
    ids=["503", "a reset"],
)
def test_an_outage_leaves_the_drafts_and_their_attempts_for_the_next_run(run, tickets, answers) -> None:
    for _ in range(2):
        ended, asked = run(answers)
        assert ended.status == 1
        assert json.loads(ended.stdout())["left"] == len(waiting(tickets)) == 3
        assert len(asked) <= 3  # one draft's attempts; then the model is asked no more
    ended, _ = run(kind_words)
    assert (ended.status, len(suggested(tickets))) == (0, 3)


def test_on_an_outage_the_phrasebook_writes_where_that_is_set(run, tickets) -> None:
    ended, _ = run(lambda asked: error(503, "overloaded"), REWRITER_ON_OUTAGE="phrasebook")
    assert (ended.status, len(suggested(tickets))) == (0, 3)


def test_a_limit_of_tokens_is_kept_over_the_runs_of_a_day(run, tickets) -> None:
    ended, asked = run(kind_words, REWRITER_TOKENS_PER_RUN="1")
    assert (ended.status, len(suggested(tickets)), len(asked)) == (1, 1, 1)
    ended, asked = run(kind_words, REWRITER_TOKENS_PER_DAY="1")
    assert (ended.status, len(suggested(tickets)), len(asked)) == (1, 1, 0)
    assert "REWRITER_TOKENS_PER_DAY" in ended.stderr()
    ended, asked = run(kind_words, REWRITER_TOKENS_PER_DAY="1", REWRITER_ON_OUTAGE="phrasebook")
    assert (ended.status, len(suggested(tickets)), len(asked)) == (0, 3, 0)


def test_what_a_draft_cost_that_was_left_counts_for_the_day(run, tickets) -> None:
    replies = iter([Reply("no plan")])
    ended, _ = run(lambda asked: next(replies, error(503, "overloaded")))
    assert (ended.status, len(suggested(tickets))) == (1, 0)
    ended, asked = run(kind_words, REWRITER_TOKENS_PER_DAY="900")
    assert (ended.status, len(suggested(tickets)), len(asked)) == (1, 0, 0)


def test_runs_side_by_side_share_a_days_budget(commands, served, tmp_path, tickets) -> None:
    with ModelServer(lambda asked: replace(kind_words(asked), seconds=0.3)) as server:
        environment = {
            **settings(served, tmp_path, server.url),
            "REWRITER_TOKENS_PER_DAY": "1",
        }
        both = [commands.begin("run", **environment) for _ in range(2)]
        statuses = [one.wait(60).status for one in both]
    assert 1 in statuses
    assert len(server.asked) <= 2  # each had begun one draft before the other's was paid for


def test_a_judge_may_take_an_addition_away_and_nothing_else(run, tickets) -> None:
    def answers(asked):
        if asked.body["model"] == "a-judge":
            return Reply('{"refused": [1, 2]}')
        return kind_words(asked)

    ended, asked = run(answers, REWRITER_JUDGE_MODEL="a-judge")
    assert ended.status == 0
    assert {question.body["model"] for question in asked} == {"some-model", "a-judge"}
    for ticket in tickets:
        assert "I understand how frustrating this is." not in ticket.comments[-1].html


@pytest.mark.parametrize(
    ("answers", "said", "status"),
    [
        (lambda asked: error(401, "Incorrect API key provided"), "OPENAI_API_KEY", 2),
        (lambda asked: error(404, "The model does not exist", code="model_not_found"), "REWRITER_MODEL", 2),
        (lambda asked: Reply(fault="reset"), "OPENAI_BASE_URL", 1),
    ],
    ids=["key", "model", "address"],
)
def test_rewriting_one_draft_says_in_one_line_what_is_wrong_with_the_model(
    commands, served, tmp_path, answers, said, status
) -> None:
    with ModelServer(answers) as server:
        ended = commands.run("rewrite", "-", given=b"It left.", **settings(served, tmp_path, server.url))
        place = server.url.removeprefix("http://").removesuffix("/v1")
    assert (ended.status, ended.stdout()) == (status, "")
    [line] = ended.stderr().splitlines()
    assert said in line
    assert place in line
    assert "sk-test" not in line
