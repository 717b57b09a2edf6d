from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.strategies import basic
from conformance.strategies.credentials import Account
from conformance.strategies.headers import Attempt

ANN = Account("ann", "s3cret-Word")
BOB = Account("bob", "pä:ss:wörd")
RIGHT = {account: basic.basic(*account) for account in (ANN, BOB)}


def value(attempt: Attempt) -> str:
    ((name, sent),) = attempt.headers
    assert name == "Authorization"
    return sent


def pair(attempt: Attempt) -> bytes:
    return base64.b64decode(value(attempt).removeprefix("Basic "), validate=True)


@pytest.mark.parametrize("account", [ANN, BOB], ids=repr)
@pytest.mark.parametrize(
    "kind",
    [
        basic.wrong, basic.wrong_names, basic.misformatted, basic.sloppy, basic.cut_at_colon, basic.otherwise_encoded,
        lambda account: basic.strangers([account], "nobody"),
    ],
    ids=["wrong", "names", "misformatted", "sloppy", "colon", "encoded", "strangers"],
)  # fmt: skip
def test_none_is_the_right_header(kind: object, account: Account) -> None:
    assert callable(kind)
    found = list(kind(account))
    assert RIGHT[account] not in [value(each) for each in found]
    assert len({each.flaw for each in found}) == len(found)
    for each in found:
        assert not set("\r\n\0") & set(value(each))
        value(each).encode("latin-1")


def test_wrong_passwords_keep_the_user() -> None:
    found = list(basic.wrong(BOB))
    assert all(pair(each).startswith(b"bob:") for each in found)
    assert len(found) > 25


def test_some_wrong_passwords_are_no_utf_8() -> None:
    broken = [each.flaw for each in basic.wrong(ANN) if not _text(pair(each))]
    assert len(broken) == 4
    assert _text(pair(next(each for each in basic.wrong(ANN) if "UTF-16" in each.flaw)))


def test_case_of_a_name_does_not_count() -> None:
    assert all(pair(each).partition(b":")[0].lower() != b"ann" for each in basic.wrong_names(ANN))


def test_colons_are_cut_only_where_there_are_some() -> None:
    assert list(basic.cut_at_colon(ANN)) == []
    pairs = [pair(each).decode() for each in basic.cut_at_colon(BOB)]
    assert {"bob:pä", "bob:ss:wörd", "bob:wörd", "bob::pä:ss:wörd"} <= set(pairs)


def test_other_encodings_of_a_password_beyond_ascii() -> None:
    assert list(basic.otherwise_encoded(ANN)) == []
    pairs = [pair(each) for each in basic.otherwise_encoded(BOB)]
    assert b"bob:p\xe4:ss:w\xf6rd" in pairs
    assert b"bob:pa:ss:word" in pairs


def test_misformatted_holds_the_right_pair_in_another_form() -> None:
    values = [value(each) for each in basic.misformatted(ANN)]
    good = RIGHT[ANN].removeprefix("Basic ")
    assert {
        f"Bearer {good}",
        good,
        f"Basic{good}",
        "Basic ann:s3cret-Word",
        basic.of_bytes(b":ann:s3cret-Word"),
    } <= set(values)
    assert basic.of_bytes(b"ann") in values


@given(data=st.data())
def test_one_edit_away_is_another_pair(data: st.DataObject) -> None:
    assert value(data.draw(basic.one_edit_away(ANN))) != RIGHT[ANN]


def _text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
