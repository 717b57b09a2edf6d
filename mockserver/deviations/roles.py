"""Faults in what a user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import deviation, wrap
from mockserver.deviations.auth import do_anyway
from mockserver.deviations.conditions import with_users
from mockserver.deviations.state import around
from mockserver.errors import ApiError
from mockserver.operations import Answer, User
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.operations import Call, Handler
    from mockserver.public import PublicMock
    from specs.contract import Operation

Allows = Callable[[User, "Operation"], bool]


def _allow(mock: PublicMock, role: str, *operations: str) -> None:
    def allows(original: Allows, user: User, operation: Operation) -> bool:
        return (user.role == role and operation.id in operations) or original(user, operation)

    wrap(mock.permissions, "allows", allows)


def _deny(mock: PublicMock, role: str, *operations: str) -> None:
    def allows(original: Allows, user: User, operation: Operation) -> bool:
        return not (user.role == role and operation.id in operations) and original(user, operation)

    wrap(mock.permissions, "allows", allows)


@deviation("everybody-may-everything", breaks=["PUB-AUTH-008"], applies=with_users, sentence="Roles do not count.")
def everybody_may_everything(mock: PublicMock) -> None:
    """Allow all."""
    wrap(mock.permissions, "allows", lambda _original, _user, _operation: True)


@deviation(
    "viewer-may-write-pools",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="A viewer may create, change and delete pools.",
)
def viewer_may_write_pools(mock: PublicMock) -> None:
    """Forget pools."""
    _allow(mock, "viewer", "post_pool", "patch_pool", "delete_pool")


@deviation("viewer-may-trigger", breaks=["PUB-AUTH-008"], applies=with_users, sentence="A viewer may trigger a DAG.")
def viewer_may_trigger(mock: PublicMock) -> None:
    """Forget runs."""
    _allow(mock, "viewer", "trigger_dag_run")


@deviation(
    "viewer-may-write-in-bulk",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="A viewer may change variables by the bulk operation.",
)
def viewer_may_write_in_bulk(mock: PublicMock) -> None:
    """Forget the bulk operation."""
    _allow(mock, "viewer", "bulk_variables")


@deviation(
    "user-may-read-variables",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="A user may read variables, which are for op and admin.",
)
def user_may_read_variables(mock: PublicMock) -> None:
    """Forget reads."""
    _allow(mock, "user", "get_variable", "get_variables")


@deviation(
    "op-may-not-delete-pools",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="An op may create pools but not delete them.",
)
def op_may_not_delete_pools(mock: PublicMock) -> None:
    """Take a right away."""
    _deny(mock, "op", "delete_pool")


@deviation(
    "viewer-may-not-read-dags",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="A viewer may read everything but DAGs.",
)
def viewer_may_not_read_dags(mock: PublicMock) -> None:
    """Take reads away."""
    _deny(mock, "viewer", "get_dags", "get_dag", "get_dag_details")


@deviation(
    "forbidden-but-done",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="What a role may not do is answered with 403 and done all the same.",
)
def forbidden_but_done(mock: PublicMock) -> None:
    """Look at the role after the deed."""

    def operate(original: Callable[..., Answer], operation: Operation, match: Any, request: Any) -> Answer:
        try:
            return original(operation, match, request)
        except ApiError as refusal:
            if (refusal.status, refusal.detail) == (403, "Forbidden") and operation.method != "GET":
                do_anyway(mock, original, operation, match, request)
            raise

    wrap(mock, "operate", operate)


@deviation("identity-lost", breaks=["PUB-AUTH-009"], sentence="What is done is put down to nobody in particular.")
def identity_lost(mock: PublicMock) -> None:
    """Write one name for all."""
    wrap(
        mock,
        "log",
        lambda original, operation, match, _user, body: original(operation, match, User("airflow", ""), body),
    )


@deviation(
    "identity-of-the-one-before",
    breaks=["PUB-AUTH-009"],
    applies=with_users,
    sentence="What is done is put down to the user of the request before.",
)
def identity_of_the_one_before(mock: PublicMock) -> None:
    """Keep the user of the last request."""
    last = [User("admin", "admin")]

    def log(original: Callable[..., None], operation: Operation, match: Any, user: User, body: Any) -> None:
        original(operation, match, last[0], body)
        last[0] = user

    wrap(mock, "log", log)


def _telling(profile: Profile) -> bool:
    """A version that tells who triggered a run, and has favorites."""
    return with_users(profile) and profile.airflow >= (3, 1)


@deviation(
    "runs-of-the-admin",
    breaks=["PUB-AUTH-009"],
    applies=_telling,
    sentence="Whoever triggers a run, it names the admin.",
)
def runs_of_the_admin(mock: PublicMock) -> None:
    """Take a name that is always there."""

    def trigger(handler: Handler, call: Call) -> Any:
        call.user = User("admin", "admin", call.user.id)
        return handler(call)

    around(mock, "trigger_dag_run", trigger)


@deviation(
    "favorites-of-all",
    breaks=["PUB-AUTH-009"],
    applies=_telling,
    sentence="A favorite of one user is a favorite of all.",
)
def favorites_of_all(mock: PublicMock) -> None:
    """Keep them without the user."""

    def shared(handler: Handler, call: Call) -> Any:
        call.user = User("everybody", call.user.role, call.user.id)
        return handler(call)

    for operation in ("favorite_dag", "unfavorite_dag", "get_dags", "get_dag_details"):
        around(mock, operation, shared)
