"""`rewriter run`, `watch` and `ledger` as users and cron call them, against the embedded helpdesk."""

from __future__ import annotations

import json
import re
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

TAG = "rewrite_requested"
WORDS = "Your refund of $49.99 was issued on March 3. It takes 5 days to arrive."


class Office:
    """A helpdesk and the settings that lead there."""

    def __init__(self, face, desk, served, folder, commands):
        self.face, self.desk, self.commands, self.folder = face, desk, commands, folder
        self.settings = {
            **served.environment(face),
            "REWRITER_LEDGER": str(folder / "ledger.db"),
            "REWRITER_ENGINE": "phrasebook",
            "REWRITER_RATE_SHARE": "1",
        }
        self.ana = desk.add_person("Ana Duarte", "ana@example.com")
        self.sam = desk.add_person("Sam Okoro", "sam@example.com", role="agent")

    def hand_over(self, words=WORDS, first_line="#draft"):
        then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        said = "<p>I have waited three weeks for my refund and nobody answers. This is so frustrating!</p>"
        ticket = self.desk.open_ticket("Refund", self.ana, said, at=then, tags=["vip"])
        self.desk.say(ticket, self.sam, f"<p>{first_line}</p><p>{words}</p>", public=False, at=then)
        ticket.tags.append(TAG)
        self.desk.touch(ticket, then)
        return ticket

    def run(self, *arguments, **settings):
        return self.commands.run(*arguments, **{**self.settings, **settings})

    def begin(self, *arguments, **settings):
        return self.commands.begin(*arguments, **{**self.settings, **settings})


@pytest.fixture(params=["zendesk", "freshdesk"])
def office(request, desk, served, tmp_path, commands):
    return Office(request.param, desk, served, tmp_path, commands)


@pytest.fixture
def zendesk(desk, served, tmp_path, commands):
    return Office("zendesk", desk, served, tmp_path, commands)


def notes(ticket):
    return [comment for comment in ticket.comments if "rewriter-key:" in comment.html]


def test_a_run_posts_a_suggestion_that_keeps_every_fact_and_ends_with_one_line(office) -> None:
    ticket = office.hand_over()
    ended = office.run("run")
    assert ended.status == 0
    assert re.fullmatch(rf"{office.face}: 1 pulled: 1 suggested; \d+ calls, [\d.]+ s\.\n", ended.stdout())
    (note,) = notes(ticket)
    assert not note.public
    assert "$49.99" in note.html
    assert "March 3" in note.html
    assert sorted(ticket.tags) == ["rewrite_suggested", "vip"]


def test_the_json_summary_is_one_object_as_documented(office) -> None:
    office.hand_over()
    ended = office.run("run", "--json")
    shown = json.loads(ended.stdout())
    assert set(shown) == {
        "helpdesk", "pulled", "suggested", "unchanged", "declined", "stale", "failed", "left", "calls", "usage",
        "seconds", "drafts",
    }  # fmt: skip
    assert (shown["helpdesk"], shown["pulled"], shown["suggested"], shown["left"]) == (office.face, 1, 1, 0)
    assert shown["calls"] == sum(office.desk.calls.values())
    assert re.fullmatch(rf"{office.face}:\d+:\d+:[0-9a-f]{{16}}", shown["drafts"][0]["key"])


def test_nothing_to_do_is_exit_0_and_a_second_run_does_nothing(office) -> None:
    office.hand_over()
    office.run("run")
    office.desk.calls.clear()
    ended = office.run("run")
    assert ended.status == 0
    assert "nothing to do" in ended.stdout()
    assert {method for _, method, _ in office.desk.calls} == {"GET"}


def test_a_dry_run_writes_nothing_in_the_helpdesk_and_makes_no_ledger(office) -> None:
    ticket = office.hand_over()
    ended = office.run("run", "--dry-run", "--json")
    assert (ended.status, json.loads(ended.stdout())["suggested"]) == (0, 1)
    assert notes(ticket) == []
    assert sorted(ticket.tags) == [TAG, "vip"]
    assert not list(office.folder.glob("ledger.db*"))


def test_the_limit_leaves_the_rest_for_later_without_a_complaint(office) -> None:
    for _ in range(3):
        office.hand_over()
    ended = office.run("run", "--limit", "1", "--json")
    assert ended.status == 0
    assert json.loads(ended.stdout())["pulled"] == 1


