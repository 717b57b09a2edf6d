"""The backend password_auth (experimental-api, Authentication; each case measured on 1.10.15)."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

import pytest

from mockserver.auth.guard import Guard
from mockserver.auth.password import Password
from mockserver.world.clock import Clock
from mockserver.world.world import World
from profiles import User
from specs import fixtures
from specs.versions import Version
from tests.mockserver.guarding import basic, guard, judge

GOOD = basic("admin", "admin")
PAIR = GOOD.removeprefix("Basic ")
CHALLENGE = (("www-authenticate", "Basic"),)


@cache
def asked(*, documents: bool = False) -> Guard:
    return guard("airflow-1.10-password", documents=documents)


def encoded(text: bytes) -> str:
    return f"Basic {b64encode(text).decode()}"


def test_no_header_is_asked_for_one() -> None:
    for headers in ((), ("",)):
        verdict = judge(asked(), *headers)
        assert (verdict.status, tuple(verdict.headers)) == (401, CHALLENGE)


@pytest.mark.parametrize(
    "header",
    [
        GOOD,
        basic("op", "op"),
        f"basic {PAIR}",
        f"Whatever {PAIR}",
        f"Basic {PAIR[:5]} {PAIR[5:]}",
        f"Basic\t{PAIR}",
        f"Basic {PAIR[:4]}!{PAIR[4:]}",
        f"Basic {PAIR}=",
    ],
)
def test_right_pair_passes_whatever_the_scheme(header: str) -> None:
    verdict = judge(asked(), header)
    assert (verdict.status, tuple(verdict.headers)) == (200, ())


@pytest.mark.parametrize(
    "header",
    [
        *(
            basic("admin", password)
            for password in ("Admin", "admi", "adminx", "", "op", " admin", "admin ", "admin\n")
        ),
        *(basic(name, "admin") for name in ("Admin", "", "nobody", "op", " admin", "admin ", "admin\0", "%", "admi_")),
        basic("", ""),
        basic("nobody", "x\0"),
        basic("a" * 300, "x"),
        "Digest " + PAIR[:-4] + b64encode(b"!").decode(),
    ],
)
def test_wrong_pair_is_refused_without_a_challenge(header: str) -> None:
    verdict = judge(asked(), header)
    assert (verdict.status, tuple(verdict.headers)) == (403, ())


@pytest.mark.parametrize(
    "header",
    [
        *("Basic", "Basic ", "Basic !!!", PAIR, "Basic YWRtaW4", "Bearer abc", "Bearer abcd", "Basic ====", "Basic ="),
        encoded(b"no colon"),
        encoded(b"admin:\xff"),
        basic("admin", "admin\0"),
        f"{GOOD}\xe4",
        'Digest username="admin", password="admin"',
    ],
)
def test_malformed_header_breaks_airflow(header: str) -> None:
    assert judge(asked(), header).status == 500


def test_of_two_headers_what_follows_the_padding_is_not_read() -> None:
    assert judge(asked(), GOOD, basic("op", "wrong")).status == 200
    assert judge(asked(), basic("op", "nope"), GOOD).status == 403


@pytest.mark.parametrize(
    "header", ["Basic", PAIR, f"Whatever {PAIR}", encoded(b"no colon"), basic("admin", "x"), "Bearer abc"]
)
def test_documents_ask_for_basic_whatever_is_wrong(header: str) -> None:
    verdict = judge(asked(documents=True), header)
    assert (verdict.status, tuple(verdict.headers)) == (401, CHALLENGE)


def test_documents_take_a_pair_to_the_letter() -> None:
    assert judge(asked(documents=True), GOOD).status == 200
    assert judge(asked(documents=True), GOOD, GOOD).status == 401
    assert judge(asked(documents=True), basic("admin", "admin\0")).status == 401


def backend(*users: User, documents: bool = False) -> Password:
    world = World(Version.parse("1.10"), fixtures.load(None), Clock(), users=users)
    return Password(world, documents=documents)


def test_passwords_with_colons() -> None:
    one = backend(User("colon", "a:b:c", "op"))
    assert one.pair(basic("colon", "a:b:c")) == ("colon", "a:b:c")
    assert one.log_in("colon", "a:b:c")
    assert not one.log_in("colon", "a")


def test_only_seventy_two_bytes_count_but_in_the_documents() -> None:
    long = User("long", "ä" * 36 + "end", "op")
    assert backend(long).log_in("long", "ä" * 36 + "other")
    assert not backend(long).log_in("long", "ä" * 35)
    assert not backend(long, documents=True).log_in("long", "ä" * 36 + "other")


def test_who_has_no_password_or_is_not_active_is_nobody() -> None:
    both = backend(User("none", None, "op"), User("gone", "gone", "op", active=False))
    assert not both.log_in("none", "none")
    assert not both.log_in("gone", "gone")


def test_profile_says_who_there_is(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    users = "users: [{username: me, password: secret, role: admin}]\n"
    file.write_text(f"profile: own\ntitle: Own\nextends: airflow-1.10-password\n{users}")
    own = guard(str(file))
    assert judge(own, basic("me", "secret")).status == 200
    assert judge(own, GOOD).status == 403
