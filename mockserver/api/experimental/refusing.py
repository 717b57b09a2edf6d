"""How a request is refused, in the words of Airflow; and where it breaks the server down instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.api.experimental import traits
from mockserver.errors import Crash, PlainError

if TYPE_CHECKING:
    from mockserver.operations import Call


def refused(status: int, text: str) -> PlainError:
    """A refusal that Airflow foresees."""
    return PlainError(status, text)


def broken(call: Call, reason: str, status: int = 400) -> Exception:
    """What Airflow fails on unhandled; where the documents are followed it is a refusal that says so."""
    return Crash(reason) if traits(call).crashes else refused(status, reason)


def storable(call: Call, text: str) -> str:
    """A text that a database can keep: half a pair of surrogates breaks the server down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise broken(call, f"{text!r} is no text that can be kept") from None
    return text


def told(call: Call, text: str) -> PlainError:
    """What Airflow foresees and tells, but with the status of an error of the server (measured)."""
    return refused(500 if traits(call).crashes else 400, text)
