from __future__ import annotations

import dataclasses

import pytest

from profiles import Cors, ProfileError, User, load
from specs.versions import Version


def test_built_in_profile_in_full() -> None:
    profile = load("airflow-3")

    assert (profile.name, profile.documents, profile.airflow) == ("airflow-3", ("public-api",), Version(3, 3))
    assert (profile.auth, profile.auth_manager, profile.all_admins) == ("jwt", "simple", False)
    assert (profile.page_limit, profile.fallback_page_limit) == (100, 50)
    assert [(user.username, user.password, user.role) for user in profile.users] == [
        (role, role, role) for role in ("admin", "op", "user", "viewer")
    ]
    assert profile.capabilities == {"writes", "roles", "fixture-dags"}


def test_facts_for_the_predicates() -> None:
    assert load("airflow-3-fab", ["api.maximum_page_limit=7"]).facts() == {
        "airflow": Version(3, 3),
        "platform": "airflow",
        "api": "public-v2",
        "experimental": False,
        "auth": "jwt",
        "auth_manager": "fab",
        "all_admins": False,
        "admits": True,
        "cors": True,
        "cors_origins_blank": False,
        "page_limit": 7,
        "page_limit_set": True,
        "expose_config": False,
        "test_connection": False,
        "xcom_writes": True,
        "capabilities": frozenset({"writes", "roles", "fixture-dags"}),
    }
    assert load("airflow-3-fab", ["airflow=3.0"]).facts()["xcom_writes"] is False


@pytest.mark.parametrize(
    ("origins", "blank"),
    [("http://a,http://b", False), ("http://a, http://b", False), ("http://a http://b", True), ("", False)],
)
def test_whether_a_blank_stands_between_two_origins(origins: str, blank: bool) -> None:
    facts = load("airflow-3", [f"api.access_control_allow_origins={origins}"]).facts()
    assert facts["cors_origins_blank"] is blank


def test_page_limit_that_is_not_set_is_airflows() -> None:
    facts = load("airflow-3", ["api.maximum_page_limit=null"]).facts()
    assert (facts["page_limit"], facts["page_limit_set"]) == (100, False)


@pytest.mark.parametrize(
    ("option", "default"),
    [
        ("api.fallback_page_limit", "50"),
        ("api.expose_config", "False"),
        ("api_auth.jwt_expiration_time", "86400"),
        ("api_auth.jwt_cli_expiration_time", "3600"),
        ("api_auth.jwt_leeway", "10"),
        ("api_auth.jwt_audience", "apache-airflow"),
        ("api_auth.jwt_issuer", None),
        ("core.test_connection", "Disabled"),
    ],
)
def test_defaults_are_airflows(option: str, default: str | None) -> None:
    profile = load("airflow-3")
    section, name = option.split(".")
    assert profile.option(section, name) == default
    assert not profile.is_set(section, name)
    assert profile.where(option) == "default of Airflow 3.3"


def test_an_option_of_a_later_airflow_has_no_default_in_an_earlier_one() -> None:
    assert load("airflow-3").option("core", "allow_double_dot_in_ids") == "False"
    assert load("airflow-3", ["airflow=3.2"]).option("core", "allow_double_dot_in_ids") is None


def test_an_option_nobody_knows_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        load("airflow-3").option("api", "no_such_option")
    with pytest.raises(KeyError):
        load("airflow-3").where("api.no_such_option")


@pytest.mark.parametrize(
    ("text", "meaning"), [("t", True), ("TRUE", True), ("1", True), ("f", False), ("0", False), (" True # yes", True)]
)
def test_booleans_as_airflow_reads_them(text: str, meaning: bool) -> None:
    assert load("airflow-3", [f"api.expose_config={text}"]).flag("api", "expose_config") is meaning


@pytest.mark.parametrize(("text", "meaning"), [("5", 5), (" 5 ", 5), ("5.0", 5), ("-1", -1), ("1e2", 100)])
def test_integers_as_airflow_reads_them(text: str, meaning: int) -> None:
    assert load("airflow-3", [f"api.maximum_page_limit={text}"]).page_limit == meaning


def test_cors_options_are_handed_on_as_written() -> None:
    assert load("airflow-3-cors-example").cors == Cors(
        headers="origin, content-type, accept",
        methods="POST, GET, OPTIONS, DELETE",
        origins="https://exampleclientapp1.com https://exampleclientapp2.com",
    )


def test_no_cors_where_no_option_has_a_value() -> None:
    options = [f"api.access_control_allow_{what}" for what in Cors._fields]
    assert load("airflow-3", [f"{option}=" for option in options]).cors is None
    assert load("airflow-3", [f"{option}=null" for option in options]).facts()["cors"] is False
    one = load("airflow-3", [f"{options[0]}=null", f"{options[1]}="]).cors
    assert one
    assert (one.headers, one.methods) == (None, None)
    assert one.origins


def test_neither_repr_nor_report_shows_a_secret() -> None:
    profile = load("airflow-3", ["api_auth.jwt_secret=canary-secret", "api_auth.jwt_kid=seen"])
    profile = dataclasses.replace(profile, users=(User("ann", "canary-password", "op"), User("bob", None, "op")))

    for text in (repr(profile), str(profile), repr(profile.users), str(profile.redacted())):
        assert "canary" not in text
    report = profile.redacted()
    assert report["config"]["api_auth"] == {"jwt_secret": "***", "jwt_kid": "seen"}
    assert report["users"] == [
        {"username": "ann", "password": "***", "role": "op"},
        {"username": "bob", "role": "op"},
    ]
    assert (report["profile"], report["airflow"]) == ("airflow-3", "3.3")


def test_a_profile_does_not_change() -> None:
    profile = load("airflow-3")
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        profile.config["api"]["maximum_page_limit"] = "5"  # type: ignore[index]
    with pytest.raises(TypeError):
        profile.config["api"] = {}  # type: ignore[index]


def test_equal_profiles_are_one_key() -> None:
    assert {load("airflow-3"): 1}[load("airflow-3")] == 1
    assert load("airflow-3") != load("airflow-3", ["api.maximum_page_limit=5"])


def test_without_a_capability() -> None:
    profile = load("airflow-3")
    assert profile.without("writes").capabilities == {"roles", "fixture-dags"}
    assert profile.without("writes").without("writes") == profile.without("writes")
    with pytest.raises(ProfileError, match=r"^--without wirtes: no such capability; did you mean writes\?$"):
        profile.without("wirtes")
