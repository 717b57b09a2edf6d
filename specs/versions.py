"""Minor versions of Airflow, and ranges of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_FORM = re.compile(r"(\d+)\.(\d+)(?:[.\-+abrd].*)?", re.ASCII)


class Version(NamedTuple):
    """A minor version. Interfaces change between minor versions only, so the patch number is dropped."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read "3.3", "3.3.2" or "3.3.0rc1"; ValueError when the text has no such form."""
        return _parse(text)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@lru_cache(maxsize=256)
def _parse(text: str) -> Version:
    match = _FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no Airflow version; write it like 3.3 or 3.3.2")
    return Version(int(match[1]), int(match[2]))


def _version(value: Version | str) -> Version:
    return _parse(value) if isinstance(value, str) else value


def within(version: Version | str, since: Version | str | None, until: Version | str | None) -> bool:
    """Tell whether `version` lies in the range; both ends belong to it, None leaves an end open."""
    here = _version(version)
    return (since is None or _version(since) <= here) and (until is None or here <= _version(until))
