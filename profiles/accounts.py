"""The parts `service_accounts` and `web_server_allow_ip` of a profile of Cloud Composer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, NamedTuple

from profiles.errors import meant, shown
from profiles.findings import Findings, called
from profiles.tree import Branch, Items, Node, Scalar

if TYPE_CHECKING:
    from profiles.model import User

Network = IPv4Network | IPv6Network

LONGEST_EMAIL = 64
"""Characters that the column of Airflow's database has (composer, Access Airflow REST API using a service account)."""
PREREGISTERED = "accounts.google.com:"
"""What the name of a user begins with who stands for a service account; its number follows."""

ACCOUNTS, RANGES = "service_accounts", "web_server_allow_ip"
EXAMPLE = "write {email: NAME@PROJECT.iam.gserviceaccount.com, unique_id: 'DIGITS'}"
RANGE = "write 192.0.2.0/24 or 2001:db8::/32"


class ServiceAccount(NamedTuple):
    """A service account of Google's: its address, and the number that ``gcloud iam service-accounts`` tells."""

    email: str
    unique_id: str


def user_of(account: ServiceAccount, users: Iterable[User]) -> User | None:
    """The user that an account is: the one named by its number, else the one with its e-mail."""
    by_name = {user.username: user for user in users}
    by_email = {user.email: user for user in by_name.values()}
    return by_name.get(f"{PREREGISTERED}{account.unique_id}") or by_email.get(account.email)


def service_accounts(node: Node, findings: Findings) -> tuple[ServiceAccount, ...]:
    """The accounts; one that is bad is left out."""
    if not isinstance(node, Items):
        findings.add(node.place, ACCOUNTS, f"{ACCOUNTS} must be a list, this is {called(node)}; {EXAMPLE}")
        return ()
    found: list[ServiceAccount] = []
    for item in node.nodes:
        if account := _account(item, findings):
            findings.places[f"{ACCOUNTS}.{len(found)}"] = item.place
            found.append(account)
    return tuple(found)


def web_server_allow_ip(node: Node, findings: Findings) -> tuple[Network, ...] | None:
    """The ranges of addresses that have access, None for all; a range that is bad is left out."""
    if isinstance(node, Scalar) and node.kind == "null":
        return None
    if not isinstance(node, Items):
        findings.add(node.place, RANGES, f"{RANGES} must be a list of addresses, this is {called(node)}; {RANGE}")
        return None
    texts = [(item, findings.text(item, RANGES)) for item in node.nodes]
    ranges = (_range(item, text.strip(), findings) for item, text in texts if text is not None)
    return tuple(each for each in ranges if each)


def _account(node: Node, findings: Findings) -> ServiceAccount | None:
    if not isinstance(node, Branch):
        findings.add(node.place, ACCOUNTS, f"a service account must be a mapping, this is {called(node)}; {EXAMPLE}")
        return None
    for name, entry in node.entries.items():
        if name not in ServiceAccount._fields:
            text = f"a service account has no {shown(name)}; {meant(name, ServiceAccount._fields)}"
            findings.add(entry.key.place, ACCOUNTS, text)
    values = [_value(node, name, fault, findings) for name, fault in _FAULTS.items()]
    return ServiceAccount(*values) if all(values) else None


def _value(node: Branch, name: str, fault: Callable[[str], str | None], findings: Findings) -> str:
    entry = node.entries.get(name)
    if entry is None:
        findings.add(node.place, ACCOUNTS, f"a service account needs {_ARTICLES[name]}; {EXAMPLE}")
        return ""
    text = findings.text(entry.value, ACCOUNTS, name=name)
    if text is None or (wrong := fault(text)) is None:
        return text or ""
    findings.add(entry.value.place, ACCOUNTS, f"{wrong}; {EXAMPLE}")
    return ""


def _email(text: str) -> str | None:
    return None if re.fullmatch(r"[^\s@]+@[^\s@]+", text) else f"{shown(text)} is no e-mail address"


def _number(text: str) -> str | None:
    return None if re.fullmatch("[0-9]{1,30}", text) else f"{shown(text)} is no number of an account"


_FAULTS = {"email": _email, "unique_id": _number}
_ARTICLES = {"email": "an email", "unique_id": "a unique_id"}


def _range(item: Node, text: str, findings: Findings) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        findings.add(item.place, RANGES, f"{shown(text)} is no range of addresses; {_advice(text)}")
    return None


def _advice(text: str) -> str:
    """The range that was probably meant: one whose address goes on after its prefix."""
    try:
        return f"did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        return RANGE
