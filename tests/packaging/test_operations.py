"""The operations page speaks of lines and variables that the program has."""

import ast
import re
from collections.abc import Iterator
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


def _raised() -> Iterator[str]:
    """Yield the text of every error that ends a command, with {} for what is filled in."""
    ends = {"SettingsError", "LedgerError", "HelpdeskDenied", "HelpdeskUnavailable", "EngineDenied", "PublicNote"}
    for folder in ("rewriter", "integrations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ends and node.args:
                    text = node.args[0]
                    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


@pytest.mark.parametrize("said", sorted(text for text in set(_raised()) if re.search(r"[a-z]{3} [a-z]", text)))
def test_every_error_that_ends_a_command_is_on_the_page(said: str) -> None:
    assert any(line in said for line in LINES)


def test_the_page_has_lines_to_check() -> None:
    assert len(LINES) > 20


def test_every_variable_on_the_page_is_one_that_the_program_reads() -> None:
    named = set(re.findall(r"\b((?:REWRITER|OPENAI|ZENDESK|FRESHDESK)_[A-Z_]+)\b", PAGE))
    assert named <= set(re.findall(r"\b((?:REWRITER|OPENAI|ZENDESK|FRESHDESK)_[A-Z_]+)\b", SOURCE))
