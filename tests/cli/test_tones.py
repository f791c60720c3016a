"""`rewriter tones`, as an admin calls it: profiles seen, tried, compared, routed, laid over the shipped ones."""

import json
import subprocess
from functools import partial
from pathlib import Path

import pytest
from rewriter.integrations.embedded import Desk, serve
from werkzeug.wrappers import Response

from rewriter import lexicon
from rewriter.cli.tones.sayable import Customer, refused
from rewriter.prompting import SHIPPED, load

COMPLAINT = {
    "id": "refund",
    "name": "Ana Reyes",
    "customer": "I have waited three weeks for my refund and nobody answers. This is so frustrating!",
    "draft": "Your refund of $49.99 was issued on March 3.",
}


@pytest.fixture
def rewriter(commands, tmp_path: Path):
    return partial(commands.run, cwd=tmp_path)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A folder of an admin's own with a tone of theirs."""
    folder = tmp_path / "ours"
    (folder / "tones").mkdir(parents=True)
    (folder / "tones/house.toml").write_text('description = "Ours."\n')
    return folder


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    file = tmp_path / "drafts.jsonl"
    file.write_text(json.dumps(COMPLAINT) + "\n")
    return file


# --- seeing and trying ----------------------------------------------------------------------------------


def test_the_list_fits_into_80_columns_and_names_every_tone(rewriter) -> None:
    lines = rewriter("tones", "list", COLUMNS="80").stdout().splitlines()
    assert {"warm", "formal", "concise", "plain", "recovery"} <= {
        line.split()[0] for line in lines if line[:1] != " "
    }
    assert max(map(len, lines)) <= 80


def test_what_a_tone_sets_is_shown_with_its_file_and_numbers_as_numbers(rewriter, ours: Path) -> None:
    shown = rewriter("tones", "show", "concise").stdout()
    assert "shipped" in shown
    assert ["max_added_sentences", "1"] in [line.split() for line in shown.splitlines()]
    assert str(ours / "tones") in rewriter("tones", "show", "house", "--prompts", str(ours), COLUMNS="200").stdout()
    assert json.loads(rewriter("tones", "show", "warm", "--json").stdout())["name"] == "warm"


def test_a_preview_marks_what_was_added_without_colour_and_shows_all_of_the_draft(rewriter, drafts: Path) -> None:
    shown = " ".join(rewriter("tones", "preview", "warm", "--drafts", str(drafts)).stdout().split())
    assert "{+Hi Ana,+}" in shown
    assert shown.count(COMPLAINT["draft"]) == 2, "before and after"
    assert COMPLAINT["customer"] in shown


def test_a_preview_as_a_page_is_one_file_that_fetches_nothing(rewriter, tmp_path: Path) -> None:
    hostile = dict(COMPLAINT, customer="<script>alert(1)</script> My refund is late, how annoying.")
    (tmp_path / "hostile.jsonl").write_text(json.dumps(hostile))
    done = rewriter("tones", "preview", "--drafts", "hostile.jsonl", "--html", "page.html")
    assert done.status == 0
    page = (tmp_path / "page.html").read_text()
    assert "<ins>Hi Ana,</ins><sup>personalisation</sup>" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "<link" not in page


def test_a_preview_shows_a_draft_that_needs_nothing_once(rewriter, tmp_path: Path) -> None:
    (tmp_path / "thanks.jsonl").write_text('{"draft": "The shop opens at noon.", "channel": "chat"}\n')
    shown = rewriter("tones", "preview", "--drafts", "thanks.jsonl").stdout()
    assert "unchanged" in shown
    assert shown.count("The shop opens at noon.") == 1


def test_a_page_that_has_no_folder_to_go_to_is_one_line_with_the_mend(rewriter, drafts: Path) -> None:
    for command in (("preview", "warm"), ("compare", "warm", "formal")):
        done = rewriter("tones", *command, "--drafts", str(drafts), "--html", "nodir/page.html")
        assert done.status == 2
        assert done.stderr().strip().endswith("nodir/page.html: there is no folder nodir; make it first.")