def test_an_unknown_tone_or_language_costs_no_suggestion_and_is_told_to_the_agent_who_asked_for_it(office) -> None:
    sparkly, zz, known = (
        office.hand_over(first_line=f"#draft {words}") for words in ("sparkly", "lang=zz", "Formal")
    )
    ended = office.run("run", "--json")
    shown = json.loads(ended.stdout())
    assert (ended.status, shown["suggested"]) == (0, 3)
    assert {draft["ticket"]: draft["tone"] for draft in shown["drafts"]} == {
        str(sparkly.id): "warm", str(zz.id): "warm", str(known.id): "formal",
    }  # fmt: skip
    (no_tone,), (no_language,), (nothing,) = notes(sparkly), notes(zz), notes(known)
    assert "There is no tone called “sparkly”." in no_tone.html
    assert no_tone.html.index("<hr>") < no_tone.html.index("sparkly"), (
        "the agent may send what stands above the rule"
    )
    assert "“zz” is not known (de, en, es, fr, it, ja, nl, pt are)" in no_language.html
    assert "the draft was read as en." in no_language.html
    assert "There is no tone" not in nothing.html
    assert "rewrite_failed" not in sparkly.tags + zz.tags


def test_logs_are_lines_of_pairs_or_json_and_hold_no_words_of_the_customer_or_the_agent(zendesk) -> None:
    zendesk.hand_over()
    text = zendesk.run("run").stderr()
    assert re.search(r"event=draft key=zendesk:\d+:\d+:[0-9a-f]{16} outcome=suggested tone=warm .*ms=\d+", text)
    zendesk.hand_over()
    lines = zendesk.run("run", REWRITER_LOG="json").stderr()
    events = [json.loads(line) for line in lines.splitlines()]
    assert [event["event"] for event in events] == ["draft", "run"]
    for secret in ("Ana", "refund", "49.99", "frustrating", "embedded-oauth-token"):
        assert secret not in text + lines


def sums_up(shown):
    outcomes = ("suggested", "unchanged", "declined", "stale", "failed", "left")
    assert shown["pulled"] == sum(shown[outcome] for outcome in outcomes) == len(shown["drafts"])
    return True


def test_two_runs_at_once_tell_together_of_each_draft_once(office) -> None:
    tickets = [office.hand_over() for _ in range(6)]
    slow(office, 0.1)
    runs = [office.begin("run", "--json") for _ in range(2)]
    shown = [json.loads(running.wait().stdout()) for running in runs]
    assert all(map(sums_up, shown))
    drafts = [draft for one in shown for draft in one["drafts"] if draft["outcome"] != "left"]
    assert sorted(draft["ticket"] for draft in drafts) == sorted(str(ticket.id) for ticket in tickets)
    assert {(draft["outcome"], draft["tone"]) for draft in drafts} == {("suggested", "warm")}
    assert all(len(notes(ticket)) == 1 for ticket in tickets)


def test_the_tag_set_again_on_a_draft_that_was_handled_is_answered_with_what_became_of_it(office) -> None:
    now = office.desk.now()
    office.desk.clock = lambda: now  # in the second of the suggestion the tag may be one that a dead run left
    ticket = office.hand_over()
    first = json.loads(office.run("run", "--json").stdout())
    office.desk.tag(ticket, TAG)
    again = json.loads(office.run("run", "--json").stdout())
    assert sums_up(again)
    assert (again["suggested"], again["drafts"][0]["tone"]) == (1, "warm")
    assert again["drafts"][0]["key"] == first["drafts"][0]["key"]
    assert len(notes(ticket)) == 1


def test_a_note_that_was_public_and_made_private_counts_as_suggested_and_is_told_loudly(zendesk) -> None:
    ticket = zendesk.hand_over()

    def publish(call, answer):
        response = answer()
        if "rewriter-key" not in str(call.body):
            return response
        notes(ticket)[0].public = True
        shown = response.get_data().replace(b'"public":false', b'"public":true')
        return Response(shown, response.status_code, content_type="application/json")

    zendesk.desk.faults.append(publish)
    ended = zendesk.run("run", "--json")
    shown = json.loads(ended.stdout())
    assert refused(ended, 3, "PUBLIC", "made private")
    assert sums_up(shown)
    assert (shown["suggested"], shown["drafts"][0]["tone"]) == (1, "warm")
    assert "PUBLIC" in shown["drafts"][0]["error"]
    assert not notes(ticket)[0].public
    zendesk.desk.faults.clear()
    assert json.loads(zendesk.run("run", "--json").stdout())["pulled"] == 0


