"""A script: what is asked of a server, in order. A file for each API says it, and the contract gives the rest.

    api: public-v2                  the contract
    root: /api/v2                   before every path
    known, unknown                  values of path parameters that there are, and that there are not (see `probes`)
    parts:
      pools:
        - {POST: /pools, body: {name: twin, slots: 3}, keep: {pool: name}}     as the admin
        - {GET: "/pools/<pool>", as: viewer, headers: {Accept: text/plain}}
        - {GET: "/pools?limit=<limit>", each: {limit: [0, 1]}}                 two steps
        - {POST: /pools, text: "{"}                                            a body that is no JSON
        - {GET: /pools, since: "3.1", until: "3.2"}                            for some versions only
      contract: probes              what the contract gives comes here

`keep` gives names to values of the answer (a path of keys and numbers with dots between); `<name>` stands for one in a
later target or, alone in quotes, in a body. `wait: true`: not within the second of the step before. A target that
begins with two slashes is taken as it is, without the root.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from profiles import Profile
from specs.versions import Version, within

HERE = Path(__file__).parent / "scripts"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
JSON = (("Content-Type", "application/json"),)
_NAME = re.compile(r'"<(\w+)>"|<(\w+)>')


@dataclass(frozen=True)
class Step:
    """One request; `role` asks, "nobody" without credentials. Target and body may have names in them."""

    name: str
    method: str
    target: str
    role: str = "admin"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    keep: Mapping[str, str] = field(default_factory=dict)
    wait: bool = False

    def told(self) -> dict[str, Any]:
        """What a recording says of it."""
        told: dict[str, Any] = {"as": self.role, "request": f"{self.method} {self.target}"}
        if self.headers:
            told["headers"] = dict(self.headers)
        return told if self.body is None else told | {"body": self.body}

    def filled(self, values: Mapping[str, Any]) -> Step:
        """The step with values in the place of names."""
        body = None if self.body is None else _fill(self.body, values)
        return replace(self, target=_fill(self.target, {name: _quoted(one) for name, one in values.items()}), body=body)


@cache
def read(name: str) -> dict[str, Any]:
    """The file of an API."""
    told: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text())
    return told


def steps(name: str, profile: Profile) -> list[Step]:
    """All steps of a script for a deployment, each with a name of its own."""
    from tests.twins.probes import Probes

    script = read(name)
    found: list[Step] = []
    for part, told in script["parts"].items():
        if told == "probes":
            found += Probes(profile.interface, script).steps()
        else:
            found += _steps(part, told, script["root"], profile.airflow)
    return list(_named(found))


def _steps(part: str, told: Iterable[dict[str, Any]], root: str, version: Version) -> Iterator[Step]:
    for one in told:
        if within(version, one.get("since"), one.get("until")):
            variants = one.get("each", {})
            for values in product(*variants.values()):
                yield _step(part, one, root, dict(zip(variants, values, strict=True)))


def _step(part: str, step: Mapping[str, Any], root: str, values: Mapping[str, Any]) -> Step:
    method = next(one for one in METHODS if one in step)
    target = _fill(str(step[method]), {name: _quoted(one) for name, one in values.items()})
    told = json.loads(_fill(json.dumps({name: one for name, one in step.items() if name != "each"}), values))
    body = json.dumps(told["body"], ensure_ascii=False) if "body" in told else told.get("text")
    headers = tuple((told.get("headers") or {}).items())
    if "body" in told and not any(name.lower() == "content-type" for name, _ in headers):
        headers += JSON
    return Step(
        name=f"{part}: {method} {target}",
        method=method,
        target=target[1:] if target.startswith("//") else root + target,
        role=told.get("as", "admin"),
        headers=headers,
        body=body,
        keep=told.get("keep", {}),
        wait=told.get("wait", False),
    )


def _named(found: Iterable[Step]) -> Iterator[Step]:
    """The steps with names that differ: the role where it is not the admin, and a number."""
    seen: Counter[str] = Counter()
    for step in found:
        name = step.name if step.role == "admin" else f"{step.name} as {step.role}"
        seen[name] += 1
        yield replace(step, name=name if seen[name] == 1 else f"{name} #{seen[name]}")


def _fill(text: str, values: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        quoted, plain = match.groups()
        if (quoted or plain) not in values:
            return match[0]
        return json.dumps(values[quoted]) if quoted else str(values[plain])

    return _NAME.sub(value, text)


def _quoted(value: Any) -> str:
    return quote(str(value), safe="=&%+~,:*")
