"""What makes handing over a draft one click in Freshdesk, and whether all is as it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Check, SetupStep

from ..api import Api, objects
from ..checking import Look, checks, clock

SCENARIO = "Rewrite my draft"

_SCOPES = {2: "the tickets of their groups", 3: "the tickets assigned to them"}  # 1 is all tickets
_SEE_ALL = "Let this agent see all tickets."


class Setup:
    """Looks at an account. Freshdesk's API creates neither scenarios nor views; a tag comes with its first use."""

    def __init__(self, api: Api, request_tag: str) -> None:
        self._api = api
        self._tag = request_tag
        self._agent: Mapping[str, Any] = {}  # who is signed in, once that is known

    def checks(self) -> Iterator[Check]:
        """Look at sign-in, permissions, scenario and tags."""
        return checks(
            Look("sign-in", self._sign_in, "Check FRESHDESK_API_KEY and FRESHDESK_DOMAIN."),
            (
                Look("role", self._role, ""),
                Look("notes", self._notes, ""),
                Look("search", self._search, _SEE_ALL),
                Look("live list", self._live, _SEE_ALL),
                Look("scenario", self._looks_at_scenario, ""),
                Look("tags", self._tags, ""),
                clock(self._api),
            ),
        )

    def plan_setup(self) -> list[SetupStep]:
        """Return what a person does once, by hand; nothing where it is seen to be done."""
        if self._has_scenario():
            return []
        return [
            SetupStep(
                "scenario",
                SCENARIO,
                f"Admin, Scenario Automations, New: the action 'Add tag' with {self._tag}, for all agents. An "
                "agent writes a private note that begins with #draft, saves it, and runs the scenario",
                by_hand=True,
            )
        ]

    def apply(self, step: SetupStep) -> None:
        """There is nothing that can be created."""
        raise HelpdeskError(f"Freshdesk's API cannot create a {step.kind}: {step.does}.")

    def _sign_in(self) -> str:
        self._agent = self._api.get("/api/v2/agents/me", holds="id", ours=True).content
        return f"as {self._name()}"

    def _name(self) -> str:
        contact = self._agent.get("contact")
        return str((contact.get("name") if isinstance(contact, Mapping) else "") or self._agent.get("id"))

    def _role(self) -> Check | str:
        kind = str(self._agent.get("type") or "support_agent").replace("_", " ")
        if kind != "support agent":
            return Check("role", "fails", kind, "Use the key of a support agent: others cannot leave notes.")
        if sees := _SCOPES.get(self._agent.get("ticket_scope", 1)):
            return Check("role", "warning", f"{kind}, who sees only {sees}: other drafts are not found", _SEE_ALL)
        return f"{kind}, who sees all tickets"

    def _notes(self) -> str:
        return f"{self._name()} may leave private notes; each is looked at when it was posted"

    def _search(self) -> str:
        self._api.get("/api/v2/search/tickets", {"query": f"\"tag:'{self._tag}'\""}, holds="results", ours=True)
        return "tickets can be searched by tag"

    def _live(self) -> str:
        self._api.get("/api/v2/tickets", {"per_page": "1"}, ours=True)
        return "tickets can be listed as they stand"

    def _looks_at_scenario(self) -> Check | str:
        found = self._has_scenario()
        if found is None:
            return Check("scenario", "unknown", "this key may not look at scenarios; a run does without")
        if not found:
            mend = "`rewriter setup` says how to make one; agents can add the tag by hand."
            return Check("scenario", "warning", f"none adds {self._tag}", mend)
        return f"one adds {self._tag}"

    def _tags(self) -> str:
        return f"{self._tag}, and one for each outcome; a tag comes with its first use"

    def _has_scenario(self) -> bool | None:
        """Tell whether a scenario adds the request tag; None where scenarios cannot be read."""
        try:
            scenarios = objects(self._api.get("/api/v2/scenario_automations").content)
        except HelpdeskError:
            return None
        actions = (action for scenario in scenarios for action in objects(scenario.get("actions")))
        return any(self._tag in _words(action.values()) for action in actions)


def _words(values: Any) -> set[str]:
    """Return the words that an action's values hold: what each is called is not documented."""
    flat = (word for value in values for word in (value if isinstance(value, list) else [value]))
    return {word for text in flat if isinstance(text, str) for word in text.replace(",", " ").split()}
