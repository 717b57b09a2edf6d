"""Names that do not tell of the suite: the guard lets through exactly those, and nothing of them stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.guard import GuardRefusal
from conformance.journal import FAMILY
from conformance.sweep import sweep
from conformance.target import Target
from tests.conformance.targets import mocked, target_at

KINDS = ("pool", "variable", "connection")


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    with mocked(journals=tmp_path) as made:
        yield made


def created(target: Target, kind: str) -> str:
    name = target.plain_name(kind)
    made = target.kinds[kind]
    assert target.call(made.create, json=made.body(name)).status == 201
    return name


def there(target: Target, kind: str, name: str) -> bool:
    made = target.kinds[kind]
    return target.call(made.get, params={made.param: name}).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_a_plain_name_is_removed_at_the_end(target: Target, kind: str) -> None:
    name = created(target, kind)
    assert there(target, kind, name)
    assert FAMILY not in name
    assert target.clean_up() == []
    assert not there(target, kind, name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sweep_finds_it_by_the_journal_of_a_killed_run(
    target: Target, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = created(target, kind)
    monkeypatch.setattr("conformance.journal._alive", lambda _: False)
    later = target_at(target.url)
    assert sweep(later, tmp_path).found == [f"{kind} {name}"]
    assert not there(later, kind, name)


def test_no_other_plain_name_passes_the_guard(target: Target) -> None:
    name = target.plain_name("pool")
    for other in (name[:-1], f"{name}x", "default_pool"):
        with pytest.raises(GuardRefusal):
            target.call("delete_pool", params={"pool_name": other})
    with pytest.raises(GuardRefusal):
        target.call("delete_variable", params={"variable_key": name})


def test_no_two_are_the_same(target: Target) -> None:
    assert target.plain_name("pool") != target.plain_name("pool")
