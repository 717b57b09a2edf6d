"""What Airflow does not show: values under names that sound secret (measured on Airflow 3.3.2, 3.0.6 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from mockserver.world.habits import has
from specs.versions import Version

MASK = "***"
_LAST_OF_2 = Version(2, 11)
_WORDS = (
    "access_token",
    "api_key",
    "apikey",
    "authorization",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "secret",
    "token",
)
_OF_FILES = ("keyfile_dict", "service_account")
_OF_PROXIES = ("proxies", "proxy")
_NEW_WORDS = (
    "access_key",
    "auth_header",
    "bearer",
    "connection_string",
    "dsn",
    "service_key",
    "webhook_url",
)


def sensitive(name: str, version: Version) -> bool:
    """Tell whether a name sounds like that of a secret."""
    return any(word in name.strip().lower() for word in _words(version))


@cache
def _words(version: Version) -> tuple[str, ...]:
    words: tuple[str, ...] = _WORDS
    if has(version, "masks know keyfiles"):
        words += _OF_FILES
    if has(version, "masks know more words"):
        words += _NEW_WORDS
    if has(version, "masks know more words") or version == _LAST_OF_2:
        words += _OF_PROXIES
    return words


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
