from __future__ import annotations

import pytest

from tests.profiles.conftest import Refuse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel: x", '2:1: unknown key "titel"; did you mean title?'),
        (
            "zzz: x",
            '2:1: unknown key "zzz"; known: profile, title, extends, documents, airflow, platform, web_server_allow',
        ),
        ("api: {maximum_page_limit: 5}", "2:1: [api] is a section of airflow.cfg; put it under config:"),
        ("<<: {title: x}", '2:1: unknown key "<<"; known: profile,'),
        ("title: no", '2:8: title must be text; YAML reads the bare word no as false; write it in quotes: "no"'),
        ("profile: 5", '2:10: profile must be text; this is a number; write it in quotes: "5"'),
        (
            "airflow: 3.10",
            '2:10: airflow must be text; YAML reads "3.10" as the number 3.1; write it in quotes: "3.10"',
        ),
        (
            "airflow: 1.10",
            '2:10: airflow must be text; YAML reads "1.10" as the number 1.1; write it in quotes: "1.10"',
        ),
        ("airflow: 3", '2:10: airflow must be text; this is a number; write it in quotes: "3"'),
        ("airflow: three", '2:10: "three" is no version; write major and minor, such as "3.3"'),
        ("airflow: '4.0'", "2:10: Airflow 4.0 is not known; take 1.10 or 2.0 to 2.11 or 3.0 to 3.3"),
        ("airflow:", "2:9: airflow has no value; write one, or remove the line"),
        (
            "documents: public-api",
            "2:12: documents must be a list, this is text; write [public-api, api-authentication, experimental-api, co",
        ),
        ("documents: [publik-api]", '2:13: documents knows no "publik-api"; did you mean public-api?'),
        (
            "documents: []",
            "2:12: say which documents the deployment follows: documents: [public-api, api-authentication, ",
        ),
        (
            "capabilities: writes",
            "2:15: capabilities must be a list, this is text; write [writes, roles, fixture-dags, new-accounts]",
        ),
        ("capabilities: [writes, writes]", '2:24: "writes" stands twice in capabilities; keep one of the two'),
        ("capabilities: [5]", '2:16: capabilities must be text; this is a number; write it in quotes: "5"'),
    ],
)
def test_keys_and_values_that_are_refused(refuse: Refuse, text: str, message: str) -> None:
    (problem,) = refuse(text)
    assert problem.startswith(f"p.yaml:{message}")


def test_what_must_be_there(refuse: Refuse) -> None:
    assert refuse("title: x", head="") == [
        "p.yaml:1:1: say which documents the deployment follows: "
        "documents: [public-api, api-authentication, experimental-api, composer]",
        'p.yaml:1:1: say which version is deployed, such as airflow: "3.3"',
    ]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(refuse: Refuse) -> None:
    problems = refuse(
        "airflow: 3.10\ntitle: a\ntitle: b\ndocuments: [x]\n"
        "config:\n  api: {maximum_page_limt: 5, expose_config: maybe}\n"
        "users: [{username: a, role: 5}]\ncapabilities: [write]\n",
        ["api.fallback_page_limit=x"],
    )
    assert [problem.split(": ")[0] for problem in problems] == [
        "--set 1",
        *(f"p.yaml:{where}" for where in ("2:10", "4:1", "5:13", "7:9", "7:46", "8:29", "9:16")),
    ]
