"""The maintainer's generator of the files in `specs/openapi` (`python -m specs.refresh`, `nox -s contract`).

It reads the OpenAPI documents inside the published Airflow packages (`apis`, `sources`), keeps the interface facts
(`inline`, `facts`), adds what only servers tell (`measured`), merges the versions (`merge`) and writes the result
(`layout`). Nothing of Airflow is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specs.refresh import measured
from specs.refresh.facts import UnknownKeyError, normalise
from specs.refresh.merge import merge

__all__ = ["UnknownKeyError", "merge", "normalise", "read"]


def read(api: str, version: str, document: dict[str, Any], paths: Sequence[str] | None = None) -> dict[str, Any]:
    """The facts of an API's document, from a package or a server of that minor version, and what was measured of it.

    `paths` as in `normalise`. What the contract says, `normalise(contract.load(api).cut(version).document, paths)`, is
    equal to that.
    """
    return measured.add(api, version, normalise(document, paths))
