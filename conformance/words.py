"""The words in braces that data may have: {pool} for a name of the run's own, {date}, {asset:NAME}, what was kept.

{word}              what was kept under it; else a new name of the run's own, the same each time
{date} {date_b}     a date of the run's own that no run has; {date+60} is a minute later
{moment}            one with microseconds, as a zone east of UTC has it
{spare_dag}         a DAG of the fixtures that hardly anybody else uses
{asset:NAME}        the id that an asset of the fixtures has on the target
{file_token:DAG}    what names the file of a DAG of the fixtures
{disposable:DAG}    a DAG of the fixtures that may be deleted, for a scheduler brings it back
    {username:ROLE} {password:ROLE}   what the role logs in with
    {fact:NAME}         a fact of the target, such as airflow, which is its version
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.target import Target

_EAST = timezone(timedelta(hours=5, minutes=30))
_WORD = re.compile(r"\{([a-z]\w*)(?::([\w.-]+))?(?:\+(\d+))?\}")


class NotToBeHad(Exception):  # noqa: N818 (it says what happened)
    """What a word stands for is not to be had on the target. One sentence."""


class Words:
    """The words of one story on one target."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._kept: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._lent: Mapping[str, Callable[[str], Any]] = {
            "asset": target.fixture_asset,
            "file_token": target.fixture_file_token,
            "disposable": target.disposable_dag,
            "fact": target.facts.get,
            "username": lambda role: getattr(target.credentials.by_role.get(role), "username", None),
            "password": lambda role: getattr(target.credentials.by_role.get(role), "password", None),
        }

    def keep(self, word: str, value: Any) -> None:
        """Let a word stand for a value."""
        self._kept[word] = value

    def filled(self, value: Any) -> Any:
        """The value with every word replaced; a text that is nothing but a word becomes what the word stands for.

        NotToBeHad.
        """
        if isinstance(value, dict):
            return {self._text(key): self.filled(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.filled(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = _WORD.fullmatch(value)
        return self._value(*whole.groups()) if whole else self._text(value)

    def _text(self, value: str) -> str:
        return _WORD.sub(lambda found: str(self._value(*found.groups())), value)

    def _value(self, word: str, of: str | None, later: str | None) -> Any:
        with self._lock:
            key = f"{word}:{of}" if of else word
            if key not in self._kept:
                self._kept[key] = self._made(word, of)
            found = self._kept[key]
        return found if later is None else _moved(found, int(later))

    def _made(self, word: str, of: str | None) -> Any:
        if of is not None:
            found = self._lent[word](of)
            if found is None:
                raise NotToBeHad(f"the target does not tell the {word.replace('_', ' ')} of {of}")
            return found
        if word == "spare_dag":
            return self.target.spare_dag()
        if word.startswith("moment"):
            return datetime.fromisoformat(self.target.new_date()).astimezone(_EAST).isoformat()
        return self.target.new_date(whole=True) if word.startswith("date") else self.target.new_name(word)


def _moved(date: str, seconds: int) -> str:
    return (datetime.fromisoformat(date) + timedelta(seconds=seconds)).isoformat()
