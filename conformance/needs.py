"""What a check or a story needs of a deployment: capabilities that are claimed, facts that are true or known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: What an Airflow runs beside its API; these facts are whether the API says that it does, before the first check.
COMPONENTS = ("scheduler", "triggerer", "dag_processor")
NOT_CLAIMED, NOT_RUNNING, NOT_KNOWN = "not claimed", "not running", "not known"


def lacking(needs: Iterable[str], facts: Mapping[str, object]) -> str:
    """Which needs are not met, as in "not claimed: roles, writes"; empty when all are."""
    missing = [name for name in needs if not _met(name, facts)]
    return f"{_word(missing[0], facts)}: {', '.join(missing)}" if missing else ""


def _met(need: str, facts: Mapping[str, object]) -> bool:
    claimed: Any = facts.get("capabilities", ())
    return need in claimed or facts.get(need) in (True, "known")


def _word(need: str, facts: Mapping[str, object]) -> str:
    if need in COMPONENTS:
        return NOT_RUNNING
    return NOT_KNOWN if need in facts else NOT_CLAIMED
