"""What Airflow does not show: values under names that sound secret (measured on Airflow 3.3.2 and 3.0.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.world.habits import has
from specs.versions import Version

MASK = "***"
_WORDS = (
    "access_token",
    "api_key",
    "apikey",
    "authorization",
    "keyfile_dict",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "secret",
    "service_account",
    "token",
)
_NEW_WORDS = (
    "access_key",
    "auth_header",
    "bearer",
    "connection_string",
    "dsn",
    "proxies",
    "proxy",
    "service_key",
    "webhook_url",
)


def sensitive(name: str, version: Version) -> bool:
    """Tell whether a name sounds like that of a secret."""
    words = _WORDS + _NEW_WORDS if has(version, "masks know more words") else _WORDS
    return any(word in name.strip().lower() for word in words)


def masked(value: Any, version: Version, name: str = "", *, depth: int = 99) -> Any:
    """The value with every text under a secret-sounding name masked, `depth` levels down."""
    if name and sensitive(name, version):
        return _blotted(value, depth)
    if depth <= 0:
        return value
    if isinstance(value, Mapping):
        return {key: masked(item, version, str(key), depth=depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, version, depth=depth - 1) for item in value]
    return value


def _blotted(value: Any, depth: int) -> Any:
    if isinstance(value, str) or (depth < 0 and isinstance(value, Mapping | list)):
        return MASK
    if isinstance(value, Mapping):
        return {key: _blotted(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_blotted(item, depth - 1) for item in value]
    return value
