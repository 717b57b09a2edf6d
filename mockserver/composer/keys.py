"""Which of a profile's service accounts is meant, and what the files of their keys are called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.errors import SetupError
from mockserver.key_command import save
from profiles.accounts import LONGEST_EMAIL, user_of
from profiles.errors import listed, shown

if TYPE_CHECKING:
    from mockserver.composer.google import Google
    from profiles import Profile, User
    from profiles.accounts import ServiceAccount


class Unknown(LookupError):  # noqa: N818 - it says what the name is
    """No account is called so; the text says what they are called."""


def account(profile: Profile, name: str | None) -> ServiceAccount:
    """The account of that address, or of the file of that name without its ending; the first one without a name."""
    by_name = {**names(profile), **{one.email: one for one in profile.service_accounts}}
    if name is None and by_name:
        return profile.service_accounts[0]
    if name is None or name not in by_name:
        raise Unknown(f"there is no service account {shown(name or '')}; there are: {listed(by_name)}")
    return by_name[name]


def names(profile: Profile) -> dict[str, ServiceAccount]:
    """Each account by a name: its user's role, ``inactive``, ``newcomer``, ``long-email``; its address if that is
    taken by another.
    """
    named: dict[str, ServiceAccount] = {}
    for one in profile.service_accounts:
        name = _name(one, user_of(one, profile.users))
        named[one.email if name in named else name] = one
    return named


def write(profile: Profile, google: Google, url: str, folder: Path) -> None:
    """Write NAME.json for every account, readable for nobody else; SetupError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, one in names(profile).items():
            save(folder / f"{name}.json", google.key_file(one, url))
    except OSError as error:
        raise SetupError(f"cannot write the keys into {folder}: {error.strerror}; name another folder") from None


def _name(one: ServiceAccount, user: User | None) -> str:
    if user is None:
        return "long-email" if len(one.email) > LONGEST_EMAIL else "newcomer"
    return user.role if user.active else "inactive"
