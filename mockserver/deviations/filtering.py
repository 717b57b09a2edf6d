"""Faults in what filters choose from collections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mockserver.deviations import PUBLIC, Change, deviation, wrap
from mockserver.deviations.state import around
from mockserver.operations import Page
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.api.filters import Fields, Test
    from mockserver.mock import Mock
    from mockserver.operations import Call, Handler

Tester = Callable[["Call", str, Any, "Fields"], "Test | None"]


def asking(mock: Mock, operation: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Let a list be asked for otherwise: `change` gets the query, and may change it."""

    def ask(handler: Handler, call: Call) -> Any:
        query = dict(call.query)
        change(query)
        return handler(replace(call, query=query))

    around(mock, operation, ask)


def testing(
    mock: Mock, operations: Iterable[str], test: Callable[[Tester, Call, str, Any, Fields], Test | None]
) -> None:
    """Let the conditions of some lists be tested otherwise."""

    def tried(original: Tester, call: Call, name: str, value: Any, fields: Fields) -> Test | None:
        if call.operation.id not in operations:
            return original(call, name, value, fields)
        return test(original, call, name, value, fields)

    wrap(mock.filters, "test", tried)


def revalued(mock: Mock, operations: Iterable[str], parameter: str, change: Callable[[Any], Any]) -> None:
    """Let a parameter of some lists have another value."""
    testing(
        mock,
        operations,
        lambda original, call, name, value, fields: original(
            call, name, change(value) if name == parameter else value, fields
        ),
    )


def mistaken(mock: Mock, operation: str, parameter: str, other: str) -> None:
    """Let a list take a parameter for another."""
    testing(
        mock,
        [operation],
        lambda original, call, name, value, fields: original(call, other if name == parameter else name, value, fields),
    )


def ignored(mock: Mock, operation: str, parameter: str, when: Callable[[Call], bool] = lambda _call: True) -> None:
    """Let a list not look at a parameter."""
    testing(
        mock,
        [operation],
        lambda original, call, name, value, fields: (
            None if name == parameter and when(call) else original(call, name, value, fields)
        ),
    )


def matching(mock: Mock, parameter: str, pattern: Callable[[str], str], flags: re.RegexFlag = re.IGNORECASE) -> None:
    """Let a pattern be read as another regular expression."""

    def holds(original: Callable[..., Any], call: Call, name: str, value: str) -> Callable[[str], bool]:
        if name != parameter:
            found: Callable[[str], bool] = original(call, name, value)
            return found
        patterns = [re.compile(pattern(term), flags | re.DOTALL) for term in mock.filters.terms(call, value)]
        return lambda text: any(each.search(text) for each in patterns)

    wrap(mock.filters, "holds", holds)


def wild(text: str, letters: str = "%_") -> str:
    """A regular expression in which those of SQL's wildcards stand for something that are named."""
    stands = {"%": ".*", "_": "."}
    return "".join(stands[each] if each in letters else re.escape(each) for each in text)


def after_first_page(call: Call) -> bool:
    """Whether a page is asked for that does not begin at the beginning."""
    return bool(call.query.get("offset"))


def total_of_everything(mock: Mock, operation: str) -> None:
    """Let a list tell how many there are of what it has, chosen or not."""

    def tell(handler: Handler, call: Call) -> Page:
        page: Page = handler(call)
        page.total = len(call.world.events)
        return page

    around(mock, operation, tell)


def since_3_1(profile: Profile) -> bool:
    """What 3.0 does not have."""
    return profile.airflow >= (3, 1)


def since_3_2(profile: Profile) -> bool:
    """What 3.0 and 3.1 do not have."""
    return profile.airflow >= (3, 2)


def public(
    name: str, sentence: str, *, applies: Callable[[Profile], bool] = lambda _profile: True
) -> Callable[[Change], Change]:
    """Declare a fault of the public API's filters."""
    return deviation(name, breaks=["PUB-API-005"], applies=applies, apis=PUBLIC, sentence=sentence)


@public("filter-from-is-after", "The first moment of logical_date_gte does not count for runs.")
def from_is_after(mock: Mock) -> None:
    """Take >= for >."""
    mistaken(mock, "get_dag_runs", "logical_date_gte", "logical_date_gt")


@public("filter-until-is-before", "The last moment of end_date_lte does not count for task instances.")
def until_is_before(mock: Mock) -> None:
    """Take <= for <."""
    mistaken(mock, "get_task_instances", "end_date_lte", "end_date_lt")


@public("filter-whole-seconds", "The moment in timestamp_gt is cut to whole seconds.", applies=since_3_1)
def whole_seconds(mock: Mock) -> None:
    """Lose the microseconds."""
    revalued(mock, ["get_asset_events"], "timestamp_gt", lambda moment: moment and moment.replace(microsecond=0))


@public("filter-underscore-plain", "In the pattern for pools _ stands for nothing but itself.")
def underscore_plain(mock: Mock) -> None:
    """Forget one wildcard."""
    matching(mock, "pool_name_pattern", lambda text: wild(text, "%"))


@public("filter-percent-plain", "In the pattern for keys of variables % stands for nothing but itself.")
def percent_plain(mock: Mock) -> None:
    """Forget the other."""
    matching(mock, "variable_key_pattern", lambda text: wild(text, "_"))


