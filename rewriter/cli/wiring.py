"""How settings become the parts that a command works with: templates, an engine, and what they make of a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rewriter.cli.choice import Choice, Names, choose, traits_of
from rewriter.engine import Engine
from rewriter.errors import EngineUnavailable, InputError
from rewriter.helpdesk import Helpdesk, connect
from rewriter.language import detect, language_of
from rewriter.model import Directive, Draft, Failure, NoDraft, Note, Suggestion, Usage
from rewriter.note import failure_note, suggestion_note
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, brief_of, case_of, suggest
from rewriter.prompting import Prompts, load
from rewriter.routing import asks_names
from rewriter.settings import Settings
from rewriter.settings import load as load_settings
from rewriter.visible import visible_text


@dataclass(frozen=True)
class House:
    """Templates and engine as the settings have them; threads may share it."""

    settings: Settings
    prompts: Prompts
    engine: Engine
    phrasebook: PhrasebookEngine
    names: Names = field(default_factory=Names)  # of the helpdesk's brands, groups and forms

    def suggest(self, request: Request) -> Suggestion:
        """Return what becomes of a draft; on an outage of the model the phrasebook writes where that is set."""
        if self.engine is self.phrasebook:
            return suggest(request, self.phrasebook, self.prompts)
        try:
            return suggest(request, self.engine, self.prompts, self.phrasebook)
        except EngineUnavailable:
            if self.settings.on_outage == "wait":
                raise
            return suggest(request, self.phrasebook, self.prompts)

    def spending(self, spend: Callable[[Usage], Usage]) -> House:
        """Return the house with a model whose cost is counted by `spend`, together with what others spend today."""
        if self.engine is self.phrasebook:
            return self
        return replace(self, engine=_model(self.settings, self.prompts, spend))

    def known_tone(self, name: str) -> str:
        """Return the tone's name, the default for "", capitals or not; raises InputError naming the known ones."""
        asked = name or self.settings.tone
        tone = self._tone_called(asked)
        if not tone:
            raise InputError(f"There is no tone {asked!r}: name one of {', '.join(sorted(self.prompts.tones))}.")
        return tone

    def prompt_of(self, request: Request) -> str:
        """Return exactly what would leave the machine for a request, with a model as the engine."""
        from rewriter.llm import show_prompt  # noqa: PLC0415 - the model's client takes a second to import

        return show_prompt(self.prompts, brief_of(request, case_of(request, self.prompts)))

    def note_for(self, draft: Draft) -> Note:
        """Return the note that a helpdesk's draft is answered with."""
        known, unknown = self.understood(draft.directive)
        suggestion = self.suggest(self._request(replace(draft, directive=known)))
        note = Note("unchanged", "", suggestion.tone, len(suggestion.reverted), suggestion.usage)
        if suggestion.outcome == "unchanged":
            return note
        html = suggestion_note(suggestion, draft.key, self.prompts, draft.thread.agent_language, unknown)
        return replace(note, outcome="suggested" if suggestion.outcome == "rewritten" else "declined", html=html)

    def failure(self, found: Draft | NoDraft, failure: Failure, error: str = "") -> Note:
        """Return the note that says why there is no suggestion."""
        written = (
            [found.html]
            if isinstance(found, Draft)
            else [comment.html for comment in found.thread.comments[-1:] if comment.author == "agent"]
        )
        languages = [found.thread.agent_language, *(detect(visible_text(html)) or "" for html in written)]
        return Note("failed", failure_note(failure, found.key, self.prompts, error=error, languages=languages))

    def choice(self, draft: Draft) -> Choice:
        """Return which tone a helpdesk's draft gets, and why."""
        rules = self.prompts.routing
        asked = any(condition == "language" for rule in rules for condition, _ in rule.asks)
        language = language_of(visible_text(draft.html), draft.customer, draft.directive.language) if asked else ""
        traits = traits_of(draft.thread.ticket, language, self.names, asks_names(rules))
        return choose(rules, self.settings.tone, draft.directive, traits)

    def understood(self, asked: Directive) -> tuple[Directive, Directive]:
        """Return what a directive asks for that there is, and what it asks for that there is not."""
        tone = self._tone_called(asked.tone)
        language = asked.language if asked.language in self.prompts.phrasebooks else ""
        unknown = Directive("" if tone else asked.tone, "" if language else asked.language)
        return Directive(tone, language), unknown

    def _tone_called(self, asked: str) -> str:
        return next((name for name in self.prompts.tones if name.lower() == asked.lower()), "")

    def _request(self, draft: Draft) -> Request:
        thread = draft.thread
        return Request(
            draft.html,
            html=True,
            key=draft.key,
            customer=draft.customer,
            earlier=draft.earlier,
            subject=thread.ticket.subject,
            name=thread.requester,
            people=thread.people,
            tone=self.choice(draft).tone,
            language=draft.directive.language,
            channel=thread.ticket.channel,
        )


def open_house(*, engine: str = "", tone: str = "", settings: Settings | None = None) -> House:
    """Return the house as the settings have it, everything in it checked before the first draft.

    Raises SettingsError, PromptError, or InputError where `tone` is not known.
    """
    settings = settings or load_settings()
    prompts = load(settings.prompts)
    phrasebook = PhrasebookEngine(prompts)
    chosen: Engine = phrasebook
    if settings.engine_name(engine) == "llm":
        chosen = _model(settings, prompts)
    house = House(settings, prompts, chosen, phrasebook)
    house.known_tone(tone)
    return house


def open_helpdesk(settings: Settings) -> Helpdesk:
    """Return the helpdesk that the settings name; who opens it closes it.

    Raises SettingsError where a setting of its own is missing or wrong.
    """
    return connect(
        settings.helpdesk, settings.environment, request_tag=settings.request_tag, rate_share=settings.rate_share
    )


def _model(settings: Settings, prompts: Prompts, spend: Callable[[Usage], Usage] | None = None) -> Engine:
    from rewriter.llm import VERDICT_SECONDS, LLMEngine, ModelJudge  # noqa: PLC0415 - likewise
    from rewriter.llm.endpoint import Endpoint  # noqa: PLC0415 - the model's client takes a second to import

    key, url = settings.openai_api_key.get_secret_value(), settings.openai_base_url
    judge = None
    if settings.judge_model:
        judge = ModelJudge(
            prompts, Endpoint(key, settings.judge_model, url, VERDICT_SECONDS, "REWRITER_JUDGE_MODEL")
        )
    return LLMEngine(prompts, Endpoint(key, settings.model, url), judge, settings.budget, spend)
