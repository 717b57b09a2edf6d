"""The configuration, where it is exposed (measured on 2.2.5, 2.6.3 and 2.11.2).

It has the options that profiles know, with the values in effect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from mockserver.api.v1 import media, operation
from mockserver.api.v1.problems import not_found, permission_denied
from mockserver.errors import Crash
from mockserver.operations import Answer, Call
from mockserver.world.habits import has
from profiles import Profile
from profiles.known import Option, options

HIDDEN = "< hidden >"
_REFUSED = "Your Airflow administrator chose not to expose the configuration, most likely for security reasons."
Sections = Mapping[str, Mapping[str, str]]


@operation("get_config")
def get_config(call: Call) -> Answer:
    """Show the configuration, or one section of it; with its secrets, if all is to be exposed."""

    def sections() -> Sections:
        found, section = _sections(call.mock.profile, hides=_hides(call)), call.query.get("section")
        if section and section not in found:
            raise not_found("section not found.", f"section={section} not found.")
        return {section: found[section]} if section else found

    return _answer(call, sections)


@operation("get_value")
def get_value(call: Call) -> Answer:
    """Show one option, under the name that was asked for; never a secret."""

    def sections() -> Sections:
        section, option = call.path["section"], call.path["option"]
        found = _sections(call.mock.profile, hides=True).get(section.lower(), {})
        name = _present_name(call.mock.profile, section.lower(), option.lower())
        if name not in found:
            raise not_found("Config not found.", f"The option [{section}/{option}] is not found in config.")
        return {section: {option: found[name]}}

    return _answer(call, sections)


def _answer(call: Call, sections: Callable[[], Sections]) -> Answer:
    wanted = media.best(call, *_WRITERS)
    if wanted is None:
        return Answer(406, media=media.HTML)
    if not call.mock.profile.exposes_config:
        raise permission_denied(_REFUSED)
    return Answer(body=_WRITERS[wanted](sections()).encode(), media=wanted)


def _hides(call: Call) -> bool:
    partly = (call.mock.profile.option("webserver", "expose_config") or "").strip().lower() == "non-sensitive-only"
    if partly and not has(call.world.version, "the configuration is exposed in part"):
        raise Crash("expose_config is true or false")
    return partly


def _sections(profile: Profile, *, hides: bool) -> Sections:
    """The values in effect of all options that the version has, by section."""
    found = {section: dict(_values(profile, known, hides=hides)) for section, known in options().items()}
    return {section: values for section, values in found.items() if values}


def _values(profile: Profile, known: Mapping[str, Option], *, hides: bool) -> Iterator[tuple[str, str]]:
    for name, option in known.items():
        if option.exists_in(profile.airflow) and _present_name(profile, option.section, name) == name:
            value = _value(profile, option)
            if option.secret and (hides or value is None):
                value = HIDDEN
            if value is not None:
                yield name, value


def _value(profile: Profile, option: Option) -> str | None:
    if option.name == profile.backends_option:
        return ",".join(profile.backends)
    return profile.option(option.section, option.name)


def _present_name(profile: Profile, section: str, name: str) -> str:
    """The name that the version has for an option whose name was changed."""
    later = (one.name for one in options().get(section, {}).values() if one.formerly == name)
    return next((one for one in later if options()[section][one].exists_in(profile.airflow)), name)


def _text(sections: Sections) -> str:
    blocks = [
        [f"[{section}]", *(f"{name} = {value}" for name, value in found.items()), ""]
        for section, found in sections.items()
    ]
    return "\n".join("\n".join(block) for block in blocks)


def _json(sections: Sections) -> str:
    shown = [
        {"name": section, "options": [{"key": name, "value": value} for name, value in found.items()]}
        for section, found in sections.items()
    ]
    return json.dumps({"sections": shown}, indent=4)


_WRITERS = {"text/plain": _text, "application/json": _json}
