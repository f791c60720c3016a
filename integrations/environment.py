"""An adapter's own settings, checked before any network call."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from rewriter.errors import SettingsError


def setting(environment: Mapping[str, str], name: str) -> str:
    """Return a setting, "" where unset. Raises SettingsError where it cannot be part of a request."""
    value = environment.get(name, "").strip()
    if value and not re.fullmatch(r"[!-~]+", value):
        raise SettingsError(f"{name} holds a space or a character that cannot be part of it: set it again.")
    return value


def base_url(environment: Mapping[str, str], *, address: str, name: str, host: Callable[[str], str]) -> str:
    """Return the base URL from the variable `address`, or from `name` by way of `host`.

    Raises SettingsError naming the variables where neither is set, or one is malformed.
    """
    url = setting(environment, address)
    if url:
        if not _is_address(url):
            raise SettingsError(f"{address} must look like https://helpdesk.example.com, and hold no password.")
        if urlsplit(url).scheme == "http" and not _is_near(urlsplit(url).hostname or ""):
            raise SettingsError(f"{address} must begin with https://, or the credentials travel in the clear.")
        return url.rstrip("/").removesuffix("/api/v2")
    value = setting(environment, name)
    if not value:
        raise SettingsError(f"Set {name} (or {address}): it says which helpdesk to work for.")
    return f"https://{host(value)}"


def _is_near(host: str) -> bool:
    """Tell whether a host is one of this machine or its network: an IP address, or a name that no public one is."""
    return "." not in host or bool(re.fullmatch(r"[0-9.]+|.+\.(?:internal|local|localhost|test)", host))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and plain and port != 0
