"""The way of a draft, from its text to a suggestion: read, seal, brief, plan, guard, mend, compose; no I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rewriter import guard
from rewriter.document import compose, parse
from rewriter.dose import dose
from rewriter.engine import Engine, NoPlan
from rewriter.errors import EngineDenied, EngineError, EngineUnavailable, InputError
from rewriter.guard import Case
from rewriter.guard.added import is_hollow
from rewriter.language import language_of
from rewriter.model import (
    Brief,
    BriefSentence,
    Carry,
    Channel,
    Move,
    Plan,
    Rephrase,
    Suggestion,
    Usage,
    Violation,
)
from rewriter.prompting import Prompts
from rewriter.reading import read
from rewriter.seal import seal_draft, seal_message
from rewriter.visible import visible_text
from rewriter.wording import count_words


@dataclass(frozen=True, slots=True)
class Request:
    """A draft and all that is known of it, wherever it came from; the customer's messages are plain text."""

    source: str
    html: bool = False
    key: str = "draft"  # decides between equally good phrasings
    customer: str = ""  # the latest message
    earlier: tuple[str, ...] = ()  # the messages before it, oldest first
    subject: str = ""
    name: str = ""  # the requester's full name as the helpdesk has it
    people: tuple[str, ...] = ()  # every other name that the ticket knows
    tone: str = "warm"
    language: str = ""  # of the draft; "" detects it
    channel: Channel = "email"


def suggest(request: Request, engine: Engine, prompts: Prompts, fallback: Engine | None = None) -> Suggestion:
    """Return the draft rewritten, or why it stays as it is; no fact of it is ever changed.

    Where `engine` gives no usable plan, `fallback` writes instead. Raises InputError for a draft without words
    or an unknown tone, EngineUnavailable and EngineDenied as the engine does.
    """
    case = case_of(request, prompts)
    document, tone, matter = case.document, case.tone, case.reading.matter
    as_written: Plan = tuple(Carry(sentence.number) for sentence in document.sentences)
    if matter or (tone.languages and document.language not in tone.languages):
        written = _Written(as_written, engine.name, Usage(), ())
    else:
        written = _write(brief_of(request, case), case, engine, fallback)
    if not (case.name or _says_more(written.plan) or any(isinstance(step, Rephrase) for step in written.plan)):
        written = replace(written, plan=as_written)  # "Hello," alone is not worth anybody's reading
    composed = compose(
        document, case.sealed, written.plan, case.name, in_line=request.channel in ("chat", "social")
    )
    return Suggestion(
        "declined" if matter else "unchanged" if written.plan == as_written else "rewritten",
        written.engine,
        tone.name,
        document.language,
        composed.text,
        composed.html,
        composed.parts,
        tuple(fact for sentence in document.sentences for fact in sentence.facts),
        written.reverted,
        sum(count_words(step.text) for step in written.plan if isinstance(step, Move)),
        written.usage,
        matter,
    )


def case_of(request: Request, prompts: Prompts) -> Case:
    """Return the draft read, cut and sealed, the customer's message read, and the tone dosed for the two.

    Raises InputError for a draft without words, PromptError for an unknown tone.
    """
    text = visible_text(request.source) if request.html else request.source
    if not text.strip():
        raise InputError("The draft is empty: write the reply first.")
    tone = prompts.tone(request.tone)
    language = language_of(text, request.customer, request.language)
    document = parse(
        request.source, html=request.html, language=language, names=_names(request), products=tone.names
    )
    reading = read(
        request.customer,
        request.earlier,
        name=request.name,
        language=language,
        subject=request.subject,
        draft=text,
        matters=prompts.matters,
    )
    dosed = dose(tone, reading, document, request.channel)
    sealed = seal_draft(document, request.key)
    called = prompts.called(language, reading, text)
    theirs = f"{request.subject}\n{request.customer}".strip()
    return Case(document, sealed, reading, dosed, called, theirs)


def brief_of(request: Request, case: Case) -> Brief:
    """Return all that an engine is told of a case: sealed text, the reading and the dosed tone."""
    sentences = tuple(
        BriefSentence(
            sentence.number,
            hidden.text,
            sentence.block,
            case.document.blocks[sentence.block].kind,
            sentence.role,
            sentence.rephrasable,
            is_hollow(sentence.text, case.document.language),
        )
        for sentence, hidden in zip(case.document.sentences, case.sealed, strict=True)
    )
    language = case.reading.language or case.document.language
    joined = tuple("".join(name.split()) for name in _names(request) if " " in name)  # as in a user's name
    return Brief(
        request.key,
        case.document.language,
        request.channel,
        sentences,
        seal_message(request.customer, language, names=(*_names(request), *joined), key=request.key),
        case.reading,
        case.tone,
        case.tone.moves,
    )


@dataclass(frozen=True, slots=True)
class _Written:
    """A plan that the guard has nothing against, who wrote it, what it cost and what was put back."""

    plan: Plan
    engine: str
    usage: Usage
    reverted: tuple[Violation, ...]


def _write(brief: Brief, case: Case, engine: Engine, fallback: Engine | None) -> _Written:
    """Ask for a plan, once more with its problems named, then mend step by step what is left of them."""
    usage = Usage()
    plan: Plan = ()
    violations: tuple[Violation, ...] = ()
    tried = False  # to say more than a greeting
    for _ in range(2):
        try:
            planned = engine.plan(brief)
        except (EngineUnavailable, EngineDenied):
            raise
        except EngineError as error:
            if not fallback:
                raise
            usage += error.usage if isinstance(error, NoPlan) else Usage()
            brief = replace(brief, problems=(str(error),))
            continue
        usage += planned.usage
        plan, violations = planned.plan, guard.judge(case, planned.plan)
        if not violations and (_says_more(plan) or not tried):
            return _Written(plan, engine.name, usage, ())
        tried = tried or _says_more(plan)
        brief = replace(brief, problems=_problems(violations, plan))
    mended = guard.mend(case, plan, violations)
    if fallback and not (_says_more(mended) or (_moves(mended) and not tried)):
        second = _write(replace(brief, problems=()), case, fallback, None)
        return replace(second, usage=usage + second.usage, reverted=violations + second.reverted)
    return _Written(mended, engine.name, usage, violations)


def _moves(plan: Plan) -> tuple[Move, ...]:
    return tuple(step for step in plan if isinstance(step, Move))


def _says_more(plan: Plan) -> bool:
    """Tell whether a plan adds more than a greeting."""
    return any(move.kind != "personalisation" for move in _moves(plan))


def _problems(violations: tuple[Violation, ...], plan: Plan) -> tuple[str, ...]:
    """Return what a plan does wrong, a line for each step, in words that hold no fact of the draft.

    Of an added sentence all is the engine's own, so what the guard quotes of it may be told as well.
    """
    wrongs: dict[str, list[str]] = {}
    for violation in violations:
        step = plan[violation.step] if violation.step is not None else None
        where = f"sentence {violation.sentence}" if violation.sentence else "the plan"
        if isinstance(step, Move | Rephrase):
            where = step.text
        wrongs.setdefault(where, []).append(violation.detail if isinstance(step, Move) else violation.kind)
    return tuple(f"{'; '.join(dict.fromkeys(wrong))}: {where}" for where, wrong in wrongs.items())


def _names(request: Request) -> tuple[str, ...]:
    return tuple(name for name in (request.name, *request.people) if name)