def test_the_samples_are_forty_and_each_language_has_three(rewriter, tmp_path: Path) -> None:
    done = rewriter("rewrite", "--batch", str(SHIPPED / "samples.jsonl"))
    assert done.status == 0
    languages = [json.loads(line)["language"] for line in done.stdout().splitlines()]
    assert len(languages) == 40
    assert all(languages.count(code) >= 3 for code in ("en", "es", "fr", "de", "pt", "it", "nl", "ja"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("not json", "drafts.jsonl:2: is not JSON"),
        ('{"id": "x"}', "drafts.jsonl:2: The draft is empty"),
        ('{"draft": 5}', "'draft' must be a text"),
        ('{"draft": "Hi.", "channel": "fax"}', "'fax' is no channel"),
        ('{"draft": "Hi.", "custmer": "Oh."}', "drafts.jsonl:2: custmer: unknown key; did you mean 'customer'?"),
    ],
)
def test_a_row_that_is_no_draft_is_one_line(rewriter, drafts: Path, row: str, said: str) -> None:
    with drafts.open("a") as file:
        file.write(row + "\n")
    for command in (("preview", "warm"), ("compare", "warm", "formal")):
        done = rewriter("tones", *command, "--drafts", str(drafts))
        assert done.status == 2
        assert done.stdout() == ""
        assert said in done.stderr()
        assert len(done.stderr().splitlines()) == 1


# --- comparing ------------------------------------------------------------------------------------------


def test_two_profiles_over_the_samples_differ_and_break_nothing(rewriter) -> None:
    done = rewriter("tones", "compare", "warm", "formal", "--json")
    shown = json.loads(done.stdout())
    assert shown["breaks"] == []
    assert done.status == 0
    assert shown["profiles"] == ["warm", "formal"]
    assert shown["drafts"] == 40
    assert 0 < shown["differ"] < 40
    rows = {row["id"]: row for row in shown["rows"]}
    assert rows["lawyer"]["outcomes"] == ["declined", "declined"]
    assert not rows["lawyer"]["differs"]


def test_a_tone_compared_with_itself_does_not_differ(rewriter, drafts: Path) -> None:
    done = rewriter("tones", "compare", "warm", "warm", "--drafts", str(drafts))
    assert done.status == 0
    assert (
        done.stdout().splitlines()[-1] == "1 drafts: 0 differ, 1 read the same; no fact, limit or language breaks."
    )


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("I will refund you tomorrow.", "promise"),
        ("Das tut mir wirklich sehr leid.", ""),  # of another language: the guard says of what kind
        ("Sorry, that was our mistake.", "fault"),
    ],
)
def test_a_phrase_that_may_not_be_said_fails_the_comparison_with_draft_and_reason(
    rewriter, ours: Path, drafts: Path, phrase: str, kind: str
) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    (ours / "phrasebook").mkdir()
    head = text.partition("[[passage]]")[0]
    passage = f'[[passage]]\nmove = "validation"\nsay = [{json.dumps(phrase)}]\n'
    (ours / "phrasebook/en.toml").write_text(head + passage)
    done = rewriter("tones", "compare", "warm", "house", "--drafts", str(drafts), "--prompts", str(ours))
    assert done.status == 1
    broken = [line for line in done.stdout().splitlines() if line.startswith("BREAKS  refund: warm: ")]
    assert broken
    assert any(f": {kind}" in line for line in broken)
    shown = json.loads(
        rewriter(
            "tones", "compare", "warm", "house", "--drafts", str(drafts), "--prompts", str(ours), "--json"
        ).stdout()
    )
    assert {one["id"] for one in shown["breaks"]} == {"refund"}


def test_what_breaks_in_many_drafts_in_the_same_way_is_told_once(rewriter, ours: Path, tmp_path: Path) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text().partition("[[passage]]")[0]
    (ours / "phrasebook").mkdir()
    passage = '[[passage]]\nmove = "validation"\nsay = ["I will refund you tomorrow."]\n'
    (ours / "phrasebook/en.toml").write_text(text + passage)
    many = (json.dumps(dict(COMPLAINT, id=f"refund {n}")) + "\n" for n in range(3))
    (tmp_path / "many.jsonl").write_text("".join(many))
    done = rewriter("tones", "compare", "warm", "house", "--drafts", "many.jsonl", "--prompts", str(ours))
    told = [line for line in done.stdout().splitlines() if line.startswith("BREAKS  refund 0: warm: promise")]
    assert len(told) == 1
    assert told[0].endswith("(and in 2 other drafts)")
    assert "BREAKS  refund 1" not in done.stdout()


