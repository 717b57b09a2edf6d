"""What servers do and their documents do not say: data that the contract gets beside what the packages give.

The file of an API, `measured/<api>.yaml`, has:

* `open`: the operations that need no authentication, where the documents declare no security for any;
* `typed_routes`: true when the server decodes a path before it finds its route, and then by the parameters' types;
* `order_by`: operation -> attribute that its collection can be ordered by, with a sign where only rising (+) or only
  falling (-) -> range of versions, {} for all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from specs.versions import within

ENDS = ("since", "until")


def add(api: str, version: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Add to the facts of a version's document, as `normalise` gives them, what was measured."""
    operations = {one["operationId"]: one for item in facts["paths"].values() for one in item.values()}
    for name, attributes in orders(api).items():
        offered = sorted(name for name, marks in attributes.items() if within(version, *map(marks.get, ENDS)))
        parameters = operations.get(name, {}).get("parameters", ())
        for parameter in (one for one in parameters if offered and one["name"] == "order_by"):
            parameter["x-order-by"] = offered
    return facts | heads(api)


def heads(api: str) -> dict[str, Any]:
    """What was measured of the API as a whole, under the names that a contract file has for it."""
    measured = _read(api)
    return {f"x-{name.replace('_', '-')}": measured[name] for name in ("open", "typed_routes") if name in measured}


def orders(api: str) -> dict[str, dict[str, dict[str, str]]]:
    """What collections can be ordered by: operation -> attribute -> range."""
    found: dict[str, dict[str, dict[str, str]]] = _read(api).get("order_by", {})
    return found


@cache
def _read(api: str) -> dict[str, Any]:
    file = Path(__file__).parent / "measured" / f"{api}.yaml"
    return yaml.load(file.read_bytes(), yaml.CSafeLoader) if file.is_file() else {}
