from __future__ import annotations

import base64

from conformance.strategies import every_kind
from conformance.strategies.credentials import Account
from conformance.strategies.headers import Attempt

RIGHT = (Account("op", "secret:1"), Account("ann", "secret-2"))


def pairs(attempts: list[Attempt]) -> set[str]:
    found = [value.partition(" ") for one in attempts for name, value in one.headers if name == "Authorization"]
    return {base64.b64decode(rest).decode() for scheme, _, rest in found if scheme == "Basic" and rest[:1].isalnum()}


def test_the_last_right_pair_decides() -> None:
    assert pairs(every_kind.decisive(RIGHT)) == {"ann:secret-2"}


def test_a_pair_is_guessed_where_none_is_known() -> None:
    assert pairs(every_kind.decisive(())) == {"admin:admin"}


def test_others_have_every_right_pair_and_a_wrong_one() -> None:
    found = pairs(list(every_kind.others(RIGHT, "no-user")))
    assert {"op:secret:1", "ann:secret-2", "admin:admin", "no-user:any-password"} <= found


def test_no_attempt_is_made_twice() -> None:
    found = [one.headers for one in every_kind.others((*RIGHT, Account("admin", "admin")), "no-user")]
    assert len(found) == len(set(found))


def test_every_kind_is_there() -> None:
    found = [*every_kind.decisive(RIGHT), *every_kind.others(RIGHT, "no-user")]
    names = {name for one in found for name, _ in one.headers}
    assert {"Authorization", "Cookie", "Remote-User"} <= names
    schemes = {value.partition(" ")[0] for one in found for name, value in one.headers if name == "Authorization"}
    assert {"Basic", "Bearer", "Negotiate", "Digest", ""} <= schemes
