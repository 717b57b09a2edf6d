"""The part `config` of a profile: sections and options of airflow.cfg, each known and of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from profiles import known
from profiles.errors import closest, listed, meant, shown
from profiles.findings import Findings, called
from profiles.known import Option
from profiles.tree import Branch, Entry, Node, Scalar


def config(node: Node, findings: Findings) -> Mapping[str, Mapping[str, str]]:
    """Section -> option -> value as airflow.cfg would have it; what is bad is left out."""
    if not isinstance(node, Branch):
        findings.add(node.place, "config", f"config must hold sections of airflow.cfg, this is {called(node)}")
        return MappingProxyType({})
    sections = {name: _section(name, entry, findings) for name, entry in node.entries.items()}
    return MappingProxyType({name: MappingProxyType(values) for name, values in sections.items() if values})


def _section(section: str, entry: Entry, findings: Findings) -> dict[str, str]:
    node = entry.value
    if not isinstance(node, Branch):
        findings.add(entry.key.place, section, _no_section(section, node))
        return {}
    if section not in known.options() and not node.entries:
        findings.add(entry.key.place, section, _unknown_section(section))
    values: dict[str, str] = {}
    for name, option_entry in node.entries.items():
        option = known.options().get(section, {}).get(name)
        value = _known_option(option, option_entry, findings) if option else None
        if value is not None:
            values[name] = value
        if option is None:
            _unknown_option(section, option_entry.key, findings)
    return values


def _known_option(option: Option, entry: Entry, findings: Findings) -> str | None:
    if option.instead:
        findings.add(entry.key.place, option.key, f"{option.name} is not set here; write {option.instead}")
        return None
    value = _value(option, entry.value, findings)
    if value is not None:
        findings.places[option.key] = entry.value.place
    return value


def _value(option: Option, node: Node, findings: Findings) -> str | None:
    """The value as airflow.cfg would have it, None if it is bad or taken back with null."""
    if not isinstance(node, Scalar):
        text = f"{option.name} must be one value, this is {called(node)}; write the line as in airflow.cfg"
        findings.add(node.place, option.key, text)
        return None
    if node.kind == "null":
        if not node.text:
            text = f'{option.name} has no value; write "" for empty, or null for Airflow\'s default'
            findings.add(node.place, option.key, text)
        return None
    return _READERS[option.type](option, node, findings)


def _text(option: Option, node: Scalar, findings: Findings) -> str | None:
    return findings.text(node, option.key, name=option.name, secret=option.secret)


def _integer(option: Option, node: Scalar, findings: Findings) -> str | None:
    if node.kind in ("text", "integer") and _reads(known.integer, node.text):
        return node.text.strip()
    _refuse(option, node, "must be a whole number in plain digits", findings)
    return None


def _boolean(option: Option, node: Scalar, findings: Findings) -> str | None:
    if node.kind == "boolean":
        return node.text.capitalize()
    if node.kind != "trap" and (node.text in option.choices or _reads(known.boolean, node.text)):
        return node.text.strip()
    _refuse(option, node, f"must be {' or '.join(('True', 'False', *option.choices))}", findings)
    return None


def _choice(option: Option, node: Scalar, findings: Findings) -> str | None:
    """One of the choices in any case, as Airflow compares them, in the spelling of the list."""
    spelling = {choice.lower(): choice for choice in option.choices}
    text = findings.text(node, option.key, name=option.name)
    if text is None or text.strip().lower() in spelling:
        return text and spelling[text.strip().lower()]
    likely = closest(text, option.choices)
    advice = f"; did you mean {likely}?" if likely else ""
    _refuse(option, node, f"must be {' or '.join(option.choices)}", findings, advice)
    return None


def _auth_manager(option: Option, node: Scalar, findings: Findings) -> str | None:
    paths = {path: manager.name for manager in known.vocabulary().auth_managers for path in manager.class_paths}
    text = findings.text(node, option.key, name=option.name)
    if text is None or text in paths:
        return text
    likely = [path for path, name in paths.items() if name in text.lower()] or [closest(text, paths) or ""]
    advice = f"; did you mean {likely[0]}?" if likely[0] else f"; known: {listed(paths)}"
    _refuse(option, node, "must be the class path of an auth manager", findings, advice)
    return None


_READERS: dict[str, Callable[[Option, Scalar, Findings], str | None]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _choice,
    "auth_manager": _auth_manager,
}


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


def _refuse(option: Option, node: Scalar, wanted: str, findings: Findings, advice: str = "") -> None:
    reason = node.trap or f"this is {shown(node.text)}"
    findings.add(node.place, option.key, f"{option.name} {wanted}; {reason}{advice}")


def _no_section(section: str, node: Node) -> str:
    homes = [option.section for option in known.every_option() if option.name == section]
    if homes:
        return f"{section} is an option of [{homes[0]}]; put it under {homes[0]}:"
    if section not in known.options():
        return _unknown_section(section)
    return f"[{section}] must hold options, this is {called(node)}; write OPTION: VALUE below it, or remove the line"


def _unknown_section(section: str) -> str:
    return f"unknown section [{section}]; {meant(section, known.options())}"


def _unknown_option(section: str, key: Scalar, findings: Findings) -> None:
    text, likely = _guess(section, key.text)
    findings.add(key.place, f"{section}.{key.text}", text)
    if likely:
        findings.spoiled.add(likely.key)


def _guess(section: str, name: str) -> tuple[str, Option | None]:
    """What to say about an option that `section` does not have, and the option that was probably meant."""
    here = known.options().get(section, {})
    everywhere = {option.name: option for option in known.every_option()}
    if name in everywhere:
        return f"[{section}] has no option {name}; it stands in [{everywhere[name].section}]", everywhere[name]
    former = {option.formerly for option in here.values()}
    if likely := closest(name, set(here) - former) or closest(name, here):
        return f"[{section}] has no option {shown(name)}; did you mean {likely}?", here[likely]
    if likely := closest(name, everywhere):
        option = everywhere[likely]
        return f"[{section}] has no option {shown(name)}; did you mean [{option.section}] {likely}?", option
    if not here:
        return _unknown_section(section), None
    advice = f"leave it out if no answer of the API depends on it; known: {listed(here)}"
    return f"profiles know no option {shown(name)} in [{section}]; {advice}", None
