"""What the run may change: its own things, what belongs to nobody, and what the fixtures lend it."""

from __future__ import annotations

from specs import fixtures

#: Numbers that no target has counted up to, and that every database can hold.
ABSENT_NUMBERS = range(2_000_000_000, 2**31)

#: What Airflow 2 calls the URI of a dataset: in a path, in a body.
_URIS = ("uri", "dataset_uri")


class Ownership:
    """What belongs to a run. `prefix`: how its names begin. `borrows`: the fixture DAGs are there for it to use."""

    def __init__(self, prefix: str, *, borrows: bool = True) -> None:
        self.prefix = prefix
        self._borrows = borrows
        self._owned: set[tuple[str, str]] = set()
        self._lent: set[tuple[str, str]] = set()
        if borrows:
            self._lent.update(("dag_id", dag.id) for dag in fixtures.load().dags)
            uris = [asset.uri for asset in fixtures.load().assets]
            uris += [each.replace("//", "/") for each in uris]  # as a path is read, where no segment is empty
            self._lent.update((name, each) for name in _URIS for each in uris)

    def own(self, name: str, value: object) -> None:
        """Take note that the run created what this path parameter names with this value, such as a backfill's id."""
        self._owned.add((name, str(value)))

    def lend(self, name: str, value: object) -> None:
        """Take note that this value of a path parameter names a part of the fixtures, such as an asset's id."""
        if self._borrows:
            self._lent.add((name, str(value)))

    def owns(self, name: str, value: object) -> bool:
        """Whether that value of a parameter or field is the run's, or provably nobody's."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value in ABSENT_NUMBERS or (name, str(value)) in self._owned
        if not isinstance(value, str):
            return False
        if value.isascii() and value.isdigit() and len(value) == 10:
            return int(value) in ABSENT_NUMBERS
        return value.startswith(self.prefix) or (name, value) in self._owned

    def lends(self, name: str, value: object) -> bool:
        """Whether that value of a parameter or field names a part of the fixtures."""
        return not isinstance(value, bool) and (name, str(value)) in self._lent
