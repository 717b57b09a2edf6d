"""What a check or a story needs of a deployment: capabilities that are claimed, facts that are true or known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from specs.predicate import why_not

#: What an Airflow runs beside its API; these facts are whether the API says that it does, before the first check.
COMPONENTS = ("scheduler", "triggerer", "dag_processor")
NOT_CLAIMED, NOT_RUNNING, NOT_KNOWN = "not claimed", "not running", "not known"


def lacking(needs: Iterable[str], facts: Mapping[str, object]) -> str:
    """Which needs are not met, as in "not claimed: roles, writes" or "for expose config only"; empty when all are."""
    missing = [name for name in needs if not _met(name, facts)]
    if missing and facts.get(missing[0]) is False and missing[0] not in COMPONENTS:
        return why_not({missing[0]: True}, facts)
    return f"{_word(missing[0], facts)}: {', '.join(missing)}" if missing else ""


def _met(need: str, facts: Mapping[str, object]) -> bool:
    claimed: Any = facts.get("capabilities", ())
    return need in claimed or facts.get(need) in (True, "known")


def _word(need: str, facts: Mapping[str, object]) -> str:
    if need in COMPONENTS:
        return NOT_RUNNING
    return NOT_KNOWN if need in facts else NOT_CLAIMED
