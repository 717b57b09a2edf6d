"""The part `webserver_config` of a profile: what stands in webserver_config.py, each setting known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from profiles import known
from profiles.errors import meant, shown
from profiles.findings import Findings, called
from profiles.tree import Branch, Entry, Node, Scalar

KEY = "webserver_config"


def webserver_config(node: Node, findings: Findings) -> Mapping[str, str | None]:
    """Setting -> value, None for Python's None; what is bad is left out. A bare null takes all settings back."""
    settings: dict[str, str | None] = {}
    if isinstance(node, Branch):
        for name, entry in node.entries.items():
            if name not in known.vocabulary().webserver_config:
                text = f"{KEY} has no {shown(name)}; {meant(name, known.vocabulary().webserver_config)}"
                findings.add(entry.key.place, f"{KEY}.{name}", text)
            elif _good(name, entry, findings):
                settings[name] = _value(entry)
                findings.places[f"{KEY}.{name}"] = entry.value.place
    elif not (isinstance(node, Scalar) and node.kind == "null" and node.text):
        findings.add(node.place, KEY, f"{KEY} must hold settings of webserver_config.py, this is {called(node)}")
    return MappingProxyType(settings)


def _good(name: str, entry: Entry, findings: Findings) -> bool:
    node, key = entry.value, f"{KEY}.{name}"
    if isinstance(node, Scalar) and node.kind == "null" and node.text:
        return True
    text = findings.text(node, key, name=name)
    if text in ("", "None"):
        findings.add(node.place, key, f"{name} is {shown(text)}; write null for Python's None, or remove the line")
    return text not in (None, "", "None")


def _value(entry: Entry) -> str | None:
    return entry.value.text if isinstance(entry.value, Scalar) and entry.value.kind == "text" else None
