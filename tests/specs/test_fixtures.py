"""The default world and the files that describe it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from specs.fixtures import FixtureError, bundle, load, published
from specs.versions import Version

#: The DAGs of features that Airflow 1.10 has not.
NEWER = {f"conformance_{name}" for name in ("producer", "consumer", "halves", "trigger", "hitl", "torn", "mapped")}
MINIMAL = "dags:\n  mine:\n    tasks: {only: {}}\n"


def world(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_more_dags_and_tags_than_a_page_holds() -> None:
    dags = load().dags
    assert len({dag.id for dag in dags}) > 100
    assert len({tag for dag in dags for tag in dag.tags}) > 100
    assert all(dag.id.startswith("conformance_") for dag in dags)


def test_a_paused_and_an_unpaused_dag() -> None:
    assert load().dag("conformance_empty").paused is None
    assert load().dag("conformance_python").paused is False


@pytest.mark.parametrize("major", [1, 2, 3])
def test_the_bundle_describes_the_dags(major: int) -> None:
    """Each file of the bundle is Python; the DAGs of the world stand in it, those of newer features aside."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in bundle(major).glob("*.py")}
    for name, source in sources.items():
        ast.parse(source, name)
    missing = {dag.id for dag in load().dags if f'"{dag.id[:-3]}' not in sources.get(dag.file, "")}
    named = {dag for dag in missing if not any(f'"{dag}"' in source for source in sources.values())}
    newer = {1: NEWER, 2: {"conformance_hitl", "conformance_torn"}}
    assert named == newer.get(major, set())


def test_the_files_of_the_world_are_there() -> None:
    files = {dag.file for dag in load().dags} | {broken.file for broken in load().import_errors}
    assert files == {path.name for path in bundle(3).glob("*.py")}


@pytest.mark.parametrize("major", [2, 3])
def test_the_broken_file_breaks_where_the_world_says(major: int) -> None:
    [broken] = load().import_errors
    lines = (bundle(major) / broken.file).read_text(encoding="utf-8").splitlines()
    assert lines[broken.line - 1] == broken.statement


def test_a_world_file(tmp_path: Path) -> None:
    text = MINIMAL + "pools: {small: {slots: 1}}\nvariables: {v: 1}\nconnections: {c: {conn_type: http}}\n"
    fixtures = load(world(tmp_path, text))
    assert [dag.id for dag in fixtures.dags] == ["mine"]
    assert fixtures.pools == {"small": {"slots": 1}}
    assert fixtures.variables == {"v": 1}
    assert fixtures.connections["c"]["conn_type"] == "http"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("dags: {a: {tasks: {t: {}}, schedul: x}}", 1, "unknown key 'schedul'; did you mean 'schedule'?"),
        ("dags:\n  a:\n    tasks: []", 3, "'tasks' must be a mapping"),
        ("dags:\n  a:\n    tags: [x]", 2, "'a' needs the key 'tasks'"),
        ("dags:\n  a:\n    tasks:\n      t: {downstream: [u]}", 4, "there is no task 'u'"),
        ("dags:\n  a:\n    assets: [x]\n    tasks: {}", 3, "there is no asset 'x'"),
        ("dags:\n  a:\n    repeat: 3\n    tasks: {}", 2, "a DAG with 'repeat' needs '{number}' in its id"),
        ("dags:\n  a:\n    paused: 1\n    tasks: {}", 3, "'paused' must be true or false"),
        ("dags:\n  a:\n    tags: [1]\n    tasks: {}", 3, "'tags' must hold texts only"),
        ("pools:\n  p: {}", 2, "'p' needs the key 'slots'"),
        ("nothing: 1", 1, "unknown key 'nothing'"),
        ("- a", 1, "'file' must be a mapping"),
        ("dags: [", 2, ""),
        ("dags: {a_000: {tasks: {}}, 'a_{number}': {repeat: 1, tasks: {}}}", 1, "DAG 'a_000' is described twice"),
    ],
)
def test_a_world_file_with_a_fault(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = world(tmp_path, text)
    with pytest.raises(FixtureError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert what in str(error.value)


def test_a_world_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="cannot be read"):
        load(tmp_path / "none.yaml")


def test_what_a_major_version_has_of_the_default_world() -> None:
    def lacking(version: Version) -> set[str]:
        return {dag.id for dag in load().dags} - {dag.id for dag in published(version).dags}

    assert lacking(Version(1, 10)) == NEWER
    assert lacking(Version(2, 11)) == {"conformance_hitl", "conformance_torn"}
    assert lacking(Version(3, 0)) == {"conformance_hitl"}
    assert published(Version(3, 1)) == load()
