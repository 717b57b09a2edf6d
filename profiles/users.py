"""The part `users` of a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from profiles.errors import meant, shown
from profiles.findings import Findings, called, child
from profiles.model import User
from profiles.tree import Branch, Items, Node, Scalar

KEYS = ("username", "password", "role", "active", "headers", "email")
EXAMPLE = "write {username: ann, password: ..., role: viewer}"
HEADERS = "write {X-Name: value}"


def users(node: Node, findings: Findings) -> tuple[User, ...]:
    """The users; one that is bad is left out."""
    if not isinstance(node, Items):
        findings.add(node.place, "users", f"users must be a list, this is {called(node)}; {EXAMPLE}")
        return ()
    found: list[User] = []
    for item in node.nodes:
        user = _user(item, findings)
        if user and isinstance(item, Branch):
            for name, entry in item.entries.items():
                findings.places[f"users.{len(found)}.{name}"] = entry.value.place
            found.append(user)
    return tuple(found)


def _user(node: Node, findings: Findings) -> User | None:
    if not isinstance(node, Branch):
        findings.add(node.place, "users", f"a user must be a mapping, this is {called(node)}; {EXAMPLE}")
        return None
    for name, entry in node.entries.items():
        if name not in KEYS:
            findings.add(entry.key.place, "users", f"a user has no {shown(name)}; {meant(name, KEYS)}")
    username, password, role = (_value(node, name, findings) for name in ("username", "password", "role"))
    active, headers = _active(node, findings), _headers(node, findings)
    email = _email(node, findings)
    return User(username, password, role, active, headers, email) if username and role else None


def _email(node: Branch, findings: Findings) -> str | None:
    """Any text, as Airflow takes it."""
    entry = node.entries.get("email")
    text = findings.text(entry.value, "users", name="email") if entry else None
    if entry and text == "":
        findings.add(entry.value.place, "users", f"the email is empty; {EXAMPLE}, or leave email out")
    return text


def _active(node: Branch, findings: Findings) -> bool:
    value = child(node, "active", Scalar(node.place, "true", "boolean"))
    if isinstance(value, Scalar) and value.kind == "boolean":
        return value.text.lower() == "true"
    findings.add(value.place, "users", f"active must be true or false, this is {called(value)}")
    return True


def _headers(node: Branch, findings: Findings) -> Mapping[str, str]:
    """Header -> value; the values are secrets, as passwords are."""
    value = child(node, "headers", Branch(node.place))
    if not isinstance(value, Branch):
        findings.add(value.place, "users", f"headers must be a mapping, this is {called(value)}; {HEADERS}")
        return MappingProxyType({})
    found: dict[str, str] = {}
    for name, entry in value.entries.items():
        text = findings.text(entry.value, "users", name=f"the header {shown(name)}", secret=True)
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            findings.add(entry.key.place, "users", f"{shown(name)} is no name of a header; {HEADERS}")
        elif text is not None and not text.isprintable():
            findings.add(entry.value.place, "users", f"the header {shown(name)} must be one line of text")
        elif text is not None:
            found[name] = text
    return MappingProxyType(found)


def _value(node: Branch, name: str, findings: Findings) -> str | None:
    entry = node.entries.get(name)
    if entry is None:
        if name != "password":
            findings.add(node.place, "users", f"a user needs a {name}; {EXAMPLE}")
        return None
    text = findings.text(entry.value, "users", name=name, secret=name == "password")
    if text == "":
        advice = "leave it out if it is not to stand here" if name == "password" else EXAMPLE
        findings.add(entry.value.place, "users", f"the {name} is empty; {advice}")
    return text or None