@public("filter-case-counts", "In the pattern for connections upper and lower case are two things.")
def case_counts(mock: Mock) -> None:
    """Compare as they are."""
    matching(mock, "connection_id_pattern", wild, re.NOFLAG)


@public("filter-pattern-anchored", "A pattern for ids of DAGs is looked for at their beginning only.")
def pattern_anchored(mock: Mock) -> None:
    """Take it for a prefix."""
    matching(mock, "dag_id_pattern", lambda text: f"^{wild(text)}")


@public("filter-prefix-anywhere", "The prefix of a run's id is found in the middle of it, too.", applies=since_3_2)
def prefix_anywhere(mock: Mock) -> None:
    """Take it for a pattern."""

    def begins(original: Callable[..., Any], call: Call, name: str, value: str) -> Any:
        anywhere = name == "run_id_prefix_pattern"
        return (lambda found: value in found) if anywhere else original(call, name, value)

    wrap(mock.filters, "begins", begins)


@public("filter-pipe-plain", "In patterns | stands for nothing but itself.", applies=since_3_2)
def pipe_plain(mock: Mock) -> None:
    """Do not separate."""
    wrap(mock.filters, "terms", lambda _original, _call, text: ["" if text == "~" else text])


@public("filter-tags-any-is-all", "Of several tags a DAG needs all, whatever the mode.")
def tags_any_is_all(mock: Mock) -> None:
    """Mix the modes up."""
    asking(mock, "get_dags", lambda query: query.update(tags_match_mode="all"))


@public("filter-tags-all-is-any", "Of several tags one is enough, whatever the mode.")
def tags_all_is_any(mock: Mock) -> None:
    """Mix the modes up the other way."""
    asking(mock, "get_dags", lambda query: query.update(tags_match_mode="any"))


@public("filter-false-is-none", "paused=false counts as if nothing had been said.")
def false_is_none(mock: Mock) -> None:
    """Ask whether it is true."""
    revalued(mock, ["get_dags"], "paused", lambda value: value or None)


@public("filter-first-value-only", "Of several states of task instances only the first counts.")
def first_value_only(mock: Mock) -> None:
    """Forget the others."""
    revalued(mock, ["get_task_instances"], "state", lambda value: value and value[:1])


@public("filter-null-state-dropped", "Task instances without a state are not found by state=none.")
def null_state_dropped(mock: Mock) -> None:
    """Compare with null as SQL does."""
    revalued(mock, ["get_task_instances"], "state", lambda value: value and [each or "" for each in value])


@public(
    "filter-zero-is-none",
    "map_index=0 counts as if nothing had been said, for mapped task instances.",
    applies=since_3_1,
)
def zero_is_none(mock: Mock) -> None:
    """Ask whether there is one."""
    revalued(mock, ["get_mapped_task_instances"], "map_index", lambda value: value if value and any(value) else None)


@public("filter-not-for-mapped", "The list of mapped task instances does not look at the operator.", applies=since_3_1)
def not_for_mapped(mock: Mock) -> None:
    """Forget one list."""
    ignored(mock, "get_mapped_task_instances", "operator")


@public("filter-not-in-batches", "The list of runs that is asked for by POST does not look at states.")
def not_in_batches(mock: Mock) -> None:
    """Forget the other way of asking."""
    ignored(mock, "get_list_dag_runs_batch", "state")


@public("filter-first-page-only", "Pages of runs after the first are not filtered by state.")
def first_page_only(mock: Mock) -> None:
    """Forget it when the offset grows."""
    ignored(mock, "get_dag_runs", "state", after_first_page)


@public("filter-total-of-everything", "total_entries of event logs counts what was not asked for, too.")
def filter_total_of_everything(mock: Mock) -> None:
    """Count before choosing."""
    total_of_everything(mock, "get_event_logs")


@public("filter-before-includes", "Event logs before a moment have those of the moment.")
def before_includes(mock: Mock) -> None:
    """Take < for <=."""
    asking(mock, "get_event_logs", lambda query: query.update(before=_later(query.get("before"))))


def _later(moment: Any) -> Any:
    return moment and moment + timedelta(microseconds=1)


@public("filter-first-exclusion-only", "Of several events to leave out only the first is left out.")
def first_exclusion_only(mock: Mock) -> None:
    """Forget the others."""
    asking(mock, "get_event_logs", lambda query: query.update(excluded_events=(query.get("excluded_events") or [])[:1]))


@public("filter-unstarted-dropped", "What has not started is not found by a lower bound of start_date.")
def unstarted_dropped(mock: Mock) -> None:
    """Compare with null as SQL does."""
    wrap(mock.filters, "instead", lambda _original, _call, _base, _compare: None)


@public("filters-last-counts", "Of several filters the last one counts.")
def last_counts(mock: Mock) -> None:
    """Begin anew with each."""

    def test(original: Tester, call: Call, name: str, value: Any, fields: Fields) -> Test | None:
        there = [
            each
            for each, given in call.query.items()
            if given not in (None, []) and original(call, each, given, fields)
        ]
        return original(call, name, value, fields) if not there or name == there[-1] else None

    wrap(mock.filters, "test", test)
