"""Runs of the experimental API: measured on Airflow 1.10.15, 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.experimental import EVERY, Experimental

RUNS = "/dags/conformance_empty/dag_runs"
DAY = "2031-02-03T04:05:06"


@pytest.mark.parametrize("version", EVERY)
def test_triggered_listed_and_found(version: str) -> None:
    api = Experimental(version)
    made = api.triggered(run_id="a", execution_date=DAY, conf={"k": 1})
    assert (made["run_id"], made["execution_date"]) == ("a", f"{DAY}+00:00")
    (listed,) = api.get(RUNS)
    assert {**listed, "dag_run_url": None, "start_date": None} == {
        "dag_id": "conformance_empty",
        "dag_run_url": None,
        "execution_date": f"{DAY}+00:00",
        "id": 1,
        "run_id": "a",
        "start_date": None,
        "state": "running" if version == "1.10" else "queued",
    }
    assert api.get(f"{RUNS}/{DAY}") == {"state": listed["state"]}
    assert api.get("/dags/conformance_params/dag_runs") == []


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.10", "2031-02-03T04:05:06+02:00: a, externally triggered: True>"),
        ("2.2", "2031-02-03T04:05:06+02:00: a, externally triggered: True>"),
        ("2.3", "2031-02-03T04:05:06+02:00: a, state:queued, queued_at: {now}. externally triggered: True>"),
        ("2.11", "2031-02-03 04:05:06+02:00: a, state:queued, queued_at: {now}. externally triggered: True>"),
    ],
)
def test_the_message_has_the_zone_that_was_sent_and_the_list_has_utc(version: str, message: str) -> None:
    api = Experimental(version)
    made = api.triggered(run_id="a", execution_date=f"{DAY}+02:00")
    assert made["execution_date"] == f"{DAY}+02:00"
    assert made["message"] == f"Created <DagRun conformance_empty @ {message.format(now=api.mock.clock.now())}"
    assert api.get(RUNS)[0]["execution_date"] == "2031-02-03T02:05:06+00:00"


@pytest.mark.parametrize(("version", "mark"), [("1.10", " "), ("2.2", "T"), ("2.11", " ")])
def test_what_the_server_makes_up(version: str, mark: str) -> None:
    api = Experimental(version)
    made, now = api.triggered(), api.mock.clock.now().replace(microsecond=0)
    assert made["execution_date"] == now.isoformat()
    assert made["run_id"] == f"manual__{now.isoformat()}"
    assert f"@ {now.isoformat(sep=mark)}: " in made["message"]


@pytest.mark.parametrize(
    ("version", "page"),
    [
        ("1.10", "/admin/airflow/graph?dag_id=conformance_empty&execution_date=2031-02-03+04%3A05%3A06%2B00%3A00"),
        ("2.2", "/graph?dag_id=conformance_empty&execution_date=2031-02-03+04%3A05%3A06%2B00%3A00"),
        ("2.6", "/dags/conformance_empty/graph?execution_date=2031-02-03+04%3A05%3A06%2B00%3A00"),
        ("2.11", "/dags/conformance_empty/graph?execution_date=2031-02-03+04:05:06%2B00:00"),
    ],
)
def test_the_page_of_a_run(version: str, page: str) -> None:
    api = Experimental(version)
    api.triggered(execution_date=DAY)
    assert api.get(RUNS)[0]["dag_run_url"] == page
    assert api.get("/latest_runs")["items"][0]["dag_run_url"] == page


def test_runs_of_1_10_go_on_at_once_and_those_of_2_wait() -> None:
    old, new = Experimental("1.10"), Experimental("2.11")
    old.triggered()
    new.triggered()
    assert old.get(RUNS)[0]["start_date"] == old.mock.clock.now().isoformat()
    assert new.get(RUNS)[0]["start_date"] == ""


def test_a_run_of_1_10_ends_where_its_dag_is_not_paused() -> None:
    api = Experimental("1.10")
    for dag_id in ("conformance_python", "conformance_empty"):
        api.triggered(dag_id, execution_date="2026-01-01")
        assert api.get(f"/dags/{dag_id}/dag_runs")[0]["state"] == "running"
    api.mock.clock.advance(10)
    assert api.get("/dags/conformance_python/dag_runs/2026-01-01") == {"state": "success"}
    assert api.get(f"{RUNS}/2026-01-01") == {"state": "running"}


@pytest.mark.parametrize(
    ("word", "kept"),
    [("true", False), ("YES", False), ("1", False), ("false", True), ("maybe", True), (" true ", True), ("", True)],
)
def test_replace_microseconds_is_a_word(word: str, kept: bool) -> None:
    made = Experimental().triggered(execution_date=f"{DAY}.5", replace_microseconds=word)
    assert made["execution_date"] == (f"{DAY}.500000+00:00" if kept else f"{DAY}+00:00")


@pytest.mark.parametrize(("version", "kept"), [("1.10", True), ("2.2", True), ("2.3", False)])
def test_on_is_true_since_2_3(version: str, kept: bool) -> None:
    made = Experimental(version).triggered(execution_date=f"{DAY}.5", replace_microseconds="on")
    assert (".5" in made["execution_date"]) is kept


@pytest.mark.parametrize("conf", ['{"key": "value"}', "[1, 2]", "5", "null", "", None, False, {"k": 1}, []])
def test_configurations_of_1_10_may_be_text(conf: Any) -> None:
    Experimental("1.10").triggered(conf=conf)


@pytest.mark.parametrize("conf", ["nojson", [1], 5, True])
def test_configurations_that_break_1_10(conf: Any) -> None:
    refuse("1.10", {"conf": conf}, 500)


@pytest.mark.parametrize("conf", ['{"key": "value"}', "", None, False, [], 5])
def test_configurations_of_2_are_objects(conf: Any) -> None:
    api = Experimental("2.11")
    reply = api.call("POST", RUNS, {"conf": conf})
    assert (reply.status, reply.error) == (
        400,
        "Dag Run conf must be a dictionary object, other types are not supported",
    )
    assert api.get(RUNS) == []


def refuse(version: str, body: Any, status: int, dag_id: str = "conformance_empty") -> str:
    """Send a body that creates nothing, and is refused with 400 where the documents are followed; give the text."""
    api, documented = Experimental(version), Experimental(version, "documents")
    reply = api.call("POST", f"/dags/{dag_id}/dag_runs", body)
    assert reply.status == status, reply
    assert api.get(f"/dags/{dag_id}/dag_runs") == []
    assert documented.call("POST", f"/dags/{dag_id}/dag_runs", body).status == 400
    assert documented.get(f"/dags/{dag_id}/dag_runs") == []
    return reply.text


@pytest.mark.parametrize(
    "body",
    [
        {"execution_date": 5},
        {"execution_date": []},
        {"replace_microseconds": True},
        {"run_id": {"a": 1}},
        {"run_id": "\ud800"},
        5,
        True,
        "conf",
        ["run_id"],
    ],
)
@pytest.mark.parametrize("version", ["1.10", "2.11"])
def test_values_of_other_types_break_the_server(version: str, body: Any) -> None:
    refuse(version, body, 500)


def test_a_number_is_an_id_in_1_10_alone() -> None:
    assert Experimental("1.10").triggered(run_id=5)["run_id"] == 5
    refuse("2.11", {"run_id": 5}, 500)


@pytest.mark.parametrize("body", [[], ["x"], "x", {"nope": 1}])
def test_what_names_no_member_is_an_empty_body(body: Any) -> None:
    api = Experimental()
    assert api.call("POST", RUNS, body).status == 200
    assert len(api.get(RUNS)) == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"{} x", b'{"a": "\xff"}', b"hello", b"\0"])
@pytest.mark.parametrize(("version", "media"), [("1.10", "text/html"), ("2.11", "text/html; charset=utf-8")])
def test_what_is_no_json_is_refused_before_the_dag_is_looked_for(version: str, media: str, raw: bytes) -> None:
    api = Experimental(version)
    for dag_id in ("conformance_empty", "nope"):
        reply = api.call("POST", f"/dags/{dag_id}/dag_runs", raw=raw)
        assert (reply.status, reply.media) == (400, media)
        assert "<title>400 Bad Request</title>" in reply.text
    assert api.get(RUNS) == []


def test_nesting_without_end_breaks_the_server() -> None:
    raw = b"[" * 200_000
    assert Experimental().call("POST", RUNS, raw=raw).status == 500
    assert Experimental(follow="documents").call("POST", RUNS, raw=raw).status == 400


def test_json_in_other_encodings() -> None:
    api = Experimental()
    assert api.call("POST", RUNS, raw='{"run_id": "é"}'.encode("utf-16")).json["run_id"] == "é"
    assert '"run_id":"\\u00e9"' in api.call("GET", RUNS).text


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.10", "Run id a already exists for dag id conformance_empty"),
        ("2.2", "A Dag Run already exists for dag id conformance_empty at {date} with run id a"),
        ("2.6", "A DAG Run already exists for DAG conformance_empty at {date} with run id a"),
        ("2.11", "A DAG Run already exists for DAG conformance_empty at {date} with run id a"),
    ],
)
def test_an_id_is_taken_once(version: str, text: str) -> None:
    api = Experimental(version)
    api.triggered(run_id="a", execution_date=DAY)
    reply = api.call("POST", RUNS, {"run_id": "a", "execution_date": "2031-02-04"})
    mark = " " if version == "2.11" else "T"
    assert (reply.status, reply.error) == (400, text.format(date=f"2031-02-04{mark}00:00:00+00:00"))
    assert len(api.get(RUNS)) == 1


@pytest.mark.parametrize(("version", "status"), [("1.10", 500), ("2.2", 400), ("2.11", 400)])
def test_a_date_is_taken_once(version: str, status: int) -> None:
    for follow in ("airflow", "documents"):
        api = Experimental(version, follow)  # type: ignore[arg-type]
        api.triggered(run_id="a", execution_date=DAY)
        reply = api.call("POST", RUNS, {"run_id": "b", "execution_date": f"{DAY}+00:00"})
        assert reply.status == (status if follow == "airflow" else 400)
        assert [run["run_id"] for run in api.get(RUNS)] == ["a"]
        api.triggered("conformance_params", run_id="a", execution_date=DAY)


@pytest.mark.parametrize(("version", "status"), [("2.2", 200), ("2.6", 500), ("2.11", 500)])
def test_ids_with_odd_letters_are_told_as_an_error_of_the_server(version: str, status: int) -> None:
    reply = Experimental(version).call("POST", RUNS, {"run_id": "a b"})
    assert reply.status == status
    assert status == 200 or "The provided run ID 'a b' is invalid" in reply.error


@pytest.mark.parametrize(("version", "status"), [("1.10", 200), ("2.2", 500), ("2.3", 500), ("2.11", 500)])
def test_parameters_that_do_not_fit(version: str, status: int) -> None:
    if status == 200:
        Experimental(version).triggered("conformance_params", conf={"number": "x"})
        return
    text = refuse(version, {"conf": {"number": "x"}}, status, "conformance_params")
    assert ("Invalid input for param number" in text) is (version != "2.2")


@pytest.mark.parametrize("version", EVERY)
def test_unknown_dags(version: str) -> None:
    api, text = Experimental(version), "Dag id nope not found in DagModel"
    made = api.call("POST", "/dags/nope/dag_runs", {})
    listed = api.call("GET", "/dags/nope/dag_runs")
    found = api.call("GET", f"/dags/nope/dag_runs/{DAY}")
    assert [(reply.status, reply.error) for reply in (made, listed, found)] == [(404, text), (400, text), (404, text)]


@pytest.mark.parametrize("version", EVERY)
def test_runs_in_a_state(version: str) -> None:
    api = Experimental(version)
    api.triggered()
    state = "running" if version == "1.10" else "queued"
    for word, count in ((state, 1), (state.upper(), 1), ("", 1), ("failed", 0), (f"failed&state={state}", 0)):
        assert len(api.get(f"{RUNS}?state={word}")) == count, word
    checked = version not in ("1.10", "2.2")
    assert api.call("GET", f"{RUNS}?state=nope").status == (500 if checked else 200)
    assert Experimental(version, "documents").get(f"{RUNS}?state=nope") == []


def test_lists_are_ordered_by_date() -> None:
    api = Experimental()
    for year in (2033, 2031, 2032):
        api.triggered(run_id=str(year), execution_date=f"{year}-01-01")
        api.triggered("conformance_params", run_id=str(year), execution_date=f"{year}-01-01")
    assert [run["run_id"] for run in api.get(RUNS)] == ["2031", "2032", "2033"]
    latest = api.get("/latest_runs")["items"]
    assert [(one["dag_id"], one["execution_date"][:4]) for one in latest] == [
        ("conformance_empty", "2033"),
        ("conformance_params", "2033"),
    ]
    assert list(latest[0]) == ["dag_id", "dag_run_url", "execution_date", "start_date"]


def test_the_documents_have_all_variables_of_a_run() -> None:
    api = Experimental("2.11", "documents")
    api.triggered(run_id="a", execution_date=DAY, conf='{"key": "value"}')
    run = api.get(f"{RUNS}/{DAY}")
    assert (run["dag_id"], run["run_id"], run["execution_date"]) == ("conformance_empty", "a", f"{DAY}+00:00")
    assert (run["state"], run["conf"]) == ("queued", {"key": "value"})
