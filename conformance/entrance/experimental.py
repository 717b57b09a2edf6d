"""Whether the experimental API lets in whom it is to let in: only the first backend decides, and asks for no rights.

What a request without proof is answered shows which backend that is (measured on 1.10.15, 2.2.5 and 2.11.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.entrance import backends
from conformance.entrance.version import compare
from conformance.exchange import Exchange
from conformance.findings import Preflight, Stop, told

if TYPE_CHECKING:
    from conformance.target import Target

#: What each kind of backend answers to who shows nothing: the status, and the scheme that it asks for.
_ANSWERS = {
    "allow_all": (200, ""),
    "deny_all": (403, ""),
    "password": (401, "basic"),
    "basic": (401, "basic"),
    "kerberos": (401, "negotiate"),
    "session": (401, ""),
}
#: The backend that gives such an answer.
_MODULES = {
    (200, ""): "airflow.api.auth.backend.default",
    (403, ""): "airflow.api.auth.backend.deny_all",
    (401, "negotiate"): "airflow.api.auth.backend.kerberos_auth",
}
_PASSWORD, _BASIC = "airflow.contrib.auth.backends.password_auth", "airflow.api.auth.backend.basic_auth"
_WORDS = {
    (200, ""): "answers a request without any proof",
    (403, ""): "refuses a request without proof with 403, as who refuses everybody",
    (401, "basic"): "asks for a user name and a password (401, WWW-Authenticate: Basic)",
    (401, "negotiate"): "asks for a Kerberos ticket (401, WWW-Authenticate: Negotiate)",
    (401, ""): "refuses a request without proof with 401, and names no scheme",
}


def refused_roles(found: Preflight) -> list[str]:
    """The roles that are not let in, each with a problem noted. Stop where another backend keeps the admin out."""
    target = found.target
    answer = target.call(target.api.common, role=None)
    seen, expected = _seen(answer), _expected(target)
    if expected and seen != expected:
        what = _WORDS.get(seen) or f"answers a request without proof with {answer.status}"
        locked = target.drivers and not any(backends.lets_in(found, each, "admin") for each in target.drivers.values())
        sentence = f"the target {what}, but {backends.said(found)}"
        found.add("profile", sentence, _hint(target, seen), answer, fatal=bool(locked))
        if locked:
            raise Stop
    return backends.refused_roles(found)


def look_closer(found: Preflight) -> None:
    """Look at the version: Airflow 2 has a route for it, 1.10 does not and so gives none."""
    target = found.target
    answer = target.call("GET", f"{target.api.prefix}/info", role="admin" if target.drivers else None)
    said, where = told(answer).get("version"), target.profile.where("airflow")
    if answer.status == 200 and isinstance(said, str):
        compare(found, said, answer)
    elif (answer.status == 404) != (target.version.major == 1):
        there = "1.10: it has no" if answer.status == 404 else "2: it has"
        sentence = (
            f"the target is an Airflow {there} {answer.request.path}, but {where} says airflow = {target.version}"
        )
        found.add("profile", sentence, "give another profile", answer)


def _seen(answer: Exchange) -> tuple[int, str]:
    """Status and scheme, in lower case."""
    offered = (answer.response.header("WWW-Authenticate") if answer.response else None) or ""
    return answer.status or 0, offered.partition(" ")[0].strip().lower() if answer.status == 401 else ""


def _expected(target: Target) -> tuple[int, str] | None:
    """What the profile's backend answers to who shows nothing; None where that is a backend of somebody's own."""
    kind = "allow_all" if target.facts["public_grants"] else target.profile.asked_kinds[0]
    return _ANSWERS.get(kind)


def _hint(target: Target, seen: tuple[int, str]) -> str:
    by_name = _PASSWORD if target.version.major == 1 else _BASIC
    module = by_name if seen == (401, "basic") else _MODULES.get(seen)
    option = f"api.{target.profile.backends_option}"
    return f"give --set {option}={module} or another profile" if module else "give another profile"
