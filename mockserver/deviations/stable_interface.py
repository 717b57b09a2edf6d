"""Faults of the stable API's interface: answers of another form, and what is let through that the contract forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockserver.deviations import STABLE, deviation, spoiling
from mockserver.deviations.conditions import admitting
from mockserver.errors import Crash
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.stable import StableMock


@deviation(
    "stable-slots-as-text",
    breaks=["STB-API-002"],
    applies=admitting,
    apis=STABLE,
    sentence="The slots of a pool are a text where it is asked for alone, and a number in the list.",
)
def slots_as_text(mock: StableMock) -> None:
    """Send "3" for 3."""

    def change(value: dict[str, Any]) -> None:
        value["slots"] = str(value["slots"])

    spoiling.answers(mock, "get_pool", 200, change)


@deviation(
    "stable-date-without-zone",
    breaks=["STB-API-002"],
    applies=admitting,
    apis=STABLE,
    sentence="When something was logged is told without a time zone.",
)
def date_without_zone(mock: StableMock) -> None:
    """Leave the zone out."""

    def change(value: dict[str, Any]) -> None:
        for item in value["event_logs"]:
            item["when"] = item["when"].partition("+")[0].removesuffix("Z")

    spoiling.answers(mock, "get_event_logs", 200, change)


@deviation(
    "stable-problem-as-html",
    breaks=["STB-API-002"],
    applies=admitting,
    apis=STABLE,
    sentence="That there is no such variable is told in HTML.",
)
def problem_as_html(mock: StableMock) -> None:
    """Show a page."""

    def change(answer: Answer) -> None:
        answer.media, answer.body = "text/html", b"<h1>Not Found</h1>"

    spoiling.refusals(mock, "get_variable", 404, change)


@deviation(
    "stable-offset-below-zero",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="The list of import errors takes an offset below zero for none; every other list refuses it.",
)
def offset_below_zero(mock: StableMock) -> None:
    """Be lenient with one list."""

    def change(query: dict[str, str]) -> None:
        if query.get("offset", "").startswith("-"):
            del query["offset"]

    spoiling.queries(mock, "get_import_errors", change)


@deviation(
    "stable-read-only-accepted",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="A new pool may say how many of its slots are open, which is only to be read.",
)
def read_only_accepted(mock: StableMock) -> None:
    """Drop it."""
    spoiling.bodies(mock, "post_pool", lambda body: body.pop("open_slots", None))


@deviation(
    "stable-state-unchecked",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="A run may be set to any state that begins with success or failed.",
)
def state_unchecked(mock: StableMock) -> None:
    """Look at the beginning only."""

    def change(body: dict[str, Any]) -> None:
        for state in ("success", "failed"):
            if str(body.get("state")).startswith(state):
                body["state"] = state

    spoiling.bodies(mock, "update_dag_run_state", change)


@deviation(
    "stable-refused-with-422",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="What a change of a connection has wrong is refused with 422, as another version does.",
)
def refused_with_422(mock: StableMock) -> None:
    """Mix up the versions."""

    def change(answer: Answer) -> None:
        answer.status = 422

    spoiling.refusals(mock, "patch_connection", 400, change)


@deviation(
    "stable-hard-text-crashes",
    breaks=["STB-API-004"],
    applies=admitting,
    apis=STABLE,
    sentence="A filter of event logs by an owner with a percent sign breaks the server down.",
)
def hard_text_crashes(mock: StableMock) -> None:
    """Take it for a format."""

    def spoil(original: spoiling.Respond, request: Request) -> Answer:
        if "%" in dict(parse_qsl(request.query)).get("owner", ""):
            raise Crash("a format")
        return original(request)

    spoiling.of(mock, "get_event_logs", spoil)


@deviation(
    "stable-second-item-incomplete",
    breaks=["STB-API-002"],
    applies=admitting,
    apis=STABLE,
    sentence="In the list of event logs every item after the first lacks the owner; no member is required there.",
)
def second_item_incomplete(mock: StableMock) -> None:
    """Forget a member of all but the first."""

    def change(value: dict[str, Any]) -> None:
        for item in value["event_logs"][1:]:
            del item["owner"]

    spoiling.answers(mock, "get_event_logs", 200, change)
