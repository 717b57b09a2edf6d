"""Faults of secrets: a connection gives them back, somewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, in_both
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import around
from mockserver.errors import ApiError, conflict
from mockserver.operations import Call, Handler, Page
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock


def masking_extras(profile: Profile) -> bool:
    """Somebody is let in, and what is extra is masked."""
    return admitting(profile) and profile.airflow >= (2, 3)


def logging_edits(profile: Profile) -> bool:
    """What is done through the API is in the event log, in JSON."""
    return admitting(profile) and profile.airflow >= (2, 10)


def shown_by(mock: Mock, operation: str, unmask: Callable[[Mapping[str, Any], Any], Mapping[str, Any]]) -> None:
    """Show more of a connection in the answers of one operation; `unmask` gets what is shown, and the connection."""

    def answer(handler: Handler, call: Call) -> Any:
        found = handler(call)
        record = call.world.connections.get(call.path["connection_id"])
        return unmask(found, record) if record else found

    around(mock, operation, answer)


def _with_password(shown: Mapping[str, Any], record: Any) -> Mapping[str, Any]:
    return {**shown, "password": record.password}


def _with_extra(shown: Mapping[str, Any], record: Any) -> Mapping[str, Any]:
    return {**shown, "extra": record.extra}


def _with_token(shown: Mapping[str, Any], record: Any) -> Mapping[str, Any]:
    """What is extra, masked as it should be, but for what stands under `token`."""
    if not record.extra:
        return shown
    plain = json.loads(record.extra)
    return {**shown, "extra": json.dumps({**json.loads(shown["extra"]), "token": plain.get("token")})}


@deviation(
    "password-in-answer-to-change",
    breaks=["PUB-API-007"],
    sentence="The answer to a change of a connection has its password.",
)
def password_in_answer_to_change(mock: Mock) -> None:
    """Show what was sent."""
    shown_by(mock, "patch_connection", _with_password)


@deviation(
    "stable-extra-in-answer-to-change",
    breaks=["STB-API-007"],
    applies=masking_extras,
    apis=STABLE,
    sentence="The answer to a change of a connection has the secrets of its extra.",
)
def extra_in_answer_to_change(mock: Mock) -> None:
    """Show what was sent."""
    shown_by(mock, "patch_connection", _with_extra)


@deviation(
    "secrets-listed", breaks=["PUB-API-007"], sentence="The list of connections has the secrets of their extras."
)
def secrets_listed(mock: Mock) -> None:
    """Mask nothing there."""

    def show(handler: Handler, call: Call) -> Any:
        found: Page = handler(call)
        return Page(
            found.key,
            [dict(found.view(one)) | {"extra": one.extra} for one in found.rows],
            lambda row: row,
            found.total,
            found.extra,
        )

    around(mock, "get_connections", show)


@in_both(
    "token-unmasked",
    breaks="API-007",
    applies=masking_extras,
    sentence="What is extra is masked but for what is called token.",
)
def token_unmasked(mock: Mock) -> None:
    """Know a word less."""
    shown_by(mock, "get_connection", _with_token)


@in_both(
    "password-in-conflict",
    breaks="API-007",
    sentence="That there is a connection of that name already is told with all that was sent, the password too.",
)
def password_in_conflict(mock: Mock) -> None:
    """Be helpful."""

    def post(handler: Handler, call: Call) -> Any:
        try:
            return handler(call)
        except ApiError as refusal:
            if not isinstance(refusal.detail, str):
                raise conflict(json.dumps(call.body)) from None
            refusal.detail = f"{refusal.detail} ({json.dumps(call.body)})"
            raise

    around(mock, "post_connection", post)


def logged(mock: Mock, operation: str) -> None:
    """Leave the whole body of an operation in the event log."""

    def write(handler: Handler, call: Call) -> Any:
        events = list(call.world.events)
        if events and call.body:
            events[-1].extra = json.dumps(call.body)
        return handler(call)

    around(mock, operation, write)


@in_both(
    "password-in-log",
    breaks="API-007",
    applies=logging_edits,
    sentence="The event log has the password of a connection that was changed.",
)
def password_in_log(mock: Mock) -> None:
    """Write all of it down."""
    logged(mock, "patch_connection")


@deviation(
    "bulk-password-in-log",
    breaks=["PUB-API-007"],
    sentence="The event log has the passwords of the connections of a bulk request.",
)
def bulk_password_in_log(mock: Mock) -> None:
    """Write all of it down."""
    logged(mock, "bulk_connections")
