"""What the suite puts into a target so that it knows what a collection holds: each thing when it is first asked for.

`Content` is a mapping from the words in collections.yaml to what stands for them. It creates only what bears the run's
names; the run removes it at its end. Where nothing may be written, FillError.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from conformance.exchange import Exchange, Request
from conformance.filling import FillError, Known, date, expect
from conformance.target import Target
from conformance.varied import Varied
from specs import fixtures

#: The DAG of the fixtures that gets the runs, and its tasks. It is paused, so that runs stay as they are.
DAG, TASKS = "conformance_empty", ("first", "last")
MAPPED_DAG = "conformance_mapped"
#: Up to this limit collections are filled beyond it; a larger one would burden the target. In a deep run those are that
#: take many items in one request.
FILLED_UP_TO, DEEPLY_FILLED_UP_TO = 200, 990
#: Of these there are more than the limit also where each takes a request of its own; of the others only some then.
ALWAYS_MANY = ("variables",)
#: How many items more than the limit, and how many where the limit is too large to be filled.
BEYOND, MODEST = 7, 12
#: How many items a narrowed view holds: those whose number begins with 00.
FEW = 10
#: Runs get dates of their own from here on, within what every database can hold.
FIRST_DAY, HOURS = datetime(2027, 1, 1, tzinfo=UTC), 10 * 365 * 24

#: Collections of things that can be created by themselves, and the kind of these.
SINGLE = {"pools": "pool", "variables": "variable", "connections": "connection"}
#: And those of which there are always some, so that a few more are enough.
ACCOUNTS, ACCOUNTS_MADE = {"users": "user", "roles": "role"}, 2
KINDS = {**SINGLE, **ACCOUNTS}
#: What is known of the fixtures.
OF_FIXTURES = ("dags", "tags", "versions", "assets", "datasets")


class Content(Mapping[str, Any]):
    """What one run has put into its target. `limit` is the page limit that collections are filled beyond."""

    def __init__(self, target: Target, limit: int, *, deep: bool = False) -> None:
        self.target = target
        self._amount = limit + BEYOND if limit <= FILLED_UP_TO else MODEST
        self._bulk_amount = limit + BEYOND if deep and limit <= DEEPLY_FILLED_UP_TO else self._amount
        self._made: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._makers: dict[str, Callable[[], Any]] = {
            **{word: partial(self._single, word) for word in KINDS},
            "dag": self._dag,
            "runs": self._runs,
            "run": lambda: f"{self['runs']}_000",
            "mapped_run": self._mapped_run,
            "xcoms": self._xcoms,
            "since": lambda: date(self.day),
            "soon": lambda: date(self.day + timedelta(seconds=FEW - 1)),
            "until": lambda: date(self.day + timedelta(hours=1)),
        }
        varied = Varied(self)
        self._makers |= varied.makers
        self._known: dict[str, Callable[[int | None], Known]] = {
            **{word: partial(self._by_name, word) for word in KINDS},
            "runs": lambda amount: self._by_name("runs", amount, DAG),
            "instances": self._instances,
            "dated_instances": lambda amount: Known(count=len(TASKS) * len(self.names("runs")[:amount])),
            "xcoms": self._entries,
            "xcom_events": lambda _: Known(count=len(self.names("xcoms"))),
            **varied.known,
        }

    def __getitem__(self, word: str) -> Any:
        with self._lock:
            if word not in self._made:
                try:
                    self._made[word] = self._makers[word]()
                except FillError as error:
                    self._made[word] = error
            if isinstance(self._made[word], FillError):
                raise self._made[word]
            return self._made[word]

    def __iter__(self) -> Any:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def known(self, word: str, *, few: bool = False) -> Known:
        """What is known to be in a collection, or in its first few items."""
        amount = FEW if few else None
        return self._known[word](amount) if word in self._known else self._of_fixtures(word, few)

    @property
    def words(self) -> frozenset[str]:
        """The words for what is known to be in a collection."""
        return frozenset((*self._known, *OF_FIXTURES))

    def _instances(self, amount: int | None) -> Known:
        names = self.names("runs")[:amount]
        return Known(frozenset((DAG, name, task, -1) for name in names for task in TASKS), exact=True)

    def _entries(self, amount: int | None) -> Known:
        keys = self.names("xcoms")[:amount]
        return Known(frozenset((DAG, self["run"], TASKS[0], -1, key) for key in keys), exact=True)

    def _by_name(self, word: str, amount: int | None, *within: str) -> Known:
        return Known(frozenset((*within, name) for name in self.names(word)[:amount]), exact=True)

    def names(self, word: str) -> list[str]:
        """The names of what was created, in the order of creation and of the alphabet."""
        return self.named(self[word], self._amount_of(word))

    def add(self, word: str, name: str) -> Exchange:
        """One more pool, variable or connection, which does not belong to those that are known."""
        kind = self.target.kinds[SINGLE[word]]
        return self.target.call(kind.create, json=kind.body(name))

    def _amount_of(self, word: str) -> int:
        """How many there are to be; it depends on whether many take one request."""
        if word in ACCOUNTS:
            return ACCOUNTS_MADE
        if word in SINGLE and self.target.kinds[SINGLE[word]].bulk:
            return self._bulk_amount
        return self._amount if word not in SINGLE or word in ALWAYS_MANY else min(self._amount, MODEST)

    def named(self, base: str, amount: int) -> list[str]:
        """Names that begin with `base`. They differ in length, so that an order by length is another one."""
        return [f"{base}_{number:03d}{'x' * (number % 3)}" for number in range(amount)]

    def _of_fixtures(self, word: str, few: bool) -> Known:
        if "fixture-dags" not in self.target.profile.capabilities:
            return Known()
        there = fixtures.published(self.target.profile.airflow)
        dags = [dag for dag in there.dags if not dag.disposable]
        if word == "versions":  # a DAG has a first one, whatever has become of it
            return Known(frozenset((dag.id, 1) for dag in dags))
        if word == "assets":
            return Known(frozenset((asset.name, asset.uri) for asset in there.assets))
        if word == "datasets":
            return Known(frozenset((asset.uri,) for asset in there.assets))
        names = {dag.id for dag in dags} if word == "dags" else {tag for dag in dags for tag in dag.tags}
        part = {"dags": "page_00", "tags": "page-00"}[word]
        return Known(frozenset((name,) for name in names if not few or part in name))

    def writable(self) -> None:
        """FillError where nothing may be written."""
        if "writes" not in self.target.profile.capabilities:
            raise FillError("nothing may be written to the target")

    def fixed(self) -> None:
        """FillError where the fixture DAGs are not there."""
        if "fixture-dags" not in self.target.profile.capabilities:
            raise FillError("the target has no fixture DAGs to make runs of")

    def _dag(self) -> str:
        self.fixed()
        return DAG

    def runnable(self) -> None:
        """FillError where there can be no runs of the suite's own."""
        self.writable()
        self.fixed()

    def _single(self, word: str) -> str:
        self.writable()
        base, kind = self.target.new_name(word), self.target.kinds[KINDS[word]]
        bodies = [kind.body(name) for name in self.named(base, self._amount_of(word))]
        if kind.bulk:
            self._bulk(kind.bulk, bodies)
        else:
            self._send([self.target.request(kind.create, json=body) for body in bodies], 200)
        return base

    def _bulk(self, operation: str, entities: list[dict[str, Any]]) -> None:
        made = self.target.call(operation, json={"actions": [{"action": "create", "entities": entities}]})
        expect(made, 200)
        created = made.json().get("create") or {}
        if len(created.get("success") or ()) != len(entities):
            raise FillError(f"{operation} was to create {len(entities)} items; it answered {str(created)[:200]}")

    def _runs(self) -> str:
        self.runnable()
        base = self.target.new_name("runs")
        day = self.day
        bodies = [
            {"dag_run_id": name, "logical_date": date(day + timedelta(seconds=number))}
            for number, name in enumerate(self.named(base, self._amount))
        ]
        self._trigger(DAG, bodies)
        return base

    def _mapped_run(self) -> str:
        self.runnable()
        name = self.target.new_name("mapped")
        self._trigger(MAPPED_DAG, [{"dag_run_id": name, "logical_date": self["since"]}])
        return name

    def _trigger(self, dag: str, bodies: Iterable[Mapping[str, Any]]) -> None:
        trigger = self.target.api.trigger
        self._send([self.target.request(trigger, params={"dag_id": dag}, json=body) for body in bodies], 200)

    def _xcoms(self) -> str:
        params = {"dag_id": DAG, "dag_run_id": self["run"], "task_id": TASKS[0]}
        base = self.target.new_name("xcoms")
        bodies = [{"key": name, "value": 1} for name in self.named(base, self._amount)]
        self._send([self.target.request("create_xcom_entry", params=params, json=body) for body in bodies], 201)
        return base

    def _send(self, requests: Sequence[Request], status: int) -> None:
        """Send them, the first by itself: where that is refused, so are the others."""
        for some in (requests[:1], requests[1:]):
            for exchange in self.target.all(some):
                expect(exchange, status)

    @property
    def day(self) -> datetime:
        """The day of the run: what it dates begins here."""
        return FIRST_DAY + timedelta(hours=zlib.crc32(self.target.prefix.encode()) % HOURS)
