"""Zendesk Support: settings to adapter."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from rewriter.errors import SettingsError

from ..api import Api, Authorization, Fixed
from ..environment import base_url, setting
from .adapter import Zendesk
from .setup import WIDE
from .sign_in import READ, SCOPE, ClientCredentials

SETTINGS = (
    "ZENDESK_SUBDOMAIN", "ZENDESK_URL", "ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET", "ZENDESK_OAUTH_TOKEN",
    "ZENDESK_EMAIL", "ZENDESK_API_TOKEN",
)  # fmt: skip
_WAYS = (
    "ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, or ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and ZENDESK_API_TOKEN"
)


def connect(environment: Mapping[str, str], *, request_tag: str, rate_share: float) -> Zendesk:
    """Return the adapter for the Zendesk account that `environment` names; no network call is made yet.

    Raises SettingsError naming the variable that is missing or malformed.
    """
    base = base_url(environment, address="ZENDESK_URL", name="ZENDESK_SUBDOMAIN", host=_host)
    return Zendesk(
        Api(base, _authorization(environment, SCOPE), vendor="Zendesk", rate_share=rate_share),
        request_tag=request_tag,
        wide=Api(base, _authorization(environment, WIDE), vendor="Zendesk", rate_share=rate_share),
        reader=Api(base, _authorization(environment, READ), vendor="Zendesk", rate_share=rate_share),
    )


def _host(subdomain: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", subdomain):
        raise SettingsError(
            "ZENDESK_SUBDOMAIN must be the part of the address before .zendesk.com alone, such as acme."
        )
    return f"{subdomain.lower()}.zendesk.com"


def _authorization(environment: Mapping[str, str], scope: str) -> Authorization:
    client, secret = _pair(environment, "ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET")
    if client:
        return ClientCredentials(client, secret, scope)
    if token := setting(environment, "ZENDESK_OAUTH_TOKEN"):
        return Fixed(f"Bearer {token}")
    email, token = _pair(environment, "ZENDESK_EMAIL", "ZENDESK_API_TOKEN")
    if not email:
        raise SettingsError(f"No credentials for Zendesk: set {_WAYS}.")
    if not re.fullmatch(r"[^@]+@[^@]+", email) or email.endswith("/token"):
        raise SettingsError("ZENDESK_EMAIL must be the agent's e-mail address alone, such as ana@example.com.")
    return Fixed("Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode())


def _pair(environment: Mapping[str, str], first: str, second: str) -> tuple[str, str]:
    values = setting(environment, first), setting(environment, second)
    if bool(values[0]) != bool(values[1]):
        have, lack = (first, second) if values[0] else (second, first)
        raise SettingsError(f"{have} is set and {lack} is not: set both.")
    return values
