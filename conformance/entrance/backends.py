"""Whether the backends of an Airflow 2 let in whom they are to let in, and nobody else's do."""

from __future__ import annotations

from conformance.auth.base import Driver, LoginError
from conformance.auth.basic import Basic
from conformance.auth.session import Session
from conformance.exchange import Exchange
from conformance.findings import Preflight
from profiles.chain import public_role_counts

#: What a person calls the proof that each driver sends.
WORDS = {
    "session": "the session of a web login",
    "basic": "Basic credentials",
    "password": "user name and password",
    "kerberos": "a Kerberos ticket",
    "custom": "the headers of the profile",
    "composer_auth": "Google credentials",
    "open": "no proof at all",
}
_REFUSED = (401, 403)
#: A role that may do nothing: it cannot be seen whether it was let in.
_POWERLESS = "public"


def refused_roles(found: Preflight) -> list[str]:
    """The roles that no backend lets in, each with a problem noted; the driver of the target is one that works."""
    target = found.target
    if not target.drivers:
        return []
    working = [name for name, driver in target.drivers.items() if lets_in(found, driver, "admin")]
    if not working and (lack := _lacking(found)):  # the target is not to blame, and checks say what they miss
        found.add("credentials", lack, fatal=False)
        return ["admin"]
    if not working:
        found.refused("admin", f"the target lets admin in by nothing ({found.source('admin')}): {_tried(found)}")
        return ["admin"]
    target.driver = target.drivers[working[0]]
    for name in target.drivers.keys() - set(working):
        _mismatch(found, f"the target does not take {WORDS[name]} of admin")
    return [role for role in found.roles() if role not in ("admin", _POWERLESS) and not _role(found, role)]


def look_closer(found: Preflight) -> None:
    """Look whether anything else opens the API than what the profile says. Stop where everything does."""
    target = found.target
    _anybody(found, target.call(target.api.common, role=None))
    others: dict[str, Driver] = {
        "basic": Basic(target.credentials.by_role, target.redactor.learn),
        "session": Session(target.send, target.credentials.by_role, target.redactor.learn),
    }
    for name, driver in others.items():
        if name not in target.drivers and not target.facts["public_grants"] and lets_in(found, driver, "admin"):
            _mismatch(found, f"the target takes {WORDS[name]}")


_PUBLIC = "webserver_config.AUTH_ROLE_PUBLIC"


def _anybody(found: Preflight, answer: Exchange) -> None:
    """Look what a request without proof is answered with. Stop where it lets in who is not to be let in."""
    grants, status = found.target.facts["public_grants"], answer.status
    if status == 200 and not grants:
        sentence = f"the target answers a request without any proof, but {_said_public(found)}"
        hint = "give another profile, if everybody is to have a role"
        raise found.stop("profile", sentence, hint, answer, fatal=False)
    refusal = _refusal(found)
    if status in _REFUSED and grants:
        _doubt(found, f"the target refuses a request without proof, but {_said_public(found)}", answer)
    elif status in _REFUSED and status != refusal and not any(problem.fatal for problem in found.problems):
        why = said(found) if found.target.facts["allow_all"] else _said_public(found)
        _doubt(
            found,
            f"the target refuses a request without proof with {status} and not with {refusal}, but {why}",
            answer,
        )


def _refusal(found: Preflight) -> int:
    """The status of a refusal: 403 where everybody is somebody, though one without permissions; else 401."""
    profile = found.target.profile
    somebody = "allow_all" in profile.backend_kinds or profile.public_role is not None
    return 403 if somebody and public_role_counts(profile.airflow, profile.backend_kinds) else 401


def _said_public(found: Preflight) -> str:
    profile = found.target.profile
    return f"{profile.where(_PUBLIC)} says AUTH_ROLE_PUBLIC = {profile.public_role}"


def _doubt(found: Preflight, sentence: str, answer: Exchange | None = None) -> None:
    found.add("profile", sentence, "give another profile", answer, fatal=False)


def lets_in(found: Preflight, driver: Driver, role: str) -> bool:
    """Whether a driver's proof of a role opens the API."""
    try:
        headers = driver.headers(role)
    except LoginError:
        return False
    return found.target.call(found.target.api.common, role=None, headers=headers).status == 200


def _lacking(found: Preflight) -> str:
    """Why this machine has no Kerberos ticket to show; empty where it has one, or where there is another way in."""
    drivers = found.target.drivers
    try:
        if list(drivers) == ["kerberos"]:
            drivers["kerberos"].headers("admin")
    except LoginError as error:
        return str(error)
    return ""


def _role(found: Preflight, role: str) -> bool:
    if lets_in(found, found.target.driver, role):
        return True
    found.refused(role, f"the target does not let the role {role} in ({found.source(role)})")
    return False


def _tried(found: Preflight) -> str:
    """What was tried, and where the profile says that it should work."""
    words = " and ".join(WORDS[name] for name in found.target.drivers)
    return f"not by {words}, as {said(found)}"


def said(found: Preflight) -> str:
    """What the profile says of the backends, and where."""
    profile = found.target.profile
    option = profile.backends_option
    where, named = profile.where(f"api.{option}"), ",".join(profile.configured_backends)
    return f"{where} says {option} = {named}" if named else f"the profile {profile.name} does not set {option}"


def _mismatch(found: Preflight, sentence: str) -> None:
    _doubt(found, f"{sentence}, but {said(found)}")
