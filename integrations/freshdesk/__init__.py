"""Freshdesk: settings to adapter."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from rewriter.errors import SettingsError

from ..api import Api, Fixed
from ..environment import base_url, setting
from .adapter import Freshdesk

SETTINGS = ("FRESHDESK_DOMAIN", "FRESHDESK_URL", "FRESHDESK_API_KEY")


def connect(environment: Mapping[str, str], *, request_tag: str, rate_share: float) -> Freshdesk:
    """Return the adapter for the Freshdesk account that `environment` names; no network call is made yet.

    Raises SettingsError naming the variable that is missing or malformed.
    """
    base = base_url(environment, address="FRESHDESK_URL", name="FRESHDESK_DOMAIN", host=_host)
    key = setting(environment, "FRESHDESK_API_KEY")
    if not key:
        raise SettingsError("Set FRESHDESK_API_KEY: an agent finds it in Freshdesk under Profile settings.")
    authorization = Fixed("Basic " + base64.b64encode(f"{key}:X".encode()).decode())
    return Freshdesk(Api(base, authorization, vendor="Freshdesk", rate_share=rate_share), request_tag=request_tag)


def _host(domain: str) -> str:
    name = domain.lower().removesuffix(".freshdesk.com")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise SettingsError("FRESHDESK_DOMAIN must be the account's own address, such as acme.freshdesk.com.")
    return f"{name}.freshdesk.com"
