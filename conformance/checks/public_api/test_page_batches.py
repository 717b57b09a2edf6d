"""Page size limit: lists that are asked for by POST."""

from __future__ import annotations

from typing import Any

from conformance.content import DAG, Content, FillError
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.pages import read
from conformance.target import Target

#: The batch lists: the braces of their paths take nothing but the wildcard.
BATCHES = {
    "get_list_dag_runs_batch": {"dag_id": "~"},
    "get_task_instances_batch": {"dag_id": "~", "dag_run_id": "~"},
}


@requirement("PUB-PAGE-004")
@needs("writes", "fixture-dags")
def test_batches_obey_the_limit(target: Target, judge: Judge, content: Content) -> None:
    """However large a page_limit the body asks for, a batch list holds no more items than maximum_page_limit."""
    limit = target.profile.page_limit
    try:
        period = {"logical_date_gte": content["since"], "logical_date_lte": content["until"]}
        there = len(content.names("runs"))
    except FillError as error:
        judge.unreached(str(error))
    if there <= limit:
        judge.unreached(f"there are {there} runs, not more than the limit of {limit}")
    for operation, params in BATCHES.items():
        items = target.interface.operations[operation].items or ""
        for size in (None, limit, limit + 1, 10 * limit, 10**9):
            body: dict[str, Any] = {"dag_ids": [DAG], **period}
            exchange = target.call(
                operation, params=params, json=body if size is None else {**body, "page_limit": size}
            )
            page = read(exchange, items)
            judge.that(
                page.sound or (size is not None and size > limit and 400 <= (exchange.status or 0) < 500),
                exchange,
                f"a batch list with page_limit {size} is to be answered with a page; {page}",
            )
            judge.that(
                len(page.held) <= limit,
                exchange,
                f"a batch list with page_limit {size} holds {limit} items at most (maximum_page_limit); {page}",
            )
