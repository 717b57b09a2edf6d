"""What the suite is told about the tickets of a realm."""

from __future__ import annotations

from pathlib import Path

import yaml

from profiles import Profile
from tests.kerberos.realm import Realm


def options(profile: Profile, realm: Realm, folder: Path) -> list[str]:
    """The options with which the suite has a ticket for every user of the profile, beside the password, if any.

    The file is written into the folder. Users whom the realm does not know are left to the profile.
    """
    told: dict[str, dict[str, str]] = {"stranger": {"ccache": realm.caches["stranger"]}}
    for user in profile.users:
        name = user.username.partition("@")[0]
        if name in realm.caches:
            password = {} if user.password is None else {"username": user.username, "password": user.password}
            told[user.role] = {"ccache": realm.caches[name], **password}
    file = folder / "tickets.yaml"
    file.write_text(yaml.safe_dump(told))
    return ["--credentials", str(file)]
