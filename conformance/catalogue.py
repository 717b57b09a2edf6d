"""The checks that there are, read from their source without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.paths import CHECKS, check_name


@dataclass(frozen=True)
class Listed:
    """One check: its name, the first sentence of its docstring, the requirements that it decides."""

    name: str
    title: str
    requirements: tuple[str, ...]


def checks() -> Iterator[Listed]:
    """Every check of the suite, in the order of the files."""
    for module in sorted(CHECKS.rglob("test_*.py")):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                title = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
                yield Listed(check_name(module, node.name), title, tuple(_requirements(node)))


def _requirements(node: ast.FunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "requirement":
            yield from (ast.literal_eval(argument) for argument in mark.args)
