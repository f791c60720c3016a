"""The engine over an OpenAI-compatible endpoint: a sealed brief becomes a prompt, the answer becomes a plan."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from rewriter.budget import Budget
from rewriter.engine import NoPlan
from rewriter.errors import EngineUnavailable
from rewriter.llm.endpoint import Endpoint
from rewriter.llm.plan_format import PLAN, REFUSALS, read_plan, read_refusals
from rewriter.llm.wire import Answer, Question
from rewriter.model import Brief, Carry, Move, Plan, Planned, Rephrase, Usage
from rewriter.prompting import Prompts

LONGEST_MESSAGE = 4_000  # characters of the customer's message that a model is shown
LONGEST_PROBLEM = 300  # characters; a problem quotes the model's own words
MOST_PROBLEMS = 12
VERDICT_SECONDS = 15.0  # that a judge's endpoint is to be given: two plans and two verdicts are 90 s
VERDICT_ROOM = 200  # tokens that a judge's list of numbers may take
OPENINGS = 5  # ways to begin that draft.j2 asks for in turn, so that neighbouring tickets do not read alike
ROOM = 250  # tokens that a plan may take, beside a quarter of the draft's characters: all of it retyped


@dataclass
class LLMEngine:
    """Plans with a model; one for each run, safe to share among threads.

    A plan and its repair are one question each, and the judge is asked after each: with 30 s for a plan and
    15 s for a verdict, a draft lasts at most 90 s.
    Reaching a limit of the budget is an outage to the run: EngineUnavailable, before a draft is begun and never
    between a plan and its repair.
    """

    prompts: Prompts
    endpoint: Endpoint
    judge: ModelJudge | None = None
    budget: Budget = field(default_factory=Budget)
    spend: Callable[[Usage], Usage] | None = None  # adds to what the day has cost, by all runs, and returns that
    _spent: Usage = field(init=False, default_factory=Usage)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    @property
    def name(self) -> str:
        """The word that suggestions and the ledger call this engine by."""
        return "llm"

    @property
    def spent(self) -> Usage:
        """What this engine's questions have cost so far, those without a usable answer included."""
        with self._lock:
            return self._spent

    def plan(self, brief: Brief) -> Planned:
        """Return the model's plan; where nothing may be added, every sentence is carried and nobody is asked.

        Raises NoPlan where the answer is no plan, and what the endpoint raises.
        """
        if not brief.moves:
            return Planned(tuple(Carry(sentence.number) for sentence in brief.sentences))
        if not brief.problems and (limit := self._limit()):
            raise EngineUnavailable(f"The budget is used up: {limit} is reached.")
        answer = self._counted(self.endpoint.ask(plan_question(self.prompts, brief)))
        if answer.trouble:
            raise NoPlan(answer.trouble, answer.usage)
        try:
            plan = read_plan(answer.text, len(brief.sentences))
        except ValueError as error:
            raise NoPlan(str(error), answer.usage) from None
        asked = self.judge and self.judge.question(brief, plan)
        if not self.judge or not asked:
            return Planned(plan, answer.usage)
        verdict = self._counted(self.judge.endpoint.ask(asked))
        return Planned(without_refused(plan, verdict), answer.usage + verdict.usage)

    def _limit(self) -> str:
        """Return the variable whose limit is reached, "" while there is room for another draft."""
        return self.budget.reached(self.spent, self.spend(Usage()) if self.spend else self.spent)

    def _counted(self, answer: Answer) -> Answer:
        """Write down what an answer cost as soon as it is there, whatever becomes of it and of its draft."""
        with self._lock:
            self._spent += answer.usage
        if self.spend:
            self.spend(answer.usage)
        return answer


