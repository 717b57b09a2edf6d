"""Profiles of Cloud Composer: what they derive, and what cannot stand together there."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from profiles import Profile, load
from profiles.accounts import ServiceAccount
from profiles.airflow_cfg import from_cfg
from tests.profiles.conftest import Refuse

B = "airflow.api.auth.backend"
COMPOSER_AUTH = "airflow.composer.api.backend.composer_auth"
HEAD = "extends: composer-2\n"
PLAIN = "extends: airflow-2-session\n"
SWITCH = "api.enable_experimental_api=True"
OPEN = f"api.auth_backends={B}.default"


@pytest.mark.parametrize(
    ("name", "api", "kind", "admits"),
    [
        ("composer-2", "stable-v1", "composer_auth", True),
        ("composer-2-deny-all", "stable-v1", "deny_all", False),
        ("composer-2-experimental", "experimental", "allow_all", True),
    ],
)
def test_built_in_profiles(name: str, api: str, kind: str, admits: bool) -> None:
    profile = load(name)
    assert (profile.platform, profile.documents, profile.release) == ("composer", ("composer",), "2.10")
    assert (profile.api, profile.asked_kinds, "trigger_dag" in profile.interface.operations) == (
        api,
        (kind,),
        api == "experimental",
    )
    assert profile.facts()["admits"] is admits
    assert not profile.web_login
    assert [user.role for user in profile.users] == ["admin", "op", "user", "viewer", "public", "admin"]
    assert [user.username for user in profile.users if not user.active] == ["inactive"]
    assert all(user.password is None for user in profile.users)


def test_every_user_has_an_account_and_two_accounts_have_no_user() -> None:
    profile = load("composer-2")
    names = {user.username for user in profile.users} | {user.email for user in profile.users}
    new = [
        account
        for account in profile.service_accounts
        if names.isdisjoint((account.email, f"accounts.google.com:{account.unique_id}"))
    ]
    assert len(profile.service_accounts) - len(new) == len(profile.users)
    assert [len(account.email) > 64 for account in new] == [False, True]


@pytest.mark.parametrize(
    ("overrides", "api"),
    [
        ([], "stable-v1"),
        ([SWITCH], "stable-v1"),
        ([OPEN], "stable-v1"),
        ([OPEN, SWITCH], "experimental"),
        ([f"api.auth_backends={B}.deny_all", SWITCH], "stable-v1"),
    ],
)
def test_the_api_follows_from_backend_and_switch(overrides: list[str], api: str) -> None:
    assert load("composer-2", overrides).api == api


@pytest.mark.parametrize(("airflow", "option"), [("2.2", "auth_backend"), ("2.3", "auth_backends")])
def test_the_backend_where_none_is_set(airflow: str, option: str) -> None:
    profile = load("composer-2", [f"airflow={airflow}"])
    assert (profile.backends, profile.backends_option) == ((COMPOSER_AUTH,), option)
    assert (profile.configured_backends, profile.facts()["backends_set"]) == ((), False)
    assert profile.option("api", option) == COMPOSER_AUTH
    assert profile.where(f"api.{option}") == f"default of Google Cloud Composer for Airflow {airflow}"
    assert profile.where("api.maximum_page_limit") == f"default of Airflow {airflow}"


@pytest.mark.parametrize("module", [COMPOSER_AUTH, f"{B}.deny_all", f"{B}.default"])
def test_no_session_is_added(module: str) -> None:
    assert load("composer-2", [f"api.auth_backends={module}"]).backends == (module,)


def test_the_role_of_who_comes_first() -> None:
    role = "api.composer_auth_user_registration_role"
    assert load("composer-2").facts()["registration_role"] == "Op"
    assert load("composer-2", [f"{role}=Viewer"]).facts()["registration_role"] == "Viewer"
    assert load("airflow-2-basic").registration_role is None


def test_addresses_that_have_access() -> None:
    profile = load("composer-2", ["web_server_allow_ip=127.0.0.1, 2001:db8::/32"])
    assert profile.web_server_allow_ip == (ip_network("127.0.0.1/32"), ip_network("2001:db8::/32"))
    assert (profile.facts()["all_addresses"], load("composer-2").facts()["all_addresses"]) == (False, True)
    assert load("composer-2", ["web_server_allow_ip="]).web_server_allow_ip == ()
    assert load("composer-2", ["web_server_allow_ip=::1", "web_server_allow_ip=null"]).web_server_allow_ip is None


def written(folder: Path, text: str) -> Profile:
    path = folder / "p.yaml"
    path.write_text(HEAD + text)
    return load(path)


def test_accounts_and_emails_are_read_and_reported(tmp_path: Path) -> None:
    profile = written(
        tmp_path,
        "users: [{username: a, role: op, email: any text}]\nservice_accounts: [{email: a@b, unique_id: '1'}]\n"
        "web_server_allow_ip: [127.0.0.0/8]\ncapabilities: []\n",
    )
    assert profile.users[0].email == "any text"
    assert profile.service_accounts == (ServiceAccount("a@b", "1"),)
    report = profile.redacted()
    assert (report["platform"], report["web_server_allow_ip"]) == ("composer", ["127.0.0.0/8"])
    assert report["service_accounts"] == [{"email": "a@b", "unique_id": "1"}]
    assert report["users"] == [{"username": "a", "role": "op", "email": "any text"}]


def test_a_target_whose_accounts_are_not_listed_may_have_new_ones(tmp_path: Path) -> None:
    assert "new-accounts" in written(tmp_path, "service_accounts: []\n").capabilities


def test_the_platform_may_be_taken_back(tmp_path: Path) -> None:
    profile = written(
        tmp_path,
        "platform: airflow\ndocuments: [api-authentication]\nservice_accounts: []\nusers: []\ncapabilities: []\n",
    )
    assert (profile.platform, profile.backend_kinds) == ("airflow", ("session",))


def api(option: str, value: str) -> str:
    return f"config:\n  api:\n    {option}: {value}\n"


ROLE = "composer_auth_user_registration_role"
BACKENDS = f"one of {B}.default, {B}.deny_all, {COMPOSER_AUTH}; name one"
TWO = "one with an email of at most 64 characters and one with a longer one"


@pytest.mark.parametrize(
    ("head", "text", "message"),
    [
        # the platform
        (HEAD, "platform: compsoer\n", '2:11: there is no platform "compsoer"; did you mean composer?'),
        (HEAD, "platform: [a]\n", "2:11: platform must be text, this is a list"),
        (HEAD, "airflow: '3.0'\n", "2:10: composer is no document of Airflow 3.0, but of 2.0 to 2.11"),
        (HEAD, "airflow: '1.10'\n", "2:10: composer is no document of Airflow 1.10, but of 2.0 to 2.11"),
        (
            "extends: airflow-3\n",
            "platform: composer\ndocuments: [public-api]\n",
            "2:11: profiles know Google Cloud Composer with Airflow 2.0 to 2.11, this is 3.3; take one of",
        ),
        (
            HEAD,
            "documents: [api-authentication]\n",
            "2:12: api-authentication is no document about the platform composer; take composer",
        ),
        (
            PLAIN,
            "documents: [composer]\n",
            "2:12: composer is no document about the platform airflow; take public-api, api-authentication, "
            "experimental-api, or write platform: composer",
        ),
        # what only the platform has
        (
            PLAIN,
            api(ROLE, "Op"),
            f"4:{len(ROLE) + 7}: only Cloud Composer has [api] {ROLE}; write platform: composer, or",
        ),
        (PLAIN, api("auth_backends", COMPOSER_AUTH), f"4:20: only Cloud Composer has the backend {COMPOSER_AUTH}; w"),
        (
            PLAIN,
            "web_server_allow_ip: ['::1']\n",
            "2:22: web_server_allow_ip is for profiles of Cloud Composer; write platform: composer, or leave it out",
        ),
        (
            PLAIN,
            "service_accounts: [{email: a@b, unique_id: '1'}]\n",
            "2:19: service_accounts is for profiles of Cloud Composer; write platform: composer",
        ),
        (
            PLAIN,
            "users: [{username: a, role: op, email: a@b}]\n",
            "2:40: email is for profiles of Cloud Composer; write platform: composer",
        ),
        (PLAIN, "capabilities: [new-accounts]\n", "2:15: new-accounts is for profiles of Cloud Composer; write pla"),
        # backends and roles
        (HEAD, api("auth_backends", f"{B}.basic_auth"), f"4:20: the API of Cloud Composer has one backend, {BACKENDS}"),
        (
            HEAD,
            api("auth_backends", f"'{COMPOSER_AUTH},{B}.default'"),
            f"4:20: the API of Cloud Composer has one backend, {BACKENDS}",
        ),
        (HEAD, api(ROLE, "op"), f'4:{len(ROLE) + 7}: there is no role "op"; did you mean Op?'),
        (
            HEAD,
            api(ROLE, "Boss"),
            f'4:{len(ROLE) + 7}: there is no role "Boss"; known: Public, Viewer, User, Op, Admin',
        ),
        # ranges
        (
            HEAD,
            "web_server_allow_ip: '::1'\n",
            "2:22: web_server_allow_ip must be a list of addresses, this is text; w",
        ),
        (HEAD, "web_server_allow_ip: [5]\n", "2:23: web_server_allow_ip must be text; this is a number"),
        (
            HEAD,
            "web_server_allow_ip: [localhost]\n",
            '2:23: "localhost" is no range of addresses; write 192.0.2.0/24 o',
        ),
        (
            HEAD,
            "web_server_allow_ip: [10.0.0.1/8]\n",
            '2:23: "10.0.0.1/8" is no range of addresses; did you mean 10.0.0',
        ),
        # accounts
        (HEAD, "service_accounts: a@b\n", "2:19: service_accounts must be a list, this is text; write {email: NAME"),
        (HEAD, "service_accounts: [a@b]\n", "2:20: a service account must be a mapping, this is text; write {email: "),
        (HEAD, "service_accounts: [{email: a@b}]\n", "2:20: a service account needs a unique_id; write {email: "),
        (HEAD, "service_accounts: [{unique_id: '1'}]\n", "2:20: a service account needs an email; write {email: "),
        (
            HEAD,
            "service_accounts: [{email: a@b, unique_id: '1', id: '2'}]\n",
            '2:49: a service account has no "id"; known: email, unique_id',
        ),
        (HEAD, "service_accounts: [{email: a, unique_id: '1'}]\n", '2:28: "a" is no e-mail address; write {email: '),
        (HEAD, "service_accounts: [{email: a@b, unique_id: x}]\n", '2:44: "x" is no number of an account; write {em'),
        (
            HEAD,
            "service_accounts: [{email: a@b, unique_id: 12}]\n",
            "2:44: unique_id must be text; this is a number; w",
        ),
        (
            HEAD,
            "service_accounts: [{email: a@b, unique_id: '1'}, {email: a@b, unique_id: '2'}]\ncapabilities: []\n",
            '2:50: there are two service accounts with the email "a@b"; give each its own',
        ),
        (
            HEAD,
            "service_accounts: [{email: a@b, unique_id: '1'}, {email: a@c, unique_id: '1'}]\ncapabilities: []\n",
            '2:50: there are two service accounts with the unique_id "1"; give each its own',
        ),
        # users
        (
            HEAD,
            "users: [{username: a, role: op, email: ''}]\n",
            "2:40: the email is empty; write {username: ann, password: ..., role: viewer}, or leave email out",
        ),
        (HEAD, "users: [{username: a, role: op, email: 5}]\n", "2:40: email must be text; this is a number"),
        (
            HEAD,
            f"users: [{{username: a, role: op, email: {'a' * 65}}}]\n",
            "2:40: Airflow's database holds e-mails of at most 64 characters, this has 65; take any other text, and "
            "username: accounts.google.com:UNIQUE_ID",
        ),
    ],
)
def test_what_cannot_stand_together(refuse: Refuse, head: str, text: str, message: str) -> None:
    (problem,) = refuse(text, head=head)
    assert problem.startswith(f"p.yaml:{message}")


def test_new_accounts_of_a_list_are_in_it(refuse: Refuse) -> None:
    (problem,) = refuse("service_accounts: [{email: a@b, unique_id: '1'}]\n", head=HEAD)
    assert problem.startswith("composer-2.yaml:")
    assert problem.endswith(f": list service_accounts of no user, {TWO}, or do not claim new-accounts")


def test_two_users_of_one_email_are_both_told(refuse: Refuse) -> None:
    told = refuse("users: [{username: a, role: op, email: x}, {username: b, role: op, email: x}]\n", head=HEAD)
    assert [line.partition(": ")[2] for line in told] == ['several users have the e-mail "x"; give each its own'] * 2


def test_an_airflow_cfg_of_cloud_composer(tmp_path: Path) -> None:
    for text in (f"auth_backends = {COMPOSER_AUTH}", f"{ROLE} = User"):
        path = tmp_path / "airflow.cfg"
        path.write_text(f"[api]\n{text}\n")
        made = tmp_path / "made.yaml"
        made.write_text(from_cfg(path, airflow="2.10"))
        profile = load(made)
        assert (profile.platform, profile.documents, profile.asked_kinds) == (
            "composer",
            ("composer",),
            ("composer_auth",),
        )
