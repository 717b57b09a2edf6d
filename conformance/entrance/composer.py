"""Whether a Cloud Composer lets in whom it is to let in: first its proxy, for everything, then Airflow's backend.

What the proxy's refusals look like the document leaves open: any answer but a success is taken for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.auth.base import LoginError, NoCredential
from conformance.entrance import backends, experimental
from conformance.exchange import Exchange
from conformance.findings import ASK_ROLES, Preflight, Stop

if TYPE_CHECKING:
    from conformance.target import Target

_ADMIN = "admin"
_KEPT_OUT = (401, 403)
_OTHER = "give another profile, or the URL of the environment's web server"
_BARRED = "is this machine's address allowed by its web server access control, and the account in its project?"


def proxy(found: Preflight, answer: Exchange) -> None:
    """Look at what a request without credentials is answered with."""
    where = found.target.profile.where("platform")
    if answer.status == 200:
        sentence = f"the target answers GET {answer.request.path} without Google credentials"
        said = f"{where} says platform = composer, whose proxy asks for them"
        found.add("profile", f"{sentence}, but {said}", _OTHER, answer, fatal=False)


def admitted(found: Preflight) -> None:
    """See that the proxy lets an admin through. Stop where it does not, or where there are no credentials to show."""
    target = found.target
    try:
        headers = target.google.headers(_ADMIN)
    except NoCredential as error:  # the target is not to blame, and checks say what they miss
        raise found.stop("credentials", str(error), fatal=False) from None
    except LoginError as error:
        raise found.stop("credentials", str(error), found.ask) from None
    answer = target.call("GET", target.api.front, role=None, headers=headers)
    if target.barred:
        raise _barred(found, answer)
    if answer.status in _KEPT_OUT and not _behind(target):
        status, source = answer.status, found.source(_ADMIN)
        sentence = f"the target does not let the Google credentials of admin through ({source}): it answers {status}"
        raise found.stop("credentials", sentence, _BARRED, answer)
    if answer.status in _KEPT_OUT:
        raise _refused_by_airflow(found, answer)


def refused_roles(found: Preflight) -> list[str]:
    """The roles that are not let in, each with a problem noted. Stop where Airflow's backend keeps the admin out."""
    target = found.target
    answer = target.call(target.api.common, role=None, headers=target.google.headers(_ADMIN))
    if answer.status == 200 and not target.drivers:
        sentence = f"the target lets Google credentials in, but {backends.said(found)}"
        found.add("profile", sentence, "give another profile", answer, fatal=False)
    if answer.status in _KEPT_OUT and target.drivers:
        raise _refused_by_airflow(found, answer)
    others = [role for role in found.roles() if role not in (_ADMIN, "public")] if target.drivers else []
    return [role for role in others if not _let_in(found, role)]


def look_closer(found: Preflight) -> None:
    """Look at the version where only the experimental API has it."""
    if found.target.api.name == "experimental":
        experimental.look_closer(found)


def _let_in(found: Preflight, role: str) -> bool:
    try:
        found.target.google.headers(role)
    except LoginError as error:
        found.add("credentials", str(error), ASK_ROLES, fatal=False)
        return False
    if backends.lets_in(found, found.target.google, role):
        return True
    sentence = f"the target does not let the Google account of the role {role} in ({found.source(role)})"
    found.add("credentials", sentence, ASK_ROLES, fatal=False)
    return False


def _barred(found: Preflight, answer: Exchange) -> Stop:
    """Nothing more can be learned where this machine's address is to be kept out."""
    if answer.status == 200:
        where = found.target.profile.where("web_server_allow_ip")
        sentence = f"the target lets this machine in, whose address is none of those that {where} names"
        found.add("profile", sentence, "give another profile", answer, fatal=False)
    return Stop()


def _behind(target: Target) -> bool:
    """Whether the admin comes through the proxy to something that Airflow has open."""
    paths = ("/api/v1/version", "/api/v1/health")
    return any(target.call("GET", path).status == 200 for path in paths if path != target.api.front)


def _refused_by_airflow(found: Preflight, answer: Exchange) -> Stop:
    who = f"the proxy lets the Google credentials of admin through ({found.source(_ADMIN)})"
    sentence = f"{who}, but Airflow answers {answer.status} to GET {answer.request.path}; {backends.said(found)}"
    return found.stop("credentials", sentence, _hint(found), answer)


def _hint(found: Preflight) -> str:
    return f"check [api] {found.target.profile.backends_option} there, and whether the user is active and has a role"
