"""Plays a scenario through the official Python client and prints what came, normalised.

Run by a Python that has one release of apache-airflow-client and nothing of ours, with the scenario as JSON on standard
input and the base URL as the argument. A step names a method of the client; the API class that has it is found. An
argument that is an object with one key that begins with a capital is a model: the key is its name.
"""

from __future__ import annotations

import json
import pkgutil
import re
import sys
import urllib.request
from importlib import import_module
from typing import Any

import airflow_client.client as package
from airflow_client.client import ApiClient, ApiException, Configuration
from airflow_client.client import api as apis

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
PATCH = re.compile(r"\b(\d+\.\d+)\.\d+\b")  # of a version
GENERATED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # a UUID
    r"|(?<=__<time>_)\w+|(?<= ID )\w{8}\b|[\w./-]+/dags/"  # what follows the time of a run, an error's number, a folder
)


def classes() -> dict[str, type]:
    """The API class that has each method."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(apis.__path__):
        for name, each in vars(import_module(f"{apis.__name__}.{module.name}")).items():
            if name.endswith("Api") and isinstance(each, type):
                found.update({method: each for method in dir(each) if not method.startswith("_")})
    return found


def model(name: str) -> Any:
    """The class of a model."""
    home = package if hasattr(package, name) else import_module("airflow_client.client.models")
    return getattr(home, name)


def built(value: Any) -> Any:
    """A JSON value with its models made."""
    if isinstance(value, list):
        return [built(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value))[0].isupper():
        ((name, fields),) = value.items()
        return model(name)(**{key: built(each) for key, each in fields.items()})
    return {key: built(each) for key, each in value.items()}


class Player:
    """One user's client of one server."""

    def __init__(self, base: str, path: str, user: dict[str, str] | None) -> None:
        configuration = Configuration(host=base + path)
        if user and path == "/api/v1":
            configuration.username, configuration.password = user["username"], user["password"]
        elif user:
            configuration.access_token = token(base, user)
        self.client = ApiClient(configuration)
        self.classes = classes()

    def call(self, method: str, arguments: dict[str, Any]) -> tuple[int, Any]:
        """Status and body of one call; those of the refusal where there is one."""
        api = self.classes[method](self.client)
        try:
            if hasattr(api, f"{method}_with_http_info"):
                answer = getattr(api, f"{method}_with_http_info")(**arguments)
                return answer.status_code, answer.data
            data, status, _ = getattr(api, method)(**arguments, _return_http_data_only=False)
        except ApiException as error:
            text = error.body.decode() if isinstance(error.body, bytes) else error.body or ""
            return error.status, json.loads(text) if text.startswith(("{", "[")) else text[:80]
        return status, data


def token(base: str, user: dict[str, str]) -> str:
    """A token for a user."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base}/auth/token", json.dumps(user).encode(), headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return str(json.load(answer)["access_token"])


def plain(value: Any, volatile: set[str]) -> Any:
    """A value as JSON, without what differs from server to server: times, generated ids, the fields in `volatile`."""
    value = value.to_dict() if hasattr(value, "to_dict") else value
    if isinstance(value, dict):
        return {
            str(key): "<any>" if key in volatile and each is not None else plain(each, volatile)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        listed = [plain(each, volatile) for each in value]
        return sorted(listed, key=json.dumps) if all(map(is_name, listed)) else listed
    if isinstance(value, bool | int | float) or value is None:
        return value
    return PATCH.sub(r"\1", GENERATED.sub("<id>", MOMENT.sub("<time>", str(value))))


def is_name(value: Any) -> bool:
    """Whether it is nothing but a name, as tags are: real Airflow gives those in any order."""
    return isinstance(value, dict) and "name" in value and value.keys() <= {"name", "dag_id", "dag_display_name"}


def shown(body: Any, only: list[str] | None) -> Any:
    """What of a body is printed: all of it, or these fields of every object in it, and the way to them."""
    if only is None:
        return body
    if isinstance(body, list):
        return [shown(each, only) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        key: each if key in only else shown(each, only)
        for key, each in body.items()
        if key in only or isinstance(each, list | dict)
    }


def main() -> None:
    """Play all steps in their order."""
    base, scenario = sys.argv[1], json.load(sys.stdin)
    users = {**scenario["users"], "nobody": None}
    players: dict[str, Player] = {}
    for number, step in enumerate(scenario["steps"], 1):
        who = step.get("as", "admin")
        if who not in players:
            players[who] = Player(base, scenario["path"], users[who])
        arguments = step.get("with", {})
        status, body = players[who].call(step["call"], built(arguments))
        body = shown(plain(body, set(scenario["volatile"])), step.get("only"))
        print(f"## {number} {step['call']} as {who} with {json.dumps(arguments)}\n{status}")  # noqa: T201
        print(json.dumps(body, indent=1, sort_keys=True))  # noqa: T201


if __name__ == "__main__":
    main()
