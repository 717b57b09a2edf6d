from __future__ import annotations

from pathlib import Path

import pytest

import profiles
from conformance.credentials import Credential, Credentials, CredentialsError, collect
from profiles import Profile

#: Must never stand in a message.
CANARY = "s3cr3t-canary"
PREFIX = "AIRFLOW_CONFORMANCE_"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profiles.load("airflow-3")


def given(
    profile: Profile, tmp_path: Path, text: str | None = None, env: dict[str, str] | None = None, **flags: str
) -> Credentials:
    file = None
    if text is not None:
        file = str(tmp_path / "c.yaml")
        Path(file).write_text(text, encoding="utf-8")
    return collect(profile, file=file, environ={PREFIX + k: v for k, v in (env or {}).items()}, **flags)


def test_without_anything_the_users_of_the_profile_count(profile: Profile, tmp_path: Path) -> None:
    found = given(profile, tmp_path)
    assert found.roles == ("admin", "op", "user", "viewer")
    assert (found.by_role["op"].username, found.by_role["op"].password) == ("op", "op")
    assert found.jwt_secret == profile.option("api_auth", "jwt_secret")
    assert (found.jwt_secret_given, found.jwt_secret_source[:15]) == (False, "airflow-3.yaml:")


def test_the_command_line_goes_before_file_environment_and_profile(profile: Profile, tmp_path: Path) -> None:
    env = {"USERNAME": "env", "PASSWORD": "e"}
    text = "admin: {username: file, password: f}"
    admin = [
        given(profile, tmp_path, text, env, username="flag", password="p"),
        given(profile, tmp_path, text, env),
        given(profile, tmp_path, None, env),
        given(profile, tmp_path),
    ]
    assert [each.by_role["admin"].username for each in admin] == ["flag", "file", "env", "admin"]
    assert [each.by_role["admin"].source for each in admin] == [
        "--username", f"{tmp_path / 'c.yaml'}:1:8", f"{PREFIX}USERNAME", "the profile airflow-3",
    ]  # fmt: skip
    assert all(each.by_role["viewer"].password == "viewer" for each in admin)


def test_a_file_has_logins_tokens_and_the_secret(profile: Profile, tmp_path: Path) -> None:
    text = "admin:\n  username: 007\n  password: no\nviewer: {token: abc}\njwt_secret: 123"
    found = given(profile, tmp_path, text)
    assert (found.by_role["admin"].username, found.by_role["admin"].password) == ("007", "no")
    assert (found.by_role["viewer"].token, found.by_role["viewer"].password) == ("abc", None)
    assert (found.jwt_secret, found.jwt_secret_given) == ("123", True)
    assert found.jwt_secret_source == f"{tmp_path / 'c.yaml'}:5:1"


def test_a_file_may_be_json(profile: Profile, tmp_path: Path) -> None:
    found = given(profile, tmp_path, '{"op": {"username": "a", "password": "b\\u00e9"}}')
    assert found.by_role["op"].password == "bé"


def test_the_environment_has_a_token_or_a_secret(profile: Profile, tmp_path: Path) -> None:
    found = given(profile, tmp_path, None, {"TOKEN": "t", "USERNAME": "u", "PASSWORD": "p", "JWT_SECRET": "k"})
    assert found.by_role["admin"] == Credential("admin", f"{PREFIX}TOKEN", token="t")
    assert (found.jwt_secret, found.jwt_secret_source, found.jwt_secret_given) == ("k", f"{PREFIX}JWT_SECRET", True)


def test_a_name_on_the_command_line_may_have_its_password_in_the_environment(profile: Profile, tmp_path: Path) -> None:
    found = given(profile, tmp_path, None, {"PASSWORD": "p"}, username="flag")
    assert (found.by_role["admin"].username, found.by_role["admin"].password) == ("flag", "p")


def test_empty_variables_are_not_set(profile: Profile, tmp_path: Path) -> None:
    assert given(profile, tmp_path, None, dict.fromkeys(("TOKEN", "USERNAME", "PASSWORD", "JWT_SECRET"), "")) == given(
        profile, tmp_path
    )


