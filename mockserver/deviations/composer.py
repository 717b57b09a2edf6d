"""Faults of Cloud Composer's proxy: what it lets through to Airflow, and as whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.auth.allow_all import allow_all
from mockserver.auth.composer_auth import EMAIL, ID, ISSUER
from mockserver.composer.proxy import refusal
from mockserver.deviations import EXPERIMENTAL, STABLE, Change, deviation, wrap
from mockserver.operations import Answer
from mockserver.request import Request
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.composer import ComposerMock
    from profiles.accounts import ServiceAccount

Judge = Callable[[Request], Request | Answer]


def platform(profile: Profile) -> bool:
    """Cloud Composer, from everywhere."""
    return profile.platform == "composer" and profile.web_server_allow_ip is None


def with_users(profile: Profile) -> bool:
    """Its own backend asks whose account it is."""
    return platform(profile) and profile.backend_kinds == ("composer_auth",)


def closed_experimental(profile: Profile) -> bool:
    """The experimental API is switched on, and Composer's backend is in the way."""
    return with_users(profile) and profile.experimental


def experimental(profile: Profile) -> bool:
    """The experimental API is open to whom the proxy lets through."""
    return platform(profile) and profile.api == "experimental"


def barring(profile: Profile) -> bool:
    """Not every address has access."""
    return profile.platform == "composer" and profile.web_server_allow_ip is not None


def denying(profile: Profile) -> bool:
    """The stable API is disabled."""
    return platform(profile) and profile.backend_kinds == ("deny_all",)


def composer(
    name: str, breaks: str, sentence: str, *, applies: Callable[[Profile], bool] = with_users
) -> Callable[[Change], Change]:
    """Declare a deviation of Cloud Composer; `breaks`: ids, with blanks between."""
    both = (*STABLE, *EXPERIMENTAL)
    return deviation(f"composer-{name}", breaks=breaks.split(), sentence=sentence, applies=applies, apis=both)


def _open(mock: ComposerMock, passes: Callable[[Request], bool]) -> None:
    """Let the proxy pass on as it is what it need not ask for."""

    def judge(original: Judge, request: Request) -> Request | Answer:
        return request if passes(request) else original(request)

    wrap(mock.proxy, "judge", judge)


def _taken(mock: ComposerMock, account: Callable[[str, str], ServiceAccount | None]) -> None:
    """Let the proxy take other tokens, too: `account` gets one, and the URL of the server."""

    def found(original: Callable[[Request], Any], request: Request) -> ServiceAccount | None:
        token = request.headers.get("authorization", "").partition(" ")[2]
        return original(request) or account(token, request.origin)

    wrap(mock.proxy, "account", found)


@composer("health-open", "CMP-CALL-007", "The proxy lets everybody ask how the server is, as Airflow does.")
def health_open(mock: ComposerMock) -> None:
    """Leave it to Airflow."""
    _open(mock, lambda request: request.path == "/api/v1/health")


@composer("options-open", "CMP-CALL-007", "The proxy lets OPTIONS through without credentials.")
def options_open(mock: ComposerMock) -> None:
    """As for browsers that ask first."""
    _open(mock, lambda request: request.method == "OPTIONS")


@composer("test-open", "CMP-EXP-007", "The proxy lets everybody ask whether the API works.", applies=experimental)
def test_open(mock: ComposerMock) -> None:
    """Leave it to Airflow, which asks nobody."""
    _open(mock, lambda request: request.path == "/api/experimental/test")


@composer("named-is-enough", "CMP-STABLE-002", "Who says which account asks need not prove it.")
def named_is_enough(mock: ComposerMock) -> None:
    """Believe the headers that are the proxy's."""
    _open(mock, lambda request: request.headers.get(ID, "").startswith(f"{ISSUER}:"))


@composer("named-counts", "CMP-STABLE-003", "With good credentials one may say that another account asks.")
def named_counts(mock: ComposerMock) -> None:
    """Put the proxy's headers behind those of the request."""

    def passed_on(original: Callable[..., Request], request: Request, account: ServiceAccount) -> Request:
        told = original(request, account)
        return request if EMAIL in request.headers and ID in request.headers else told

    wrap(mock.proxy, "passed_on", passed_on)


