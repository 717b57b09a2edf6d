"""The authentication backends of Airflow up to 2.11 that are in effect, made out of what is configured.

Measured with ``airflow config get-value api auth_backends`` and over HTTP on 1.10.15, 2.2.5,
2.3.4, 2.6.3, 2.10.5 and 2.11.2.
"""

from __future__ import annotations

from collections.abc import Collection

from profiles import known
from specs.versions import Version, within

SESSION = "airflow.api.auth.backend.session"
ALLOW_ALL = "airflow.api.auth.backend.default"
DENY_ALL = "airflow.api.auth.backend.deny_all"


def several(version: Version) -> bool:
    """Whether that Airflow tries several backends in turn (auth_backends); before, auth_backend names the only one."""
    return within(version, "2.3", None)


def names(value: str, version: Version) -> tuple[str, ...]:
    """The modules that the option's value names, one before 2.3."""
    return tuple(name.strip() for name in value.split(",")) if several(version) else (value.strip(),)


def effective(value: str, version: Version, platform: str = known.PLAIN) -> tuple[str, ...]:
    """The modules in effect where the option has that value.

    From 2.3 on nothing, and deny_all on its own, mean the session; to any list without the session it is appended,
    but not to the backend default alone. On a platform where nobody logs in to the web server there is no session
    (inferred: composer, Enable the stable Airflow REST API has deny_all disable the API).
    """
    appends = several(version) and platform == known.PLAIN
    if appends and value in ("", DENY_ALL):
        return (SESSION,)
    if appends and value != ALLOW_ALL and SESSION not in value:
        return (*names(value, version), SESSION)
    return names(value, version)


def kinds(modules: Collection[str]) -> tuple[str, ...]:
    """What each of the modules does, see `known.Vocabulary.kind`."""
    return tuple(known.vocabulary().kind(module) for module in modules)


def shipped_public_role(version: Version, patch: int | None) -> str | None:
    """AUTH_ROLE_PUBLIC where webserver_config.py does not set it: none before 2.11.1, then Public."""
    newest = patch is None or patch >= 1
    return "Public" if version > (2, 11) or (version == (2, 11) and newest) else None


def public_role_counts(version: Version, kinds: Collection[str]) -> bool:
    """Whether who is not logged in has the permissions of AUTH_ROLE_PUBLIC, so that no request needs any proof.

    From 2.9 on whatever the backend is, before only where the backend lets everybody through.
    """
    return within(version, "2.9", None) or "allow_all" in kinds


def public_role_opens(version: Version, modules: Collection[str]) -> bool:
    """Whether one of the modules lets who shows nothing use the experimental API, where there is any public role."""
    backends = [known.vocabulary().backends.get(module) for module in modules]
    return any(backend and backend.opened and within(version, backend.opened, None) for backend in backends)
