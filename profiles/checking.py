"""A profile's tree as a `Profile`: every key known, every value of its type. What is wrong is collected, not raised.

Values with a fault are left out, and their dotted keys are remembered so that the rules of `profiles.contradictions`
do not build on them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType

from profiles import known
from profiles.errors import Place, Problem, closest, listed, meant, shown
from profiles.known import Option
from profiles.model import Profile, User
from profiles.tree import Branch, Items, Node, Scalar
from specs.versions import Version

KEYS = ("profile", "title", "extends", "documents", "airflow", "config", "users", "capabilities")
USER_KEYS = ("username", "password", "role")


@dataclass
class Findings:
    """The problems met so far, the dotted keys they spoil, and the places of the values that are good."""

    problems: list[Problem] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, node: Node | Place, key: str, text: str) -> None:
        """Record one problem with the value of `key`."""
        self.problems.append(Problem(node if isinstance(node, Place) else node.place, text))
        self.spoiled.add(key)


def profile(root: Branch, name: str, findings: Findings) -> Profile | None:
    """The profile that the tree describes, as far as it is good; None if not even its version is."""
    _unknown_keys(root, findings)
    version = _airflow(root, findings)
    named = _optional_text(root, "profile", findings) or name
    documents = _words(root, "documents", tuple(known.vocabulary().documents), findings)
    if not documents and "documents" not in findings.spoiled:
        findings.add(_value(root, "documents", root), "documents", _no_documents())
    config = _config(root, findings)
    users = _users(root, findings)
    title = _optional_text(root, "title", findings)
    capabilities = _words(root, "capabilities", tuple(known.vocabulary().capabilities), findings)
    if version is None:
        return None
    return Profile(
        name=named,
        title=title or named,
        documents=tuple(documents),
        airflow=version,
        config=config,
        users=tuple(users),
        capabilities=frozenset(capabilities),
        places=MappingProxyType(findings.places),
    )


def _no_documents() -> str:
    return f"documents is missing; say which documents the deployment follows: [{listed(known.vocabulary().documents)}]"


def _value(root: Branch, key: str, default: Node) -> Node:
    entry = root.entries.get(key)
    return entry.value if entry else default


def _unknown_keys(root: Branch, findings: Findings) -> None:
    for name, entry in root.entries.items():
        if name in KEYS:
            findings.places[name] = entry.value.place
        elif name in known.options():
            findings.add(entry.key, name, f"[{name}] is a section of airflow.cfg; put it under config:")
        else:
            findings.add(entry.key, name, f"unknown key {shown(name)}; {meant(name, KEYS)}")


def _airflow(root: Branch, findings: Findings) -> Version | None:
    entry = root.entries.get("airflow")
    if entry is None:
        findings.add(
            root, "airflow", f'airflow is missing; say which version is deployed, such as airflow: "{_latest()}"'
        )
        return None
    text = _text(entry.value, "airflow", findings)
    if text is None:
        return None
    versions = known.vocabulary().versions
    try:
        version = Version.parse(text)
    except ValueError:
        findings.add(
            entry.value, "airflow", f'{shown(text)} is no version; write major and minor, such as "{_latest()}"'
        )
        return None
    if version not in versions:
        findings.add(entry.value, "airflow", f"Airflow {version} is not supported; known: {listed(map(str, versions))}")
        return None
    return version


def _latest() -> Version:
    return known.vocabulary().versions[-1]


def _optional_text(root: Branch, key: str, findings: Findings) -> str | None:
    entry = root.entries.get(key)
    return _text(entry.value, key, findings) if entry else None


def _words(root: Branch, key: str, allowed: tuple[str, ...], findings: Findings) -> list[str]:
    """The words of a list such as `capabilities`, each known and none twice."""
    node = _value(root, key, Items(root.place, ()))
    if not isinstance(node, Items):
        findings.add(node, key, f"{key} must be a list, this is {_called(node)}; write [{allowed[0]}]")
        return []
    words: list[str] = []
    for item in node.nodes:
        word = _text(item, key, findings)
        if word is None:
            continue
        if word not in allowed:
            findings.add(item, key, f"unknown word {shown(word)} in {key}; {meant(word, allowed)}")
        elif word in words:
            findings.add(item, key, f"{shown(word)} stands twice in {key}; keep one of the two")
        else:
            words.append(word)
    return words


def _config(root: Branch, findings: Findings) -> MappingProxyType[str, MappingProxyType[str, str]]:
    node = _value(root, "config", Branch(root.place))
    if not isinstance(node, Branch):
        findings.add(node, "config", f"config must hold sections of airflow.cfg, this is {_called(node)}")
        return MappingProxyType({})
    config: dict[str, MappingProxyType[str, str]] = {}
    for section, entry in node.entries.items():
        if values := _section(section, entry.key, entry.value, findings):
            config[section] = MappingProxyType(values)
    return MappingProxyType(config)


def _section(section: str, key: Scalar, node: Node, findings: Findings) -> dict[str, str]:
    if not isinstance(node, Branch):
        findings.add(key, section, _no_section(section, node))
        return {}
    values: dict[str, str] = {}
    if section not in known.options() and not node.entries:
        findings.add(key, section, _unknown_section(section))
    for name, entry in node.entries.items():
        option = known.options().get(section, {}).get(name)
        if option is None:
            findings.add(entry.key, f"{section}.{name}", _unknown_option(section, name))
        elif option.instead:
            findings.add(entry.key, option.key, f"[{section}] {name} is not set here; write {option.instead}")
        elif (value := _option_value(option, entry.value, findings)) is not None:
            values[name] = value
            findings.places[option.key] = entry.value.place
    return values


def _no_section(section: str, node: Node) -> str:
    homes = [option.section for option in known.every_option() if option.name == section]
    if homes:
        return f"{section} is an option of [{homes[0]}]; put it under {homes[0]}:"
    if section not in known.options():
        return _unknown_section(section)
    return f"[{section}] must hold options, this is {_called(node)}; write option: value below it"


def _unknown_section(section: str) -> str:
    return f"unknown section [{section}]; {meant(section, known.options())}"


def _unknown_option(section: str, name: str) -> str:
    here = known.options().get(section, {})
    homes = [option.section for option in known.every_option() if option.name == name]
    if homes:
        return f"[{section}] has no option {name}; it stands in [{homes[0]}]"
    if likely := closest(name, here):
        return f"[{section}] has no option {shown(name)}; did you mean {likely}?"
    elsewhere = {option.name: option for option in known.every_option()}
    if likely := closest(name, elsewhere):
        return f"[{section}] has no option {shown(name)}; did you mean [{elsewhere[likely].section}] {likely}?"
    if not here:
        return _unknown_section(section)
    return f"profiles know no option {shown(name)} in [{section}]; leave it out unless it is one of: {listed(here)}"


def _option_value(option: Option, node: Node, findings: Findings) -> str | None:
    """The value as airflow.cfg would have it, None if it is bad or taken back with null."""
    if isinstance(node, Scalar) and node.kind == "null" and node.text:
        return None
    if not isinstance(node, Scalar):
        findings.add(
            node, option.key, f"{option.name} must be a single value as in airflow.cfg, this is {_called(node)}"
        )
        return None
    if node.kind == "null":
        findings.add(node, option.key, f'{option.name} has no value; write "" for empty or null for Airflow\'s default')
        return None
    return _READERS[option.type](option, node, findings)


def _text_value(option: Option, node: Scalar, findings: Findings) -> str | None:
    return _text(node, option.key, findings, secret=option.secret, name=option.name)


def _integer_value(option: Option, node: Scalar, findings: Findings) -> str | None:
    try:
        if node.kind not in ("text", "integer"):
            raise ValueError(node.text)
        known.integer(node.text)
    except ValueError:
        trap = f"; {node.trap}" if node.trap else ""
        findings.add(node, option.key, f"{option.name} must be a whole number, not {shown(node.text)}{trap}")
        return None
    return node.text.strip()


def _boolean_value(option: Option, node: Scalar, findings: Findings) -> str | None:
    if node.kind == "boolean":
        return node.text.capitalize()
    if node.kind != "trap" and node.text in option.also:
        return node.text
    try:
        if node.kind == "trap":
            raise ValueError(node.text)
        known.boolean(node.text)
    except ValueError:
        also = f" or {listed(option.also)}" if option.also else ""
        trap = f"; {node.trap}, Airflow does not" if node.trap else ""
        findings.add(node, option.key, f"{option.name} must be True or False{also}, not {shown(node.text)}{trap}")
        return None
    return node.text.strip()


def _choice_value(option: Option, node: Scalar, findings: Findings) -> str | None:
    text = _text(node, option.key, findings, name=option.name)
    if text is None or text in option.choices:
        return text
    likely = closest(text, option.choices)
    advice = f"did you mean {likely}?" if likely else f"write one of {listed(option.choices)}"
    findings.add(node, option.key, f"{option.name} cannot be {shown(text)}; {advice}")
    return None


_READERS: dict[str, Callable[[Option, Scalar, Findings], str | None]] = {
    "text": _text_value,
    "integer": _integer_value,
    "boolean": _boolean_value,
    "choice": _choice_value,
}


def _users(root: Branch, findings: Findings) -> list[User]:
    node = _value(root, "users", Items(root.place, ()))
    if not isinstance(node, Items):
        findings.add(node, "users", f"users must be a list, this is {_called(node)}; {_USER_EXAMPLE}")
        return []
    found = [_user(item, f"users.{index}", findings) for index, item in enumerate(node.nodes)]
    return [user for user in found if user]


def _user(node: Node, key: str, findings: Findings) -> User | None:
    if not isinstance(node, Branch):
        findings.add(node, "users", f"a user must be a mapping, this is {_called(node)}; {_USER_EXAMPLE}")
        return None
    for name, entry in node.entries.items():
        findings.places[f"{key}.{name}"] = entry.value.place
        if name not in USER_KEYS:
            findings.add(entry.key, "users", f"unknown key {shown(name)} of a user; {meant(name, USER_KEYS)}")
    findings.places[key] = node.place
    values = {name: _user_value(node, name, findings) for name in USER_KEYS}
    username, role = values["username"], values["role"]
    return User(username, values["password"], role) if username and role else None


def _user_value(node: Branch, name: str, findings: Findings) -> str | None:
    entry = node.entries.get(name)
    if entry is None:
        if name != "password":
            findings.add(node, "users", f"a user needs a {name}; {_USER_EXAMPLE}")
        return None
    text = _text(entry.value, "users", findings, secret=name == "password", name=name)
    if text == "":
        advice = "leave the key out if it is not known here" if name == "password" else _USER_EXAMPLE
        findings.add(entry.value, "users", f"the {name} is empty; {advice}")
    return text or None


_USER_EXAMPLE = "write {username: ann, password: ..., role: viewer}"


def _text(node: Node, key: str, findings: Findings, *, secret: bool = False, name: str = "") -> str | None:
    """The text of a value that must be text. A secret is never part of the message."""
    name = name or key
    if not isinstance(node, Scalar):
        findings.add(node, key, f"{name} must be text, this is {_called(node)}")
    elif node.kind == "null":
        findings.add(node, key, f"{name} has no value; write one or remove the line")
    elif node.kind != "text":
        why = "" if secret or not node.trap else f"; {node.trap}"
        advice = "write it in quotes" if secret else f'write it in quotes: "{node.text}"'
        findings.add(node, key, f"{name} must be text, this is {_called(node)}{why}; {advice}")
    elif any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in node.text):
        findings.add(node, key, f"{name} contains a control character; remove it")
    else:
        return node.text
    return None


def _called(node: Node) -> str:
    match node:
        case Branch():
            return "a mapping"
        case Items():
            return "a list"
    return {"text": "text", "integer": "a number", "boolean": "true or false", "null": "nothing"}.get(
        node.kind, "a bare value that YAML does not read as text"
    )
