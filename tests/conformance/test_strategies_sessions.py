from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.strategies import sessions
from conformance.strategies.headers import Attempt
from conformance.strategies.sessions import Cookie

#: A cookie of a real Airflow 2.6.3 whose secret key was "lab-only".
GOOD = Cookie("session", "bef78b88-0aad-4da4-9ae3-a8748c77cada.Ty8tsu4hoEb9zl2hKiGoSOlQcXY")


def value(attempt: Attempt) -> str:
    ((name, sent),) = attempt.headers
    assert name == "Cookie"
    return sent


def test_reads_the_first_cookie() -> None:
    assert sessions.read("session=abc.d=; other=1") == ("session", "abc.d=")


@pytest.mark.parametrize("header", ["", "session", "session="])
def test_no_cookie_is_an_error(header: str) -> None:
    with pytest.raises(ValueError, match="no cookie"):
        sessions.read(header)


@pytest.mark.parametrize("kind", [sessions.decisive, sessions.forgeries], ids=["decisive", "forgeries"])
def test_none_is_the_good_session(kind: object) -> None:
    assert callable(kind)
    found = list(kind(GOOD))
    assert len(found) > 3
    assert f"session={GOOD.value}" not in [value(each) for each in found]
    assert len({value(each) for each in found}) == len(found)
    for each in found:
        assert not set(" ;,\r\n\0") & set(value(each).replace("' OR '1'='1", ""))


def test_signs_as_the_server_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "GUESSABLE", ("wrong", "lab-only"))
    signed = [
        each.headers[0][1].partition("=")[2]
        for each in sessions.forgeries(Cookie("session", f"{GOOD.value[:36]}.AAAA"))
    ]
    assert GOOD.value in signed


def test_flask_cookie_has_its_three_parts() -> None:
    content, moment, signature = sessions.flask_cookie({"_user_id": "1"}, "key").split(".")
    assert (content, len(moment), len(signature)) == ("eyJfdXNlcl9pZCI6IjEifQ", 6, 27)


@given(data=st.data())
def test_bent_session_says_something_else(data: st.DataObject) -> None:
    sent = value(data.draw(sessions.bent(GOOD)))
    assert sent != f"session={GOOD.value}"
    assert abs(len(sent) - len(f"session={GOOD.value}")) <= 1


def test_last_letter_may_say_the_same() -> None:
    twin = f"{GOOD.value[:-1]}Z"
    assert sessions._same(twin, GOOD.value)
    assert not sessions._same(f"{GOOD.value[:-2]}ZY", GOOD.value)


def test_cookie_keeps_its_value_to_itself() -> None:
    assert repr(GOOD) == "Cookie('session')"


def test_shipped_sessions_are_signed_now_and_with_the_shipped_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.9)
    values = [value(each).removeprefix("session=") for each in sessions.as_shipped()]
    content = {"_fresh": True, "_user_id": "1", "user_id": "1"}
    assert values[0] == sessions.flask_cookie(content, "temporary_key", 1_700_000_000)
    assert values[0].split(".")[1] == "ZVPxAA"
    assert len(set(values)) == len(values) > 1
