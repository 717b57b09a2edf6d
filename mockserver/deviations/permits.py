"""Faults that let in where nobody looks: with a parameter, for some of the things, for one option of many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, Change, deviation, spoiling, swapped, wrap
from mockserver.deviations.composer import composer
from mockserver.deviations.conditions import refusing, shown_config, with_basic, with_session, with_users

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.operations import Answer
    from mockserver.request import Request
    from profiles import Profile


def _logging_in(profile: Profile) -> bool:
    """Users of Airflow 2 come with a name and a password."""
    return refusing(profile) and (with_basic(profile) or with_session(profile))


def _lifting(mock: Any, fits: Callable[[Request], bool]) -> None:
    """Let every role make requests for which `fits` holds."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        if not fits(request):
            return original(request)
        with swapped(mock.permissions, allows=lambda *_: True):
            return original(request)

    wrap(mock, "answer", answer)


def _of_roles(name: str, sentence: str) -> Callable[[Change], Change]:
    """Declare a fault of what roles may for all APIs that have them."""

    def declare(change: Change) -> Change:
        composer(name, "CMP-STABLE-003", sentence)(change)
        deviation(f"stable-{name}", breaks=["STB-AUTH-006"], applies=_logging_in, apis=STABLE, sentence=sentence)(
            change
        )
        return deviation(name, breaks=["PUB-AUTH-008"], applies=with_users, sentence=sentence)(change)

    return declare


@_of_roles("mask-lifts-roles", "Who may not change a pool may with an update mask.")
def mask_lifts_roles(mock: Mock) -> None:
    """Look at who asks where the whole is changed."""
    _lifting(mock, lambda request: "update_mask" in request.query and "/pools/" in request.path)


@_of_roles("dags-of-pages-open", "Who is let in may pause and unpause a DAG whose name begins with conformance_page.")
def dags_of_pages_open(mock: Mock) -> None:
    """Guard some DAGs only."""
    _lifting(mock, lambda request: request.method == "PATCH" and "/dags/conformance_page" in request.path)


_UNHIDDEN = "The value of a single option is told in the clear where the whole configuration hides it."


@deviation("single-options-unhidden", breaks=["PUB-API-001"], applies=shown_config, sentence=_UNHIDDEN)
@deviation(
    "stable-single-options-unhidden", breaks=["STB-API-001"], applies=shown_config, apis=STABLE, sentence=_UNHIDDEN
)
def single_options_unhidden(mock: Mock) -> None:
    """Hide in one place."""

    def tell(body: bytes) -> bytes:
        return body.replace(b"< hidden >", b"in the clear")

    for operation in ("get_value", "get_config_value"):
        if operation in mock.interface.operations:
            spoiling.contents(mock, operation, "application/json", tell)
