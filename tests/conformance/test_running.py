"""Whole runs of the command line, in a process of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import mock
from conformance.cli import main
from conformance.options import Options
from conformance.run import Run

ROOT = Path(__file__).parents[2]
QUICK = ["run", "mock", "--depth", "smoke", "--only", "PUB-TOKEN-001", "--only", "PUB-AUTH-010"]


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(folder / "state"),
        "PYTHONUNBUFFERED": "1",
    }
    (folder / "here").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "conformance", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder / "here",
    )


def test_what_a_killed_run_left_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with mock.serving([]) as url:
        run = Run.prepare(Options(url, "airflow-3"))
        run.open()
        assert run.target is not None
        run.target.journal.path = None  # the journal of another machine
        name = run.target.new_name("pool")
        run.target.call("post_pool", json={"name": name, "slots": 1})
        sweep = ["sweep", url, "--profile", "airflow-3"]
        assert main([*sweep, "--dry-run"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == f"would be removed: pool {name}"
        assert run.target.call("get_pool", params={"pool_name": name}).status == 200
        assert main(sweep) == 0
        assert run.target.call("get_pool", params={"pool_name": name}).status == 404
        assert main(sweep) == 0
        assert "\nnothing of any run was found\n" in capsys.readouterr().out
        run.target.close()


def test_what_a_sweep_cannot_remove_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    profile = ["--profile", "airflow-1.10-open"]
    with mock.serving(profile) as url:
        run = Run.prepare(Options(url, "airflow-1.10-open"))
        run.open()
        assert run.target is not None
        run.target.create("dag_run", dag_id="conformance_empty")
        monkeypatch.setattr("conformance.journal._alive", lambda _: False)
        assert main(["sweep", url, *profile]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert "stays, for the API cannot remove it: 1 DAG run of conformance_empty" in lines[1]
        assert lines[2] == "not looked for, for this API cannot remove any: DAG runs of runs without a journal"
        run.target.close()


def test_a_sweep_of_nothing_that_answers_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "http://127.0.0.1:9", "--profile", "airflow-3"]) == 3
    assert "nothing listens at 127.0.0.1:9" in capsys.readouterr().err


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_mock_is_started_checked_and_stopped(tmp_path: Path) -> None:
    process = start(tmp_path, *QUICK, "--report", str(tmp_path / "out"), "--seed", "4")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "what it selects is met" in out
    assert "seed 4" in err
    written = json.loads((tmp_path / "out" / "result.json").read_text())
    assert written["target"]["version"] == "3.3.2"
    assert {check["verdict"] for check in written["checks"]} == {"PASS", "DEPARTS"}
    assert list((tmp_path / "here").iterdir()) == []
    assert not list((tmp_path / "state").rglob("*.jsonl"))


@pytest.fixture
def heeding() -> Iterator[None]:
    """What is started in the background inherits that SIGINT is ignored; a run that is to be interrupted must not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_still_reports_and_stops_the_mock(tmp_path: Path, sign: signal.Signals) -> None:
    process = start(tmp_path, "run", "mock", "--report", str(tmp_path / "out"))
    assert process.stderr is not None
    while "1/" not in process.stderr.readline():
        assert process.poll() is None
    mocks = children(process.pid)
    process.send_signal(sign)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "the run was interrupted" in out
    assert json.loads((tmp_path / "out" / "result.json").read_text())["problems"] == ["the run was interrupted"]
    assert mocks
    assert not any(Path(f"/proc/{pid}").exists() for pid in mocks)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://127.0.0.1:9"], "nothing listens at 127.0.0.1:9"),
        (["https://127.0.0.1:9"], "nothing listens at 127.0.0.1:9"),
    ],
)
def test_a_target_that_is_not_there_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    out, err = start(tmp_path, "run", *arguments, "--profile", "airflow-3").communicate(timeout=60)
    assert said in out
    assert "No check was run." in out
    assert "Traceback" not in err


@pytest.mark.parametrize("workers", ["1", "4"])
def test_the_first_failure_can_be_enough(tmp_path: Path, workers: str) -> None:
    report = tmp_path / "report"
    command = ["run", "mock", "--deviate", "one-read-open", "--only", "PUB-AUTH-*", "--depth", "smoke"]
    ran = start(tmp_path, *command, "--exitfirst", "--workers", workers, "--report", str(report))
    ran.communicate(timeout=120)
    result = json.loads((report / "result.json").read_text())
    assert ran.returncode == 1
    assert "the run ended at the first check that fails" in result["problems"]
    ran_of_these = {name for check in result["checks"] for name in check["requirements"]}
    assert len([name for name in ran_of_these if name.startswith("PUB-AUTH")]) < 10
    assert "FAIL" in [check["verdict"] for check in result["checks"]]