@dataclass(frozen=True)
class ModelJudge:
    """A second model that is asked only about rephrased sentences and added moves, and may only refuse them."""

    prompts: Prompts
    endpoint: Endpoint

    def question(self, brief: Brief, plan: Plan) -> Question | None:
        """Return what the judge is asked about a plan, in sealed text; None where every sentence is carried."""
        texts = {sentence.number: "" if sentence.hollow else sentence.text for sentence in brief.sentences}
        changed = [step for step in plan if not isinstance(step, Carry)]
        if not changed:
            return None
        items = [
            {"draft": texts[step.sentence] if isinstance(step, Rephrase) else "", "text": step.text}
            for step in changed
        ]
        seen = _cut(brief.customer, LONGEST_MESSAGE)
        mark = _mark(seen, *(part for item in items for part in item.values()))
        user = self.prompts.render("judged.j2", items=items, customer=seen, mark=mark)
        return Question(self.prompts.render("judge.j2"), user, "refusals", REFUSALS, VERDICT_ROOM, _seed(brief.key))


def without_refused(plan: Plan, verdict: Answer) -> Plan:
    """Return the plan with refused rephrasings carried instead and refused moves left out.

    A verdict that cannot be read refuses everything that was asked about: no answer is no approval.
    """
    changed = [at for at, step in enumerate(plan) if not isinstance(step, Carry)]
    try:
        refused = {changed[number - 1] for number in read_refusals(verdict.text, len(changed))}
    except ValueError:
        refused = set(changed)
    if verdict.trouble:
        refused = set(changed)
    return tuple(
        Carry(step.sentence) if at in refused and isinstance(step, Rephrase) else step
        for at, step in enumerate(plan)
        if not (at in refused and isinstance(step, Move))
    )


def show_prompt(prompts: Prompts, brief: Brief) -> str:
    """Return the two texts that would leave the machine for a brief, to the letter, each under a line naming it."""
    question = plan_question(prompts, brief)
    return f"----- system\n{question.system}\n----- user\n{question.user}\n"


def plan_question(prompts: Prompts, brief: Brief) -> Question:
    """Return what a model is asked for a brief: sealed text only, and never the customer's name.

    The system part is the same for every draft; tone comes next and the draft last, so that caches work.
    """
    seen = _cut(brief.customer, LONGEST_MESSAGE)
    # The reading's words are the customer's: they go out only where they stand, unsealed, in the sealed message.
    reading = replace(
        brief.reading,
        first_name="",
        family_name="",
        title="",
        topic=brief.reading.topic if brief.reading.topic.casefold() in seen.casefold() else "",
        told=brief.reading.told if brief.reading.told.casefold() in seen.casefold() else "",
    )
    draft = [sentence.text for sentence in brief.sentences]
    problems = [_cut(" ".join(problem.split()), LONGEST_PROBLEM) for problem in brief.problems[:MOST_PROBLEMS]]
    user = prompts.render(
        "draft.j2",
        tone=brief.tone,
        moves=brief.moves,
        language=brief.language,
        channel=brief.channel,
        named=brief.reading.has_name,
        reading=reading,
        customer=seen,
        sentences=brief.sentences,
        problems=problems,
        turn=_seed(brief.key) % OPENINGS,
        mark=_mark(seen, *draft, *problems),
    )
    room = ROOM + sum(len(text) for text in draft) // 4
    return Question(prompts.render("system.j2"), user, "plan", PLAN, room, _seed(brief.key))


def _seed(key: str) -> int:
    """Return a number that is the same for the same draft, so that one draft reads the same twice."""
    return int.from_bytes(sha256(key.encode("utf-8", "replace")).digest()[:4], "big") >> 1


def _mark(*material: str) -> str:
    """Return a mark to fence material with that nobody who wrote some of it can know: a digest of all of it."""
    return sha256("\0".join(material).encode("utf-8", "replace")).hexdigest()[:16]


def _cut(text: str, length: int) -> str:
    """Return the text, ended at a space where it is longer than `length`, so that no placeholder is cut in two."""
    return text if len(text) <= length else f"{text[:length].rsplit(None, 1)[0]} …"
