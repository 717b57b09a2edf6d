from __future__ import annotations

import pytest

from profiles import known, load
from profiles.known import Option
from tests.profiles.conftest import Refuse

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
WHOLE = "maximum_page_limit must be a whole number in plain digits"
PATH = "auth_manager must be the class path of an auth manager"
BELOW = "write OPTION: VALUE below it, or remove the line"


def config(section: str, line: str) -> str:
    return f"config:\n  {section}:\n    {line}\n"


@pytest.mark.parametrize(
    ("section", "line", "message"),
    [
        # not known, or known elsewhere
        (
            "api",
            "maximum_page_limt: 5",
            '4:5: [api] has no option "maximum_page_limt"; did you mean maximum_page_limit?',
        ),
        (
            "api",
            "Maximum_Page_Limit: 5",
            '4:5: [api] has no option "Maximum_Page_Limit"; did you mean maximum_page_limit?',
        ),
        ("api", "jwt_leeway: 5", "4:5: [api] has no option jwt_leeway; it stands in [api_auth]"),
        ("api", "jwt_leway: 5", '4:5: [api] has no option "jwt_leway"; did you mean [api_auth] jwt_leeway?'),
        (
            "webserver",
            "expose_config: true",
            "4:20: Airflow 3.3 has no [webserver] expose_config, but 1.10 to 2.11 has; write [api] expose_config",
        ),
        ("apis", "nonsense: 1", "4:5: unknown section [apis]; did you mean api?"),
        ("zzz", "nonsense: 1", "4:5: unknown section [zzz]; known: core, api, api_auth"),
        ("core", "simple_auth_manager_users: a:b", "4:5: simple_auth_manager_users is not set here; write users"),
        # integers
        ("api", "maximum_page_limit: many", f'4:25: {WHOLE}; this is "many"'),
        ("api", "maximum_page_limit: 5.5", f'4:25: {WHOLE}; YAML reads "5.5"'),
        ("api", "maximum_page_limit: 010", f"4:25: {WHOLE}; YAML reads"),
        ("api", "maximum_page_limit: 1:30", f"4:25: {WHOLE}; YAML reads"),
        ("api", "maximum_page_limit: true", f'4:25: {WHOLE}; this is "true"'),
        ("api", "maximum_page_limit: ''", f'4:25: {WHOLE}; this is ""'),
        ("api", "maximum_page_limit: 'inf'", f"4:25: {WHOLE}"),
        pytest.param("api", f"maximum_page_limit: {'9' * 5000}", f"4:25: {WHOLE}", id="5000 digits"),
        # booleans
        (
            "api",
            "expose_stacktrace: yes",
            "4:24: expose_stacktrace must be True or False; YAML reads the bare word yes",
        ),
        ("api", "expose_stacktrace: 'yes'", '4:24: expose_stacktrace must be True or False; this is "yes"'),
        ("api", "expose_config: 2", '4:20: expose_config must be True or False or non-sensitive-only; this is "2"'),
        # words and class paths
        (
            "core",
            "test_connection: enable",
            '4:22: test_connection must be Disabled or Enabled or Hidden; this is "enable"; did',
        ),
        ("core", "test_connection: off", "4:22: test_connection must be text; YAML reads the bare word off as false"),
        ("core", "auth_manager: fab", f'4:19: {PATH}; this is "fab"; did you mean {FAB}?'),
        ("core", f"auth_manager: {FAB[:-1]}", f"4:19: {PATH}; this is"),
        ("core", "auth_manager: a.b.Keycloak", f"4:19: {PATH}; this is"),
        # text
        ("api", "base_url: 5", '4:15: base_url must be text; this is a number; write it in quotes: "5"'),
        ("api_auth", "jwt_issuer: no", "4:17: jwt_issuer must be text; YAML reads the bare word no as false; write it"),
        (
            "api_auth",
            "jwt_kid: 2026-01-01",
            '4:14: jwt_kid must be text; YAML reads "2026-01-01" as a date; write it in quotes',
        ),
        ("api", 'base_url: "a\\0b"', "4:15: base_url contains a control character; remove it"),
        ("api", 'base_url: "\\ud800"', "4:15: base_url contains a control character; remove it"),
        (
            "api",
            "access_control_allow_methods: [GET, POST]",
            "4:35: access_control_allow_methods must be one value, this is a",
        ),
        (
            "api",
            "base_url: {a: b}",
            "4:15: base_url must be one value, this is a mapping; write the line as in airflow.cfg",
        ),
        ("api", "base_url:", '4:14: base_url has no value; write "" for empty, or null for Airflow\'s default'),
    ],
)
def test_options_that_are_refused(refuse: Refuse, section: str, line: str, message: str) -> None:
    (problem,) = refuse(config(section, line))
    assert problem.startswith(f"p.yaml:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("config: 5", "2:9: config must hold sections of airflow.cfg, this is a number"),
        ("config:", "2:8: config must hold sections of airflow.cfg, this is nothing"),
        ("config: {maximum_page_limit: 5}", "2:10: maximum_page_limit is an option of [api]; put it under api:"),
        ("config: {api: }", f"2:10: [api] must hold options, this is nothing; {BELOW}"),
        ("config: {ap: 5}", "2:10: unknown section [ap]; did you mean api?"),
        ("config: {ap: {}}", "2:10: unknown section [ap]; did you mean api?"),
    ],
)
def test_sections_that_are_refused(refuse: Refuse, text: str, message: str) -> None:
    assert refuse(text) == [f"p.yaml:{message}"]


@pytest.mark.parametrize("text", ["canary", "12345", "no", "[canary]", "2026-01-01", '"canary\\0"'])
def test_a_bad_secret_is_not_shown(refuse: Refuse, text: str) -> None:
    good = text == "canary"
    problems = refuse(config("api_auth", f"jwt_secret: {text}") + ("nonsense: 1\n" if good else ""))
    assert len(problems) == 1
    assert ("jwt_secret" in problems[0]) is not good
    assert not any(part in problems[0] for part in ("canary", "12345", "bare word no", "2026"))


def test_what_yaml_may_write_is_what_airflow_would_read() -> None:
    for value, kept in [("True", "True"), ("true", "true"), ("5", "5")]:
        option = "api.maximum_page_limit" if kept == "5" else "api.expose_config"
        section, name = option.split(".")
        assert load("airflow-3", [f"{option}={value}"]).option(section, name) == kept


@pytest.mark.parametrize("text", ["Enabled", "enabled", " ENABLED "])
def test_a_choice_is_kept_in_one_spelling(text: str) -> None:
    assert load("airflow-3", [f"core.test_connection={text}"]).option("core", "test_connection") == "Enabled"


def closest_neighbours(word: str) -> set[str]:
    """The word with one letter lost, doubled, or swapped with the next."""
    lost = {word[:i] + word[i + 1 :] for i in range(len(word))}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return (lost | doubled | swapped) - {word}


@pytest.mark.parametrize("option", list(known.every_option()), ids=lambda option: option.key)
def test_every_typo_in_an_option_is_answered_with_the_right_name(refuse: Refuse, option: Option) -> None:
    here = known.options()[option.section]
    now = {one.formerly: one.name for one in here.values()}.get(option.name, option.name)
    for typo in closest_neighbours(option.name) - set(here):
        (problem,) = refuse(config(option.section, f"{typo}: 1"))
        assert problem.endswith(f'"{typo}"; did you mean {now}?')
