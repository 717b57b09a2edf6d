from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from conformance.journal import Journal, directory, new_prefix, read


@pytest.fixture
def made(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "conf_1.jsonl", "http://x", "conf_1_")


def lines(made: Journal) -> list[dict[str, object]]:
    assert made.path
    return [json.loads(line) for line in made.path.read_text().splitlines()]


def test_nothing_is_written_before_there_is_something(made: Journal) -> None:
    made.close()
    assert made.path
    assert not made.path.exists()


def test_it_is_on_disk_as_soon_as_it_is_noted(made: Journal) -> None:
    made.note("pool", {"pool_name": "a"})
    head, line = lines(made)
    assert (head["target"], head["prefix"], head["pid"]) == ("http://x", "conf_1_", os.getpid())
    assert line == {"there": "pool", "ids": {"pool_name": "a"}, "before": {}}


def test_what_was_refused_is_not_there(made: Journal) -> None:
    entry = made.note("pool", {"pool_name": "a"})
    assert made.open_entries() == [entry]
    made.ended(entry, refused=True)
    assert made.open_entries() == []
    assert lines(made)[-1] == {"gone": "pool", "ids": {"pool_name": "a"}}


def test_what_one_request_created_is_there_whatever_the_others_say(made: Journal) -> None:
    first, second = made.note("pool", {"pool_name": "a"}), made.note("pool", {"pool_name": "a"})
    assert first is second
    made.ended(first, refused=False)
    made.ended(second, refused=True)
    assert made.open_entries() == [first]
    assert len(lines(made)) == 2


def test_what_was_removed_may_come_again(made: Journal) -> None:
    first = made.note("pool", {"pool_name": "a"})
    made.ended(first, refused=False)
    made.gone(first)
    made.gone(first)
    assert made.known("pool", {"pool_name": "a"}) is None
    again = made.note("pool", {"pool_name": "a"})
    assert made.open_entries() == [again]
    assert [next(iter(line)) for line in lines(made)[1:]] == ["there", "gone", "there"]


def test_the_last_comes_first(made: Journal) -> None:
    for name in "abc":
        made.ended(made.note("pool", {"pool_name": name}), refused=False)
    assert [entry.ids["pool_name"] for entry in made.open_entries()] == ["c", "b", "a"]
    assert made.kinds() == {"pool"}


def test_the_file_stays_while_something_is_left(made: Journal) -> None:
    entry = made.note("paused", {"dag_id": "d"}, {"is_paused": True})
    made.close()
    assert made.path
    found = read(made.path)
    assert found
    assert [(e.kind, e.ids, e.before, e.there) for e in found.entries] == [
        ("paused", {"dag_id": "d"}, {"is_paused": True}, True)
    ]
    made.gone(entry)
    made.close()
    assert not made.path.exists()


def test_a_journal_that_was_cut_off_is_read_as_far_as_it_goes(made: Journal) -> None:
    for name in "ab":
        made.note("pool", {"pool_name": name})
    assert made.path
    made.path.write_text(made.path.read_text()[:-20])
    found = read(made.path)
    assert found
    assert [str(entry) for entry in found.entries] == ["pool a"]


@pytest.mark.parametrize("text", ["", "junk", "[]", "{}", '{"target": 1, "prefix": 2}'])
def test_what_is_no_journal_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    assert read(tmp_path / "x") is None
    assert read(tmp_path / "nothing") is None


def test_a_run_that_goes_on_is_known(made: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    made.note("pool", {"pool_name": "a"})
    assert made.path
    assert read(made.path).alive  # type: ignore[union-attr]
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    assert not read(made.path).alive  # type: ignore[union-attr]


def test_a_run_whose_process_is_gone_does_not_go_on(made: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    made.note("pool", {"pool_name": "a"})

    def kill(_pid: int, _signal: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", kill)
    assert made.path
    assert not read(made.path).alive  # type: ignore[union-attr]


def test_no_secret_is_in_it(made: Journal) -> None:
    made.note("variable", {"variable_key": "conf_1_v"})
    assert set(lines(made)[1]) == {"there", "ids", "before"}


def test_it_lies_where_the_user_keeps_state(tmp_path: Path) -> None:
    assert directory({"XDG_STATE_HOME": str(tmp_path / "s")}) == tmp_path / "s" / "airflow-api-conformance"
    assert directory({"HOME": str(tmp_path)}) == tmp_path / ".local" / "state" / "airflow-api-conformance"


def test_without_such_a_place_it_lies_with_the_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    found = directory({"XDG_STATE_HOME": str(tmp_path / "file")})
    assert found.parent == tmp_path
    assert stat.S_IMODE(found.stat().st_mode) == 0o700


def test_prefixes() -> None:
    assert len({new_prefix() for _ in range(100)}) == 100
    assert all(len(new_prefix("gw12")) <= 20 for _ in range(10))
