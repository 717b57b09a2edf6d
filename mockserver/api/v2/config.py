"""The configuration, where it is exposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.v2.media import choose
from mockserver.errors import ApiError, forbidden
from mockserver.operations import Answer, Call, operation
from mockserver.world.masking import sensitive
from specs.versions import Version

HIDDEN = "< hidden >"
DEFAULTS = {"core": {"parallelism": "32"}}  # of all that Airflow has a value for where nobody sets one
_SECRET = frozenset({("core", "fernet_key"), ("database", "sql_alchemy_conn"), ("api_auth", "jwt_secret")})
Sections = dict[str, dict[str, str]]


def _exposed(call: Call) -> Sections:
    """What may be seen: all options that are set, secrets hidden unless only they are to be; 403 by default."""
    allowed = (call.mock.profile.option("api", "expose_config") or "False").lower()
    if allowed not in ("true", "non-sensitive-only"):
        text = "Your Airflow administrator chose not to expose the configuration, most likely for security reasons."
        raise forbidden(text)
    given = call.mock.profile.config
    sections = {name: {**DEFAULTS.get(name, {}), **given.get(name, {})} for name in dict.fromkeys((*given, *DEFAULTS))}
    return {
        section: {name: _shown(section, name, value, call.world.version) for name, value in options.items()}
        for section, options in sections.items()
    }


def _shown(section: str, name: str, value: str, version: Version) -> str:
    return HIDDEN if (section, name) in _SECRET or sensitive(name, version) else str(value)


def _answer(sections: Sections, wanted: str) -> Any:
    if wanted == "text/plain":
        text = "\n".join(_lines(section, options) for section, options in sections.items())
        return Answer(body=text.encode(), media="text/plain; charset=utf-8")
    return {"sections": [{"name": name, "options": _options(found)} for name, found in sections.items()]}


def _lines(section: str, options: Mapping[str, str]) -> str:
    return "\n".join([f"[{section}]", *(f"{name} = {value}" for name, value in options.items()), ""])


def _options(options: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in options.items()]


@operation("get_config")
def get_config(call: Call) -> Any:
    """Show the configuration, or one section of it."""
    wanted = choose(call, "application/json", "text/plain")
    sections, section = _exposed(call), call.query.get("section")
    if section and section not in sections:
        raise ApiError(404, f"Section {section} not found.")
    return _answer({section: sections[section]} if section else sections, wanted)


@operation("get_config_value")
def get_config_value(call: Call) -> Any:
    """Show one option."""
    wanted = choose(call, "application/json", "text/plain")
    sections, section, option = _exposed(call), call.path["section"], call.path["option"]
    if option not in sections.get(section, {}):
        raise ApiError(404, f"Option [{section}/{option}] not found.")
    return _answer({section: {option: sections[section][option]}}, wanted)
