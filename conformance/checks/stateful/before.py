"""What has to be there before a law can be looked at: requests, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.exchange import Request
from conformance.judge import Judge
from conformance.needs import lacking
from conformance.target import Target
from conformance.words import NotToBeHad, Words
from specs.versions import within


def prepare(target: Target, judge: Judge, steps: Iterable[Mapping[str, Any]], words: Words) -> None:
    """Send requests that all have to succeed. Ends the check where one does not."""
    for step in steps:
        made = target.send(asked(target, judge, step, words))
        if made.status is None or made.status >= 300:
            judge.unreached(f"{step['do']} was to prepare the check; it was answered with {made.status}")


def asked(target: Target, judge: Judge, step: Mapping[str, Any], words: Words) -> Request:
    """The request of a step: its operation, path parameters, query and body. Ends the check where it cannot be made."""
    try:
        filled = {name: words.filled(step[name]) for name in ("params", "query", "json") if name in step}
    except NotToBeHad as reason:
        judge.unreached(str(reason))
    return target.request(step["do"], **filled)


def there(target: Target, steps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The steps that this version has, and that nothing is lacking for."""
    bounded = (each for each in steps if within(target.version, each.get("since"), each.get("until")))
    wanted = (each for each in bounded if not lacking(each.get("needs", ()), target.facts))
    return [each for each in wanted if each["do"] in target.interface.operations]