@pytest.mark.parametrize(
    ("text", "env", "flags", "expected"),
    [
        (None, {}, {"password": CANARY}, "--password needs --username"),
        (None, {}, {"username": ""}, "--username is empty"),
        (None, {}, {"username": "ann"}, "set AIRFLOW_CONFORMANCE_PASSWORD or give --password"),
        (None, {"USERNAME": "ann"}, {}, "AIRFLOW_CONFORMANCE_USERNAME is set, but AIRFLOW_CONFORMANCE_PASSWORD is not"),
        (None, {"PASSWORD": CANARY}, {}, "nobody says whose it is"),
        ("", {}, {}, "c.yaml:1: no credentials here"),
        (CANARY, {}, {}, "c.yaml:1: no credentials here"),
        (f"amin: {{username: a, password: {CANARY}}}", {}, {}, "c.yaml:1:1: amin is no role; did you mean admin?"),
        (f"admin: {{user: a, password: {CANARY}}}", {}, {}, "1:9: a credential has no user; did you mean username?"),
        (f"admin: {{password: {CANARY}}}", {}, {}, "c.yaml:1:8: admin needs a username and a password, a key_file, or"),
        ("admin: {}", {}, {}, "c.yaml:1:8: admin needs a username and a password, a key_file, or a token"),
        (f"admin: {{ccache: [{CANARY}]}}", {}, {}, "c.yaml:1:17: ccache must be a text"),
        (f"admin: {{ccache: a, username: {CANARY}}}", {}, {}, "admin needs a username and a password"),
        (f"admin: {{token: {CANARY}, password: a, username: b}}", {}, {}, "or a token and nothing else"),
        (f"admin: {CANARY}", {}, {}, "c.yaml:1:8: admin needs a username"),
        (f"admin: {{username: a, password: [{CANARY}]}}", {}, {}, "c.yaml:1:32: password must be a text"),
        ("admin: {username: a, password: }", {}, {}, "password must be a text"),
        (f"admin: {{token: {CANARY}}}\nadmin: {{token: x}}", {}, {}, '"admin" stands twice'),
        (f"jwt_secret: {{a: {CANARY}}}", {}, {}, "jwt_secret must be a text"),
        (f"admin: {{headers: {CANARY}}}", {}, {}, "c.yaml:1:18: headers needs names and values"),
        (f"admin: {{headers: {{X-Key: [{CANARY}]}}}}", {}, {}, "c.yaml:1:26: X-Key must be a text"),
        (f"admin: {{header: {{X-Key: {CANARY}}}}}", {}, {}, "a credential has no header; did you mean headers?"),
        (f"admin: {{headers: {{X-Key: {CANARY}}}, username: a}}", {}, {}, "admin needs a username and a password"),
        (f"inactve: {{username: a, password: {CANARY}}}", {}, {}, "inactve is no role; did you mean inactive?"),
        (f"admin: {CANARY}: {CANARY}", {}, {}, "c.yaml:1:"),
        (f"admin: [{CANARY}", {}, {}, "c.yaml:1:"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_without_the_secret(
    profile: Profile, tmp_path: Path, text: str | None, env: dict[str, str], flags: dict[str, str], expected: str
) -> None:
    with pytest.raises(CredentialsError) as caught:
        given(profile, tmp_path, text, env, **flags)
    assert expected in str(caught.value)
    assert CANARY not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "env", "expected"),
    [
        ("airflow-2-chain", f"op: {{token: {CANARY}}}", {}, "c.yaml:1:5: Airflow 2.11 takes no token"),
        ("airflow-2-chain", None, {"TOKEN": CANARY}, f"{PREFIX}TOKEN: Airflow 2.11 takes no token"),
        ("airflow-1.10-password", None, {"TOKEN": CANARY}, f"{PREFIX}TOKEN: Airflow 1.10 takes no token"),
        ("airflow-3", f"op: {{headers: {{X-Key: {CANARY}}}}}", {}, "c.yaml:1:5: Airflow 3.3 has no backends that take"),
        ("airflow-3", f"inactive: {{headers: {{X-Key: {CANARY}}}}}", {}, "c.yaml:1:11: Airflow 3.3 has no backends"),
    ],
)
def test_what_the_target_has_no_use_for_is_said(
    tmp_path: Path, name: str, text: str | None, env: dict[str, str], expected: str
) -> None:
    with pytest.raises(CredentialsError) as caught:
        given(profiles.load(name), tmp_path, text, env)
    assert expected in str(caught.value)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"admin: \x00"])
