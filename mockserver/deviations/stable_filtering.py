"""Faults of Airflow 2 in what filters choose from collections."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import le
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, Change, deviation, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.filtering import (
    after_first_page,
    asking,
    ignored,
    matching,
    mistaken,
    revalued,
    total_of_everything,
    wild,
)
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock


def since_2_7(profile: Profile) -> bool:
    """What earlier ones do not have."""
    return admitting(profile) and profile.airflow >= (2, 7)


def since_2_9(profile: Profile) -> bool:
    """The same, later."""
    return admitting(profile) and profile.airflow >= (2, 9)


def stable(name: str, sentence: str, *, applies: Callable[[Profile], bool] = admitting) -> Callable[[Change], Change]:
    """Declare a fault of the stable API's filters."""
    return deviation(f"stable-filter-{name}", breaks=["STB-API-005"], applies=applies, apis=STABLE, sentence=sentence)


@stable("until-is-before", "The last moment of execution_date_lte does not count for runs.")
def until_is_before(mock: Mock) -> None:
    """Take <= for <."""
    mistaken(mock, "get_dag_runs", "execution_date_lte", "execution_date_lt")


@stable("whole-seconds", "The moment in start_date_gte is cut to whole seconds for task instances.")
def whole_seconds(mock: Mock) -> None:
    """Lose the microseconds."""
    revalued(mock, ["get_task_instances"], "start_date_gte", lambda moment: moment and moment.replace(microsecond=0))


@stable("unstarted-are-first", "What has not started is found by an upper bound of start_date.")
def unstarted_are_first(mock: Mock) -> None:
    """Take null for the least."""

    def instead(original: Callable[..., Any], call: Any, base: str, compare: Any) -> Any:
        return (
            datetime(1970, 1, 1, tzinfo=UTC) if (base, compare) == ("start_date", le) else original(call, base, compare)
        )

    wrap(mock.filters, "instead", instead)


@stable("first-state-only", "Of several states of runs only the first counts.", applies=since_2_7)
def first_state_only(mock: Mock) -> None:
    """Forget the others."""
    revalued(mock, ["get_dag_runs"], "state", lambda value: value and value[:1])


@stable("null-state-dropped", "Task instances without a state are not found by state=none.")
def null_state_dropped(mock: Mock) -> None:
    """Compare with null as SQL does."""
    revalued(mock, ["get_task_instances"], "state", lambda value: value and [each or "" for each in value])


@stable("first-tag-only", "Of several tags only the first counts.")
def first_tag_only(mock: Mock) -> None:
    """Forget the others."""
    asking(mock, "get_dags", lambda query: query.update(tags=(query.get("tags") or [])[:1]))


@stable("false-is-none", "paused=false counts as if nothing had been said.", applies=since_2_7)
def false_is_none(mock: Mock) -> None:
    """Ask whether it is true."""
    revalued(mock, ["get_dags"], "paused", lambda value: value or None)


@stable("pattern-anchored", "A pattern for ids of DAGs is looked for at their beginning only.", applies=since_2_7)
def pattern_anchored(mock: Mock) -> None:
    """Take it for a prefix."""
    matching(mock, "dag_id_pattern", lambda text: f"^{wild(text)}")


@stable("case-counts", "In the pattern for DAGs upper and lower case are two things.", applies=since_2_7)
def case_counts(mock: Mock) -> None:
    """Compare as they are."""
    matching(mock, "dag_id_pattern", wild, re.NOFLAG)


@stable("underscore-plain", "In the pattern for DAGs _ stands for nothing but itself.", applies=since_2_7)
def underscore_plain(mock: Mock) -> None:
    """Forget one wildcard."""
    matching(mock, "dag_id_pattern", lambda text: wild(text, "%"))


@stable(
    "not-in-batches", "The list of instances that is asked for by POST does not look at ids of runs.", applies=since_2_7
)
def not_in_batches(mock: Mock) -> None:
    """Forget the other way of asking."""
    ignored(mock, "get_task_instances_batch", "run_id")


@stable("first-page-only", "Pages of task instances after the first are not filtered by state.")
def first_page_only(mock: Mock) -> None:
    """Forget it when the offset grows."""
    ignored(mock, "get_task_instances", "state", after_first_page)


@stable("first-event-only", "Of several events to include only the first is included.", applies=since_2_9)
def first_event_only(mock: Mock) -> None:
    """Forget the others."""

    def cut(query: dict[str, Any]) -> None:
        query["included_events"] = (query.get("included_events") or "").partition(",")[0] or None

    asking(mock, "get_event_logs", cut)


@stable("after-includes", "Event logs after a moment have those of the moment.", applies=since_2_9)
def after_includes(mock: Mock) -> None:
    """Take > for >=."""

    def earlier(query: dict[str, Any]) -> None:
        query["after"] = query.get("after") and query["after"] - timedelta(microseconds=1)

    asking(mock, "get_event_logs", earlier)


@stable("total-of-everything", "total_entries of event logs counts what was not asked for, too.", applies=since_2_9)
def filter_total_of_everything(mock: Mock) -> None:
    """Count before choosing."""
    total_of_everything(mock, "get_event_logs")
