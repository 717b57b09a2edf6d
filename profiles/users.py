"""The part `users` of a profile."""

from __future__ import annotations

from profiles.errors import meant, shown
from profiles.findings import Findings, called
from profiles.model import User
from profiles.tree import Branch, Items, Node

KEYS = ("username", "password", "role")
EXAMPLE = "write {username: ann, password: ..., role: viewer}"


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
    username, password, role = (_value(node, name, findings) for name in KEYS)
    return User(username, password, role) if username and role else None


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
