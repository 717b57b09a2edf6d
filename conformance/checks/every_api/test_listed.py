"""What a list shows is there under its name, whoever has put it there: also what is not the suite's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from conformance.exchange import NotJson
from conformance.findings import told
from conformance.items import items
from conformance.journal import FAMILY
from conformance.judge import Judge
from conformance.kinds import Kind
from conformance.marks import needs, requirement
from conformance.target import Target

DAG = Kind("dag", create="", param="dag_id", fields={}, get="get_dag", list="get_dags", field="dag_id")
#: What of each stays as it is. A pool that is not the suite's is in every Airflow; such DAGs may be there.
STAYS = {"pool": ("slots", "description"), "dag": ("fileloc",), "role": ("actions",)}
#: How the names of the run's things and of the fixtures begin.
_OURS = (FAMILY, "conformance_")
#: What stands in place of a secret option, and the operation that shows one option.
_HIDDEN = "< hidden >"
_OPTION = ("get_value", "get_config_value")
#: So many of a kind are looked at.
_MOST = 5


@requirement("PUB-API-001", "STB-API-001", "CMP-API-001", "EXP-API-006", "CMP-API-005")
def test_what_is_listed_is_there(target: Target, judge: Judge) -> None:
    """Pools, DAGs and roles that are not the suite's are by themselves what they are listed as."""
    for kind in (target.kinds["pool"], DAG, *filter(None, [target.kinds.get("role")])):
        if {kind.list, kind.get} <= target.interface.operations.keys() and _listed(target, kind):
            try:
                for item in list(_others(target, kind)):
                    _look(target, judge, kind, item)
            except NotJson as error:
                judge.unreached(str(error))


@requirement("PUB-API-001", "STB-API-001")
@needs("expose_config")
def test_hidden_options_stay_hidden(target: Target, judge: Judge) -> None:
    """An option whose value the whole configuration hides is hidden by itself, too."""
    accept = [("Accept", "application/json")]
    name = next((name for name in _OPTION if name in target.interface.operations), None)
    whole = target.call("get_config", headers=accept)
    judge.that(whole.status == 200, whole, f"the configuration is to be shown; it was answered with {whole.status}")
    hidden = [
        (section.get("name"), option["key"])
        for section in told(whole).get("sections", [])
        for option in section.get("options", [])
        if option.get("value") == _HIDDEN
    ]
    for section, option in hidden if name else ():  # an older version does not show single options
        answer = target.call(str(name), params={"section": section, "option": option}, headers=accept)
        values = {one.get("value") for each in told(answer).get("sections", []) for one in each.get("options", [])} | (
            {_HIDDEN} if answer.status == 404 else set()
        )  # what is set for this moment only
        judge.that(values == {_HIDDEN}, answer, f"the option {section}/{option} is hidden in the whole, not by itself")


def _listed(target: Target, kind: Kind) -> bool:
    """Whether a list of roles is shown: not everywhere may the admin of the run see them."""
    return kind.name != "role" or target.call(kind.list, query={"limit": 1}).status == 200


def _others(target: Target, kind: Kind) -> Iterator[Mapping[str, Any]]:
    """Some of the items that are not the suite's; what Airflow could not read is there only in part."""
    found = (each for each in items(target, kind) if not str(_name(kind, each)).startswith(_OURS))
    return islice((each for each in found if not each.get("has_import_errors")), _MOST)


def _look(target: Target, judge: Judge, kind: Kind, item: Mapping[str, Any]) -> None:
    """Look at one; what has been changed or removed since it was listed is not judged by that."""
    seen = target.call(kind.get, params={kind.param: _name(kind, item)})
    if (shown := _shown(kind, told(seen))) != _shown(kind, item):
        there = [each for each in _others(target, kind) if _name(kind, each) == _name(kind, item)]
        item = there[0] if there else {}
    if item:
        wanted = _shown(kind, item)
        ok = seen.status == 200 and shown == wanted
        judge.that(ok, seen, f"{kind.name} {_name(kind, item)!r} is listed with {wanted}; {seen.status} has {shown}")


def _name(kind: Kind, item: Mapping[str, Any]) -> Any:
    return item.get(kind.name_shown)


def _shown(kind: Kind, item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _sorted(item.get(name)) for name in (kind.name_shown, *STAYS[kind.name])}


def _sorted(value: Any) -> Any:
    """A list in an order of our own: what it holds counts."""
    return sorted(value, key=str) if isinstance(value, list) else value
