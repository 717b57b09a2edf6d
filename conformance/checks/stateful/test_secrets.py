"""The secrets of a connection are given back to nobody, whatever is done with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from conformance.checks.stateful.before import asked, there
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target
from conformance.words import Words
from specs.versions import within


@requirement("PUB-API-007", "STB-API-007")
@needs("writes")
def test_secrets_are_given_back_to_nobody(target: Target, judge: Judge) -> None:
    """No answer to any operation on a connection, nor the event log, has its password or a secret of its extra."""
    data, hidden = target.api.data("secrets"), Hidden(target)
    words = Words(target)
    words.keep("secret", hidden.new())
    words.keep("extra", json.dumps(hidden.among(_keys(target, data))))
    for step in there(target, data["requests"]):
        answer = target.send(asked(target, judge, step, words))
        found = hidden.shown_in(answer)
        judge.that(not found, answer, f"{step['do']} is not to give back a secret; it gives back that of {found}")
        if step.get("shows"):
            told = str(words.filled("{own}")) in (answer.response.text if answer.response else "")
            if judge.that(told, answer, f"{step['do']} is to tell of the connection; it answered {answer.status}"):
                judge.reached(answer)


class Hidden:
    """Secrets that nothing may show, by what they are the secrets of. None of them comes into a report."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._of: dict[str, str] = {}

    def new(self, of: str = "password") -> str:
        """A new one."""
        found = f"leak{secrets.token_hex(8)}"
        self._of[found] = of
        self._target.redactor.add(found)
        return found

    def among(self, keys: list[str]) -> dict[str, Any]:
        """What a connection has as extra: a secret under each key, and further within, beside what is none."""
        flat = {key: self.new(f"extra's {key}") for key in keys}
        within = {key: self.new(f"extra's nested {key}") for key in keys[:3]}
        return {"shown": "plain", **flat, "nested": {"shown": "plain", **within, "list": [within]}}

    def shown_in(self, exchange: Exchange) -> str:
        """Whose secrets an answer shows."""
        response = exchange.response
        text = f"{response.text}{response.headers}" if response else ""
        return ", ".join(of for secret, of in self._of.items() if secret in text)


def _keys(target: Target, data: Mapping[str, Any]) -> list[str]:
    """The names that sound secret to this version."""
    groups = (each for each in data["keys"] if within(target.version, each.get("since"), each.get("until")))
    return [name for each in groups for name in each["names"]]
