"""Read one of our own YAML data files, of whatever package."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(package: str, name: str) -> Any:
    """The parsed content of the data file `name` that lies in `package`."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (a safe loader, in C where there is one)