@pytest.fixture
def under_git(ours: Path) -> Path:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=An Admin", "-c", "user.email=admin@example.com")
        subprocess.run(["git", "-C", str(ours), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "Ours")
    return ours


def test_a_profile_is_compared_with_its_last_committed_version(rewriter, under_git: Path, drafts: Path) -> None:
    (under_git / "tones/house.toml").write_text('register = "formal"\n')
    arguments = ("tones", "compare", "house", "--against", "HEAD", "--drafts", str(drafts))
    shown = json.loads(rewriter(*arguments, "--json", REWRITER_PROMPTS=str(under_git)).stdout())
    assert shown["profiles"] == ["house at HEAD", "house now"]
    before, now = shown["rows"][0]["texts"]
    assert before.startswith("Hi Ana,")
    assert now.startswith("Dear Ana,")


def test_a_profile_that_is_not_committed_yet_has_nothing_to_be_compared_with(rewriter, under_git: Path) -> None:
    (under_git / "tones/new.toml").write_text('register = "formal"\n')
    done = rewriter("tones", "compare", "new", "--against", "HEAD", "--prompts", str(under_git))
    assert done.status == 2
    assert done.stderr() == (
        "rewriter: There is no tone 'new' at HEAD: commit tones/new.toml first, or name another.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("warm",), "Name two profiles, or one with --against HEAD"),
        (("warm", "formal", "--against", "HEAD"), "Name two profiles, or one"),
        (("warm", "icy"), "no tone 'icy'"),
        (("warm", "--against", "HEAD"), "set REWRITER_PROMPTS, or give --prompts"),
        (("house", "--against", "HEAD", "--prompts", "ours"), "git knows no version 'HEAD'"),
        (("warm", "formal", "--drafts", "none.jsonl"), "none.jsonl: no such file"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_one_line(rewriter, ours: Path, arguments, said: str) -> None:
    done = rewriter("tones", "compare", *arguments)
    assert done.status == 2
    assert said in done.stderr()
    assert len(done.stderr().splitlines()) == 1


# --- layers ---------------------------------------------------------------------------------------------


def lint(rewriter, folder: Path) -> dict[str, str]:
    done = rewriter("tones", "lint", "--prompts", str(folder))
    return dict(line.split(": ", 1) for line in done.stdout().splitlines() if ": " in line)


def test_a_copy_knows_what_is_needless_what_is_ours_and_what_lags_behind(rewriter, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert rewriter("tones", "copy", "mine", "tones/warm.toml", "tones/plain.toml", "decline.toml").status == 0
    with (folder / "tones/warm.toml").open("a") as file:
        file.write('ban = ["obviously"]\n')
    (folder / "tones/wrm.toml").write_text('description = "?"\n')
    found = lint(rewriter, folder)
    assert found["note  tones/plain.toml"].startswith("the same as the shipped one")
    assert found["ok    tones/warm.toml"] == "yours, in place of the shipped one"
    assert found["ok    tones/wrm.toml"] == "yours, new (did you mean tones/warm.toml?)"

    noted = folder / ".copied.sha256"  # as if the shipped files had changed since
    noted.write_text("\n".join("0" * 64 + line[64:] for line in noted.read_text().splitlines()))
    assert "LAGS BEHIND" in lint(rewriter, folder)["note  tones/warm.toml"]
    assert rewriter("tones", "copy", "--seen", "mine", "tones/warm.toml").status == 0
    assert lint(rewriter, folder)["ok    tones/warm.toml"] == "yours, in place of the shipped one"


def test_a_whole_copy_holds_is_needless_and_is_never_copied_over(rewriter, tmp_path: Path) -> None:
    assert rewriter("tones", "copy", "mine").status == 0
    found = lint(rewriter, tmp_path / "mine")
    assert {said for name, said in found.items() if name.startswith("note")} == {
        "the same as the shipped one, so needless: remove it"
    }
    assert not [name for name in found if name.startswith("FAIL")]
    for again in (("mine",), ("mine", "tones/warm.toml")):
        done = rewriter("tones", "copy", *again)
        assert done.status == 2
        assert len(done.stderr().splitlines()) == 1
    for name in ("tones/worm.toml", "warm", "warm.toml"):
        done = rewriter("tones", "copy", "mine", name)
        assert "did you mean tones/warm.toml?" in done.stderr()


def test_lint_names_the_fault_of_every_file_and_exits_2(rewriter, ours: Path) -> None:
    (ours / "tones/house.toml").write_text("\nmovs = []\n")
    (ours / "tones/other.toml").write_text('register = "loud"\n')
    (ours / "routing.toml").write_text('[[rule]]\ntone = "icy"\n')
    (ours / "sytem.j2").write_text("x")
    done = rewriter("tones", "lint", "--prompts", str(ours))
    assert done.status == 2
    faults = [line for line in done.stdout().splitlines() if line.startswith("FAIL")]
    assert len(faults) == 4
    for said in (
        "house.toml:2: movs: unknown key; did you mean 'moves'?",
        "other.toml:1: register",
        "routing.toml:2: there is no tone 'icy'",
        "system.j2?",
    ):
        assert any(said in fault for fault in faults), said


def test_a_wrong_file_has_no_other_line_than_those_that_say_what_is_wrong(rewriter, ours: Path) -> None:
    (ours / "tones/house.toml").write_text('close = "no"\nbanned = ["x"]\n')
    (ours / "tones/a.toml").write_text('description = "A."\n')
    done = rewriter("tones", "lint", "--prompts", str(ours))
    lines = done.stdout().splitlines()
    assert [line[:5].strip() for line in lines] == ["FAIL", "FAIL", "ok"]
    assert lines[2] == "ok    tones/a.toml: yours, new"
    assert done.stderr() == "rewriter: 1 of the files is wrong; see above.\n"


def test_what_is_no_longer_declined_is_told_and_is_no_fault(rewriter, ours: Path) -> None:
    recall = '[matters.recall]\ntell = "A recall."\nphrases = ["recall*"]\n'
    (ours / "decline.toml").write_text(recall + '[matters.legal]\ntell = "Law."\nphrases = ["sue"]\n')
    assert rewriter("tones", "lint", "--prompts", str(ours)).status == 0
    said = lint(rewriter, ours)["note  decline.toml"]
    assert "NO LONGER DECLINED: self-harm, harm, safety" in said
    assert "legal" not in said
    (ours / "decline.toml").write_text((SHIPPED / "decline.toml").read_text() + recall)
    assert "DECLINED" not in lint(rewriter, ours)["ok    decline.toml"]


def test_a_tone_that_does_less_than_it_says_is_told_and_is_no_fault(rewriter, ours: Path) -> None:
    (ours / "tones/house.toml").write_text('moves = ["hand-off", "expertise"]\nlanguages = ["en", "pl"]\n')
    assert rewriter("tones", "lint", "--prompts", str(ours)).status == 0
    said = lint(rewriter, ours)["note  tones/house.toml"]
    assert "the move 'hand-off' is never made without texts in handoff" in said
    assert "the move 'expertise' is never made without texts in expertise" in said
    assert "drafts in pl stay as they are" in said
    model = {"OPENAI_API_KEY": "sk-none", "REWRITER_MODEL": "m"}
    assert "drafts in pl" not in rewriter("tones", "lint", "--prompts", str(ours), **model).stdout()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "I'm sorry about the wait.",
            "We will refund you today.",
            '"We will refund you today." can never be said',
        ),
        ("I'm sorry about the wait.", "Das tut mir wirklich sehr leid.", "may not speak of"),
        ("Hi {{ name }},", "Greetings from the moon, {{ name }}!", "can never be said: "),
        ("I'm sorry about the wait.", "I'm sorry about {{ topic.colour.shade }}.", "it cannot be filled in"),
    ],
)
def test_a_phrase_that_the_guard_always_takes_out_fails_with_its_line(
    rewriter, ours: Path, old: str, new: str, why: str
) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    (ours / "phrasebook").mkdir()
    (ours / "phrasebook/en.toml").write_text(text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1
    done = rewriter("tones", "lint", "--prompts", str(ours))
    assert done.status == 2
    (fault,) = [line for line in done.stdout().splitlines() if line.startswith("FAIL")]
    assert f"phrasebook/en.toml:{line}: " in fault
    assert why in fault


@pytest.mark.parametrize("language", sorted(load().phrasebooks))
def test_every_phrasebook_has_a_customer_to_try_its_phrases_on(language: str) -> None:
    customer = lexicon.load("customer", language, Customer)
    assert customer
    assert customer.form in load().phrasebooks[language].topic
    assert customer.topic in customer.wrote


@pytest.mark.parametrize("language", sorted(load().phrasebooks))
def test_no_shipped_phrase_is_one_that_the_guard_would_take_out(language: str) -> None:
    prompts = load()
    assert list(refused(prompts.phrasebooks[language], prompts)) == []


def test_a_phrasebook_in_a_language_that_cannot_be_checked_is_told(rewriter, ours: Path) -> None:
    (ours / "phrasebook").mkdir()
    (ours / "phrasebook/pl.toml").write_text((SHIPPED / "phrasebook/en.toml").read_text())
    assert "nothing of it is ever said" in lint(rewriter, ours)["note  phrasebook/pl.toml"]


# --- routing --------------------------------------------------------------------------------------------


RULES = """
[[rule]]
tone = "recovery"
tag = "outage"

[[rule]]
tone = "formal"
brand = "Acme Bank"
group = ["Refunds", 77]
priority = "high"

[[rule]]
tone = "concise"
form = "Complaint"
channel = "chat"
language = "de"
"""


@pytest.fixture(params=["zendesk", "freshdesk"])
def desk(request, commands, tmp_path: Path, ours: Path):
    """A helpdesk with tickets that the rules tell apart, and the command line set up for it."""
    (ours / "routing.toml").write_text(RULES)
    desk = Desk(limits={})
    desk.brands[9001], desk.groups[501], desk.forms[71] = "Acme Bank", "Refunds", "Complaint"
    ana = desk.add_person("Ana Reyes", "ana@example.com")
    agent = desk.add_person("Sam Lee", "sam@example.com", role="agent")

    def ticket(message: str, draft: str = "", **fields):
        opened = desk.open_ticket("A question", ana, f"<p>{message}</p>", **fields)
        if draft:
            desk.say(opened, agent, draft, public=False)
            desk.tag(opened, "rewrite_requested")
        return str(opened.id)

    def listen(call, answer):
        desk.asked.append(call.path)
        return answer()

    desk.asked = []
    desk.faults.append(listen)
    desk.ticket = ticket
    desk.said = "<p>#draft</p><p>Your refund of $49.99 was issued on March 3.</p>"
    desk.complaint = COMPLAINT["customer"]
    with serve(zendesk=desk, freshdesk=desk) as served:
        environment = {
            **served.environment(request.param),
            "REWRITER_PROMPTS": str(ours),
            "REWRITER_LEDGER": str(tmp_path / "ledger.db"),
        }
        desk.run = partial(commands.run, cwd=tmp_path, **environment)
        yield desk


def explained(desk, ticket: str) -> dict:
    done = desk.run("tones", "explain", ticket, "--json")
    assert done.status == 0, done.stderr()
    return json.loads(done.stdout())


def test_the_rule_that_means_a_ticket_by_the_names_of_its_helpdesk_decides(desk) -> None:
    bank = desk.ticket(desk.complaint, desk.said, brand_id=9001, group_id=501, priority="high")
    shown = explained(desk, bank)
    assert (shown["tone"], shown["by"]) == ("formal", "rule")
    assert shown["traits"]["brand"] == ["Acme Bank", "9001"]
    assert [rule["decides"] for rule in shown["rules"]] == [False, True, False]
    assert shown["rules"][0]["why"] == "it has no tag outage"
    assert shown["rules"][2]["why"] == "form is 71, not Complaint" or "it has no form" in shown["rules"][2]["why"]


def test_a_directive_wins_over_rules_and_the_default_is_what_is_left(desk) -> None:
    directed = desk.ticket(desk.complaint, desk.said.replace("#draft", "#draft plain"), tags=["outage"])
    plain = explained(desk, directed)
    assert (plain["tone"], plain["by"], plain["directive"]) == ("plain", "directive", "plain")
    assert "but the draft's directive wins" in plain["rules"][0]["why"]
    unknown = desk.ticket(desk.complaint, desk.said.replace("#draft", "#draft icy"), tags=["outage"])
    icy = explained(desk, unknown)
    assert (icy["tone"], icy["by"], icy["directive"]) == ("recovery", "rule", "icy")
    assert "no such tone" in " ".join(desk.run("tones", "explain", unknown).stdout().split())
    other = desk.ticket(desk.complaint, desk.said)
    assert (explained(desk, other)["tone"], explained(desk, other)["by"]) == ("warm", "default")
    done = desk.run("tones", "explain", other, "--json", REWRITER_TONE="concise")
    assert json.loads(done.stdout())["tone"] == "concise"


def test_a_ticket_without_a_draft_is_explained_by_the_customers_language(desk) -> None:
    form = {"form_id": 71, "type": "Complaint"}
    waiting = desk.ticket("Ich warte seit drei Wochen auf meine Rechnung.", channel="chat", **form)
    shown = explained(desk, waiting)
    assert shown["tone"] == "concise"
    assert shown["draft"] is False
    told = desk.run("tones", "explain", waiting).stdout()
    assert "gets the tone concise" in told
    assert "there is no draft yet" in told
    assert desk.tickets[int(waiting)].tags == []


def test_a_run_writes_in_the_tone_that_explain_names_and_asks_for_names_once(desk) -> None:
    for _ in range(3):
        desk.ticket(desk.complaint, desk.said, brand_id=9001, group_id=501, priority="high")
    outage = desk.ticket(desk.complaint, desk.said, tags=["outage"])
    named = explained(desk, outage)["tone"]
    before = sum(desk.calls.values())
    desk.asked.clear()
    done = json.loads(desk.run("run", "--json").stdout())
    tones = {one["ticket"]: one["tone"] for one in done["drafts"]}
    assert tones.pop(outage) == named == "recovery"
    assert set(tones.values()) == {"formal"}
    assert done["suggested"] == 4
    assert done["calls"] == sum(desk.calls.values()) - before
    lookups = [
        call for call in desk.asked if call.rpartition("/")[2] in ("brands", "groups", "products", "ticket_forms")
    ]
    assert len(lookups) == len(set(lookups)), "each kind once"


def test_a_name_that_nothing_bears_is_noted_and_its_rule_means_no_ticket(desk) -> None:
    del desk.groups[501]
    desk.groups[502] = "Refund"
    bank = desk.ticket(desk.complaint, desk.said, brand_id=9001, group_id=502, priority="high")
    shown = explained(desk, bank)
    assert shown["by"] == "default"
    assert shown["notes"] == ["routing.toml:6: no group is called 'Refunds'; did you mean 'Refund'?"]


def test_names_that_may_not_be_read_leave_ids(desk) -> None:
    def refuse(call, answer):
        closed = call.path.endswith(("/groups", "/brands", "/products"))
        return Response("{}", 403, content_type="application/json") if closed else answer()

    desk.faults.append(refuse)
    by_id = desk.ticket(desk.complaint, desk.said, brand_id=9001, group_id=77, priority="high")
    shown = explained(desk, by_id)
    assert shown["by"] == "default"
    assert any("a brand by its id only" in note for note in shown["notes"])
    done = desk.run("run", "--json")
    assert json.loads(done.stdout())["suggested"] == 1
    assert "a brand by its id only" in done.stderr()


@pytest.mark.parametrize(
    ("ticket", "said"), [("999999", "There is no ticket 999999"), ("12a", "is no ticket number")]
)
def test_a_ticket_that_is_not_there_is_one_line(desk, ticket: str, said: str) -> None:
    done = desk.run("tones", "explain", ticket)
    assert done.status == 2
    assert said in done.stderr()
    assert len(done.stderr().splitlines()) == 1
