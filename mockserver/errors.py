"""Refusals, in the shapes of Airflow 3 (measured on 3.3.2 and 3.0.6).

ApiError            answered with its status and {"detail": ...}
├── not_found()     404 text
├── conflict()      409 text
├── UniqueViolation 409 object, conflict_unique()
├── invalid()       422 list of validation errors
└── forbidden(), unauthenticated()
Crash               500 "Internal Server Error" as text, without CORS headers; the connection is closed after it
└── TooLarge        so does a number that the database cannot hold
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """A refusal: `status` and the JSON value of `detail`."""

    def __init__(self, status: int, detail: Any, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.headers = headers

    @property
    def body(self) -> Any:
        """The JSON body of the answer."""
        return {"detail": self.detail}


class PlainError(ApiError):
    """{"error": text} in place of detail: a path that is not the public API's, any refusal of the experimental API."""

    @property
    def body(self) -> Any:
        """The JSON body of the answer."""
        return {"error": self.detail}


class Crash(Exception):  # noqa: N818 - it is what the server does
    """Airflow answers this request with an unhandled exception, and so does the mock.

    `inside`: it happens within the part under /auth, and the answer still gets CORS headers.
    """

    def __init__(self, reason: str = "", *, inside: bool = False) -> None:
        super().__init__(reason)
        self.inside = inside


class TooLarge(Crash):
    """The database cannot hold a number of the request; what is refused before it is asked comes first."""


def not_found(text: str) -> ApiError:
    """404 with a text."""
    return ApiError(404, text)


def conflict(text: str) -> ApiError:
    """409 with a text."""
    return ApiError(409, text)


def forbidden(text: str = "Forbidden") -> ApiError:
    """403 with a text."""
    return ApiError(403, text)


class UniqueViolation(ApiError):  # noqa: N818 - it is what the database calls it
    """409: the database refused a second row with the same key. How much of it is told depends on the version."""

    def __init__(self, statement: str, cause: str) -> None:
        super().__init__(
            409,
            {
                "reason": "Unique constraint violation",
                "statement": statement,
                "orig_error": cause,
                "message": serious("lMIaVlAH"),
            },
        )

    def hide(self) -> None:
        """Keep statement and cause back, as 3.1 and later do."""
        self.detail = {**self.detail, "statement": "hidden", "orig_error": "hidden"}


def serious(mark: str) -> str:
    """The message of an error of the database; `mark` finds it in the server's log."""
    return (
        "Serious error when handling your request. Check logs for more details - "
        f"you will find it in api server when you look for ID {mark}"
    )


def database_error() -> ApiError:
    """500 of a statement that the database refused, as 3.1 and later answer it."""
    return ApiError(
        500, {"reason": "Database error", "statement": "hidden", "orig_error": "hidden", "message": serious("7gKq2ZtW")}
    )


def conflict_unique(table: str, columns: str, key: str) -> UniqueViolation:
    """409 of a violated unique constraint: ("slot_pool", "pool, slots, description", "pool").

    `columns` are all columns of the insert, `key` those of the constraint, each as text with commas.
    """
    marks = ", ".join("?" * len(columns.split(",")))
    cause = ", ".join(f"{table}.{name.strip()}" for name in key.split(","))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - shown, never run
    return UniqueViolation(statement, f"UNIQUE constraint failed: {cause}")


def invalid(*errors: dict[str, Any]) -> ApiError:
    """422 with a list of validation errors; see `problem`."""
    return ApiError(422, list(errors))


def problem(kind: str, loc: Sequence[str | int], message: str, value: Any, **ctx: Any) -> dict[str, Any]:
    """One validation error: `kind` is pydantic's name of it, `loc` the way to the value."""
    error = {"type": kind, "loc": list(loc), "msg": message, "input": value}
    return {**error, "ctx": ctx} if ctx else error


class SetupError(ValueError):
    """The mock cannot be set up as asked; the text says what is wrong and what to do."""
