"""Getting a token (public-api, "Generate a JWT token")."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.auth.base import LoginError
from conformance.auth.jwt import login, login_without_password, token_of
from conformance.checks.public_api.refusals import REFUSED
from conformance.credentials import Credential
from conformance.exchange import Exchange, NotJson, Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tokens
from conformance.strategies.credentials import hashes
from conformance.target import Target


@requirement("PUB-TOKEN-001", "PUB-EXAMPLE-003")
def test_login_gives_a_token(target: Target, judge: Judge) -> None:
    """POST /auth/token with a user's name and password succeeds, with a JSON object whose access_token is a string."""
    for request in _logins(target, judge):
        exchange = target.send(request)
        ok = exchange.status in (200, 201)
        judge.that(ok, exchange, f"a login is to succeed; it was answered with {exchange.status}")
        said = _said(exchange)
        shaped = isinstance(said.get("access_token"), str) and bool(said["access_token"])
        judge.that(shaped, exchange, f"the answer is to be an object with a string access_token; its keys are {sorted(said)}")
        if shaped:
            target.redactor.add(said["access_token"])
            judge.reached(exchange)


@requirement("PUB-EXAMPLE-003")
def test_answer_gives_nothing_else_away(target: Target, judge: Judge) -> None:
    """The answer of the token endpoint holds no password and no secret, in its body or its headers."""
    for role, credential in _accounts(target).items():
        exchange = target.send(login(credential.username or "", credential.password or "", role))
        said = _said(exchange)
        ok = not {"password", "secret", "jwt_secret", "hash", "password_hash"} & {key.lower() for key in said}
        judge.that(ok, exchange, f"the answer is to hold no secret; its keys are {sorted(said)}")
        rest = {key: value for key, value in said.items() if key != "access_token"}
        headers = exchange.response.headers if exchange.response else ()
        _without_secrets(target, judge, exchange, credential, f"{rest} {headers}", "the answer")
    if not _accounts(target):
        judge.that(set(_said(target.send(login_without_password()))) == {"access_token"}, None, "the answer is to hold a token only")


@requirement("PUB-TOKEN-002")
def test_token_opens_the_api_at_once(target: Target, judge: Judge) -> None:
    """A token opens the API right after the login, and an older one of the same user stays good beside it."""
    for request in _logins(target, judge):
        first, second = _token(target, request), _token(target, request)
        for token in (second, first, second):
            exchange = target.call("get_dags", query={"limit": 1}, token=token)
            judge.that(exchange.status == 200, exchange, f"a fresh token is to open the DAGs; the answer was {exchange.status}")


@requirement("PUB-TOKEN-002", "PUB-TOKEN-003")
def test_token_says_how_long_it_lasts(target: Target, judge: Judge) -> None:
    """A token has an expiry later than now by the target's clock, and a start, if any, that is past."""
    for request in _logins(target, judge):
        exchange = target.send(request)
        payload = tokens.read(_token_of(target, exchange)).payload
        start = max((payload[name] for name in ("iat", "nbf") if isinstance(payload.get(name), int | float)), default=0)
        end = payload.get("exp")
        ok = isinstance(end, int | float) and end > start
        judge.that(ok, exchange, f"a token is to end later than it starts; it starts at {start} and ends at {end}")


@requirement("PUB-TOKEN-003")
def test_token_is_a_jwt(target: Target, judge: Judge) -> None:
    """A token has three parts of base64url, a header with a signing algorithm, a payload with subject and expiry."""
    for request in _logins(target, judge):
        exchange = target.send(request)
        token = _token_of(target, exchange)
        try:
            jwt, why = tokens.read(token), ""
        except ValueError as error:
            judge.that(False, exchange, f"a token is to be a JWT; {error}")
            continue
        algorithm = jwt.header.get("alg")
        signed = isinstance(algorithm, str) and algorithm.strip().lower() not in ("none", "") and bool(jwt.signature)
        judge.that(signed, exchange, f"a token is to be signed; its header says alg {algorithm!r}, its signature has {len(jwt.signature)} bytes{why}")
        for name in ("sub", "exp"):
            judge.that(bool(jwt.payload.get(name)), exchange, f"a token is to have the claim {name}; it has {sorted(jwt.payload)}")


