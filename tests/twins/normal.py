"""What one server's answers are when what it made up is left out: ids, times, hosts become references.

A reference keeps relations: `<time 3>` is the same moment wherever it stands in a recording, `<dag_runs 1>` the same
number, `<uuid 2>` the same UUID. What a script or a DAG file says stays as it is. Secrets and tokens are left out.
"""

from __future__ import annotations

import json
import re
from ast import literal_eval
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.exchange import Response

#: Headers that are compared, and how they begin.
HEADERS = (
    "content-type",
    "allow",
    "location",
    "www-authenticate",
    "cache-control",
    "vary",
    "set-cookie",
    "access-control-",
)
LONG = 4  # lists that have more items are told by their length, and by so many items
TEXT = 400  # characters that are kept of a body that is no JSON

_TIME = (
    r"(?P<time>\d{4}-\d\d-\d\d([T +]|%20)\d\d(:|%3A)\d\d(:|%3A)\d\d(\.\d{1,6})?)"
    r"(?P<zone>Z|(?:[+-]|%2B)\d\d(?::|%3A)?\d\d)?"
)
_PATTERNS = re.compile(
    rf"""
    (?P<token>eyJ[\w-]+(?:\.[\w-]+)+)
    | (?P<host>(?:127\.0\.0\.1|localhost):\d+)
    | {_TIME}
    | (?P<day>\d{{4}}-\d\d-\d\d)
    | (?P<uuid>[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}})
    | (?P<error>(?<=\bID\s)\w{{8}}\b)
    | (?P<folder>/[\w./-]+/(?:bin|dags|logs)/)
    | (?P<address>\b0x[0-9a-f]{{6,}})
    """,
    re.VERBOSE,
)
_RANDOM = re.compile(r"(?<=>)(Z|\+00:00|%2B00%3A00)?_\w{8}\b")
_NEAR = timedelta(days=3)
_TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL | re.IGNORECASE)


class Normal:
    """Makes the answers of one server comparable; references are numbered in the order in which they come up.

    `volatile` are keys, or two keys with a dot between, whose values are told by their types alone; `owners` says which
    numbers are of one kind: key -> kind. `unordered` are keys of lists that are in no order.
    """

    def __init__(
        self,
        volatile: Collection[str] = (),
        owners: Mapping[str, str] | None = None,
        unordered: Collection[str] = (),
    ) -> None:
        self.volatile, self.owners, self.unordered = set(volatile), owners or {}, set(unordered)
        self._known: dict[tuple[str, object], int] = {}
        self._kept: dict[str, str] = {}
        self._now = datetime.now(UTC)

    def answer(self, path: str, response: Response, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Status, headers and body of an answer to a request for `path`, in which names stand for `kept` values."""
        self._kept = {str(value): name for name, value in kept.items() if f"<{name}>" in path}
        headers: dict[str, str] = {}
        for name, value in response.headers:
            if name.lower().startswith(HEADERS):
                headers[name.lower()] = ", ".join(filter(None, [headers.get(name.lower()), self._header(name, value)]))
        return {"status": response.status, "headers": dict(sorted(headers.items())), "body": self._body(path, response)}

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "allow":
            return ", ".join(sorted(value.split(", ")))
        if name.lower() == "set-cookie":
            value = re.sub(r"=([^;]+)", "=<value>", value, count=1)
            value = re.sub(r"(?<=expires=)[^;]+", "<date>", value, flags=re.IGNORECASE)
        return self.text(value)

    def _body(self, path: str, response: Response) -> Any:
        if not response.body:
            return None
        try:
            value = json.loads(response.body)
        except ValueError:
            return self._page(response.text)
        collection = next((word for word in reversed(path.split("/")) if word.isalpha()), "")
        return self.value(value, (collection,))

    def _page(self, text: str) -> str:
        """A body that is no JSON: of a page the title, and of one that tells of a breakdown nothing."""
        if "Ooops" in text:
            return "<page>"
        if title := _TITLE.search(text):
            return f"<page: {self.text(title[1])}>"
        return self.text(text[:TEXT])

    def value(self, value: Any, keys: tuple[str, ...]) -> Any:
        """A JSON value that stands under these keys."""
        key = keys[-1]
        if not isinstance(value, dict | list) and not self.volatile.isdisjoint((key, ".".join(keys[-2:]))):
            return self._kind(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self.value(one, (*keys, str(name))) for name, one in value.items()}
        if isinstance(value, list):
            items = [self.value(one, keys) for one in value]
            items = sorted(items, key=json.dumps) if key in self.unordered else items
            return items if len(items) <= LONG else [f"<{len(items)} items>", *items[:LONG]]
        if isinstance(value, str):
            return self._reference("file", value) if key == "file_token" else self.text(value)
        return self._number(value, keys)

    def _kind(self, value: Any) -> Any:
        """The type of a value that is each server's own; of a time its form."""
        if not isinstance(value, str):
            return value if value is None else f"<{type(value).__name__}>"
        found = re.fullmatch(_TIME, value)
        return f"<time>{found['zone'] or ''}" if found else "<str>"

    def _number(self, value: Any, keys: tuple[str, ...]) -> Any:
        key = keys[-1]
        if type(value) is int and (key == "id" or key.endswith("_id")):
            return self._reference(self.owners.get(key, keys[-2] if key == "id" else key), value)
        return value

    def text(self, text: str) -> str:
        """A text without what was made up."""
        for value, name in self._kept.items():
            text = re.sub(rf"(?<=`){re.escape(value)}(?=`)", f"<{name}>", text)
        return _RANDOM.sub(r"\1_<random>", _PATTERNS.sub(self._replaced, _sorted(text)))

    def _replaced(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind in ("time", "zone"):
            return self._time(match)
        if kind == "day":
            return self._day(match)
        return self._reference("uuid", match[0]) if kind == "uuid" else f"<{kind}>"

    def _time(self, match: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(match["time"].replace("%3A", ":").replace("%20", " ").replace("+", " "))
        except ValueError:
            return match[0]
        if abs(moment.replace(tzinfo=UTC) - self._now) > _NEAR:
            return match[0]
        kind = "time" if "T" in match["time"] else "spaced time"
        return self._reference("time", moment).replace("time", kind) + (match["zone"] or "")

    def _day(self, match: re.Match[str]) -> str:
        try:
            day = datetime.fromisoformat(match["day"]).replace(tzinfo=UTC)
        except ValueError:
            return match[0]
        return match[0] if abs(day - self._now) > _NEAR else "<day>"

    def _reference(self, kind: str, value: object) -> str:
        mine = sum(1 for known, _ in self._known if known == kind)
        return f"<{kind} {self._known.setdefault((kind, value), mine + 1)}>"


def _sorted(text: str) -> str:
    """A text that is a dictionary as Python shows it with its keys in order: they come from a set."""
    if not text.startswith("{'"):
        return text
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return repr(dict(sorted(value.items()))) if isinstance(value, dict) else text
