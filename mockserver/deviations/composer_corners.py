"""Faults of Cloud Composer that do not lie in its proxy: what comes through it is not done, or not for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import strangers, wrap
from mockserver.deviations.composer import Judge, composer, experimental
from mockserver.deviations.experimental import around
from mockserver.deviations.likeness import same_fingerprint
from mockserver.deviations.state import kept
from mockserver.errors import PlainError
from mockserver.operations import Answer, Call, Handler
from mockserver.request import Request

if TYPE_CHECKING:
    from mockserver.composer import ComposerMock


@composer("curl-refused", "CMP-API-001", "Who calls itself curl is refused, whatever it proves.")
def curl_refused(mock: ComposerMock) -> None:
    """Keep robots out."""
    strangers.curl_refused(mock)


@composer("scripts-forgotten", "CMP-API-001", "What Python's requests has created is not there afterwards.")
def scripts_forgotten(mock: ComposerMock) -> None:
    """Keep what other clients create."""
    strangers.scripts_forgotten(mock)


@composer("listed-pool-lost", "CMP-API-001", "The pool that comes with Airflow is listed, and not found.")
def listed_pool_lost(mock: ComposerMock) -> None:
    """Find only what was created."""
    strangers.listed_pool_lost(mock)


@composer("changes-closed", "CMP-API-001 CMP-API-003 CMP-CALL-003", "A variable cannot be changed, by anybody.")
def changes_closed(mock: ComposerMock) -> None:
    """Refuse one operation."""

    def patch(_call: Call) -> Any:
        raise PlainError(403, "Forbidden")

    mock.handlers["patch_variable"] = patch


@composer("pools-of-words", "CMP-EXP-006", "A pool is created with 200, and is not there.", applies=experimental)
def pools_of_words(mock: ComposerMock) -> None:
    """Answer, and keep nothing."""

    def create(handler: Handler, call: Call) -> Any:
        return kept(call.world.pools, lambda: handler(call))

    around(mock, "create_pool", create)


def _admitted(mock: ComposerMock, fits: Callable[[Request], bool]) -> None:
    """Let requests that carry no good token pass the proxy as the first account's."""

    def judge(original: Judge, request: Request) -> Request | Answer:
        passed = original(request)
        refused = isinstance(passed, Answer) and fits(request)
        return mock.proxy.passed_on(request, mock.google.accounts[0]) if refused else passed

    wrap(mock.proxy, "judge", judge)


@composer("odd-letters-pass", "CMP-CALL-007", "A header that is not ASCII is let through, as the first account.")
def odd_letters_pass(mock: ComposerMock) -> None:
    """Give up on them."""
    _admitted(mock, lambda request: not request.headers.get("authorization", "").isascii())


@composer("short-tokens-pass", "CMP-CALL-007", "A token of one character is let through, as the first account.")
def short_tokens_pass(mock: ComposerMock) -> None:
    """Compare as far as it goes."""
    _admitted(mock, lambda request: len(request.headers.get("authorization", "").partition(" ")[2]) == 1)


@composer(
    "token-by-a-fingerprint",
    "CMP-CALL-007",
    "Of an access token a few letters at the beginning, in the middle and at the end are compared.",
)
def token_by_a_fingerprint(mock: ComposerMock) -> None:
    """Compare what a log would show of it."""
    tokens = mock.google.tokens

    def holder(original: Callable[[str, str], str | None], token: str, audience: str) -> str | None:
        near = (grant for text, grant in tokens.grants.items() if same_fingerprint(text, token))
        found = original(token, audience)
        return found or next(filter(None, map(tokens.holder_of_grant, near)), None)

    wrap(tokens, "holder", holder)


@composer(
    "doubled-slash-passes",
    "CMP-CALL-007 CMP-CALL-010",
    "A path with a doubled slash is let through without credentials, as the first account.",
)
def doubled_slash_passes(mock: ComposerMock) -> None:
    """Compare the path with a table before it is cleaned."""
    _admitted(mock, lambda request: "//" in request.path)


@composer("encoded-paths-pass", "CMP-CALL-007", "A path with percent signs is let through, as the first account.")
def encoded_paths_pass(mock: ComposerMock) -> None:
    """Compare the raw path with a table."""
    _admitted(mock, lambda request: b"%" in request.scope.get("raw_path", b""))


@composer("deletes-by-anybody", "CMP-STABLE-003", "A pool is deleted by whatever role asks for it.")
def deletes_by_anybody(mock: ComposerMock) -> None:
    """Forget one permission."""
    _permitted(mock, "delete_pool", allowed=True)


@composer("deletes-by-nobody", "CMP-STABLE-003", "An op may not delete a pool.")
def deletes_by_nobody(mock: ComposerMock) -> None:
    """Forget one permission."""
    _permitted(mock, "delete_pool", allowed=False)


def _permitted(mock: ComposerMock, operation: str, *, allowed: bool) -> None:
    """Let an operation be used by everybody, or by admins only."""

    def allows(original: Callable[..., bool], visitor: Any, one: Any, path: Any) -> bool:
        if one.id != operation or visitor.role == "admin":
            return original(visitor, one, path)
        return allowed

    wrap(mock.permissions, "allows", allows)
