"""Getting a token (public-api, "Generate a JWT token")."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.checks.every_api.proofs import jwt_of
from conformance.checks.every_api.refusals import REFUSED, expect
from conformance.checks.public_api.logins import Login, logins, said, token_of
from conformance.exchange import Exchange, Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.credentials import hashes
from conformance.target import Target

#: How often a token is used to see that it wears off in no way.
AGAIN = 6
_SECRETS = ("password", "passwd", "pwd", "secret", "hash")


@requirement("PUB-TOKEN-001", "PUB-EXAMPLE-003")
def test_login_gives_a_token(target: Target, judge: Judge) -> None:
    """POST /auth/token with a user's name and password succeeds, with a JSON object whose access_token is a string."""
    for one in logins(target, judge):
        exchange = target.send(one.request)
        expect(judge, exchange.status in (200, 201), exchange, "a login is to succeed")
        answer = said(exchange)
        token = answer.get("access_token")
        shaped = isinstance(token, str) and bool(token)
        keys = ", ".join(sorted(answer)) or "none"
        judge.that(shaped, exchange, f"the answer is to have access_token, a string; its keys are: {keys}")
        if shaped:
            target.redactor.add(str(token))


@requirement("PUB-EXAMPLE-003")
def test_answer_gives_nothing_else_away(target: Target, judge: Judge) -> None:
    """The answer of the token endpoint holds no password and no secret, in its body or its headers."""
    for one in logins(target, judge):
        exchange = target.send(one.request)
        rest = {key: value for key, value in said(exchange).items() if key != "access_token"}
        _hides_secrets(judge, target, one, exchange, rest, "the answer")
        headers = dict(exchange.response.headers) if exchange.response else {}
        _hides_secrets(judge, target, one, exchange, headers, "the answer's headers")


@requirement("PUB-TOKEN-002")
def test_token_opens_the_api_at_once(target: Target, judge: Judge) -> None:
    """A token opens the API right after the login, again and again, and so does an older one of the same user."""
    for one in logins(target, judge):
        first, second = (token_of(target, judge, target.send(one.request)) for _ in range(2))
        for token in (second, first) * AGAIN:
            exchange = target.call("get_dags", query={"limit": 1}, token=token)
            expect(
                judge, exchange.status == 200, exchange, "a fresh token is to open the DAGs, however often it is used"
            )


@requirement("PUB-TOKEN-002", "PUB-TOKEN-003")
def test_token_says_how_long_it_lasts(target: Target, judge: Judge) -> None:
    """A token ends later than it starts, by its own claims."""
    for one in logins(target, judge):
        exchange = target.send(one.request)
        payload = jwt_of(judge, token_of(target, judge, exchange)).payload
        start = max((payload[name] for name in ("iat", "nbf") if isinstance(payload.get(name), int | float)), default=0)
        end = payload.get("exp")
        ok = isinstance(end, int | float) and end > start
        judge.that(ok, exchange, f"a token is to end later than it starts; it starts at {start} and ends at {end}")


@requirement("PUB-TOKEN-003")
def test_token_is_a_jwt(target: Target, judge: Judge) -> None:
    """A token has three parts of base64url, a header with a signing algorithm, a payload with subject and expiry."""
    for one in logins(target, judge):
        exchange = target.send(one.request)
        jwt = jwt_of(judge, token_of(target, judge, exchange), exchange)
        named = jwt.header.get("alg")
        signed = isinstance(named, str) and named.strip().lower() not in ("none", "") and bool(jwt.signature)
        found = f"its header says alg {named!r}, its signature has {len(jwt.signature)} bytes"
        judge.that(signed, exchange, f"a token is to be signed; {found}")
        claims = ", ".join(sorted(jwt.payload))
        for name in ("sub", "exp"):
            ok = bool(jwt.payload.get(name))
            judge.that(ok, exchange, f"a token is to have the claim {name}; it has: {claims}")


@requirement("PUB-TOKEN-003")
def test_token_holds_no_password(target: Target, judge: Judge) -> None:
    """A token carries neither the password nor a hash of it."""
    for one in logins(target, judge):
        exchange = target.send(one.request)
        jwt = jwt_of(judge, token_of(target, judge, exchange))
        _hides_secrets(judge, target, one, exchange, {**jwt.header, **jwt.payload}, "the token")


@requirement("PUB-TOKEN-008")
def test_auth_manager_gives_tokens_its_own_way(target: Target, judge: Judge) -> None:
    """Every token route of the auth manager gives a token that opens the API, for the credentials that it takes."""
    for request in _routes(target, logins(target, judge)[0]):
        exchange = target.send(request)
        name = f"{request.method} {request.path}"
        if expect(judge, exchange.status in (200, 201), exchange, f"{name} is to give a token"):
            opened = target.call("get_dags", query={"limit": 1}, token=token_of(target, judge, exchange))
            if expect(judge, opened.status not in REFUSED, opened, f"the token of {name} is to open the DAGs"):
                judge.reached(exchange)


def _routes(target: Target, one: Login) -> list[Request]:
    """A request to each token route that the contract has for the auth manager."""
    found = []
    for operation in target.interface.operations.values():
        if operation.path.startswith("/auth/token") and 201 in operation.success:
            if operation.method == "POST":
                headers, body = one.request.headers, one.request.body
                found.append(target.request("POST", operation.path, role=None, body=body, headers=headers))
            elif target.profile.all_admins:
                found.append(target.request("GET", operation.path, role=None))
    return found


def _hides_secrets(
    judge: Judge, target: Target, one: Login, exchange: Exchange, shown: Mapping[str, object], what: str
) -> None:
    """Judge that something holds none of the secrets of a login, as they are or hashed, by name or by value."""
    named = [key for key in shown if any(word in key.lower() for word in _SECRETS)]
    plain = {target.credentials.jwt_secret or "", "" if one.password in one.username else one.password} - {""}
    found = any(each in str(shown) for each in (*plain, *hashes(one.password)))
    came = f"there is {', '.join(named)}" if named else "one of them stands in it"
    judge.that(not named and not found, exchange, f"{what} is to hold no secret, not even hashed; {came}")
