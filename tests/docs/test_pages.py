"""The pages that are made from data say what the data says, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from specs import departures
from specs.departures import Pattern
from tests.docs import alarms, markdown, pages, reality
from tests.docs.__main__ import main
from tests.docs.test_runs import made

LINK = re.compile(r"\]\((?:reality\.md)?#([\w.-]+)\)")
ANCHOR = re.compile(r'<a id="([\w.-]+)">')


def test_no_page_is_stale() -> None:
    assert pages.stale() == [], "nox -s docs writes them anew"


def test_a_page_that_says_something_else_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    monkeypatch.setattr("sys.argv", ["docs"])
    assert main() == 0
    (tmp_path / reality.PAGE).write_text("old")
    monkeypatch.setattr("sys.argv", ["docs", "--check"])
    assert main() == 1
    assert reality.PAGE in capsys.readouterr().err
    assert pages.stale() == [tmp_path / reality.PAGE]


def test_every_departure_and_its_requirements_can_be_linked_to() -> None:
    page = reality.page()
    there = ANCHOR.findall(page)
    wanted = {one.id.lower() for one in departures.every()}
    wanted |= {name.lower() for one in departures.every() for name in one.requirements}
    assert sorted(there) == sorted(wanted)
    assert set(LINK.findall(page)) <= set(there)


def test_an_exchange_in_a_line() -> None:
    pattern = Pattern(
        method=("GET", "POST"),
        path="/api/v2/*",
        query="a|b",
        sent={"cookie": "", "origin": "x"},
        sent_json=False,
        status=(400, 500),
        headers={"allow": None, "content-type": "^text"},
        body="no",
    )
    told = "`GET/POST /api/v2/*`, query `/a|b/`, with cookie, origin `/x/`, body no JSON"
    assert reality.exchange(pattern) == f"{told} → 400 or 500, without allow, content-type `/^text/`, body `/no/`"
    assert reality.exchange(Pattern()) == "any to `*` → any status"


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [(None, None, "all"), ("3.1", None, "from 3.1 on"), (None, "3.1", "up to 3.1"), ("3.1", "3.2", "3.1 to 3.2")],
)
def test_versions_in_words(since: str | None, until: str | None, told: str) -> None:
    assert reality.versions(since, until) == told
    assert reality.versions("3.3", "3.3") == "3.3"


def test_a_cell_is_one_cell() -> None:
    assert markdown.table(["a"], [["x | y\nz"]]).splitlines()[-1] == r"| x \| y z |"
    assert markdown.code("a`b") == "``a`b``"
    assert markdown.code("`") == "`` ` ``"


def test_what_is_wrong_with_a_run_is_told() -> None:
    page = alarms.page([made("3.3.2"), made("2.11.2", "airflow-2-basic", scheduler=True)])
    assert "2 runs against 2 versions: 0 conforming, 2 FAIL, 2 unexplained DEPARTS." in page
    assert "**PUB-AUTH-002 FAIL**" in page
    assert "* 2.11.2 `airflow-2-basic`, with a scheduler: " in page
    assert "| 3.3.2 | `airflow-3` | nothing | nonconforming | 1 | 1 | 0 | 1 | 0 | 0 | 0 | 1 | 3 | 77 | 2:02 |" in page
    missing = re.search(r"Not recorded: .*", page)
    assert missing
    assert "3.3 `airflow-3-fab`" in missing[0]
    assert "3.3 `airflow-3`," not in missing[0]


def test_a_requirement_departs_explained_by_a_departure_that_was_seen() -> None:
    run = made("3.3.2")
    assert alarms.unexplained(run) == ["PUB-AUTH-003"]
    run["departs"] = ["PUB-AUTH-005"]
    assert alarms.unexplained(run) == []
