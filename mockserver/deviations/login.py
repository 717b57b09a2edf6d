"""Faults of the token endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.auth.routes import grant
from mockserver.deviations import deviation, wrap
from mockserver.deviations.conditions import simple_with_users, with_users
from mockserver.deviations.likeness import one_letter_off
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer, User
from mockserver.rendering import JSON, to_json

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Credentials = Mapping[str, Any]


def _match(mock: PublicMock, near: Callable[[str, str], bool]) -> None:
    """Compare passwords in another way."""

    def matches(original: Callable[..., bool], right: str | None, given: str) -> bool:
        return original(right, given) or (right is not None and near(right, given))

    wrap(mock.auth.manager, "matches", matches)


def _answer(mock: PublicMock, change: Callable[[Request, dict[str, Any]], dict[str, Any]]) -> None:
    """Change the answer of the token endpoint, where it gives a token."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        given = original(request)
        if request.path.startswith("/auth/token") and given.status == 201:
            given.body = to_json(change(request, json.loads(given.body)))
        return given

    wrap(mock, "answer", answer)


@deviation(
    "password-prefix-accepted",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="The beginning of a password is as good as all of it.",
)
def password_prefix_accepted(mock: PublicMock) -> None:
    """Compare as far as the given one goes."""
    _match(mock, lambda right, given: right.startswith(given))


@deviation(
    "longer-password-accepted",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="A password with more characters after it is taken.",
)
def longer_password_accepted(mock: PublicMock) -> None:
    """Compare as far as the right one goes."""
    _match(mock, lambda right, given: given.startswith(right))


@deviation(
    "password-case-ignored",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="A password in another case is taken.",
)
def password_case_ignored(mock: PublicMock) -> None:
    """Compare without case."""
    _match(mock, lambda right, given: right.lower() == given.lower())


@deviation(
    "password-blanks-ignored",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="A password with blanks around it is taken.",
)
def password_blanks_ignored(mock: PublicMock) -> None:
    """Strip before comparing."""
    _match(mock, lambda right, given: right == given.strip())


@deviation(
    "password-one-letter-off-accepted",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="A password in which one letter after the first is another is taken.",
)
def password_one_letter_off_accepted(mock: PublicMock) -> None:
    """Forgive a slip of the fingers."""
    _match(mock, one_letter_off)


@deviation(
    "password-of-another-accepted",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="The password of any user is taken for every user.",
)
def password_of_another_accepted(mock: PublicMock) -> None:
    """Look for the password among all."""
    known = {user.password for user in mock.profile.users}
    _match(mock, lambda _right, given: given in known)


@deviation(
    "any-password-accepted",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="Every password of a user that exists is taken.",
)
def any_password_accepted(mock: PublicMock) -> None:
    """Do not compare."""
    _match(mock, lambda _right, _given: True)


@deviation(
    "unknown-user-gets-token",
    breaks=["PUB-TOKEN-004"],
    applies=simple_with_users,
    sentence="A user that does not exist gets the token of a viewer.",
)
def unknown_user_gets_token(mock: PublicMock) -> None:
    """Make users up."""
    known = {user.username for user in mock.profile.users}

    def log_in(original: Callable[[Credentials], User], credentials: Credentials) -> User:
        name = credentials.get("username")
        return User(str(name), "viewer") if name and name not in known else original(credentials)

    wrap(mock.auth.manager, "log_in", log_in)


@deviation(
    "wrong-password-crashes",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="A wrong password is an error of the server.",
)
def wrong_password_crashes(mock: PublicMock) -> None:
    """Break down in place of refusing."""

    def log_in(original: Callable[[Credentials], User], credentials: Credentials) -> User:
        try:
            return original(credentials)
        except ApiError as refusal:
            if refusal.status == 401:
                raise Crash("a wrong password", inside=True) from None
            raise

    wrap(mock.auth.manager, "log_in", log_in)


@deviation(
    "missing-password-accepted",
    breaks=["PUB-TOKEN-005"],
    applies=with_users,
    sentence="Credentials without a password, but with the name of a user, get a token.",
)
def missing_password_accepted(mock: PublicMock) -> None:
    """Take what is not there for right."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        try:
            return original(request)
        except ApiError:
            body = json.loads(request.body) if request.method == "POST" and request.path == "/auth/token" else None
            found = [
                user
                for user in mock.profile.users
                if isinstance(body, dict) and set(body) == {"username"} and user.username == body["username"]
            ]
            if not found:
                raise
            credentials = {"username": found[0].username, "password": found[0].password}
            return Answer(201, to_json(grant(mock, credentials)), media=JSON)

    wrap(mock, "answer", answer)


@deviation(
    "bad-credentials-body-crashes",
    breaks=["PUB-TOKEN-005"],
    sentence="Credentials with a missing or mistyped field are an error of the server.",
)
def bad_credentials_body_crashes(mock: PublicMock) -> None:
    """Break down in place of refusing."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        try:
            return original(request)
        except ApiError as refusal:
            if request.path == "/auth/token" and refusal.status in (400, 422):
                raise Crash("a body that is not understood", inside=True) from None
            raise

    wrap(mock, "answer", answer)


def _by_method(mock: PublicMock, method: str) -> None:
    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        if request.method == method and request.path == "/auth/token":
            user = mock.profile.users[0]
            credentials = {"username": user.username, "password": user.password}
            return Answer(201, to_json(grant(mock, credentials)), media=JSON)
        return original(request)

    wrap(mock, "answer", answer)


