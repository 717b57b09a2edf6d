"""What the matrix says, in figures: on the terminal, and as docs/proof.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mockserver.deviations import catalogue
from tests.proof.areas import area_of
from tests.proof.idle import cells, excused, idle, kills, useless
from tests.proof.matrix import MATRIX, Matrix, reasons

PAGE = Path(__file__).parents[2] / "docs" / "proof.md"
_HEAD = """\
# Proof

Every deviation that the mock can be told to have is put before the checks of the requirements that it breaks; the
checks that find it are kept in `tests/proof/matrix.yaml`. `nox -s proof` runs what a change touched, and
`nox -s proof -- --all` all of it. It writes this page.
"""


def keep(matrix: Matrix, file: Path = MATRIX, page_file: Path = PAGE) -> Matrix:
    """Keep a matrix and write the page of what is kept, which is given: its seconds are rounded."""
    matrix.save(file)
    kept = Matrix.load(file)
    page_file.write_text(page(kept))
    return kept


def page(matrix: Matrix) -> str:
    """The page of the docs."""
    return "\n".join([_HEAD, *lines(matrix)]) + "\n"


def lines(matrix: Matrix) -> Iterator[str]:
    """The figures, as Markdown."""
    yield from _areas(matrix)
    yield from _survivors(matrix)
    yield from _checks(matrix)


def faults(matrix: Matrix) -> list[str]:
    """What must not be: rows of nothing, deviations without a row, survivors without a reason, reasons, idle checks."""
    known, kept, found = catalogue(), reasons(), matrix.survivors
    busy = kills(matrix.rows.values())
    return [
        *(f"{name}: not run yet" for name in known if name not in matrix.rows),
        *(f"{name}: there is a row, and no such deviation" for name in matrix.rows if name not in known),
        *(f"{name}: no check finds it, and survivors.yaml has no reason" for name in found if name not in kept),
        *(f"{name}: survivors.yaml has a reason, and it does not survive" for name in kept if name not in found),
        *(f"{check}: finds no deviation of {api}" for check, api in useless(matrix.rows)),
        *(
            f"{check}: idle.yaml has a reason, and it finds something of {api}"
            for check, api in excused()
            if busy[check, api]
        ),
    ]


def _areas(matrix: Matrix) -> Iterator[str]:
    known, kept = catalogue(), reasons()
    rows = {name: row for name, row in matrix.rows.items() if name in known}
    of = {name: area_of(known[name]) for name in rows}
    total, found = Counter(of.values()), Counter(of[name] for name, row in rows.items() if row.killed)
    excused = Counter(of[name] for name in rows if name in kept)
    seconds: Counter[str] = Counter()
    for name, row in rows.items():
        seconds[of[name]] += row.seconds  # type: ignore[assignment]
    yield "| area | deviations | found | equivalent | kill rate | seconds |"
    yield "|---|--:|--:|--:|--:|--:|"
    for area in sorted(total):
        yield _line(area, total[area], found[area], excused[area], seconds[area])
    yield _line("**all**", total.total(), found.total(), excused.total(), seconds.total())
    if left := len(known) - len(rows):
        yield f"\n{left} more are not run yet."
    if matrix.whole:
        yield ""
        yield (
            "Last run of all of them: {date}, {deviations} deviations in {minutes} minutes"
            " with {jobs} at a time; `seconds` are those of single runs, added up.".format(**matrix.whole)
        )


def _line(area: str, total: int, found: int, excused: int, seconds: float) -> str:
    rate = 100 * found / (total - excused) if total > excused else 100.0
    return f"| {area} | {total} | {found} | {excused} | {rate:.1f} % | {seconds:.0f} |"


def _survivors(matrix: Matrix) -> Iterator[str]:
    kept = reasons()
    yield "\n## Not found\n"
    if not matrix.survivors:
        yield "None."
    for name in sorted(matrix.survivors):
        yield f"* `{name}`: {kept.get(name, 'no reason is known')}"


def _checks(matrix: Matrix) -> Iterator[str]:
    busy, first = kills(matrix.rows.values()), Counter(row.first for row in matrix.rows.values())
    names = {check for check, _ in cells()}
    yield "\n## Checks\n"
    yield (
        f"{len(names)} checks, {len(cells())} with each API counted for itself; {len(idle(matrix.rows.values()))} find"
        f" nothing, {sum(name in first for name in names)} are the first to find something.\n"
    )
    for (check, api), reason in excused().items():
        yield f"* `{check}` ({api}) cannot find anything: {reason}"
    yield "\n| check | deviations found | first to find |\n|---|--:|--:|"
    for name in sorted(names):
        apis = ", ".join(f"{api} {busy[name, api]}" for check, api in cells() if check == name)
        yield f"| {name} | {apis} | {first[name]} |"