def test_a_misspelt_variable_is_a_warning_and_no_more(zendesk) -> None:
    ended = zendesk.run("run", REWRITER_TON="formal")
    assert ended.status == 0
    assert re.search(r'level=warning event="unknown setting" error=".*did you mean REWRITER_TONE', ended.stderr())


# --- what is wrong is one line, and the right exit status --------------------------------------------------


def refused(ended, status, *words):
    """Whether a command ended as it should, with one line of its own and no traceback."""
    own = [line for line in ended.stderr().splitlines() if line.startswith("rewriter: ")]
    assert ended.status == status, ended.stderr()
    assert len(own) == 1, ended.stderr()
    assert "Traceback" not in ended.stderr()
    for word in words:
        assert word in own[0]
    return True


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"REWRITER_HELPDESK": ""}, "REWRITER_HELPDESK"),
        ({"REWRITER_HELPDESK": "jira"}, "REWRITER_HELPDESK"),
        ({"ZENDESK_URL": "", "ZENDESK_SUBDOMAIN": ""}, "ZENDESK_SUBDOMAIN"),
        ({"ZENDESK_OAUTH_TOKEN": ""}, "ZENDESK_"),
        ({"REWRITER_THREADS": "0"}, "REWRITER_THREADS"),
        ({"REWRITER_PROMPTS": "/no/such/folder"}, "REWRITER_PROMPTS"),
        ({"REWRITER_LEDGER": "oracle://x"}, "REWRITER_LEDGER"),
        ({"REWRITER_ENGINE": "llm"}, "OPENAI_API_KEY"),
        ({"REWRITER_TONE": "sparkly"}, "sparkly"),
        ({"REWRITER_LEDGER": "/dev/null/ledger.db"}, "/dev/null"),
    ],
)
def test_a_wrong_setting_is_exit_2_before_any_call(zendesk, settings, word) -> None:
    ended = zendesk.run("run", **settings)
    assert refused(ended, 2, word)
    assert not zendesk.desk.calls


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["nonsense"], ["run", "--limit", "0"], ["watch"]])
def test_a_wrong_call_is_exit_2(zendesk, arguments) -> None:
    assert refused(zendesk.run(*arguments), 2, "--help")


def test_refused_credentials_are_exit_3(office) -> None:
    wrong = {name: "wrong" for name in office.settings if name.endswith(("_TOKEN", "_API_KEY"))}
    assert refused(office.run("run", **wrong), 3)


def test_a_host_that_is_not_there_is_exit_3_within_bounded_time(office) -> None:
    began = time.monotonic()
    ended = office.run("run", "--json", **{f"{office.face.upper()}_URL": "http://127.0.0.1:9/x"})
    assert refused(ended, 3, "127.0.0.1:9")
    assert json.loads(ended.stdout())["pulled"] == 0
    assert time.monotonic() - began < 45


def test_a_draft_that_is_left_is_exit_1(zendesk) -> None:
    ticket = zendesk.hand_over()

    def refuse(call, answer):
        return Response("{}", 403) if call.method == "PUT" else answer()

    zendesk.desk.faults.append(refuse)
    ended = zendesk.run("run", "--json")
    assert (ended.status, json.loads(ended.stdout())["left"]) == (1, 1)
    assert notes(ticket) == []


MODEL_AWAY = {
    "REWRITER_ENGINE": "llm",
    "OPENAI_API_KEY": "sk-hunter2",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "REWRITER_MODEL": "small",
}


def test_an_outage_of_the_model_leaves_every_draft_for_later_and_is_exit_1(zendesk) -> None:
    tickets = [zendesk.hand_over() for _ in range(5)]
    ended = zendesk.run("run", "--json", **MODEL_AWAY)
    assert refused(ended, 1, "model")
    assert "hunter2" not in ended.stdout() + ended.stderr()
    assert json.loads(ended.stdout())["left"] == 5
    assert all(sorted(ticket.tags) == [TAG, "vip"] and not notes(ticket) for ticket in tickets)
    assert zendesk.run("run").status == 0
    assert all(len(notes(ticket)) == 1 for ticket in tickets)