@composer("any-audience", "CMP-CALL-007", "An ID token is taken whoever it is for.")
def any_audience(mock: ComposerMock) -> None:
    """Do not look at the audience."""
    tokens = mock.google.tokens
    _taken(mock, lambda token, _: mock.google.numbered(tokens.claims(token).get("sub")))


@composer("unsigned-identity", "CMP-CALL-007", "Whose an ID token is, is read before its signature is looked at.")
def unsigned_identity(mock: ComposerMock) -> None:
    """Decode, and that is all."""
    _taken(mock, lambda token, _: mock.google.numbered(_read(token).get("sub")))


@composer("expired-assertion", "CMP-CALL-007", "A JWT that the account has signed itself is taken after its time.")
def expired_assertion(mock: ComposerMock) -> None:
    """Look at signature and audience."""

    def account(token: str, url: str) -> ServiceAccount | None:
        one = mock.google.addressed(_read(token).get("iss"))
        good = one and _read(token).get("aud") == url and _signed(token, mock.google.key(one).public, ["RS256"])
        return one if good else None

    _taken(mock, account)


@composer("token-cut", "CMP-CALL-007", "Of an access token the first hundred characters count.")
def token_cut(mock: ComposerMock) -> None:
    """Look for one that begins so."""
    grants = mock.google.tokens.grants

    def account(token: str, _: str) -> ServiceAccount | None:
        near = [grant for text, grant in grants.items() if len(token) > 100 and text[:100] == token[:100]]
        return mock.google.numbered(near[0].unique_id) if near else None

    _taken(mock, account)


@composer("put-stopped", "CMP-CALL-006", "The proxy knows no PUT.")
def put_stopped(mock: ComposerMock) -> None:
    """Refuse it."""

    def judge(original: Judge, request: Request) -> Request | Answer:
        passed = original(request)
        return passed if request.method != "PUT" or isinstance(passed, Answer) else refusal(403)

    wrap(mock.proxy, "judge", judge)


@composer("forwarded-address", "CMP-ACCESS-002", "Where a request comes from is what it says.", applies=barring)
def forwarded_address(mock: ComposerMock) -> None:
    """Believe X-Forwarded-For."""
    ranges = mock.proxy.ranges or ()

    def reachable(original: Callable[[Request], bool], request: Request) -> bool:
        said = request.headers.get("x-forwarded-for", "")
        return original(request) or any(said == str(each.network_address) for each in ranges)

    wrap(mock.proxy, "reachable", reachable)


@composer("reads-from-everywhere", "CMP-ACCESS-002", "Only writes need an address with access.", applies=barring)
def reads_from_everywhere(mock: ComposerMock) -> None:
    """Let reads pass."""
    wrap(mock.proxy, "reachable", lambda original, request: request.method == "GET" or original(request))


@composer("forwarded-barred", "CMP-ACCESS-003", "A request that has come by way of IPv6 is refused.", applies=platform)
def forwarded_barred(mock: ComposerMock) -> None:
    """Know addresses of IPv4 alone."""

    def reachable(original: Callable[[Request], bool], request: Request) -> bool:
        return ":" not in request.headers.get("x-forwarded-for", "") and original(request)

    wrap(mock.proxy, "reachable", reachable)


@composer(
    "experimental-by-switch", "CMP-EXP-001", "The switch alone opens the experimental API.", applies=closed_experimental
)
def experimental_by_switch(mock: ComposerMock) -> None:
    """Let the guard ask nobody."""
    assert mock.experimental  # noqa: S101 - it is switched on
    mock.experimental.guard.backend = allow_all


def _read(token: str) -> dict[str, Any]:
    """What a JWT claims, whoever has signed it; nothing for any other text."""
    from jwt import PyJWTError, api_jws

    try:
        found = json.loads(api_jws.decode_complete(token, options={"verify_signature": False})["payload"])
    except (PyJWTError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _signed(token: str, key: Any, algorithms: list[str]) -> bool:
    from jwt import PyJWTError, api_jws

    try:
        return bool(api_jws.decode_complete(token, key, algorithms))
    except PyJWTError:
        return False
