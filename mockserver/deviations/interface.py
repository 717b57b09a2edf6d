"""Faults of the public API's interface: answers of another form, and what is let through that the contract forbids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockserver.deviations import deviation, spoiling, wrap
from mockserver.deviations.state import around
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer, Call, Handler

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request


@deviation(
    "status-of-its-own",
    breaks=["PUB-API-002"],
    sentence="Deleting a variable is answered with 202, which no document has.",
)
def status_of_its_own(mock: PublicMock) -> None:
    """Accept what is done already."""

    def spoil(original: spoiling.Respond, request: Request) -> Answer:
        given = original(request)
        given.status = 202 if given.status == 204 else given.status
        return given

    spoiling.of(mock, "delete_variable", spoil)


@deviation(
    "second-item-incomplete",
    breaks=["PUB-API-002"],
    sentence="In the list of event logs every item after the first lacks the date.",
)
def second_item_incomplete(mock: PublicMock) -> None:
    """Forget a member of all but the first."""

    def change(value: dict[str, Any]) -> None:
        for item in value["event_logs"][1:]:
            del item["when"]

    spoiling.answers(mock, "get_event_logs", 200, change)


@deviation(
    "not-found-as-html",
    breaks=["PUB-API-002"],
    sentence="That there is no such connection is told in HTML.",
)
def not_found_as_html(mock: PublicMock) -> None:
    """Show a page."""

    def change(answer: Answer) -> None:
        answer.media, answer.body = "text/html", b"<h1>Not Found</h1>"

    spoiling.refusals(mock, "get_connection", 404, change)


@deviation(
    "refusal-as-text",
    breaks=["PUB-API-003"],
    sentence="What is wrong with a new variable is told as JSON that calls itself text/plain.",
)
def refusal_as_text(mock: PublicMock) -> None:
    """Name another media type, for refusals only."""

    def change(answer: Answer) -> None:
        answer.media = "text/plain; charset=utf-8"

    spoiling.refusals(mock, "post_variable", 422, change)


@deviation(
    "count-as-text",
    breaks=["PUB-API-002"],
    sentence="How many tags of DAGs there are is sent as a text.",
)
def count_as_text(mock: PublicMock) -> None:
    """Send "4" for 4."""

    def change(value: dict[str, Any]) -> None:
        value["total_entries"] = str(value["total_entries"])

    spoiling.answers(mock, "get_dag_tags", 200, change)


@deviation(
    "date-without-zone",
    breaks=["PUB-API-002"],
    sentence="When a version of a DAG was made is told without a time zone.",
)
def date_without_zone(mock: PublicMock) -> None:
    """Leave the Z out."""

    def change(value: dict[str, Any]) -> None:
        for item in value["dag_versions"]:
            item["created_at"] = item["created_at"].removesuffix("Z")

    spoiling.answers(mock, "get_dag_versions", 200, change)


@deviation(
    "run-type-of-its-own",
    breaks=["PUB-API-002"],
    sentence="The type of a run that somebody triggered is told as by_hand, which is none of the contract's.",
)
def run_type_of_its_own(mock: PublicMock) -> None:
    """Invent a word, in one of the places where runs are told of."""

    def change(value: dict[str, Any]) -> None:
        value["run_type"] = "by_hand"

    spoiling.answers(mock, "get_dag_run", 200, change)


@deviation(
    "one-limit-below-zero",
    breaks=["PUB-API-003"],
    sentence="The list of DAG warnings takes a limit below zero for none at all; every other list refuses it.",
)
def one_limit_below_zero(mock: PublicMock) -> None:
    """Be lenient with one list."""

    def change(query: dict[str, str]) -> None:
        if query.get("limit", "").startswith("-"):
            del query["limit"]

    spoiling.queries(mock, "list_dag_warnings", change)


@deviation(
    "unknown-member-accepted",
    breaks=["PUB-API-003"],
    sentence="A new connection may have members that the contract does not know; they are dropped.",
)
def unknown_member_accepted(mock: PublicMock) -> None:
    """Drop what is not known."""
    schema = mock.interface.resolve(mock.interface.operations["post_connection"].body or {})

    def change(body: dict[str, Any]) -> None:
        for name in body.keys() - schema["properties"].keys():
            del body[name]

    spoiling.bodies(mock, "post_connection", change)


@deviation(
    "slots-assumed",
    breaks=["PUB-API-003"],
    sentence="A new pool without slots is given 128 of them, where the contract requires the number.",
)
def slots_assumed(mock: PublicMock) -> None:
    """Know better."""
    spoiling.bodies(mock, "post_pool", lambda body: body.setdefault("slots", 128))


@deviation(
    "key-one-too-long",
    breaks=["PUB-API-003"],
    sentence="The key of a new variable may be one character longer than the contract allows.",
)
def key_one_too_long(mock: PublicMock) -> None:
    """Count wrongly."""

    def change(body: dict[str, Any]) -> None:
        if isinstance(body.get("key"), str) and len(body["key"]) == 251:
            body["key"] = body["key"][:250]

    spoiling.bodies(mock, "post_variable", change)


@deviation(
    "state-by-its-beginning",
    breaks=["PUB-API-003"],
    sentence="A run may be set to any state that begins with failed.",
)
def state_by_its_beginning(mock: PublicMock) -> None:
    """Look at the beginning only."""

    def change(body: dict[str, Any]) -> None:
        if str(body.get("state")).startswith("failed"):
            body["state"] = "failed"

    spoiling.bodies(mock, "patch_dag_run", change)


@deviation(
    "refused-with-400",
    breaks=["PUB-API-003"],
    sentence="A filter of jobs by what is no date is refused with 400, everything else with 422.",
)
def refused_with_400(mock: PublicMock) -> None:
    """Mix up the refusals."""

    def change(answer: Answer) -> None:
        answer.status, answer.body = 400, b'{"detail":"Invalid date"}'

    spoiling.refusals(mock, "get_jobs", 422, change)


@deviation(
    "refusal-points-elsewhere",
    breaks=["PUB-API-003"],
    sentence="A refusal of a query of pools says that the fault is in the offset, whichever parameter has it.",
)
def refusal_points_elsewhere(mock: PublicMock) -> None:
    """Blame another."""

    def change(answer: Answer) -> None:
        answer.body = answer.body.replace(b'"limit"', b'"offset"')

    spoiling.refusals(mock, "get_pools", 422, change)


@deviation(
    "refused-change-made",
    breaks=["PUB-API-003"],
    sentence="A change of a variable that is refused for its key has changed the description all the same.",
)
def refused_change_made(mock: PublicMock) -> None:
    """Change first, look afterwards."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        try:
            return original(request)
        except ApiError as error:
            name = request.path.removeprefix("/api/v2/variables/")
            if (request.method, error.status) == ("PATCH", 422) and (found := mock.world.variables.get(name)):
                found.description = "changed"
            raise

    wrap(mock, "answer", answer)


