"""Looks, before the first check, whether there is an API to check: reached, let in, and as the profile says.

Each `Problem` is one sentence for a person and a hint what to do; its `kind` says whose problem it is:

    unreachable    nothing answers, or nothing that is HTTP
    impostor       something answers, and it is no Airflow 3 API: a wall, a login page, another product
    credentials    the target does not accept what it was given
    profile        the target is not set up as the profile says
    fixtures       the profile claims the fixture DAGs, and they are not there
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from conformance.auth.base import LoginError
from conformance.auth.jwt import token_of
from conformance.exchange import Exchange, NotJson
from conformance.strategies import tokens
from specs import fixtures
from specs.versions import Version

if TYPE_CHECKING:
    from conformance.target import Target

Kind = Literal["unreachable", "impostor", "credentials", "profile", "fixtures"]

_ALL_ADMINS = "simple_auth_manager_all_admins"
VERSION_PATH = "/api/v2/version"
_PAGES = 200

_REACH = "check the base URL, and whether the API server runs"
_BASE = "check the base URL: is a path missing in it?"
_REDIRECT = "give the base URL that it ends at; if it is a login page, something in front of the API keeps us out"
_WALL = "something in front of the API keeps us out, or it is no API at all"
_ROLES = "give --credentials FILE with a user for each role, or --without roles"
_CREDENTIALS = "give --username and --password, or --credentials FILE"


@dataclass(frozen=True)
class Problem:
    """Why the target cannot be checked as asked. `exchange` shows it, where there was one.

    `fatal`: checks would tell nothing more. One that is not fatal is a fault that checks decide.
    """

    kind: Kind
    sentence: str
    hint: str = ""
    exchange: Exchange | None = None
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.sentence}; {self.hint}" if self.hint else self.sentence


@dataclass
class Preflight:
    """What was found. `version`: as the target says, such as 3.3.2. `secret_proved`: it signs with the given secret.

    `missing`: capabilities that the profile claims and the target does not bear out.
    """

    problems: list[Problem] = field(default_factory=list)
    missing: frozenset[str] = frozenset()
    version: str | None = None
    secret_proved: bool = False


class _Stop(Exception):  # noqa: N818 (it says what happened)
    """Nothing more can be learned."""


def inspect(target: Target) -> Preflight:
    """Look at a target. Sends about a dozen requests, none that writes; never raises for what the target does.

    A signing secret that the target was not seen to use is taken out of the target's credentials: nobody knows it.
    """
    inspection = _Inspection(target)
    with contextlib.suppress(_Stop):
        inspection.run()
    if not inspection.found.secret_proved:
        target.credentials = replace(target.credentials, jwt_secret=None)
    return inspection.found


class _Inspection:
    def __init__(self, target: Target) -> None:
        self.target = target
        self.found = Preflight()

    def run(self) -> None:
        self._version(self._reach())
        self._no_wall()
        self._logins()
        self._admin()
        self._auth_manager()
        self._secret()
        if "fixture-dags" in self.target.profile.capabilities:
            self._fixtures()

    def _problem(
        self, kind: Kind, sentence: str, hint: str = "", exchange: Exchange | None = None, *, fatal: bool = True
    ) -> None:
        self.found.problems.append(Problem(kind, self.target.redactor.text(sentence), hint, exchange, fatal))

    def _stop(
        self, kind: Kind, sentence: str, hint: str = "", exchange: Exchange | None = None, *, fatal: bool = True
    ) -> _Stop:
        self._problem(kind, sentence, hint, exchange, fatal=fatal)
        return _Stop()

    def _get(self, path: str, role: str | None = None) -> Exchange:
        answer = self.target.call("GET", path, role=role)
        if answer.response is None:
            raise self._stop("unreachable", answer.error or "no answer", _REACH, answer)
        return answer

    def _reach(self) -> Exchange:
        answer = self._get(VERSION_PATH)
        if answer.status != 200:
            raise self._not_airflow(answer)
        return answer

    def _version(self, answer: Exchange) -> None:
        said = _object(answer).get("version")
        if not isinstance(said, str):
            raise self._not_airflow(answer)
        self.found.version = said[:40]
        profile = self.target.profile
        try:
            seen = Version.parse(said)
        except ValueError:
            raise self._stop("impostor", f"{self._url()} gives its version as {said[:40]!r}", _BASE, answer) from None
        if seen != profile.airflow:
            self._problem(
                "profile",
                f"the target is Airflow {said[:40]}, but {profile.where('airflow')} says airflow = {profile.airflow}",
                f"give --set airflow={seen} or another profile",
                answer,
            )

    def _not_airflow(self, answer: Exchange) -> _Stop:
        """Say as well as can be what answers there instead."""
        response = answer.response
        where = response.header("Location") if response and 300 <= response.status < 400 else None
        if where is not None:
            return self._stop("impostor", f"{self._url()} redirects to {where[:200]}", _REDIRECT, answer)
        if response and response.status == 200:
            what = "a web page (a login page?)" if response.media == "text/html" else response.media or "no media type"
            return self._stop("impostor", f"{self._url()} answers 200 with {what}, not with a version", _BASE, answer)
        nonsense = self._get(self._nonsense())
        if nonsense.status == answer.status and answer.status != 404:
            return self._stop("impostor", self._wall(answer), _WALL, answer)
        if answer.status == 404 and self._get("/api/v1/version").status == 200:
            return self._stop(
                "impostor", f"{self.target.url} is an Airflow 2: it has /api/v1 and no /api/v2", "", answer
            )
        return self._stop(
            "impostor", f"{self._url()} answers {answer.status}: no Airflow 3 API is there", _BASE, answer
        )

    def _no_wall(self) -> None:
        """What is nowhere must not be found."""
        answer = self._get(self._nonsense())
        if answer.status is not None and 200 <= answer.status < 300:
            raise self._stop("impostor", self._wall(answer), _WALL, answer)

    def _logins(self) -> None:
        """Log in every role that the profile or the user names; without an admin there is nothing more to see."""
        roles = self.target.roles if "roles" in self.target.profile.capabilities else ("admin",)
        refused = [role for role in roles if not self._login(role)]
        if "admin" in refused:
            raise _Stop
        if refused:
            self.found.missing |= {"roles"}

    def _login(self, role: str) -> bool:
        everybody = self.target.profile.all_admins
        credential = None if everybody else self.target.credentials.by_role.get(role)
        if credential and credential.token:
            return True
        try:
            answer = self.target.auth.log_in(role)
        except LoginError as error:
            hint = _CREDENTIALS if role == "admin" else _ROLES
            self._problem("credentials", f"the role {role} cannot log in: {error}", hint, fatal=role == "admin")
            return False
        if answer.status in (400, 401, 403):
            self._refused(role, answer, everybody=everybody)
            return False
        try:
            self.target.auth.keep(role, token_of(answer))
        except LoginError as error:
            self._problem("impostor", f"the role {role} cannot log in: {error}", _CREDENTIALS, answer, fatal=False)
            return False
        return True

    def _refused(self, role: str, answer: Exchange, *, everybody: bool) -> None:
        if everybody:
            where = self.target.profile.where(f"core.{_ALL_ADMINS}")
            sentence = f"the target asks for a password, but {where} says {_ALL_ADMINS} = True"
            self._problem("profile", sentence, "give another profile", answer)
            return
        sentence = f"the target does not accept the password of {role} ({self._source(role)})"
        hint = _CREDENTIALS if role == "admin" else _ROLES
        self._problem("credentials", sentence, hint, answer, fatal=role == "admin")

    def _admin(self) -> None:
        """An admin may read what others may not; and nobody may without a proof of who they are."""
        answer = self._get("/api/v2/connections?limit=1", "admin")
        if answer.status in (401, 403):
            source, fatal = self._source("admin"), True
            if answer.status == 403 and self._get("/api/v2/dags?limit=1", "admin").status == 200:
                sentence = f"the user for the role admin ({source}) is no admin there"
            else:
                sentence = f"the target does not accept the token of admin ({source})"
                fatal = self._given_token("admin")
            raise self._stop("credentials", sentence, _CREDENTIALS, answer, fatal=fatal)
        if answer.status != 200 or not isinstance(_object(answer).get("connections"), list):
            sentence = f"GET /api/v2/connections answers an admin with {answer.status} and no list of connections"
            raise self._stop("impostor", sentence, _BASE, answer, fatal=False)

    def _given_token(self, role: str) -> bool:
        """Whether the role's token was given, and not made by the target itself just now."""
        credential = self.target.credentials.by_role.get(role)
        return bool(credential and credential.token)

    def _source(self, role: str) -> str:
        credential = self.target.credentials.by_role.get(role)
        return credential.source if credential else "nobody's"

    def _auth_manager(self) -> None:
        """The simple auth manager puts the role into a token, FAB does not (measured on 3.0.6 and 3.3.2)."""
        try:
            claims = tokens.read(self.target.token("admin")).payload
        except ValueError:
            return  # no JWT: a finding for the checks
        profile = self.target.profile
        seen = "simple" if "role" in claims else "fab"
        if seen != profile.auth_manager:
            said = f"{profile.where('core.auth_manager')} says it is {profile.auth_manager}"
            sentence = f"the tokens of the target look like those of the {seen} auth manager, but {said}"
            self._problem("profile", sentence, "give another profile", fatal=False)

    def _secret(self) -> None:
        """Whether a token signed with the secret that was given is as good as the target's own."""
        credentials = self.target.credentials
        if not credentials.jwt_secret:
            return
        try:
            own = tokens.read(self.target.token("admin"))
        except ValueError:
            return  # no JWT: a finding for the checks
        minted = tokens.sign({**own.header, "alg": own.algorithm}, own.payload, credentials.jwt_secret)
        self.target.redactor.add(minted)
        answer = self.target.call("GET", "/api/v2/connections?limit=1", token=minted)
        self.found.secret_proved = answer.status == 200
        if credentials.jwt_secret_given and not self.found.secret_proved:
            sentence = f"the target does not sign its tokens with the jwt_secret of {credentials.jwt_secret_source}"
            self._problem("credentials", sentence, "give the secret of its [api_auth] section, or none", answer)

    def _fixtures(self) -> None:
        expected = {dag.id for dag in fixtures.load().dags}
        there: set[str] = set()
        for page in self._pages("/api/v2/dags?dag_id_pattern=conformance_&limit=100"):
            there |= {str(item.get("dag_id")) for item in page}
            if expected <= there:
                return
        missing = sorted(expected - there)
        shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        files = fixtures.bundle(self.target.version.major)
        self._problem(
            "fixtures",
            f"the profile claims fixture-dags, but {len(missing)} of {len(expected)} DAGs are not there: {shown}",
            f"put {files} into the target's DAG folder, or give --without fixture-dags",
            fatal=False,
        )
        self.found.missing |= {"fixture-dags"}

    def _pages(self, path: str) -> Iterator[list[dict[str, Any]]]:
        offset = 0
        for _ in range(_PAGES):
            page = _object(self._get(f"{path}&offset={offset}", "admin")).get("dags")
            if not isinstance(page, list) or not page:
                return
            yield [item for item in page if isinstance(item, dict)]
            offset += len(page)

    def _url(self) -> str:
        return self.target.url + VERSION_PATH

    def _nonsense(self) -> str:
        return f"/api/v2/{self.target.prefix}nowhere"

    def _wall(self, answer: Exchange) -> str:
        return f"{self.target.url} answers {answer.status} to everything, even to a path that no API has"


def _object(answer: Exchange) -> dict[str, Any]:
    """The body as a JSON object; empty when it is none."""
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
