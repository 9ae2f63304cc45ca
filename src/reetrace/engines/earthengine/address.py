"""Where the service is: at Google, or on this computer."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from reetrace.core.errors import SettingError
from reetrace.engines.earthengine.transport import LOOPBACK

ADDRESS = "https://earthengine.googleapis.com"
GOOGLES = ("earthengine.googleapis.com", "earthengine-highvolume.googleapis.com")
ADDRESS_VARIABLE = "REETRACE_EARTHENGINE_URL"


def address_of(url: str | None) -> str:
    """Google's address, or one on this computer.

    Raises:
        SettingError: Another one.
    """
    url = (url or os.environ.get(ADDRESS_VARIABLE, "")).strip().rstrip("/")
    parts = urlsplit(url)
    if not url or (parts.scheme == "https" and parts.hostname in GOOGLES):
        return url or ADDRESS
    if parts.scheme not in {"http", "https"} or parts.hostname not in LOOPBACK:
        raise SettingError(
            f"{ADDRESS_VARIABLE} is {url!r}, but only a service on this computer (127.0.0.1) can "
            "stand in for Google's. Unset it to use Google's."
        )
    return url


def is_googles(url: str) -> bool:
    """Whether the address is one of Google's."""
    return urlsplit(url).hostname in GOOGLES


def is_local(url: str) -> bool:
    """Whether the address is on this computer."""
    return urlsplit(url).hostname in LOOPBACK
