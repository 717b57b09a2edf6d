"""A profile out of an airflow.cfg.

Only the options that profiles know are taken over, by the same checks as in a profile. Secrets stay where they are, and
nothing is expanded or run: neither ``$VARIABLES`` nor ``*_cmd`` options.
"""

from __future__ import annotations

import configparser
import os
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from profiles import checking, contradictions, known, tree
from profiles.errors import Place, Problem, ProfileError, listed, printable
from profiles.findings import Findings
from profiles.model import Profile
from profiles.sources import read_text
from profiles.tree import Branch, Items, Scalar
from specs.versions import Version, within

PREFIX = "AIRFLOW__"


class Setting(NamedTuple):
    """One option that is set, and where: a line of the file, or an environment variable."""

    section: str
    name: str
    value: str
    place: Place


Settings = Mapping[tuple[str, str], Setting]


def from_cfg(path: str | os.PathLike[str], airflow: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """The YAML text of a profile for the deployment that the file configures.

    `airflow` is its version, which the file does not tell (default: the newest known). `environ` holds environment
    variables ``AIRFLOW__SECTION__OPTION``, which win over the file as they do in Airflow. `ProfileError` lists every
    option whose value no profile can have.
    """
    label = os.fspath(path)
    text = read_text(Path(label), Place(label), missing="there is no such file; name an airflow.cfg")
    settings = {(one.section, one.name): one for one in (*_parse(text, label), *_variables(environ or {}))}
    version = airflow or str(known.vocabulary().versions[-1])
    profile = _checked(_tree(settings, label, version), label)
    root = _tree(settings, label, version, profile.backend_kinds)
    profile = _checked(root, label)
    if profile.auth_manager == "simple" and not profile.all_admins:  # others keep their users elsewhere, or have none
        setting = settings.get(("core", "simple_auth_manager_users"), _DEFAULT_USERS)
        profile = _checked(tree.merge(root, tree.under("users", _users(setting))), label)
    return _written(profile, settings)


def _checked(root: Branch, label: str) -> Profile:
    findings = Findings()
    profile = checking.profile(root, label, findings)
    contradictions.find(profile, Place(label), findings)
    if findings.problems:
        raise ProfileError(*findings.problems)
    return profile


def _parse(text: str, label: str) -> Iterator[Setting]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # Airflow keeps the case of names
    try:
        parser.read_string(text, label)
    except configparser.Error as error:
        raise ProfileError(*_parse_problems(error, label)) from None
    lines = _lines(text)
    for section in parser.sections():
        for name, value in parser.items(section):
            line = lines.get((section, name)) or lines.get((parser.default_section, name))
            yield Setting(section, name, value.replace("%%", "%"), Place(label, line))


def _parse_problems(error: configparser.Error, label: str) -> Iterator[Problem]:
    """What configparser says, without the text of the line: it may hold a secret."""
    match error:
        case configparser.DuplicateSectionError():
            yield Problem(Place(label, error.lineno), f"section [{error.section}] stands twice; join the two")
        case configparser.DuplicateOptionError():
            text = f"[{error.section}] {error.option} stands twice; keep one of the two"
            yield Problem(Place(label, error.lineno), text)
        case configparser.MissingSectionHeaderError():
            yield Problem(Place(label, error.lineno), "an option before any [section]; is this an airflow.cfg?")
        case configparser.ParsingError():
            for line, _ in error.errors:
                yield Problem(Place(label, line), "neither a [section] nor OPTION = VALUE; correct the line")
        case _:
            yield Problem(Place(label), "not an airflow.cfg that can be read; name another file")


def _lines(text: str) -> dict[tuple[str, str], int]:
    """The line in which each option is set; a later one wins, as nothing stands twice."""
    section, lines = "", {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\[([^]]+)\]", line):
            section = header[1]
        elif option := re.match(r"([^\s#;][^=:]*?)\s*[=:]", line):
            lines[section, option[1]] = number
    return lines


def _variables(environ: Mapping[str, str]) -> Iterator[Setting]:
    for variable, value in sorted(environ.items()):
        section, separator, name = variable.removeprefix(PREFIX).partition("__")
        if variable.startswith(PREFIX) and separator and name:
            yield Setting(section.lower(), name.lower(), value, Place(variable))


def _tree(settings: Settings, label: str, version: str, kinds: Collection[str] = ()) -> Branch:
    """What the settings say, as the tree of a profile in which every value stands where it was set.

    `kinds` are those of the backends, where they are known; options that only one of them reads are left out else.
    """
    place = Place(label)
    root, platform = tree.under("airflow", Scalar(Place(f"--airflow {version}"), version)), _platform(settings)
    root = tree.merge(root, tree.under("platform", Scalar(place, platform)))
    root = tree.merge(root, tree.under("documents", Items(place, tuple(_documents(version, platform, place)))))
    for option in known.every_option():
        setting = settings.get((option.section, option.name))
        if setting and _why_left_out(setting, version, kinds) is None:
            root = tree.merge(root, tree.under(f"config.{option.key}", Scalar(setting.place, setting.value)))
    return root


def _platform(settings: Settings) -> str:
    """That of an option or a backend which only one platform has, else Airflow itself."""
    modules = known.vocabulary().backends
    options = (known.options().get(each.section, {}).get(each.name) for each in settings.values())
    values = (modules.get(each.value.strip()) for each in settings.values() if each.name in _BACKENDS)
    return next((each.platform for each in (*options, *values) if each and each.platform), known.PLAIN)


_BACKENDS = ("auth_backends", "auth_backend")


def _documents(version: str, platform: str, place: Place) -> Iterator[Scalar]:
    """The documents about the first API of that version; those of any where it has none, which is told elsewhere."""
    sought = version if _is_version(version) else known.vocabulary().versions[-1]
    documents = known.vocabulary().documents.items()
    theirs = [(name, facts) for name, facts in documents if facts.get("platform", known.PLAIN) == platform]
    there = [(name, facts) for name, facts in theirs if within(sought, facts.get("since"), facts.get("until"))]
    api = (there or theirs)[0][1]["api"]
    yield from (Scalar(place, name) for name, facts in there or theirs if facts["api"] == api)


def _is_version(text: str) -> bool:
    try:
        Version.parse(text)
    except ValueError:
        return False
    return True


def _why_left_out(setting: Setting, version: str, kinds: Collection[str]) -> str | None:
    option = known.options().get(setting.section, {}).get(setting.name)
    if option is None:
        return "profiles do not know them"
    if option.secret or re.search(r"//[^/]*@", setting.value):
        return "they hold a secret"
    if _is_version(version) and not option.exists_in(Version.parse(version)):
        return f"they are no options of Airflow {version}"
    if option.read_by and {option.read_by, "custom"}.isdisjoint(kinds):
        return f"only the backend for {option.read_by.capitalize()} reads them"
    return f"a profile has {option.instead}" if option.instead else None


def _users(setting: Setting) -> Items:
    """The users that the simple auth manager reads from its option: NAME:ROLE or NAME:ROLE:TEAM, split at commas."""
    users = []
    for item in setting.value.split(",") if setting.value else ():
        username, _, role = item.strip().partition(":")
        if not (username and role):
            raise ProfileError(Problem(setting.place, "each user must be NAME:ROLE; correct the option"))
        name, function = (Scalar(setting.place, text) for text in (username, role.partition(":")[0]))
        users.append(tree.merge(tree.under("username", name), tree.under("role", function)))
    return Items(setting.place, tuple(users))


_DEFAULT_USERS = Setting("core", "simple_auth_manager_users", "admin:admin", Place("default of Airflow"))


def _written(profile: Profile, settings: Settings) -> str:
    config = {
        section: {name: _yaml_value(section, name, value) for name, value in options.items()}
        for section, options in profile.config.items()
    }
    parts = [
        "# From an airflow.cfg, which does not tell all: check the version, the users and the capabilities.\n",
        *_comments(settings, profile),
        _dump({"title": "From an airflow.cfg", "airflow": profile.release}),
        _dump({"documents": list(profile.documents)}, flow=True),
        _dump({"platform": profile.platform}) if profile.platform != known.PLAIN else "",
        _dump({"config": config}),
        _dump({"users": [{"username": user.username, "role": user.role} for user in profile.users]}, flow=True),
        f"capabilities: []  # what the suite may rely on: {listed(known.vocabulary().capabilities)}\n",
    ]
    return "".join(parts)


def _comments(settings: Settings, profile: Profile) -> Iterator[str]:
    """What was left out, by name only, and what to look at again."""
    yield _ELSEWHERE.get(profile.airflow.major, "")
    if profile.experimental and profile.api != "experimental":
        yield _SWITCHED_ON
    if "custom" in profile.backend_kinds:
        yield "# Add pythonpath: [FOLDER], the folder of your backend module, and users with the headers it reads.\n"
    reasons: dict[str, dict[str, list[str]]] = {}
    for setting in settings.values():
        if reason := _why_left_out(setting, profile.release, profile.backend_kinds):
            reasons.setdefault(reason, {}).setdefault(setting.section, []).append(setting.name)
        elif "$" in setting.value:
            yield f"# [{setting.section}] {setting.name} has a $ that Airflow may expand; write what comes out.\n"
    for reason, sections in sorted(reasons.items()):
        yield f"# Left out, as {reason}:\n"
        for section, names in sections.items():
            yield _wrapped(printable(f"[{section}] {listed(names)}"))


_ELSEWHERE = {
    1: "# Users are kept in Airflow's database, not in airflow.cfg.\n",
    2: """\
# Users are kept in Airflow's database, and AUTH_ROLE_PUBLIC in webserver_config.py, not in airflow.cfg. If it is set
# there, add the line, with null for None:  webserver_config: {AUTH_ROLE_PUBLIC: Viewer}
""",
}
_SWITCHED_ON = """\
# The experimental API is switched on, too. A run checks one API; for that one: documents: [experimental-api]
"""


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 110, initial_indent="#   ", subsequent_indent="#     ") + "\n"


def _yaml_value(section: str, name: str, value: str) -> str | int:
    return known.integer(value) if known.options()[section][name].type == "integer" else value


def _dump(data: dict[str, object], *, flow: bool = False) -> str:
    """YAML with one line per value; `flow` writes the innermost mappings and lists in brackets."""
    text: str = yaml.safe_dump(
        data, default_flow_style=None if flow else False, sort_keys=False, allow_unicode=True, width=100_000
    )
    return text
