from __future__ import annotations

import html.parser
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from conformance.coverage.sums import Coverage
from conformance.judge import Judge
from conformance.outcome import Mismatch, Outcome
from conformance.redaction import SECRETS
from conformance.reporting import html as page
from conformance.reporting import junit, result_json, summary, words, writing
from conformance.reporting.terminal import verdict_lines
from conformance.reporting.transcript import LONGEST, transcript
from conformance.results import Result
from tests.conformance.samples import BASE, INTERFACE, book, circumstances, exchange, new_judge, result

CANARY = "c4n4ry-S3cret/+=&<\"'"
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>\x1b[31m{{ 7 * 7 }}\x00\u202e|`*_@everyone'


@pytest.fixture(autouse=True)
def _forget_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test makes a secret is none in the next."""
    monkeypatch.setattr(SECRETS, "_forms", {})
    monkeypatch.setattr(SECRETS, "_pattern", None)


def failing(message: str = "expected 401; came 200", **of_exchange: Any) -> Outcome:
    judge: Judge = new_judge("PUB-AUTH-002")
    judge.that(False, exchange(**of_exchange), message)
    return judge.outcome


def everything() -> Result:
    """A run in which every verdict occurs."""
    departing, passing, waived = new_judge("PUB-AUTH-010"), new_judge("PUB-PAGE-001"), new_judge("PUB-PAGE-005")
    departing.that(False, exchange(status=401), "a challenge; there was none")
    passing.that(True, exchange(), "yes")
    passing.reached("get_dags", 200)
    waived.that(False, exchange(), "refused; it was not")
    waived.outcome.violations[0].waiver = "waivers.yaml:2"
    silent = Outcome("sample.silent", "Silent.", ["PUB-PAGE-006"])
    broken = Outcome("sample.broken", "Broken.", ["PUB-PAGE-007"], error="KeyError: 'x'")
    warned = new_judge("PUB-CORS-010")
    warned.that(False, exchange(), "Vary; there was none")
    outcomes = [failing(), departing.outcome, passing.outcome, waived.outcome, silent, broken, warned.outcome]
    for number, outcome in enumerate(outcomes):
        outcome.check = f"sample.check_{number}"
    facts = {"cors": True, "auth": "jwt", "all_admins": False}
    return judged(outcomes, facts)


def judged(outcomes: list[Outcome], facts: dict[str, object]) -> Result:
    from conformance.results import judge
    from specs import departures

    kept = book(*outcomes, facts=facts, ids=["PUB-TOKEN-007"])
    sent = Coverage(INTERFACE)
    for one in (exchange(target="/api/v2/pools?limit=1"), exchange(target="/api/v2/pools?limit=-1", status=None)):
        sent.note(replace(one, request=replace(one.request, operation="get_pools")))
    return judge(kept, circumstances(), departures.load("airflow-3"), sent.sent())


WRITERS = list(writing.WRITERS.items())


@pytest.fixture(params=WRITERS, ids=[name for name, _ in WRITERS])
def render(request: pytest.FixtureRequest) -> Callable[[Result], str]:
    writer: Callable[[Result], str] = request.param[1]
    return writer


def test_every_verdict_occurs_in_the_sample() -> None:
    assert all(everything().counts().values())


def test_result_json_is_as_its_schema_says() -> None:
    validator = jsonschema_rs.Draft202012Validator(result_json.schema(), validate_formats=True)
    for sample in (everything(), result(), result(failing(status=None, error="refused", target="/x"))):
        validator.validate(json.loads(result_json.render(sample)))


def test_the_schema_refuses_what_it_does_not_know() -> None:
    validator = jsonschema_rs.Draft202012Validator(result_json.schema())
    content = json.loads(result_json.render(everything()))
    assert validator.is_valid(content)
    assert not validator.is_valid({**content, "verdict": "fine"})
    assert not validator.is_valid({**content, "more": 1})
    assert not validator.is_valid({key: value for key, value in content.items() if key != "seed"})


def test_result_json_tells_requirements_operations_and_counts() -> None:
    content = json.loads(result_json.render(everything()))
    verdicts = {row["id"]: row["verdict"] for row in content["requirements"]}
    assert verdicts == {
        "PUB-TOKEN-007": "NOT_APPLICABLE",
        "PUB-AUTH-002": "FAIL",
        "PUB-AUTH-010": "DEPARTS",
        "PUB-PAGE-001": "PASS",
        "PUB-PAGE-005": "WAIVED",
        "PUB-PAGE-006": "UNREACHED",
        "PUB-PAGE-007": "ERROR",
        "PUB-CORS-010": "WARN",
    }
    assert content["counts"]["FAIL"] == 1
    assert content["verdict"] == "nonconforming"
    ledger = {entry["id"]: (entry["reached"], entry["verdict"]) for entry in content["operations"]}
    assert ledger == {"get_dags": (["200"], "PASS"), "get_pools": ([], "UNREACHED")}


def test_result_json_tells_what_was_sent() -> None:
    content = json.loads(result_json.render(everything()))
    (pools,) = (each for each in content["coverage"] if each["requests"])
    assert (pools["id"], pools["requests"], pools["statuses"]) == ("get_pools", 2, {"200": 1, "none": 1})
    assert pools["parts"]["query limit"]["minimum"] == {"valid": 1, "invalid": 1}
    assert pools["parts"]["query offset"]["minimum"] == {"valid": 0, "invalid": 0}
    assert 0 < pools["seen"] < pools["total"]


def test_the_ledger_and_what_was_sent_are_told_to_people() -> None:
    made = everything()
    whole, shown, said = page.render(made), summary.render(made), "\n".join(verdict_lines(made, None))
    assert "1 UNREACHED, 1 PASS; UNREACHED: get_pools" in whole
    assert "1 UNREACHED, 1 PASS; UNREACHED: get\\_pools" in shown
    assert "Operations: 1 UNREACHED, 1 PASS; UNREACHED: get_pools" in said
    assert "no check saw it succeed on content that is known to be there" in whole
    for text in (whole, shown, said):
        assert f"1 of {len(INTERFACE.operations)} operations were asked" in text
    assert "<li>query pool_name_pattern type valid</li>" in whole


def test_where_nobody_is_let_in_there_is_no_ledger() -> None:
    made = judged([failing()], {"auth": "jwt", "all_admins": False, "admits": False})
    assert words.ledger_line(made) == "none, for nobody is let in"
    assert "Nobody is let in" in page.render(made)
    assert json.loads(result_json.render(made))["operations"] == []


def test_junit_has_a_case_for_each_check() -> None:
    suite = ElementTree.fromstring(junit.render(everything()))[0]  # noqa: S314
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "7",
        "1",
        "1",
        "1",
    )
    failure = suite.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "expected 401; came 200"
    assert "curl -i" in (failure.text or "")
    requirements = [each.get("value") for each in suite.iterfind(".//property[@name='requirement']")]
    assert "PUB-PAGE-006" in requirements


def test_the_summary_fits_a_comment() -> None:
    outcome = failing()
    outcome.violations[0].message = "x" * 100_000
    text = summary.render(result(outcome))
    assert len(text) < summary.LONGEST
    assert text.startswith("## ❌ nonconforming")


def test_a_mismatch_of_the_profile_is_told_first() -> None:
    outcome = Outcome("sample.check", "A.", ["PUB-PAGE-003"], mismatches=[Mismatch("k", "p.yaml:7:5", "1", "it is 2")])
    text = summary.render(result(outcome))
    assert "inconclusive: the profile does not describe the target" in text
    assert "p.yaml:7:5 says k = 1, it is 2" in text


class Tags(html.parser.HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_is_self_contained() -> None:
    found = Tags(page.render(everything()))
    assert found.tags.count("script") == 1
    assert {"img", "link", "iframe", "object", "base"}.isdisjoint(found.tags)
    names = {name for name, _ in found.attributes}
    assert {"src", "srcset", "style", "background"}.isdisjoint(names)
    assert not [name for name in names if name.startswith("on")]
    assert all((value or "").startswith("#") for name, value in found.attributes if name == "href")


def test_the_page_says_what_went_wrong() -> None:
    text = page.render(everything())
    assert "<h1>nonconforming</h1>" in text
    assert "expected 401; came 200" in text
    assert "curl -i http://127.0.0.1:9/api/v2/dags" in text
    assert "AF3-NO-CHALLENGE" in text
    assert "waivers.yaml:2" in text


def hostile() -> Result:
    outcome = failing(
        f"expected 401; came {HOSTILE}",
        target="/api/v2/<script>alert(2)</script>",
        headers=[("X-<b>", HOSTILE)],
        body=HOSTILE.encode(),
    )
    outcome.violations[0].example = HOSTILE
    outcome.check, outcome.title = "sample.<script>", HOSTILE
    return result(outcome, problems=[HOSTILE], version_seen=HOSTILE, leftovers=[HOSTILE], stays=[HOSTILE])


def test_what_stays_is_told_in_one_line() -> None:
    stays = ["3 DAG runs of conformance_empty", "1 DAG run of a", "1 DAG run of b", "1 DAG run of c"]
    made = everything()
    left = replace(made, circumstances=replace(made.circumstances, stays=stays))
    expected = "Stays on the target, for its API cannot remove it: 3 DAG runs of conformance_empty; 1 DAG run of a; "
    lines = [line for line in words.because(left) if line.startswith(expected)]
    assert lines == [f"{expected}1 DAG run of b and 1 more."]
    assert result_json.content(left)["stays"] == stays
    assert "3 DAG runs of conformance\\_empty" in summary.render(left)
    assert "3 DAG runs of conformance_empty" in page.render(left)


def test_what_a_target_sends_is_never_markup_of_the_page() -> None:
    text = page.render(hostile())
    assert Tags(text).tags.count("script") == 1
    assert "img" not in Tags(text).tags
    assert "{{ 7 * 7 }}" in text
    assert "<script>alert" not in text


def test_what_a_target_sends_is_never_markup_of_the_summary() -> None:
    text = summary.render(hostile())
    assert "<script>" not in text
    assert "<img" not in text
    assert not re.search(r"(?<!\\)@everyone", text)


def test_what_a_target_sends_never_breaks_junit() -> None:
    ElementTree.fromstring(junit.render(hostile()))  # noqa: S314


def test_no_secret_is_in_any_report(render: Callable[[Result], str]) -> None:
    SECRETS.add(CANARY)
    outcome = failing(
        "expected 401; came 200",
        target=f"/api/v2/dags?password={CANARY}",
        sent=[("Authorization", f"Bearer {CANARY}"), ("Cookie", f"_token={CANARY}")],
        headers=[("Set-Cookie", f"_token={CANARY}"), ("X-Echo", CANARY)],
        body=json.dumps({"access_token": CANARY, "password": CANARY}).encode(),
    )
    outcome.evidence.append(transcript(exchange(sent=[("Authorization", CANARY)], body=CANARY.encode()), BASE))
    text = render(result(outcome))
    assert "c4n4ry" not in text
    assert "PUB-AUTH-002" in text


def test_a_long_body_is_cut() -> None:
    shown = transcript(exchange(body=b"x" * (LONGEST + 100)), BASE)["response"]["body"]
    assert shown.endswith("\n... (100 characters more)")


def test_a_body_that_is_not_text_is_described() -> None:
    shown = transcript(exchange(body=b"\xff\x00" * 50), BASE)["response"]["body"]
    assert shown.startswith("(100 bytes that are not text: ff 00")


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{not json", b'{"a":1}'])
def test_any_body_can_be_shown(body: bytes) -> None:
    assert transcript(exchange(body=body), BASE)["response"]["body"]


def test_reports_are_written_into_a_new_folder(tmp_path: Path) -> None:
    writing.write(everything(), tmp_path / "a" / "b")
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == set(writing.WRITERS)
