"""The operations page speaks of lines and variables that the program has."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
SOURCE = " ".join(
    re.sub(r'"\s*f?"', "", path.read_text())
    for folder in ("rewriter", "integrations")
    for path in sorted((ROOT / folder).rglob("*.py"))
)
LINES = re.findall(r"^\| `([^`]+)`", PAGE.partition("## Every error line")[2], re.M)


@pytest.mark.parametrize("line", LINES)
def test_every_error_line_on_the_page_is_one_that_the_program_says(line: str) -> None:
    assert line in SOURCE


def test_the_page_has_lines_to_check() -> None:
    assert len(LINES) > 20


def test_every_variable_on_the_page_is_one_that_the_program_reads() -> None:
    named = set(re.findall(r"\b((?:REWRITER|OPENAI|ZENDESK|FRESHDESK)_[A-Z_]+)\b", PAGE))
    assert named <= set(re.findall(r"\b((?:REWRITER|OPENAI|ZENDESK|FRESHDESK)_[A-Z_]+)\b", SOURCE))