@deviation(
    "token-by-get", breaks=["PUB-TOKEN-006"], applies=with_users, sentence="GET /auth/token gives an admin's token."
)
def token_by_get(mock: PublicMock) -> None:
    """Answer GET as POST."""
    _by_method(mock, "GET")


@deviation(
    "token-by-put", breaks=["PUB-TOKEN-006"], applies=with_users, sentence="PUT /auth/token gives an admin's token."
)
def token_by_put(mock: PublicMock) -> None:
    """Answer PUT as POST."""
    _by_method(mock, "PUT")


@deviation("token-not-valid-at-once", breaks=["PUB-TOKEN-002"], sentence="A new token is good only after a minute.")
def token_not_valid_at_once(mock: PublicMock) -> None:
    """Begin later."""

    def mint(original: Callable[..., str], claims: Mapping[str, Any], lifetime: int | None = None) -> str:
        return mock.auth.tokens.sign({**mock.auth.tokens.decode(original(claims, lifetime)), "nbf": 2**33})

    wrap(mock.auth.tokens, "mint", mint)


@deviation("token-good-thrice", breaks=["PUB-AUTH-001"], sentence="A token opens the API three times and no more.")
def token_good_thrice(mock: PublicMock) -> None:
    """Count the uses."""
    uses: dict[str, int] = {}

    def verify(original: Callable[[str], Mapping[str, Any]], token: str) -> Mapping[str, Any]:
        claims = original(token)
        uses[token] = uses.get(token, 0) + 1
        if uses[token] > 3:
            raise ApiError(401, "Token Expired")
        return claims

    wrap(mock.auth.tokens, "verify", verify)


@deviation("token-without-expiry", breaks=["PUB-TOKEN-003"], sentence="A token says no expiry.")
def token_without_expiry(mock: PublicMock) -> None:
    """Leave exp out, and put it back when checking."""

    def mint(original: Callable[..., str], claims: Mapping[str, Any], lifetime: int | None = None) -> str:
        payload = mock.auth.tokens.decode(original(claims, lifetime))
        return mock.auth.tokens.sign({name: value for name, value in payload.items() if name != "exp"})

    wrap(mock.auth.tokens, "mint", mint)
    mock.auth.tokens.required = ["iat", "nbf"]
    wrap(mock.auth.tokens, "decode", lambda original, token: {"exp": 2**33, **original(token)})


@deviation(
    "token-holds-password",
    breaks=["PUB-TOKEN-003"],
    applies=with_users,
    sentence="The payload of a token has the user's password.",
)
def token_holds_password(mock: PublicMock) -> None:
    """Put the password into the claims."""
    passwords = {user.username: user.password for user in mock.profile.users}
    wrap(mock.auth.manager, "claims", lambda original, user: {**original(user), "pwd": passwords.get(user.name)})


@deviation("token-padded", breaks=["PUB-TOKEN-003"], sentence="The parts of a token are padded with '='.")
def token_padded(mock: PublicMock) -> None:
    """Pad each part, and take it off when checking."""

    def mint(original: Callable[..., str], claims: Mapping[str, Any], lifetime: int | None = None) -> str:
        return ".".join(part + "=" * (-len(part) % 4) for part in original(claims, lifetime).split("."))

    wrap(mock.auth.tokens, "mint", mint)
    wrap(mock.auth.tokens, "verify", lambda original, token: original(token.replace("=", "")))


@deviation(
    "answer-holds-password",
    breaks=["PUB-EXAMPLE-003"],
    applies=with_users,
    sentence="The answer with the token repeats the password.",
)
def answer_holds_password(mock: PublicMock) -> None:
    """Echo the credentials."""

    def change(request: Request, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "password": json.loads(request.body).get("password")}

    _answer(mock, change)


@deviation(
    "token-under-other-name",
    breaks=["PUB-TOKEN-001", "PUB-EXAMPLE-003"],
    sentence="The answer of the token endpoint calls the token jwt.",
)
def token_under_other_name(mock: PublicMock) -> None:
    """Rename the member."""
    _answer(mock, lambda _request, given: {"jwt": given["access_token"]})


@deviation("token-in-an-object", breaks=["PUB-EXAMPLE-003"], sentence="access_token is an object around the token.")
def token_in_an_object(mock: PublicMock) -> None:
    """Wrap the token."""
    _answer(mock, lambda _request, given: {"access_token": {"value": given["access_token"]}})


@deviation(
    "wrong-users-token",
    breaks=["PUB-AUTH-008", "PUB-AUTH-009"],
    applies=with_users,
    sentence="Whoever logs in gets the token of the first user.",
)
def wrong_users_token(mock: PublicMock) -> None:
    """Look the user up wrongly."""
    first = mock.profile.users[0]
    credentials = {"username": first.username, "password": first.password}

    def log_in(original: Callable[[Credentials], User], given: Credentials) -> User:
        original(given)
        return original(credentials)

    wrap(mock.auth.manager, "log_in", log_in)


@deviation(
    "one-subject-for-all",
    breaks=["PUB-AUTH-009"],
    applies=simple_with_users,
    sentence="The tokens of all users name the same subject; whose they are stands in a claim of another name.",
)
def one_subject_for_all(mock: PublicMock) -> None:
    """Call the issuer's account the subject."""

    def claims(original: Callable[[User], dict[str, Any]], user: User) -> dict[str, Any]:
        said = original(user)
        return {**said, "sub": "airflow", "preferred_username": said["sub"]}

    def user(original: Callable[[Mapping[str, Any]], User], said: Mapping[str, Any]) -> User:
        return original({**said, "sub": said.get("preferred_username", said.get("sub"))})

    wrap(mock.auth.manager, "claims", claims)
    wrap(mock.auth.manager, "user", user)
