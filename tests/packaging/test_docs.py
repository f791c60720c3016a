"""The documentation says what the program does."""

import re
from pathlib import Path

import pytest
from babel import Locale

from rewriter.cli import COMMANDS
from rewriter.cli.rewrite import request_from
from rewriter.cli.wiring import open_house

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _between(mark: str) -> str:
    return README.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0]


def test_the_example_on_the_first_screen_is_what_the_program_says(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env
    customer = re.search(r'A customer writes: \*"(.+?)"\*', README)
    row = re.search(r"^\| (Your refund .+?) \| (Hi .+?) \|$", README, re.M)
    assert customer
    assert row
    house = open_house(engine="phrasebook")
    request = request_from({"draft": row[1], "customer": customer[1], "name": "Ana Reyes"}, house)
    assert house.suggest(request).text.replace("\n\n", "<br><br>") == row[2]


def test_every_command_stands_in_the_readme_in_the_words_of_its_help_and_none_other() -> None:
    described = dict(re.findall(r"^\| `rewriter (\w+)` \| (.+) \|$", _between("commands"), re.M))
    assert described.keys() == COMMANDS.keys()
    for name, does in described.items():
        assert does.replace("`", "").startswith(COMMANDS[name].does)


def test_every_setting_that_the_program_reads_is_in_the_readme() -> None:
    described = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", _between("settings")))
    sources = [*(ROOT / "rewriter").rglob("*.py"), *(ROOT / "integrations").rglob("*.py")]
    named = {
        name
        for source in sources
        for name in re.findall(r"\b((?:REWRITER|ZENDESK|FRESHDESK|OPENAI)_[A-Z_]+)\b", source.read_text())
    }
    assert named == described


def test_every_language_that_there_is_a_phrasebook_for_is_in_the_readme() -> None:
    named = re.search(r"Drafts in ([\w\s,]+) are rewritten", README)
    assert named
    spoken = {Locale(book.stem).english_name for book in (ROOT / "prompts" / "phrasebook").glob("*.toml")}
    assert set(re.split(r",\s+|\s+and\s+", named[1])) == spoken


def test_every_setting_in_the_example_is_one_of_the_readmes_and_every_way_to_sign_in_is_there() -> None:
    example = set(re.findall(r"^#?([A-Z]+_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    described = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", _between("settings")))
    assert example <= described
    assert {
        name for name in described if name.startswith(("ZENDESK_", "FRESHDESK_")) and "URL" not in name
    } <= example


def test_every_exit_status_is_in_the_readme() -> None:
    assert set(re.findall(r"^\| (\d) \|", README, re.M)) == {"0", "1", "2", "3"}


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "prompts" / "README.md"]
)
def test_every_link_to_a_file_of_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
