"""A profile's tree as a `Profile`: every key known, every value of its type.

What is wrong is collected, not raised. Values with a fault are left out, and their dotted keys are remembered, so that
the rules of `profiles.contradictions` do not build on them.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from profiles import accounts, known
from profiles.config import config
from profiles.errors import Place, listed, meant, shown
from profiles.findings import Findings, called, child
from profiles.model import Profile
from profiles.pythonpath import pythonpath
from profiles.tree import Branch, Items, Scalar
from profiles.users import users
from profiles.webserver import webserver_config
from specs.versions import Version

KEYS = (
    "profile",
    "title",
    "extends",
    "documents",
    "airflow",
    "platform",
    "web_server_allow_ip",
    "service_accounts",
    "config",
    "webserver_config",
    "pythonpath",
    "users",
    "capabilities",
)


def profile(root: Branch, name: str, findings: Findings) -> Profile:
    """The profile that the tree describes, as far as it is good; what is not is in the findings."""
    _keys(root, findings)
    version, patch = _airflow(root, findings)
    name = _text(root, "profile", name, findings)
    title = _text(root, "title", name, findings)
    documents = _words(root, "documents", known.vocabulary().documents, findings)
    if not documents and "documents" not in findings.spoiled:
        missing = f"say which documents the deployment follows: documents: [{listed(known.vocabulary().documents)}]"
        findings.add(child(root, "documents", root).place, "documents", missing)
    options = config(child(root, "config", Branch(root.place)), findings)
    people = users(child(root, "users", Items(root.place, ())), findings)
    capabilities = frozenset(_words(root, "capabilities", known.vocabulary().capabilities, findings))
    settings = webserver_config(child(root, "webserver_config", Branch(root.place)), findings)
    folders = pythonpath(child(root, "pythonpath", Items(root.place, ())), findings)
    ranges = accounts.web_server_allow_ip(child(root, accounts.RANGES, _NULL), findings)
    google = accounts.service_accounts(child(root, accounts.ACCOUNTS, Items(root.place, ())), findings)
    return Profile(
        name,
        title,
        documents,
        version,
        options,
        people,
        capabilities,
        MappingProxyType(findings.places),
        patch,
        settings,
        folders,
        _platform(root, findings),
        ranges,
        google,
    )


_NULL = Scalar(Place(""), "null", "null")


def _platform(root: Branch, findings: Findings) -> str:
    node, platforms = root.entries.get("platform"), known.vocabulary().platforms
    if node is None or (text := findings.text(node.value, "platform")) is None:
        return known.PLAIN
    if text not in platforms:
        findings.add(node.value.place, "platform", f"there is no platform {shown(text)}; {meant(text, platforms)}")
    return text if text in platforms else known.PLAIN


def _keys(root: Branch, findings: Findings) -> None:
    for name, entry in root.entries.items():
        if name in KEYS:
            findings.places[name] = entry.value.place
        elif name in known.options():
            findings.add(entry.key.place, name, f"[{name}] is a section of airflow.cfg; put it under config:")
        else:
            findings.add(entry.key.place, name, f"unknown key {shown(name)}; {meant(name, KEYS)}")


def _text(root: Branch, key: str, default: str, findings: Findings) -> str:
    entry = root.entries.get(key)
    return (findings.text(entry.value, key) if entry else None) or default


def _airflow(root: Branch, findings: Findings) -> tuple[Version, int | None]:
    """The version and its patch number, if it has one; where it is bad the newest, so that the rest can be checked."""
    newest = known.vocabulary().versions[-1]
    node = child(root, "airflow", root)
    if node is root:
        findings.add(root.place, "airflow", f'say which version is deployed, such as airflow: "{newest}"')
    elif (text := findings.text(node, "airflow")) is not None:
        version, fault = _version(text)
        if version:
            return version, known.patch(text)
        findings.add(node.place, "airflow", fault)
    return newest, None


def _version(text: str) -> tuple[Version | None, str]:
    versions = known.vocabulary().versions
    try:
        version = Version.parse(text)
    except ValueError:
        return None, f'{shown(text)} is no version; write major and minor, such as "{versions[-1]}"'
    return (version, "") if version in versions else (None, f"Airflow {version} is not known; take {known.spans()}")


def _words(root: Branch, key: str, allowed: Collection[str], findings: Findings) -> tuple[str, ...]:
    """The words of a list such as `capabilities`, each known and none twice."""
    node = child(root, key, Items(root.place, ()))
    if not isinstance(node, Items):
        findings.add(node.place, key, f"{key} must be a list, this is {called(node)}; write [{listed(allowed)}]")
        return ()
    words: list[str] = []
    for item in node.nodes:
        word = findings.text(item, key)
        if word is None:
            continue
        if word in words:
            findings.add(item.place, key, f"{shown(word)} stands twice in {key}; keep one of the two")
        elif word in allowed:
            words.append(word)
        else:
            findings.add(item.place, key, f"{key} knows no {shown(word)}; {meant(word, allowed)}")
    return tuple(words)
