from __future__ import annotations

import pytest

from profiles import ProfileError, load


def refusal(*overrides: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        load("airflow-3", overrides)
    return str(caught.value).splitlines()


def test_values_are_laid_over_the_profile() -> None:
    profile = load(
        "airflow-3",
        [
            "api.maximum_page_limit=5",
            "airflow=3.0",
            "title=A = b",
            "capabilities=writes, roles",
            "config.api.base_url=",
        ],
    )
    assert (profile.page_limit, str(profile.airflow), profile.title) == (5, "3.0", "A = b")
    assert profile.capabilities == {"writes", "roles"}
    assert profile.option("api", "base_url") == ""
    assert profile.where("api.maximum_page_limit") == "--set 1"
    assert profile.where("api.access_control_allow_headers") == "airflow-3.yaml:10:35"


def test_the_last_one_wins() -> None:
    assert load("airflow-3", ["api.maximum_page_limit=5", "api.maximum_page_limit=6"]).page_limit == 6


def test_null_takes_an_option_back() -> None:
    profile = load("airflow-3", ["api_auth.jwt_secret=null"])
    assert profile.option("api_auth", "jwt_secret") is None
    assert not profile.is_set("api_auth", "jwt_secret")


def test_no_capabilities() -> None:
    assert load("airflow-3", ["capabilities="]).capabilities == frozenset()


FORM = "SECTION.OPTION=VALUE, such as api.maximum_page_limit=5"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("api.maximum_page_limit", f"there is no = in it; write {FORM}"),
        ("", f"there is no = in it; write {FORM}"),
        ("=5", f'there is no "" to set; write {FORM}, or one of airflow, title, platform, documents, cap'),
        ("a.b.c=5", f'there is no "a.b.c" to set; write {FORM}'),
        ("api.=5", f'there is no "api." to set; write {FORM}'),
        ("maximum_page_limit=5", "maximum_page_limit needs its section; write api.maximum_page_limit=VALUE"),
        ("AUTH_ROLE_PUBLIC=Op", "AUTH_ROLE_PUBLIC needs its section; write webserver_config.AUTH_ROLE_PUBLIC=VALUE"),
        ("webserver_config=Op", 'there is no "webserver_config" to set; write SECTION.OPTION=VALUE'),
        ("webserver_config.AUTH=Op", 'webserver_config has no "AUTH"; known: AUTH_ROLE_PUBLIC'),
        (
            "users=ann",
            "users cannot be set on the command line; write a file that extends the profile, and set it there",
        ),
        ("extends=airflow-3", "extends cannot be set on the command line"),
        ("api.maximum_page_limt=5", '[api] has no option "maximum_page_limt"; did you mean maximum_page_limit?'),
        ("api.maximum_page_limit=five", 'maximum_page_limit must be a whole number in plain digits; this is "five"'),
        ("api.expose_stacktrace=yes", 'expose_stacktrace must be True or False; this is "yes"'),
        ("airflow=3", '"3" is no version; write major and minor, such as "3.3"'),
        ("airflow=", '"" is no version'),
        ("airflow=3.10", "Airflow 3.10 is not known; take 1.10 or 2.0 to 2.11 or 3.0 to 3.3"),
        ("capabilities=wirtes", 'capabilities knows no "wirtes"; did you mean writes?'),
        ("documents=", "say which documents the deployment follows: documents: [public-api, api-authentication,"),
    ],
)
def test_overrides_that_are_refused(override: str, message: str) -> None:
    (problem,) = refusal("title=x", override)
    assert problem.startswith(f"--set 2: {message}")


def test_all_that_is_wrong_is_told() -> None:
    problems = refusal("api.maximum_page_limit=x", "nonsense", "airflow=9.9")
    assert [problem.partition(": ")[0] for problem in problems] == ["--set 1", "--set 2", "--set 3"]


def test_the_value_of_a_secret_is_not_shown() -> None:
    problems = refusal("api_auth.jwt_secrt=canary", "api_auth.jwt_secret=canary\0", "users=canary")
    assert len(problems) == 3
    assert not any("canary" in problem for problem in problems)
