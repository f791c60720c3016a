"""The shipped samples, rewritten: read by eye, and kept so that a change shows what it changes.

After a change that is meant, `make golden` writes the files anew; read what git shows before you commit it.
"""

import json
import os
from pathlib import Path

import pytest

from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import SHIPPED, Prompts, load

HERE = Path(__file__).parent
ANEW = bool(os.environ.get("REWRITER_TEST_GOLDEN"))


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return load()


@pytest.mark.parametrize("tone", ["warm", "formal", "concise"])
def test_the_samples_read_as_they_were_reviewed(prompts: Prompts, tone: str) -> None:
    rows = [json.loads(line) for line in (SHIPPED / "samples.jsonl").read_text().splitlines() if line.strip()]
    written = "\n".join(rewritten(prompts, row, tone) for row in rows)
    file = HERE / f"{tone}.txt"
    if ANEW:
        file.write_text(written)
    assert written == file.read_text()


def rewritten(prompts: Prompts, row: dict[str, str], tone: str) -> str:
    """Return a sample's suggestion below its name and the customer's message."""
    html = "draft_html" in row
    request = Request(
        row["draft_html"] if html else row["draft"],
        html=html,
        key=row["id"],
        customer=row.get("customer", ""),
        name=row.get("name", ""),
        tone=tone,
        language=row.get("lang", ""),
        channel=row.get("channel", "email"),  # type: ignore[arg-type]  # the samples are our own
    )
    suggestion = suggest(request, PhrasebookEngine(prompts), prompts)
    shown = suggestion.html if html else suggestion.text
    return f"=== {row['id']}: {suggestion.outcome}\n--- {row.get('customer', '')}\n{shown}\n"