@deviation(
    "non-ascii-filter-crashes",
    breaks=["PUB-API-004"],
    sentence="A filter of assets by a name that is not ASCII breaks the server down.",
)
def non_ascii_filter_crashes(mock: PublicMock) -> None:
    """Encode it as if it were."""

    def spoil(original: spoiling.Respond, request: Request) -> Answer:
        if not dict(parse_qsl(request.query)).get("name_pattern", "").isascii():
            raise Crash("not ASCII")
        return original(request)

    spoiling.of(mock, "get_assets", spoil)


@deviation(
    "negative-try-crashes",
    breaks=["PUB-API-004"],
    sentence="A filter of event logs by a number of tries below zero breaks the server down.",
)
def negative_try_crashes(mock: PublicMock) -> None:
    """Take it for an index."""

    def show(handler: Handler, call: Call) -> Any:
        if (call.query.get("try_number") or 0) < 0:
            raise Crash("below zero")
        return handler(call)

    around(mock, "get_event_logs", show)


@deviation(
    "allow-names-another",
    breaks=["PUB-API-002"],
    sentence="A method that a path under pools does not have is refused with an Allow header that names POST.",
)
def allow_names_another(mock: PublicMock) -> None:
    """Name what the collection has."""

    def answer(original: spoiling.Respond, request: Request) -> Answer:
        try:
            return original(request)
        except ApiError as error:
            if error.status == 405 and request.path.startswith("/api/v2/pools/"):
                error.headers = [("allow", "POST")]
            raise

    wrap(mock, "answer", answer)
