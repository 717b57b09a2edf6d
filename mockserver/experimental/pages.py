"""What the experimental API answers in HTML: refusals by name, and those of the framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.traits import ExperimentalTraits

HTML = "text/html; charset=utf-8"
_NAMES = {401: "Unauthorized", 403: "Forbidden"}
_OLD, _NEW = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n', "<!doctype html>\n<html lang=en>\n"
_BAD = "The browser (or proxy) sent a request that this server could not understand."
_WRONG = "The method is not allowed for the requested URL."


def refusal(status: int) -> Answer:
    """Refuse who is not let in."""
    return Answer(status, _NAMES[status].encode(), media=HTML)


def bad_request(traits: ExperimentalTraits) -> Answer:
    """Refuse a body that is no JSON."""
    return _page(traits, 400, "Bad Request", _BAD)


def wrong_method(traits: ExperimentalTraits, allow: str) -> Answer:
    """Refuse a method that a path does not have."""
    answer = _page(traits, 405, "Method Not Allowed", _WRONG)
    answer.headers = [("allow", allow)]
    return answer


def _page(traits: ExperimentalTraits, status: int, name: str, text: str) -> Answer:
    start = _OLD if traits.old_pages else _NEW
    body = f"{start}<title>{status} {name}</title>\n<h1>{name}</h1>\n<p>{text}</p>\n"
    return Answer(status, body.encode(), media="text/html" if traits.plain_pages else HTML)
