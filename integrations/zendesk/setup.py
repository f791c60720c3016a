"""What makes handing over a draft one click in Zendesk: a macro and a view; and whether all is as it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from rewriter.errors import HelpdeskDenied, HelpdeskError
from rewriter.helpdesk import Check, SetupStep

from ..api import AnswerLost, Api, Refused, objects
from ..checking import Look, checks, clock
from .payloads import next_cursor
from .sign_in import SCOPE, lacking

Json = Mapping[str, Any]

MACRO = "Rewrite my draft"
VIEW = "Drafts waiting to be rewritten"
WIDE = "read write"  # macros and views have no narrower scope that covers both

_PAGES = 20  # of 100 macros or views
_SEE_ALL = "Let these credentials see all tickets."


class Setup:
    """Looks at an account, and creates what is missing; `wide` is signed in for more than a run needs."""

    def __init__(self, api: Api, wide: Api, request_tag: str) -> None:
        self._api = api
        self._wide = wide
        self._tag = request_tag
        self._user: Json = {}  # who is signed in, once that is known

    def checks(self) -> Iterator[Check]:
        """Look at sign-in, permissions, macro, tags and view."""
        return checks(
            Look("sign-in", self._sign_in, "Check the address and the credentials that are set for Zendesk."),
            (
                Look("scopes", self._scopes, ""),
                Look("role", self._role, ""),
                Look("notes", self._notes, ""),
                Look("search", self._search, _SEE_ALL),
                Look("live list", self._live, _SEE_ALL),
                Look("macro", self._looks_at_macro, "Let these credentials read macros."),
                Look("tags", self._tags, ""),
                Look("view", self._looks_at_view, "Let these credentials read views."),
                clock(self._api),
            ),
        )

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

    # --- who is asking ---------------------------------------------------------------------------------

    def _sign_in(self) -> Check | str:
        user = self._api.get("/api/v2/users/me.json", holds="user", ours=True).content["user"]
        if not isinstance(user, Mapping) or not user.get("id"):  # without credentials it answers as nobody
            return Check("sign-in", "fails", "Zendesk does not know who is asking", "Check the credentials.")
        self._user = user
        return f"as {user.get('name') or user['id']}"

    def _scopes(self) -> Check | str:
        try:
            token = self._api.get("/api/v2/oauth/tokens/current.json", holds="token").content["token"]
            granted = " ".join(str(scope) for scope in token["scopes"])
        except (HelpdeskError, KeyError, TypeError):
            return Check("scopes", "unknown", "Zendesk does not tell them of these credentials; a key has none")
        if without := lacking(SCOPE, granted):
            mend = f"Make a token with the scopes {SCOPE}."
            return Check("scopes", "fails", f"{granted or 'none'}: {' '.join(without)} is lacking", mend)
        return granted

    def _role(self) -> Check | str:
        role = str(self._user.get("role"))
        if role not in ("agent", "admin"):
            mend = "Use the credentials of an agent: others cannot leave internal notes."
            return Check("role", "fails", f"{role}, who is no agent", mend)
        may = self._custom_role()
        for permission, what in (("ticket_editing", "edit tickets"), ("ticket_tag_editing", "change tags")):
            if may.get(permission) is False:
                return Check("role", "fails", f"{role}, who may not {what}", f"Allow the role to {what}.")
        if restricted := self._user.get("ticket_restriction"):
            found = f"{role}, who sees only tickets of their {restricted}: other drafts are not found"
            return Check("role", "warning", found, "Let them see all tickets, or hand drafts over in those alone.")
        return f"{role}, who sees all tickets"

    def _custom_role(self) -> Json:
        """Return what an agent's own role allows; nothing where there is none or it cannot be read."""
        if not (role := self._user.get("custom_role_id")):
            return {}
        try:
            found = self._api.get(f"/api/v2/custom_roles/{role}.json", holds="custom_role").content["custom_role"]
        except HelpdeskError:
            return {}
        may = found.get("configuration") if isinstance(found, Mapping) else None
        return may if isinstance(may, Mapping) else {}

    def _notes(self) -> str:
        only = " and nothing else" if self._user.get("only_private_comments") else ""
        return f"{self._user.get('name')} may leave internal notes{only}; each is looked at when it was posted"

    # --- looking ---------------------------------------------------------------------------------------

    def _search(self) -> str:
        asked = {"query": f"type:ticket tags:{self._tag} status<closed", "per_page": "1"}
        self._api.get("/api/v2/search.json", asked, holds="results", ours=True)
        return "tickets can be searched by tag"

    def _live(self) -> str:
        self._api.get("/api/v2/tickets.json", {"page[size]": "1"}, holds="tickets", ours=True)
        return "tickets can be listed as they stand"

    def _looks_at_macro(self) -> Check | str:
        if isinstance(macro := self._with_wide("macro", self._macro), Check):
            return macro
        if macro is None:
            return Check("macro", "fails", f"none adds {self._tag}", "Run `rewriter setup`.")
        title = repr(macro.get("title"))
        if not _makes_internal(macro):
            found = f"{title} does not switch to an internal note: a draft could be SENT"
            return Check("macro", "fails", found, "Add the action 'Set comment mode: private' to it.")
        return f"{title} hands a draft over"

    def _tags(self) -> Check | str:
        try:
            settings = self._wide.get("/api/v2/account/settings.json", holds="settings").content["settings"]
            off = settings["tickets"]["tagging"] is False
        except (HelpdeskError, KeyError, TypeError):
            off = False
        if off:
            mend = "Switch them on in Admin Center, Objects and rules, Tickets, Settings."
            return Check("tags", "fails", "tags are switched off for tickets", mend)
        return f"{self._tag}, and one for each outcome; a tag comes with its first use"

    def _looks_at_view(self) -> Check | str:
        if isinstance(view := self._with_wide("view", self._view), Check):
            return view
        if view is None:
            return Check(
                "view", "warning", "none lists waiting drafts", "Run `rewriter setup`; runs do without it."
            )
        return f"{view.get('title')!r} lists waiting drafts"

    def _with_wide(self, name: str, look: Callable[[], Json | None]) -> Json | Check | None:
        """Return what a look gave; a run's own scopes do not show macros and views, and that is no fault."""
        try:
            return look()
        except (HelpdeskDenied, Refused):
            return Check(name, "unknown", f"these credentials may not look at {name}s; a run does without")

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
