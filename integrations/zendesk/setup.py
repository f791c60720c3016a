"""What makes handing over a draft one click in Zendesk: a macro and a view; and whether all is as it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from rewriter.errors import HelpdeskError
from rewriter.helpdesk import Check, SetupStep

from ..api import AnswerLost, Api, Refused, objects
from ..checking import check, clock
from .payloads import next_cursor

Json = Mapping[str, Any]

MACRO = "Rewrite my draft"
VIEW = "Drafts waiting to be rewritten"
WIDE = "read write"  # macros and views have no narrower scope that covers both

_PAGES = 20  # of 100 macros or views


class Setup:
    """Looks at an account, and creates what is missing; `wide` is signed in for more than a run needs."""

    def __init__(self, api: Api, wide: Api, request_tag: str) -> None:
        self._api = api
        self._wide = wide
        self._tag = request_tag

    def checks(self) -> Iterator[Check]:
        """Look at sign-in, permissions, macro and view."""
        yield check("sign-in", self._who, "Check the credentials that are set for Zendesk.")
        yield check("search", self._search, "Let these credentials read all tickets.")
        yield check("live list", self._live, "Let these credentials read all tickets.")
        yield check("macro", self._has_macro, f"Run `rewriter setup`, or create it by hand: it adds {self._tag}.")
        yield check("view", self._has_view, "Run `rewriter setup`; runs do without it.")
        yield clock(self._api)

    def plan_setup(self) -> list[SetupStep]:
        """Return the steps that are not done yet."""
        steps = []
        if not self._macro():
            steps.append(
                SetupStep("macro", MACRO, f"switches the composer to an internal note and adds the tag {self._tag}")
            )
        if not self._view():
            steps.append(SetupStep("view", VIEW, f"lists the tickets that carry {self._tag}"))
        return steps

    def apply(self, step: SetupStep) -> None:
        """Create the macro or the view. Where the answer is lost it is looked for, and left if it is there."""
        bodies = {"macro": {"macro": self._macro_body()}, "view": {"view": self._view_body()}}
        try:
            self._wide.write("POST", f"/api/v2/{step.kind}s.json", bodies[step.kind])
        except AnswerLost:
            if step in self.plan_setup():
                raise
        except Refused as refused:
            raise HelpdeskError(
                f"{refused} To create {step.name!r} an agent must be allowed {step.kind}s, and the scope {WIDE!r}."
            ) from None

    # --- looking ---------------------------------------------------------------------------------------

    def _who(self) -> Check | str:
        user = self._api.get("/api/v2/users/me.json", holds="user", ours=True).content["user"]
        if not isinstance(user, Mapping) or not user.get("id"):  # without credentials it answers as nobody
            return Check("sign-in", False, "Zendesk does not know who is asking", "Check the credentials.")
        role = str(user.get("role"))
        if role not in ("agent", "admin"):
            return Check(
                "sign-in", False, f"signed in with the role {role}", "Use an agent's or an OAuth client's."
            )
        restricted = user.get("ticket_restriction")
        sees = f", who sees only tickets of their {restricted}" if restricted else ""
        return f"signed in as {user.get('name')} ({role}{sees}), who can leave internal notes"

    def _search(self) -> str:
        asked = {"query": f"type:ticket tags:{self._tag} status<closed", "per_page": "1"}
        self._api.get("/api/v2/search.json", asked, holds="results", ours=True)
        return "tickets can be searched by tag"

    def _live(self) -> str:
        self._api.get("/api/v2/tickets.json", {"page[size]": "1"}, holds="tickets", ours=True)
        return "tickets can be listed as they stand"

    def _has_macro(self) -> Check | str:
        macro = self._macro()
        if macro is None:
            return Check("macro", False, f"no macro adds {self._tag}", "Run `rewriter setup`.")
        if not _makes_internal(macro):
            return Check(
                "macro",
                False,
                f"the macro {macro.get('title')!r} does not switch to an internal note: a draft could be SENT",
                "Add the action 'Set comment mode: private' to it.",
            )
        return f"the macro {macro.get('title')!r} hands a draft over"

    def _has_view(self) -> Check | str:
        view = self._view()
        if view is None:
            return Check("view", False, "no view lists waiting drafts", "Run `rewriter setup`; runs do without it.")
        return f"the view {view.get('title')!r} lists waiting drafts"

    def _macro(self) -> Json | None:
        """Return an active macro that adds the request tag, one that makes the note internal before others."""
        adds = partial(_adds, self._tag)
        found = [m for m in self._all("macros") if m.get("active") is not False and any(map(adds, _actions(m)))]
        return next((macro for macro in found if _makes_internal(macro)), found[0] if found else None)

    def _view(self) -> Json | None:
        views = (view for view in self._all("views") if view.get("active") is not False)
        return next((view for view in views if any(self._asks_for_tag(c) for c in _conditions(view))), None)

    def _asks_for_tag(self, condition: Json) -> bool:
        return condition.get("field") == "current_tags" and self._tag in str(condition.get("value")).split()

    def _all(self, kind: str) -> Iterator[Json]:
        asked = {"page[size]": "100"}
        for _ in range(_PAGES):
            answer = self._wide.get(f"/api/v2/{kind}.json", asked, holds=kind).content
            yield from objects(answer[kind])
            cursor = next_cursor(answer)
            if not cursor:
                return
            asked = asked | {"page[after]": cursor}

    # --- what is created -------------------------------------------------------------------------------

    def _macro_body(self) -> dict[str, Any]:
        return {
            "title": MACRO,
            "description": "Hands the internal note that you are writing over to be rewritten. Nothing is sent.",
            "actions": [
                {"field": "comment_mode_is_public", "value": "false"},
                {"field": "current_tags", "value": self._tag},  # adds; other tags stay
            ],
        }

    def _view_body(self) -> dict[str, Any]:
        return {
            "title": VIEW,
            "description": f"Tickets that carry {self._tag}.",
            "all": [
                {"field": "status", "operator": "less_than", "value": "closed"},
                {"field": "current_tags", "operator": "includes", "value": self._tag},
            ],
        }


def _actions(macro: Json) -> list[Json]:
    return objects(macro.get("actions"))


def _adds(tag: str, action: Json) -> bool:
    return action.get("field") in ("current_tags", "set_tags") and tag in str(action.get("value")).split()


def _makes_internal(macro: Json) -> bool:
    return any(
        action.get("field") == "comment_mode_is_public" and str(action.get("value")).lower() == "false"
        for action in _actions(macro)
    )


def _conditions(view: Json) -> list[Json]:
    conditions = view.get("conditions")
    told = conditions if isinstance(conditions, Mapping) else view
    return [*objects(told.get("all")), *objects(told.get("any"))]