def test_the_phrasebook_writes_through_an_outage_where_it_may(zendesk) -> None:
    ticket = zendesk.hand_over()
    ended = zendesk.run("run", REWRITER_ON_OUTAGE="phrasebook", **MODEL_AWAY)
    assert ended.status == 0
    assert len(notes(ticket)) == 1


# --- told to stop ------------------------------------------------------------------------------------------


def slow(office, seconds=0.3):
    """From now on each read of a ticket's comments takes its time."""

    def fault(call, answer):
        if "/tickets/" in call.path and call.method == "GET":
            time.sleep(seconds)
        return answer()

    office.desk.faults.append(fault)


def until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_finishes_the_drafts_at_hand_and_releases_its_claims(office, number) -> None:
    tickets = [office.hand_over() for _ in range(8)]
    slow(office)
    running = office.begin("run", "--json", REWRITER_THREADS="1")
    assert until(lambda: any(notes(ticket) for ticket in tickets))
    running.kill(number)
    running.wait()
    assert running.status == 1
    shown = json.loads(running.stdout())
    assert 1 <= shown["suggested"] < 8
    assert shown["left"] >= 1
    assert sum(bool(notes(ticket)) for ticket in tickets) == shown["suggested"]
    listed = [json.loads(line) for line in office.run("ledger", "list", "--json").stdout().splitlines()]
    assert {entry["outcome"] for entry in listed} == {"suggested"}
    office.desk.faults.clear()
    assert office.run("run").status == 0
    assert all(len(notes(ticket)) == 1 for ticket in tickets)


def test_watch_handles_what_comes_and_exits_0_when_told_to_stop(office) -> None:
    running = office.begin("watch", "--every", "1")
    first = office.hand_over()
    assert until(lambda: "rewrite_suggested" in first.tags)
    second = office.hand_over()
    assert until(lambda: "rewrite_suggested" in second.tags)
    running.kill(signal.SIGTERM)
    assert running.wait().status == 0
    first_line, *_, last_line = running.stderr().splitlines()
    assert f"event=watching helpdesk={office.face} every=1.0" in first_line
    assert "event=stopped" in last_line
    assert len(notes(first)) == len(notes(second)) == 1


def test_watch_waits_through_an_outage_of_the_helpdesk(zendesk) -> None:
    def away(call, answer):
        return Response("<h1>Bad gateway</h1>", 502, content_type="text/html")

    zendesk.desk.faults.append(away)
    running = zendesk.begin("watch", "--every", "1")
    assert until(lambda: "event=trouble" in running.stderr())
    zendesk.desk.faults.clear()
    ticket = zendesk.hand_over()
    assert until(lambda: "rewrite_suggested" in ticket.tags)
    running.kill(signal.SIGINT)
    assert running.wait().status == 0


def test_watch_takes_up_a_changed_template_and_keeps_the_last_good_one(zendesk, tmp_path) -> None:
    overlay = tmp_path / "prompts"
    overlay.mkdir()
    failure = overlay / "failure.html.j2"
    failure.write_text("<p>First: {{ lines[0] }}</p><hr><p>{{ marker }}</p>")
    running = zendesk.begin("watch", "--every", "1", REWRITER_PROMPTS=str(overlay))
    first = zendesk.hand_over(words="")
    assert until(lambda: notes(first))
    failure.write_text("<p>Broken: {{ no_such_variable }}</p>")
    assert until(lambda: "kept the last good" in running.stderr())
    second = zendesk.hand_over(words="")
    assert until(lambda: notes(second))
    failure.write_text("<p>Mended: {{ lines[0] }}</p><hr><p>{{ marker }}</p>")
    assert until(lambda: "event=reloaded" in running.stderr())
    third = zendesk.hand_over(words="")
    assert until(lambda: notes(third))
    running.kill(signal.SIGTERM)
    assert running.wait().status == 0
    assert [notes(ticket)[0].html.partition(":")[0][3:] for ticket in (first, second, third)] == [
        "First",
        "First",
        "Mended",
    ]
    assert running.stderr().count("kept the last good") == 1


# --- the ledger, and figures -------------------------------------------------------------------------------


