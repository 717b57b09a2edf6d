"""The backend that a module's name stands for: those that need nothing but the profile here, the others by who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mockserver.auth import kerberos
from mockserver.auth.allow_all import allow_all
from mockserver.auth.backends import Backend
from mockserver.auth.deny_all import deny_all
from mockserver.errors import SetupError
from profiles import known

if TYPE_CHECKING:
    from profiles import Profile

Maker = Callable[[str], Backend]
"""Makes the backend of a module."""


def make(profile: Profile, module: str, others: Mapping[str, Maker], *, documents: bool) -> Backend:
    """Make the backend of a module; `others` make kinds that are not the same everywhere. SetupError if none does."""
    makers: dict[str, Maker] = {
        "allow_all": lambda _: allow_all,
        "deny_all": lambda _: deny_all,
        "kerberos": lambda module: kerberos.make(profile, module, documents=documents),
        **others,
    }
    kind = known.vocabulary().kind(module)
    if kind not in makers:
        raise SetupError(f"the mock cannot be an Airflow {profile.airflow} with the authentication backend {module}")
    return makers[kind](module)
