"""Every requirement has a check or the reason why not; every check names requirements that exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from specs import requirements

CHECKS = Path(__file__).parent.parent / "conformance" / "checks"
MODULES = sorted(CHECKS.rglob("test_*.py"))


def checks(module: Path) -> Iterator[tuple[str, set[str]]]:
    """Each check of the module with the requirement ids that it names."""
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks = [d for d in node.decorator_list if isinstance(d, ast.Call) and ast.unparse(d.func) == "requirement"]
            yield node.name, {ast.literal_eval(argument) for mark in marks for argument in mark.args}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_checks_name_known_requirements(module: Path) -> None:
    found = dict(checks(module))
    assert found
    for name, ids in found.items():
        assert ids, f"{name} names no requirement"
        assert all(not requirements.find(each).untestable for each in ids)


@pytest.mark.parametrize("document", requirements.DOCUMENTS)
def test_every_requirement_has_a_check_or_a_reason(document: str) -> None:
    named = {each for module in MODULES for _, ids in checks(module) for each in ids}
    assert [
        r.id for r in requirements.load(document).values() if not r.untestable and not r.by_ledger and r.id not in named
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_checks_have_a_docstring_and_a_name_of_their_own(module: Path) -> None:
    functions = [node for node in ast.parse(module.read_text()).body if isinstance(node, ast.FunctionDef)]
    tests = [node for node in functions if node.name.startswith("test_")]
    assert all(ast.get_docstring(node) for node in tests)
    assert len({node.name for node in tests}) == len(tests)
