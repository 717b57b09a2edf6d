"""The maintainer's generator of the files in `specs/openapi` (`python -m specs.refresh`, `nox -s contract`).

It reads the OpenAPI documents inside the published Airflow packages (`apis`, `sources`), keeps the interface facts
(`inline`, `facts`), adds what only servers tell (`measured`), merges the versions (`merge`) and writes the result
(`layout`). Nothing of Airflow is imported.
"""

from __future__ import annotations

from specs.refresh.facts import UnknownKeyError, normalise
from specs.refresh.merge import merge

__all__ = ["UnknownKeyError", "merge", "normalise"]
