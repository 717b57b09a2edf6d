"""The suite and the mock in a realm, each as a user runs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import profiles
from mockserver.pytest_plugin import RunningMock
from tests.kerberos.credentials import options
from tests.kerberos.realm import Realm
from tests.suite import run_suite

Start = Callable[..., RunningMock]
#: A token of a ticket, or one that proves a service, in base64.
TOKEN = re.compile(r"(YI[A-Z]|oYG)[A-Za-z0-9+/]{40}")


def verdicts(result: dict[str, Any], prefix: str) -> dict[str, str]:
    return {
        each["id"]: each["verdict"]
        for each in result["requirements"]
        if each["id"].startswith(prefix) and each["verdict"] != "NOT_APPLICABLE"
    }


@pytest.mark.parametrize(
    ("profile", "ids"),
    [
        ("airflow-1.10-kerberos", [f"EXP-KERBEROS-00{number}" for number in (1, 2, 3, 4, 5, 6, 8)]),
        ("airflow-2-kerberos", ["STB-KERBEROS-004", "STB-KERBEROS-007", "STB-KERBEROS-008"]),
    ],
)
def test_mock_that_follows_the_documents_meets_them(
    profile: str, ids: list[str], airflow_mock: Start, in_realm: Realm, tmp_path: Path
) -> None:
    mock = airflow_mock(profile, settings=[f"kerberos.keytab={in_realm.keytab}"], follow="documents")
    only = [f"--only={name}" for name in ids]
    given = [*options(profiles.load(profile), in_realm, tmp_path), "--depth=smoke", *only]
    _, result = run_suite(mock.url, profile, tmp_path / "report", options=given)
    assert [verdicts(result, name) for name in ids] == [{name: "PASS"} for name in ids]


def test_no_token_is_reported(airflow_mock: Start, in_realm: Realm, tmp_path: Path) -> None:
    mock = airflow_mock(
        "airflow-1.10-kerberos",
        settings=[f"kerberos.keytab={in_realm.keytab}"],
        deviations=["kerberos-replays-taken", "kerberos-proof-of-another-request"],
    )
    report = tmp_path / "report"
    only = ["--only=EXP-KERBEROS-004", "--only=EXP-KERBEROS-006"]
    code, result = run_suite(mock.url, "airflow-1.10-kerberos", report, options=only)
    assert code == 1
    assert verdicts(result, "EXP-KERBEROS-004") == {"EXP-KERBEROS-004": "FAIL"}
    assert verdicts(result, "EXP-KERBEROS-006") == {"EXP-KERBEROS-006": "FAIL"}
    texts = {file.name: file.read_text() for file in report.iterdir()}
    assert len(texts) == 4
    assert {name for name, text in texts.items() if TOKEN.search(text)} == set()
    assert "Negotiate ***" in texts["result.json"]


@pytest.mark.parametrize(
    ("profile", "prefix", "cache", "reason"),
    [
        ("airflow-1.10-kerberos", "EXP-KERBEROS", "none", "no Kerberos ticket for the role admin in the caller's"),
        ("airflow-1.10-kerberos", "EXP-KERBEROS", "expired", r"is no longer good \(.*\); renew it with kinit"),
        ("airflow-2-kerberos", "STB-KERBEROS", "none", "no Kerberos ticket for the role admin in the caller's"),
    ],
)
def test_without_a_ticket_what_needs_one_is_unreached(
    profile: str,
    prefix: str,
    cache: str,
    reason: str,
    airflow_mock: Start,
    in_realm: Realm,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mock = airflow_mock(profile, settings=[f"kerberos.keytab={in_realm.keytab}"])
    monkeypatch.setenv("KRB5CCNAME", in_realm.caches.get(cache, f"FILE:{tmp_path}/none"))
    given = ["--depth=smoke", f"--only={prefix}-001", f"--only={prefix}-006"]
    code, result = run_suite(mock.url, profile, tmp_path / "report", options=given)
    assert (code, result["verdict"]) == (3, "inconclusive")
    found = [each for each in result["requirements"] if each["id"] in (f"{prefix}-001", f"{prefix}-006")]
    assert [each["verdict"] for each in found] == ["UNREACHED", "UNREACHED"]
    assert all(re.search(reason, each["reason"]) for each in found)


def test_service_that_the_realm_does_not_have(airflow_mock: Start, in_realm: Realm, tmp_path: Path) -> None:
    mock = airflow_mock("airflow-1.10-kerberos", settings=[f"kerberos.keytab={in_realm.keytab}"])
    given = ["--only=EXP-KERBEROS-004", "--kerberos-hostname=elsewhere"]
    code, result = run_suite(mock.url, "airflow-1.10-kerberos", tmp_path / "report", options=given)
    assert (code, verdicts(result, "EXP-KERBEROS-004")) == (3, {"EXP-KERBEROS-004": "UNREACHED"})
    assert "no service airflow@elsewhere" in str(result)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl_gets_in_and_the_server_proves_itself(airflow_mock: Start, in_realm: Realm) -> None:
    mock = airflow_mock("airflow-1.10-kerberos", settings=[f"kerberos.keytab={in_realm.keytab}"])
    port = mock.url.rpartition(":")[2]
    curl = str(shutil.which("curl"))
    if "GSS" not in subprocess.run([curl, "-V"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("this curl has no GSSAPI")
    command = [curl, "-si", "--negotiate", "-u", ":", "--service-name", "airflow", "--noproxy", "*"]
    url = f"http://localhost:{port}/api/experimental/test"
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("HTTP/1.1 200")
    assert re.search(r"(?i)www-authenticate: negotiate \S{60}", done.stdout)