def test_a_file_that_cannot_be_read(profile: Profile, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "c.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CredentialsError, match=r"c\.yaml:"):
        collect(profile, file=str(file), environ={})
    with pytest.raises(CredentialsError, match="directory"):
        collect(profile, file=str(tmp_path), environ={})


def test_headers_stand_for_a_role_or_beside_its_password(tmp_path: Path) -> None:
    text = "admin: {headers: {X-Key: a, X-User: 007}}\nop: {username: ann, password: pw, headers: {X-Key: b}}"
    found = given(profiles.load("airflow-2-custom"), tmp_path, text).by_role
    assert (found["admin"].username, found["admin"].headers) == (None, {"X-Key": "a", "X-User": "007"})
    assert (found["op"].password, found["op"].headers) == ("pw", {"X-Key": "b"})
    assert found["viewer"].headers == {"X-Conformance-User": "viewer", "X-Conformance-Key": "viewer"}


def test_who_is_inactive_has_no_role(tmp_path: Path) -> None:
    session = profiles.load("airflow-2-session")
    found = given(session, tmp_path)
    assert found.roles == ("admin", "op", "user", "viewer", "public")
    assert found.by_role["admin"].username == "admin"
    assert found.inactive
    assert found.inactive.username == "inactive"
    named = given(session, tmp_path, f"inactive: {{username: gone, password: {CANARY}}}").inactive
    assert named
    assert (named.username, named.source) == ("gone", f"{tmp_path / 'c.yaml'}:1:11")
    assert given(profiles.load("airflow-3"), tmp_path).inactive is None


def test_secrets_are_listed_and_never_shown(profile: Profile, tmp_path: Path) -> None:
    text = f"admin: {{username: ann, password: {CANARY}1}}\nop: {{token: {CANARY}2}}\njwt_secret: {CANARY}3"
    found = given(profile, tmp_path, text)
    assert list(found.secrets()) == [(f"{CANARY}1", "ann"), (f"{CANARY}2", None), (f"{CANARY}3", None)]
    assert CANARY not in repr(found)


def test_headers_and_passwords_of_the_inactive_are_secrets_too(tmp_path: Path) -> None:
    text = f"user: {{username: joe, password: joe, headers: {{X-User: joe, X-Key: {CANARY}1}}}}"
    text += f"\ninactive: {{username: zoe, password: {CANARY}2}}"
    found = given(profiles.load("airflow-2-chain"), tmp_path, text)
    assert list(found.secrets()) == [(f"{CANARY}1", None), (f"{CANARY}2", "zoe")]
    assert CANARY not in repr(found)


def test_caches_stand_for_a_role_or_beside_its_password(tmp_path: Path) -> None:
    profile = profiles.load("airflow-2-kerberos")
    text = "admin: {ccache: 'FILE:/a', username: a, password: b}\nviewer: {ccache: 'FILE:/v'}\nstranger: {ccache: KCM}"
    found = given(profile, tmp_path, text)
    assert (found.by_role["admin"].ccache, found.by_role["admin"].username) == ("FILE:/a", "a")
    assert (found.by_role["viewer"].ccache, found.by_role["viewer"].username) == ("FILE:/v", None)
    assert found.stranger is not None
    assert (found.stranger.ccache, "stranger" in found.roles) == ("KCM", False)


def test_where_tickets_count_admin_has_the_callers(tmp_path: Path) -> None:
    found = given(profiles.load("airflow-1.10-kerberos"), tmp_path)
    assert found.roles == ("admin",)
    assert (found.by_role["admin"].ccache, found.by_role["admin"].source) == (None, "the caller's Kerberos ticket")
    assert given(profiles.load("airflow-1.10-password"), tmp_path).by_role["admin"].password == "admin"


def test_where_tickets_do_not_count_there_is_no_use_for_a_cache(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="password has no backend that takes a ticket"):
        given(profiles.load("airflow-1.10-password"), tmp_path, "admin: {ccache: a}")


def test_password_that_is_a_principals_name_hides_nothing(tmp_path: Path) -> None:
    secrets = [secret for secret, _ in given(profiles.load("airflow-2-kerberos"), tmp_path).secrets()]
    assert secrets == []


# ---- Google accounts ----

COMPOSER = "composer-2"


def test_a_key_file_counts_from_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    for name in ("ann", "new", "long", "gone"):
        (tmp_path / "keys" / f"{name}.json").write_text("{}")
    text = (
        "admin: {key_file: keys/ann.json}\n"
        f"op: {{key_file: '{tmp_path}/keys/ann.json'}}\n"
        "newcomer: {key_file: keys/new.json}\nlong_email: {key_file: keys/long.json}\n"
        "inactive: {key_file: keys/gone.json}"
    )
    found = given(profiles.load(COMPOSER), tmp_path, text)
    assert found.roles == ("admin", "op")
    assert {name: Path(one.key_file or "").stem for name, one in found.everybody.items()} == {
        "admin": "ann", "op": "ann", "newcomer": "new", "long_email": "long", "inactive": "gone",
    }  # fmt: skip
    assert all(Path(one.key_file or "").is_file() for one in found.everybody.values())
    assert (found.newcomer, found.long_email) == (found.everybody["newcomer"], found.everybody["long_email"])


def test_without_a_word_the_admin_of_composer_is_whoever_calls(tmp_path: Path) -> None:
    for name in (COMPOSER, "composer-2-deny-all", "composer-2-experimental"):
        found = given(profiles.load(name), tmp_path)
        assert found.everybody == {"admin": Credential("admin", "Application Default Credentials")}
    token = given(profiles.load(COMPOSER), tmp_path, None, {"TOKEN": "ya29.x"})
    assert token.by_role["admin"].token == "ya29.x"


def test_the_keys_of_a_mock_come_last(tmp_path: Path) -> None:
    for name in ("admin", "op", "inactive", "long-email", "other"):
        (tmp_path / f"{name}.json").write_text("{}")
    (tmp_path / "c.yaml").write_text("op: {token: ya29.x}\ninactive: {token: ya29.y}")
    found = collect(profiles.load(COMPOSER), file=str(tmp_path / "c.yaml"), keys=tmp_path, environ={})
    assert list(found.everybody) == ["admin", "op", "inactive", "long_email"]
    assert found.by_role["admin"].key_file == str(tmp_path / "admin.json")
    assert (found.by_role["op"].token, found.by_role["op"].key_file) == ("ya29.x", None)
    assert found.inactive == found.everybody["inactive"]
    assert (found.everybody["inactive"].token, found.everybody["inactive"].key_file) == ("ya29.y", None)


@pytest.mark.parametrize(
    ("name", "text", "flags", "expected"),
    [
        (COMPOSER, "admin: {key_file: gone.json}", {}, "c.yaml:1:8: there is no file /"),
        (COMPOSER, "admin: {key_file: [a]}", {}, "c.yaml:1:19: key_file must be a text"),
        (COMPOSER, "admin: {keyfile: a}", {}, "a credential has no keyfile; did you mean key_file?"),
        (COMPOSER, "new_comer: {key_file: c.yaml}", {}, "new_comer is no role; did you mean newcomer?"),
        (COMPOSER, "admin: {key_file: c.yaml, token: x}", {}, "admin needs a username and a password, a key_file, or"),
        (COMPOSER, "op: {username: a, password: b}", {}, "c.yaml:1:5: Cloud Composer takes Google credentials only"),
        (COMPOSER, "op: {ccache: a}", {}, "c.yaml:1:5: Cloud Composer takes Google credentials only; give a key_file"),
        (
            COMPOSER,
            None,
            {"username": "a", "password": "b"},
            "--username: Cloud Composer takes Google credentials only",
        ),
        ("airflow-2-basic", "op: {key_file: c.yaml}", {}, "c.yaml:1:5: the profile airflow-2-basic has no use for"),
        ("airflow-3", "newcomer: {token: a}", {}, "c.yaml:1:11: the profile airflow-3 has no use for Google accounts"),
        ("airflow-3", "long_email: {token: a}", {}, "c.yaml:1:13: the profile airflow-3 has no use for Google"),
    ],
)
def test_credentials_that_are_not_for_that_platform(
    tmp_path: Path, name: str, text: str | None, flags: dict[str, str], expected: str
) -> None:
    with pytest.raises(CredentialsError) as caught:
        given(profiles.load(name), tmp_path, text, **flags)
    assert expected in str(caught.value)
