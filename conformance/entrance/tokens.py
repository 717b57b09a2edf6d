"""Whether a target gives tokens to those who are to have them, and whose tokens they are."""

from __future__ import annotations

from conformance.auth.base import LoginError
from conformance.auth.jwt import token_of
from conformance.exchange import Exchange
from conformance.findings import ASK_CREDENTIALS, Preflight
from conformance.strategies import tokens

_ALL_ADMINS = "simple_auth_manager_all_admins"


def refused_roles(found: Preflight) -> list[str]:
    """The roles that get no token, each with a problem noted."""
    return [role for role in found.roles() if not _login(found, role)]


def look_closer(found: Preflight) -> None:
    """Look for the auth manager and for the secret that signs."""
    _auth_manager(found)
    _secret(found)


def _login(found: Preflight, role: str) -> bool:
    target = found.target
    everybody = target.profile.all_admins
    credential = None if everybody else target.credentials.by_role.get(role)
    if credential and credential.token:
        return True
    try:
        answer = target.auth.log_in(role)
    except LoginError as error:
        found.refused(role, f"the role {role} cannot log in: {error}")
        return False
    if answer.status in (400, 401, 403):
        _refused(found, role, answer, everybody=everybody)
        return False
    try:
        target.auth.keep(role, token_of(answer))
    except LoginError as error:
        found.add("impostor", f"the role {role} cannot log in: {error}", ASK_CREDENTIALS, answer, fatal=False)
        return False
    return True


def _refused(found: Preflight, role: str, answer: Exchange, *, everybody: bool) -> None:
    if everybody:
        where = found.target.profile.where(f"core.{_ALL_ADMINS}")
        sentence = f"the target asks for a password, but {where} says {_ALL_ADMINS} = True"
        found.add("profile", sentence, "give another profile", answer)
        return
    found.refused(role, f"the target does not accept the password of {role} ({found.source(role)})", answer)


def _auth_manager(found: Preflight) -> None:
    """The simple auth manager puts the role into a token, FAB does not (measured on 3.0.6 and 3.3.2)."""
    try:
        claims = tokens.read(found.target.token("admin")).payload
    except ValueError:
        return  # no JWT: a finding for the checks
    profile = found.target.profile
    seen = "simple" if "role" in claims else "fab"
    if seen != profile.auth_manager:
        said = f"{profile.where('core.auth_manager')} says it is {profile.auth_manager}"
        sentence = f"the tokens of the target look like those of the {seen} auth manager, but {said}"
        found.add("profile", sentence, "give another profile", fatal=False)


def _secret(found: Preflight) -> None:
    """Whether a token signed with the secret that was given is as good as the target's own."""
    target, credentials = found.target, found.target.credentials
    if not credentials.jwt_secret:
        return
    try:
        own = tokens.read(target.token("admin"))
    except ValueError:
        return  # no JWT: a finding for the checks
    minted = tokens.sign({**own.header, "alg": own.algorithm}, own.payload, credentials.jwt_secret)
    target.redactor.add(minted)
    answer = target.call("GET", f"{target.api.about_admins['path']}?limit=1", token=minted)
    found.secret_proved = answer.status == 200
    if credentials.jwt_secret_given and not found.secret_proved:
        sentence = f"the target does not sign its tokens with the jwt_secret of {credentials.jwt_secret_source}"
        found.add("credentials", sentence, "give the secret of its [api_auth] section, or none", answer)