@requirement("PUB-TOKEN-003")
def test_token_holds_no_password(target: Target, judge: Judge) -> None:
    """A token carries neither the password nor a hash of it."""
    if target.profile.all_admins:
        payload = tokens.read(target.token()).payload
        judge.that(not {"password", "hash"} & payload.keys(), None, f"a token is to hold no password; it has {sorted(payload)}")
    for role, credential in _accounts(target).items():
        exchange = target.send(login(credential.username or "", credential.password or "", role))
        jwt = tokens.read(_token_of(target, exchange))
        _without_secrets(target, judge, exchange, credential, f"{jwt.header} {jwt.payload}", "the token")
        named = [key for key in jwt.payload if any(word in key.lower() for word in ("password", "passwd", "pwd", "hash"))]
        judge.that(not named, exchange, f"a token is to hold no password; it has the claim {', '.join(named)}")


@requirement("PUB-TOKEN-008")
def test_auth_manager_gives_tokens_its_own_way(target: Target, judge: Judge) -> None:
    """Every token route of the auth manager gives a token that opens the API, for the credentials that it takes."""
    for request in _routes(target, judge):
        exchange = target.send(request)
        ok = exchange.status == 201 or exchange.status == 200
        judge.that(ok, exchange, f"{request.method} {request.path} is to give a token; it was answered with {exchange.status}")
        if ok:
            judge.reached(exchange)
            opened = target.call("get_dags", query={"limit": 1}, token=_token_of(target, exchange))
            ok = opened.status not in REFUSED
            judge.that(ok, [exchange, opened], f"the token of {request.method} {request.path} is to open the DAGs; the answer was {opened.status}")


def _routes(target: Target, judge: Judge) -> Iterable[Request]:
    """A request to each token route that the contract has for the auth manager."""
    straight = next(iter(_logins(target, judge)))
    for operation in target.interface.operations.values():
        if operation.path.startswith("/auth/token") and 201 in operation.success:
            if operation.method == "POST":
                body = straight.body or login("anybody", "anything").body
                yield target.request("POST", operation.path, role=None, body=body, headers=[("Content-Type", "application/json")])
            elif target.profile.all_admins:
                yield target.request("GET", operation.path, role=None)


def _logins(target: Target, judge: Judge) -> list[Request]:
    """A login for each account; where everybody is admin, of anybody."""
    if target.profile.all_admins:
        return [login("anybody", "anything")]
    found = [login(one.username or "", one.password or "", role) for role, one in _accounts(target).items()]
    return found or judge.unreached("there is no user name with a password, so no login can be made")


def _accounts(target: Target) -> dict[str, Credential]:
    return {role: one for role, one in target.credentials.by_role.items() if one.password is not None}


def _token(target: Target, request: Request) -> str:
    return _token_of(target, target.send(request))


def _token_of(target: Target, exchange: Exchange) -> str:
    """The token of an answer, from now on a secret; AssertionError when there is none."""
    try:
        token = token_of(exchange)
    except LoginError as error:
        raise AssertionError(str(error)) from None
    target.redactor.add(token)
    return token


def _said(exchange: Exchange) -> dict[str, object]:
    try:
        found = exchange.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}


def _without_secrets(
    target: Target, judge: Judge, exchange: Exchange, credential: Credential, text: str, what: str
) -> None:
    """Judge that a text holds none of the secrets of an account, as it is or hashed."""
    username, password = credential.username or "", credential.password or ""
    plain = {target.credentials.jwt_secret or "", "" if password in username else password} - {""}
    found = any(each in text for each in (*plain, *hashes(password)))
    judge.that(not found, exchange, f"{what} is to hold no secret, not even hashed; one of them stands in it")
