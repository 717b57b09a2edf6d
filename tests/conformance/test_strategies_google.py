from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.strategies import google
from conformance.strategies.headers import Attempt
from mockserver.composer.assertions import Assertions, Refused
from profiles.accounts import ServiceAccount
from tests.mockserver.composing import URL, ask, composer, identity

TOKEN = google.made_up()


def value(attempt: Attempt) -> str:
    ((name, found),) = attempt.headers
    assert name == "Authorization"
    return found.removeprefix("Bearer ")


def key_file(folder: Path) -> Path:
    mock = composer().state.mock
    one: ServiceAccount = mock.google.accounts[0]
    (folder / "key.json").write_text(mock.google.key_file(one, URL))
    return folder / "key.json"


def test_none_is_the_good_token() -> None:
    attempts = list(google.spoiled(TOKEN))
    assert len({value(each) for each in attempts}) == len({each.flaw for each in attempts}) == len(attempts)
    assert TOKEN not in map(value, attempts)
    assert [each.flaw for each in google.decisive(TOKEN)] == [each.flaw for each in attempts][:2]


def test_an_account_is_read_from_its_key(tmp_path: Path) -> None:
    found = google.account(key_file(tmp_path))
    assert (found.email, found.number) == ("composer-admin@conformance.iam.gserviceaccount.com", f"{10**20 + 1}")
    assert found.username == f"accounts.google.com:{10**20 + 1}"
    assert "PRIVATE" not in repr(found)


@pytest.mark.parametrize("text", ["{}", "[]", "no JSON", json.dumps({"client_email": "a"})])
def test_what_is_no_key_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(ValueError, match=r"key of a service account|Expecting value"):
        google.account(tmp_path / "key.json")


def test_signatures_are_what_they_are_said_to_be(tmp_path: Path) -> None:
    """Those by the account are good ones, or what is wrong with the rest of them would go unseen."""
    mock = composer().state.mock
    assertions: Assertions = mock.google.assertions
    for each in google.self_signed(google.account(key_file(tmp_path)), URL):
        if "by the account" in each.flaw:
            claims = assertions.verified(each.token, mock.google.accounts[0])
            assert claims["aud"] == (google.ELSEWHERE if "somebody else" in each.flaw else URL)
        else:
            with pytest.raises(Refused, match="Signature"):
                assertions.verified(each.token, mock.google.accounts[0])


def test_the_mock_takes_none() -> None:
    app = composer()
    good = identity(app)
    assert ask(app, "/api/v1/pools", None, headers={"authorization": f"Bearer {good}"}).status == 200
    for attempt in [*google.forged(good), *google.spoiled(TOKEN)]:
        answer = ask(app, "/api/v1/pools", None, headers={"authorization": f"Bearer {value(attempt)}"})
        assert answer.status == 401, attempt
