"""The stable API as its document has it, where that is what the mock follows.

The chapter "Errors" of the document tells of all operations which refusals they know and in which form: the problem
details of RFC 7807. At the operations it names few of them, as plain JSON. What the chapter says stands at each
operation of the document that such a mock serves, and the mock refuses with nothing else.
"""

from __future__ import annotations

import copy
from http import HTTPStatus
from typing import Any

from mockserver.api.v1.problems import PROBLEM, problem
from mockserver.errors import ApiError
from mockserver.operations import Answer

CHAPTER = (400, 401, 403, 404, 405, 406, 409)
_ERROR = {"description": "", "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Error"}}}}


def spelled_out(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the errors of the chapter at every operation."""
    document = copy.deepcopy(document)
    for item in document["paths"].values():
        for operation in item.values():
            operation["responses"] |= {str(status): _ERROR for status in CHAPTER}
    return document


def refusal(error: ApiError) -> ApiError:
    """The refusal with a status that the chapter has; what it does not have is a bad request."""
    if error.status not in CHAPTER:
        error.status = 400
    return error


def members(told: dict[str, Any]) -> dict[str, Any]:
    """The members of a refusal's answer: all texts, and with a title."""
    titled = {**told, "title": told.get("title") or HTTPStatus(told["status"]).phrase}
    return {name: value for name, value in titled.items() if value is not None}


def answer(given: Answer) -> Answer:
    """An answer of an operation; one that refuses is raised as a problem."""
    if given.status >= 400:
        raise problem(given.status, HTTPStatus(given.status).phrase)
    return given
