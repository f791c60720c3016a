"""What a plan costs in tokens, beside a plain "rewrite this" that has the model retype the reply.

Both are asked for the same drafts and say the same in the end: a model on loopback answers as a good one would,
with a greeting and one kind sentence. Tokens are counted as OpenAI's models count them (o200k_base) where
`pip install bpe-openai` has brought their vocabulary; else by a rule that comes near and counts more: one for each
six letters of a word, three digits, or three marks in a row.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "llm"))

from model_server import Asked, ModelServer, Reply, kind_words
from tickets import ticket

from rewriter import prompting
from rewriter.llm import LLMEngine
from rewriter.llm.endpoint import Endpoint
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import suggest

PLAIN = "Rewrite this support reply with more empathy. Change no fact. Customer: {customer}\nReply: {draft}"
DRAFTS = 120
CLASSES = (
    ("to 30 words", 0, 30),
    ("31 to 40", 31, 40),
    ("41 to 60", 41, 60),
    ("over 60", 61, 999),
    ("all", 0, 999),
)


def counter() -> tuple[str, Callable[[str], int]]:
    """Return how tokens are counted here, and what counts them."""
    try:
        from bpe_openai import get_encoding  # noqa: PLC0415 - 40 MB that nothing else needs
    except ImportError:
        return "a rule (see above)", lambda text: len(re.findall(r"[^\W\d]{1,6}|\d{1,3}|(?:[^\w\s]|_){1,3}", text))
    encoding = get_encoding("o200k_base")
    return "o200k_base", lambda text: len(encoding.encode(text))


def main() -> None:
    prompts, (rule, tokens) = prompting.load(), counter()
    answers: list[str] = []

    def answered(asked: Asked) -> Reply:
        reply = kind_words(asked)
        answers.append(reply.text or "")
        return reply

    rows = []
    with ModelServer(answered) as server:
        engine, phrasebook = LLMEngine(prompts, Endpoint("sk-test", "m", server.url)), PhrasebookEngine(prompts)
        for number in range(DRAFTS):
            made = ticket(number)
            suggestion = suggest(made.request, engine, prompts, phrasebook)
            asked = server.asked[-1]
            plain = PLAIN.format(customer=made.request.customer, draft=" ".join(made.drafted))
            words = sum(len(paragraph.split()) for paragraph in made.drafted)
            rows.append(
                (
                    words,
                    *(tokens(text) for text in (asked.system, asked.user, answers[-1], plain, suggestion.text)),
                )
            )

    print(f"tokens by {rule}")
    print("draft        drafts   plan: same part + own part -> written   plain: asked -> written   share written")
    for name, least, most in CLASSES:
        those = [row for row in rows if least <= row[0] <= most]
        if those:
            _, system, user, plan, plain, retyped = (median(column) for column in zip(*those, strict=True))
            share = sum(row[3] for row in those) / sum(row[5] for row in those)
            print(
                f"{name:<12} {len(those):>6}   {system:>15.0f} + {user:>8.0f} -> {plan:>7.0f}"
                f"  {plain:>16.0f} -> {retyped:>7.0f}  {share:>14.0%}"
            )
    dearest = max(row[3] / row[5] for row in rows)
    print(
        f"The dearest plan of one draft: {dearest:.0%} of its retyping. It has the words it adds, and a few more."
    )
    print("The same part is identical from draft to draft: endpoints that keep prompts charge a fraction for it.")


if __name__ == "__main__":
    main()
