"""The JSON Schema of a profile, for editors: it completes keys, options and words, and explains the capabilities.

`profile.schema.json` is written from the same data that the loader checks by;
``python -m profiles.schema`` rewrites it. It tells the shape only; contradictions are told by the loader.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from profiles import known
from profiles.known import Option

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1}
EMAIL: Schema = {"type": "string", "pattern": r"^[^\s@]+@[^\s@]+$"}


def schema() -> Schema:
    """The schema, as JSON data."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Profile of an Airflow deployment",
        **_closed(
            {
                "profile": {**NAME, "description": "Its name; by default that of the file."},
                "title": TEXT,
                "extends": {**NAME, "description": "A built-in profile, or a file relative to this one."},
                "documents": _words(dict.fromkeys(known.vocabulary().documents, ""), least=1),
                "airflow": _airflow(),
                "platform": _words_of(known.vocabulary().platforms),
                "web_server_allow_ip": {
                    "anyOf": [{"type": "array", "items": NAME}, {"type": "null"}],
                    "description": "Ranges of addresses that have access; left out or null: all.",
                },
                "service_accounts": {"type": "array", "items": _service_account()},
                "config": _closed({section: _section(options) for section, options in known.options().items()}),
                "webserver_config": {"anyOf": [_closed(_settings()), {"type": "null"}]},
                "pythonpath": {
                    "type": "array",
                    "items": NAME,
                    "description": "Folders of own backend modules, relative to this file.",
                },
                "users": {"type": "array", "items": _user()},
                "capabilities": _words(known.vocabulary().capabilities),
            }
        ),
        "anyOf": [{"required": ["extends"]}, {"required": ["documents", "airflow"]}],
    }


def rendered() -> str:
    """The text of `profile.schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"


def _closed(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}


def _words(words: Any, least: int = 0) -> Schema:
    return {"type": "array", "items": _words_of(words), "uniqueItems": True, "minItems": least}


def _words_of(words: Any) -> Schema:
    return {"oneOf": [{"const": word, **({"description": text} if text else {})} for word, text in words.items()]}


def _airflow() -> Schema:
    """A minor version, or with its patch number."""
    words = [str(version) for version in known.vocabulary().versions]
    patched = rf"^({'|'.join(map(re.escape, words))})\.[0-9]+$"
    return {"anyOf": [{"enum": words}, {"type": "string", "pattern": patched}]}


def _settings() -> Schema:
    settings = known.vocabulary().webserver_config
    return {name: {"type": ["string", "null"], "minLength": 1, "description": text} for name, text in settings.items()}


def _user() -> Schema:
    roles = dict.fromkeys(role for manager in known.vocabulary().auth_managers for role in manager.roles)
    properties = {
        "username": NAME,
        "password": NAME,
        "role": {"enum": list(roles)},
        "active": {"type": "boolean", "description": "Default: true."},
        "headers": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "What a backend of your own wants to see from this user.",
        },
        "email": {**NAME, "description": "Any text that no other user has; it finds the user of a Google account."},
    }
    return _closed(properties, required=("username", "role"))


def _service_account() -> Schema:
    properties = {"email": EMAIL, "unique_id": {"type": "string", "pattern": "^[0-9]{1,30}$"}}
    return _closed(properties, required=("email", "unique_id"))


def _section(options: Any) -> Schema:
    return _closed({name: _option(option) for name, option in options.items() if not option.instead})


def _option(option: Option) -> Schema:
    return {"anyOf": [_value(option), {"type": "null"}], "description": f"Default: {_default(option)}."}


def _default(option: Option) -> str:
    """The default in words; where it has changed, with the versions from which on it holds."""
    words = {
        since: "chosen by Airflow" if value is None else value or "empty" for since, value in option.defaults.items()
    }
    if len(words) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{value} from {since} on" for since, value in words.items())


def _value(option: Option) -> Schema:
    match option.type:
        case "integer":
            return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*[-+]?[0-9]"}]}
        case "boolean":
            return {"anyOf": [{"type": "boolean"}, {"enum": [0, 1, "True", "False", *option.choices]}, _boolean_word()]}
        case "choice":
            return {"anyOf": [{"enum": list(option.choices)}, {"type": "string", "pattern": _any_case(option.choices)}]}
        case "auth_manager":
            return {"enum": [path for manager in known.vocabulary().auth_managers for path in manager.class_paths]}
    return TEXT


def _boolean_word() -> Schema:
    return {"type": "string", "pattern": _any_case(("t", "true", "1", "f", "false", "0"))}


def _any_case(words: tuple[str, ...]) -> str:
    """A pattern for the words in any case; JSON Schema has no flag for that."""
    letters = ["".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in word) for word in words]
    return rf"^\s*({'|'.join(letters)})\s*$"


if __name__ == "__main__":
    Path(__file__).with_name("profile.schema.json").write_text(rendered(), encoding="utf-8")
