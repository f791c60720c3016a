"""The admins' guide `prompts/README.md` names every file, key and variable there is, and its examples hold."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from rewriter.cli.tones import app
from rewriter.dose import LONGER_BY, SHORT_DRAFT, SHORT_MOVE
from rewriter.model import Feeling, MoveKind, Tone
from rewriter.phrasebook import PhrasebookEngine
from rewriter.phrasebook.draft import MOST_MOVES
from rewriter.pipeline import Request, suggest
from rewriter.prompting import (
    SHIPPED,
    Cold,
    Habit,
    Passage,
    Phrasebook,
    Prompts,
    load,
    shipped_files,
    template_variables,
)
from rewriter.prompting.books import PASSAGE_WORDS, Register, Trouble
from rewriter.prompting.tones import WORD_FOR_WORD
from rewriter.routing import CONDITIONS

README = (SHIPPED / "README.md").read_text()
EXAMPLES = {block.split("\n")[0]: block for block in re.findall(r"```toml\n(.+?)```", README, re.S)}


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def keys(text: str) -> set[str]:
    """The words in `code` in the first column of a section's tables."""
    cells = re.findall(r"^\| ([^|]+) \|", text, re.M)
    return {word for cell in cells for word in re.findall(r"`\[*([\w./*<>-]+)\]*`", cell)}


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Prompts:
    """The prompts of an admin who did what every example shows."""
    folder: Path = tmp_path_factory.mktemp("followed")
    for name in ("tones", "phrasebook"):
        (folder / name).mkdir()
    for first, text in EXAMPLES.items():
        (name,) = re.findall(r"[\w/]+\.toml", first)
        shipped = SHIPPED / name
        before = shipped.read_text() + "\n" if shipped.exists() and name != "routing.toml" else ""
        (folder / name).write_text(before + text)
    return load(folder)


def test_every_example_holds_and_is_read(followed: Prompts) -> None:
    assert len(EXAMPLES) == 4
    assert len(followed.routing) == README.count("\n[[rule]]") == 4
    assert {condition for rule in followed.routing for condition, _ in rule.asks} == set(CONDITIONS)
    assert followed.tone("bank").handoff
    assert set(followed.phrasebooks["en"].passage) > set(load().phrasebooks["en"].passage)
    assert set(followed.declined) - set(load().declined) == {"recall"}


def test_the_examples_do_what_they_say(followed: Prompts) -> None:
    engine = PhrasebookEngine(followed)
    recall = Request("It is safe.", customer="My charger is smoking, what now?", tone="bank")
    assert suggest(recall, engine, followed).outcome == "declined"
    row = json.loads(re.findall(r"```json\n(.+?)```", README, re.S)[0])
    late = Request(row["draft"], customer=row["customer"], name=row["name"], tone="bank", language=row["lang"])
    assert suggest(late, engine, followed).text.startswith("Dear Ana,")


def test_every_key_of_a_tone_and_every_move_is_explained() -> None:
    told = keys(section("Tone profiles"))
    assert told == set(Tone.__dataclass_fields__) - {"name"} | set(get_args(MoveKind))


def test_every_key_of_a_rule_is_explained() -> None:
    assert keys(section("Routing")) == {"tone", *CONDITIONS}


def test_every_table_key_and_variable_of_a_phrasebook_is_explained() -> None:
    tables = {name for name in Phrasebook.__dataclass_fields__ if name not in ("language", "greeting")}
    greetings = {f"greeting.{register}" for register in get_args(Register)}
    conditions = set(Passage.__dataclass_fields__) - {"say"}
    variables = PASSAGE_WORDS
    assert keys(section("Phrasebooks")) == tables | greetings | conditions | variables
    assert all(f"`{key}`" in section("Phrasebooks") for key in Cold.__dataclass_fields__)


def test_every_value_that_a_condition_may_have_is_named() -> None:
    said = section("Phrasebooks")
    values = {*get_args(Feeling), *get_args(Habit)} - {"none"}
    assert all(f"`{value}`" in said for value in values | set(get_args(Trouble)) - {""})


def test_every_variable_of_a_template_is_named() -> None:
    told = {
        template: set(re.findall(r"`(\w+)`", names))
        for template, names in re.findall(r"^\| `([\w.]+\.j2)` \| (`.+`) \|$", README, re.M)
    }
    templates = [name for name in shipped_files() if name.endswith(".j2")]
    assert told == {name: set(known) for name in templates if (known := template_variables(name))}


def test_every_shipped_file_stands_in_the_table_of_files() -> None:
    told = keys(section("The files"))
    patterns = [re.escape(name).replace(r"\*", "[^/]+").replace("<language>", "[a-z]{2}") for name in told]
    for name in set(shipped_files()) - {"README.md"}:
        assert any(re.fullmatch(pattern, name) for pattern in patterns), name


def test_the_bounds_of_the_dose_are_those_that_hold() -> None:
    said = section("Tone profiles")
    assert f"| below {SHORT_DRAFT} words | a greeting, and one sentence of at most {SHORT_MOVE} words |" in said
    assert f"| from {SHORT_DRAFT} words | {LONGER_BY * 100:.0f} % of its words, greeting included;" in said
    assert MOST_MOVES == 2
    assert "without a model two moves beside the greeting" in said


def test_approved_texts_are_named_as_what_is_not_checked() -> None:
    opening = README.partition("\n- [")[0]
    assert "change a fact" in opening
    assert "But for texts that you approve word for word" in opening
    assert all(f"`{key}`" in opening for key in WORD_FOR_WORD)


def test_every_command_for_admins_is_named_and_none_other() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]  # a group, not one command
    assert set(re.findall(r"`rewriter tones (\w+)", README)) == commands - {"show"}
