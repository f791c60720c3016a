"""What makes handing over a draft one click in Freshdesk, and whether all is as it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Check, SetupStep

from ..api import Api
from ..checking import check, clock

_SCOPES = {2: "the tickets of their groups", 3: "the tickets assigned to them"}  # 1 is all tickets


class Setup:
    """Looks at an account. Freshdesk's API creates neither scenarios nor views; a tag comes with its first use."""

    def __init__(self, api: Api, request_tag: str) -> None:
        self._api = api
        self._tag = request_tag

    def checks(self) -> Iterator[Check]:
        """Look at sign-in and permissions."""
        yield check("sign-in", self._who, "Check FRESHDESK_API_KEY and FRESHDESK_DOMAIN.")
        yield check("search", self._search, "Let this agent see all tickets.")
        yield check("live list", self._live, "Let this agent see all tickets.")
        yield clock(self._api)

    def plan_setup(self) -> list[SetupStep]:
        """Return what a person does once, by hand."""
        return [
            SetupStep(
                "scenario",
                "Rewrite my draft",
                f"Admin > Scenario Automations > New: the action 'Add tag' with {self._tag}. An agent writes a "
                "private note that begins with #draft, saves it, and runs the scenario.",
                by_hand=True,
            )
        ]

    def apply(self, step: SetupStep) -> None:
        """There is nothing that can be created."""
        raise HelpdeskError(f"Freshdesk's API cannot create a {step.kind}: {step.does}")

    def _who(self) -> Check | str:
        agent = self._api.get("/api/v2/agents/me", holds="id", ours=True).content
        contact = agent.get("contact")
        name = contact.get("name") if isinstance(contact, Mapping) else agent["id"]
        if agent.get("type") not in (None, "support_agent"):
            found = f"signed in as {name}, a {agent['type']}"
            return Check("sign-in", False, found, "Use the key of a support agent: others cannot leave notes.")
        sees = _SCOPES.get(agent.get("ticket_scope", 1))
        return f"signed in as {name}{f', who sees only {sees}' if sees else ''}, who can leave private notes"

    def _search(self) -> str:
        self._api.get("/api/v2/search/tickets", {"query": f"\"tag:'{self._tag}'\""}, holds="results", ours=True)
        return "tickets can be searched by tag"

    def _live(self) -> str:
        self._api.get("/api/v2/tickets", {"per_page": "1"}, ours=True)
        return "tickets can be listed as they stand"