def test_the_ledger_lists_shows_retries_and_prunes(zendesk) -> None:
    ticket = zendesk.hand_over()
    zendesk.run("run")
    key = json.loads(zendesk.run("ledger", "list", "--json").stdout())["key"]
    assert f"suggested  {key}" in zendesk.run("ledger", "list").stdout()
    none = zendesk.run("ledger", "list", "--outcome", "failed")
    assert (none.status, none.stdout()) == (0, "")
    assert none.stderr() == "rewriter: the ledger holds no failed draft yet.\n"
    assert refused(zendesk.run("ledger", "list", "--outcome", "lost"), 2, "declined")
    assert "outcome: suggested" in zendesk.run("ledger", "show", key).stdout()
    assert refused(zendesk.run("ledger", "show", "zendesk:1:2:3"), 2, "ledger list")
    assert zendesk.run("ledger", "retry", key).status == 0
    assert refused(zendesk.run("ledger", "retry", "zendesk:1:2:3"), 2, "knows no draft", "ledger list")
    zendesk.run("run")
    assert zendesk.run("ledger", "prune", "--older-than", "1").stdout() == "0 drafts forgotten.\n"
    assert len(notes(ticket)) == 1


def test_the_metrics_file_tells_what_the_last_run_did(zendesk) -> None:
    zendesk.hand_over()
    path = zendesk.folder / "rewriter.prom"
    assert zendesk.run("run", REWRITER_METRICS=str(path)).status == 0
    figures = dict(line.rsplit(" ", 1) for line in path.read_text().splitlines() if not line.startswith("#"))
    assert figures['rewriter_last_run_drafts{helpdesk="zendesk",outcome="suggested"}'] == "1"
    assert figures['rewriter_last_run_exit_status{helpdesk="zendesk"}'] == "0"
    assert figures['rewriter_ledger_drafts{outcome="suggested"}'] == "1"
    assert [file.name for file in Path(zendesk.folder).glob("*prom*")] == ["rewriter.prom"]
    assert refused(zendesk.run("run", REWRITER_METRICS="/no/such/folder/x.prom"), 2, "REWRITER_METRICS")


def test_a_metrics_file_that_cannot_be_written_is_told_when_the_work_is_done(zendesk) -> None:
    ticket = zendesk.hand_over()
    ended = zendesk.run("run", REWRITER_METRICS="/no/such/folder/rewriter.prom")
    assert ended.status == 2
    assert "1 suggested" in ended.stdout()
    assert ended.stderr().splitlines()[-1].startswith("rewriter: REWRITER_METRICS: /no/such/folder/rewriter.prom")
    assert len(notes(ticket)) == 1


def test_watch_goes_on_without_its_metrics_file_and_says_so_once(zendesk) -> None:
    running = zendesk.begin("watch", "--every", "1", REWRITER_METRICS="/no/such/folder/rewriter.prom")
    tickets = []
    for _ in range(3):
        tickets.append(zendesk.hand_over())
        assert until(lambda: notes(tickets[-1]))
    running.kill(signal.SIGTERM)
    assert running.wait().status == 0
    assert running.stderr().count("REWRITER_METRICS") == 1


def test_trouble_with_the_helpdesk_is_not_hidden_by_trouble_with_the_metrics(zendesk) -> None:
    settings = {"ZENDESK_OAUTH_TOKEN": "wrong", "REWRITER_METRICS": "/no/such/folder/rewriter.prom"}
    ended = zendesk.run("run", **settings)
    assert ended.status == 3
    assert "check the credentials" in ended.stderr().splitlines()[-1]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, 0),
        ({"ZENDESK_OAUTH_TOKEN": "wrong"}, 3),
        ({"ZENDESK_URL": "http://127.0.0.1:9"}, 3),
        ({"REWRITER_THREADS": "many"}, 2),
        ({"REWRITER_TONE": "sparkly"}, 2),
        ({"REWRITER_LEDGER": "/proc/ledger.db"}, 2),
        ({"REWRITER_METRICS": "/no/such/folder/rewriter.prom"}, 2),
        ({"REWRITER_ENGINE": "llm", "OPENAI_API_KEY": "k", "REWRITER_MODEL": "m",
          "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, 1),
    ],
)  # fmt: skip
def test_with_json_logs_every_line_is_json_however_the_run_ends(zendesk, settings, status) -> None:
    zendesk.hand_over()
    ended = zendesk.run("run", REWRITER_LOG="json", **settings)
    events = [json.loads(line) for line in ended.stderr().splitlines()]
    assert ended.status == status
    assert [event["event"] for event in events][-1] == ("ended" if status else "run")
    assert not status or (events[-1]["exit"], bool(events[-1]["error"])) == (status, True)
