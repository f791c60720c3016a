"""What a plan costs in tokens, beside a plain "rewrite this" that has the model retype the reply.

Both are asked for the same drafts and say the same in the end: a model on loopback answers as a good one would,
with a greeting and one kind sentence. Tokens are counted at one for each six letters of a word, three digits or
mark.
"""

import re
import sys
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
DRAFTS = 60


def tokens(text: str) -> int:
    return len(re.findall(r"[^\W\d]{1,6}|\d{1,3}|[^\w\s]|_", text))


def main() -> None:
    prompts = prompting.load()
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
            plan = tokens(answers[-1])
            rows.append(
                (words, tokens(asked.system), tokens(asked.user), plan, tokens(plain), tokens(suggestion.text))
            )

    print(
        "draft       drafts   plan: same part + own part -> written     plain: asked -> written     share written"
    )
    for name, least, most in (("to 40 words", 0, 40), ("41 to 60", 41, 60), ("over 60", 61, 999), ("all", 0, 999)):
        those = [row for row in rows if least <= row[0] <= most]
        if those:
            _, system, user, plan, plain, retyped = (median(column) for column in zip(*those, strict=True))
            share = sum(row[3] for row in those) / sum(row[5] for row in those)
            print(
                f"{name:<11} {len(those):>6}   {system:>15.0f} + {user:>8.0f} -> {plan:>7.0f}"
                f"  {plain:>18.0f} -> {retyped:>7.0f}  {share:>22.0%}"
            )
    print("The same part is identical from draft to draft: endpoints that keep prompts charge a fraction for it.")


if __name__ == "__main__":
    main()
