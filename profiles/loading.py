"""Reading a profile: find it, lay it over what it extends, lay the overrides over that, and check the whole."""

from __future__ import annotations

import os
from collections.abc import Sequence

from profiles import checking, contradictions, sources
from profiles.errors import Place, ProfileError
from profiles.findings import Findings
from profiles.model import Profile
from profiles.overrides import lay_over


def load(name_or_path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> Profile:
    """The built-in profile of that name, or the profile in that file, with ``--set`` values laid over it.

    `ProfileError` lists everything that is wrong, one line each, with file, line and column.
    """
    asked = os.fspath(name_or_path)
    source = sources.find(asked, None, Place(f"profile {asked}"))
    findings = Findings()
    root = sources.chain(source, findings)
    root = lay_over(root, overrides, findings.problems)
    profile = checking.profile(root, source.stem, findings)
    contradictions.find(profile, root.place, findings)
    if findings.problems:
        raise ProfileError(*findings.problems)
    return profile
