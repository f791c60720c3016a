"""Prompts are checked before the first draft: whatever is wrong is one line with file, line and the mend."""

import shutil
from pathlib import Path

import pytest

from rewriter.errors import PromptError
from rewriter.prompting import SHIPPED, faults, load


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    (tmp_path / "tones").mkdir()
    (tmp_path / "phrasebook").mkdir()
    return tmp_path


def _refused(overlay: Path) -> str:
    with pytest.raises(PromptError) as caught:
        load(overlay)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_shipped_prompts_hold() -> None:
    prompts = load()
    assert {"warm", "formal", "concise", "plain", "recovery"} <= set(prompts.tones)
    assert prompts.phrasebook("en") is not None
    assert prompts.phrasebook("xx") is None


def test_an_overlay_stands_for_the_shipped_file_of_its_name_and_no_other(overlay: Path) -> None:
    (overlay / "tones/warm.toml").write_text('description = "ours"\n')
    (overlay / "tones/house.toml").write_text('description = "new"\nregister = "casual"\n')
    prompts = load(overlay)
    assert prompts.tone("warm").description == "ours"
    assert prompts.tone("house").register == "casual"
    assert prompts.tone("formal") == load().tone("formal")


def test_an_unknown_tone_names_the_known_ones() -> None:
    with pytest.raises(PromptError, match="concise, formal"):
        load().tone("nice")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such folder" in _refused(tmp_path / "gone")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('description = "x"\nmovs = ["validation"]\n', 2, "unknown key"),
        ('description = "x"\n\nmoves = []\n', 3, "empty list"),
        ('register = "loud"\n', 1, "register"),
        ('moves = ["validation", "validation"]\n', 1, "twice"),
        ("max_added_words = 0\n", 1, "1 to 60"),
        ("\nmax_added_words = 61\n", 2, "1 to 60"),
        ("max_added_sentences = 4\n", 1, "1 to 3"),
        ('ban = ["(either"]\n', 1, "(either"),
        ('prefer = [" "]\n', 1, "empty phrase"),
        ('languages = ["english"]\n', 1, "two small letters"),
        ('moves = ["hand-off"]\nmax_added_words = 2\nhandoff = ["Call me any time."]\n', 3, "never be said"),
        ('ban = ["guru"]\nexpertise = ["Our gurus know.", "Ask a guru."]\nmoves = ["expertise"]\n', 2, "banned"),
        ('handoff = ["Call us."]\n', 1, "never said"),
        ('description = "x\n', 1, "not valid TOML"),
    ],
)
def test_a_wrong_tone_profile_is_refused_with_its_line(overlay: Path, content: str, line: int, said: str) -> None:
    (overlay / "tones/ours.toml").write_text(content)
    message = _refused(overlay)
    assert said in message
    if said != "not valid TOML":
        assert f"ours.toml:{line}:" in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("the wait for {{ the_topic }}.", "the wait for {{ the_topik }}.", "unknown variable 'the_topik'"),
        ("the wait for {{ the_topic }}.", "the wait for {{ the_topic.", "phrasebook/en.toml:"),
        ('"I\'m sorry about the wait.",', '"",', "empty phrase"),
        ("[greeting.casual]", "[greeting.jolly]", "greeting"),
        ('tones = ["plain"]', 'tones = ["plian"]', "there is no tone 'plian'; name one of concise"),
        ('owns = ["(my|our)', 'owns = ["(my|our', "phrasebook/en.toml:"),
    ],
)
def test_a_wrong_phrasebook_is_refused(overlay: Path, old: str, new: str, said: str) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    assert old in text
    (overlay / "phrasebook/en.toml").write_text(text.replace(old, new, 1))
    assert said in _refused(overlay)


def test_a_phrasebook_may_not_say_what_it_bans(overlay: Path) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    (overlay / "phrasebook/en.toml").write_text('ban = ["sorry"]\n' + text)
    assert "'sorry' is banned in this very file" in _refused(overlay)


def test_a_template_may_use_no_variable_that_the_shipped_one_does_not_know(overlay: Path) -> None:
    name = next(SHIPPED.rglob("note.html.j2")).relative_to(SHIPPED)
    (overlay / name).write_text("line one\n{{ secret_key }}\n")
    message = _refused(overlay)
    assert ":2: unknown variable 'secret_key'" in message


def test_a_template_with_a_broken_tag_is_refused_with_its_line(overlay: Path) -> None:
    (overlay / "note.html.j2").write_text("fine\n{% if %}\n")
    assert "note.html.j2:2:" in _refused(overlay)


def test_a_misspelt_file_name_is_met_with_the_right_one(overlay: Path) -> None:
    (overlay / "sytem.j2").write_text("x")
    assert "did you mean system.j2" in _refused(overlay)


def test_templates_cannot_reach_out_of_the_sandbox() -> None:
    prompts = load()
    with pytest.raises(Exception, match="unsafe"):
        prompts.say("{{ topic.__class__.__mro__[1].__subclasses__() }}", topic="x")


def test_a_copy_of_the_shipped_folder_is_a_good_overlay(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(SHIPPED, tmp_path / "ours", ignore=ignore)
    assert load(tmp_path / "ours").tones == load().tones


def test_matters_carry_what_the_agent_is_told() -> None:
    matters = load().matters
    assert all(tell.endswith(".") and phrases for tell, phrases in matters.items())


def test_every_file_that_is_wrong_is_told_and_not_the_first_alone(overlay: Path) -> None:
    (overlay / "tones/ours.toml").write_text("moves = []\n")
    (overlay / "phrasebook/xx.toml").write_bytes(b"\xff")
    (overlay / "note.html.j2").write_bytes(b"\xff")
    (overlay / "routing.toml").write_text("[[rules]]\n")
    told = [str(fault) for fault in faults(overlay)]
    assert len(told) == 4
    assert all(
        sum(name in line for line in told) == 1
        for name in ("ours.toml:1", "xx.toml", "note.html", "routing.toml:1")
    )
    assert _refused(overlay) in told


def test_rules_are_part_of_the_prompts_and_know_the_admins_own_tones(overlay: Path) -> None:
    (overlay / "tones/house.toml").write_text('description = "ours"\n')
    (overlay / "routing.toml").write_text('[[rule]]\ntone = "house"\ntag = "vip"\n')
    assert [rule.tone for rule in load(overlay).routing] == ["house"]
    assert load().routing == ()


@pytest.mark.parametrize("name", ["note.html.j2", "failure.html.j2"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>Done.</p>", "marker"),  # it would be posted again and again
        ("<p>{{ marker }}</p><p>Bye.</p>", "marker"),
        ("{% include '/etc/passwd' %}<p>{{ marker }}</p>", "/etc/passwd"),
        ("{% include '../../../../etc/passwd' %}<p>{{ marker }}</p>", "/etc/passwd"),
        ("{{ ''.__class__.__mro__ }}<p>{{ marker }}</p>", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.environ }}<p>{{ marker }}</p>", "unsafe"),
        ("{{ range(1000000000) | list | length }}<p>{{ marker }}</p>", "OverflowError"),
    ],
)
def test_a_notes_template_that_loses_its_marker_or_reaches_for_files_or_the_environment_is_refused(
    overlay: Path, name: str, text: str, said: str
) -> None:
    (overlay / name).write_text(text)
    refused = _refused(overlay)
    assert f"{name}:1: " in refused
    assert said in refused
    assert "root:" not in refused
