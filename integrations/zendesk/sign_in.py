"""Signing in to Zendesk with OAuth client credentials; the token lives in memory alone."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable

from ..api import AnswerLost, Api, Refused

READ = "read"  # names of brands, groups and forms: asked for only where an admin's rule calls one by its name
SCOPE = "tickets:read tickets:write users:read"  # read tickets and names, write our note and tags: no more
_LIFETIME = 172_800  # seconds asked for: the longest that Zendesk gives
_UNTOLD = 1_800.0  # seconds to trust a token whose answer does not say how long it lives
_CHECK = "check ZENDESK_CLIENT_ID, ZENDESK_CLIENT_SECRET and the client's scopes."


class ClientCredentials:
    """Trades a client's id and secret for a token, before the first request and again shortly before it ends."""

    def __init__(
        self, client: str, secret: str, scope: str = SCOPE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._secret = secret
        self._scope = scope
        self._clock = clock
        self._lock = threading.Lock()
        self._header = ""
        self._renew_at = 0.0

    def header(self, api: Api) -> str:
        """Return the header with a token that is good for a while yet."""
        with self._lock:
            if not self._header or self._clock() >= self._renew_at:
                self._sign_in(api)
            return self._header

    def renew(self, header: str) -> bool:
        """Forget a token that was refused, unless another thread has a new one already."""
        with self._lock:
            if self._header == header:
                self._header = ""
        return True

    def _sign_in(self, api: Api) -> None:
        asked = self._clock()
        answer = self._token(api)
        token = answer.get("access_token")
        if not isinstance(token, str) or not token.isprintable() or " " in token:
            raise HelpdeskUnavailable("Zendesk's sign-in gave no access token.")
        without = lacking(self._scope, str(answer.get("scope") or self._scope))
        if without:
            raise HelpdeskDenied(
                f"Zendesk did not grant {' '.join(without)}: allow the OAuth client {self._scope!r} in its scopes."
            )
        lifetime = answer.get("expires_in")
        seconds = float(lifetime) if isinstance(lifetime, int | float) and lifetime > 0 else _UNTOLD
        self._header = f"Bearer {token}"
        self._renew_at = asked + seconds - min(60.0, seconds / 5)

    def _token(self, api: Api) -> Mapping[str, object]:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._client,
            "client_secret": self._secret,
            "scope": self._scope,
            "expires_in": _LIFETIME,
        }
        try:
            content = self._ask(api, body, form=False)
        except Refused as refused:
            if not _may_want_a_form(refused):
                raise _denied(refused) from None
            try:
                content = self._ask(api, body, form=True)
            except Refused as again:
                raise _denied(again) from None
        if not isinstance(content, Mapping):
            raise HelpdeskUnavailable("Zendesk's sign-in gave an answer that cannot be read.")
        return content

    def _ask(self, api: Api, body: Mapping[str, object], *, form: bool) -> object:
        """Ask for a token, and once more where the answer was lost: a token that nobody received does no harm."""
        try:
            return api.write("POST", "/oauth/tokens", body, signed=False, form=form).content
        except HelpdeskDenied:
            raise HelpdeskDenied(f"Zendesk refused the sign-in: {_CHECK}") from None
        except AnswerLost as lost:
            if lost.pending:
                raise HelpdeskUnavailable(str(lost)) from None
        time.sleep(0.5)
        try:
            return api.write("POST", "/oauth/tokens", body, signed=False, form=form).content
        except AnswerLost as lost:
            raise HelpdeskUnavailable(str(lost)) from None


def _may_want_a_form(refused: Refused) -> bool:
    """Tell whether JSON itself may be what was refused: Zendesk's pages show sign-ins of both kinds."""
    return refused.status in (400, 406, 415, 422) and not refused.reason.startswith(
        ("invalid_client", "invalid_scope")
    )


def _denied(refused: Refused) -> HelpdeskError:
    if refused.status == 404:
        return HelpdeskUnavailable(f"{refused} Check ZENDESK_SUBDOMAIN or ZENDESK_URL.")
    code = refused.reason.partition(" ")[0]  # its further words may repeat what was sent
    told = f" ({code})" if re.fullmatch("[a-z_]+", code) else ""
    return HelpdeskDenied(f"Zendesk refused the sign-in{told}: {_CHECK}")


def lacking(asked: str, granted: str) -> list[str]:
    """Return the scopes that were asked for and not granted; `read` and `write` cover every resource."""
    given = set(granted.split())
    return [scope for scope in asked.split() if not {scope, scope.rpartition(":")[2]} & given]
