"""Looks, before the first check, whether there is an API to check: reached, let in, and as the profile says.

What is wrong is told as problems: see `conformance.findings`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance import apis
from conformance.entrance import backends, tokens
from conformance.exchange import Exchange, NotJson
from conformance.findings import ASK_CREDENTIALS, Preflight, Stop
from specs import fixtures
from specs.versions import Version

if TYPE_CHECKING:
    from conformance.target import Target

_PAGES = 200

_REACH = "check the base URL, and whether the API server runs"
_BASE = "check the base URL: is a path missing in it?"
_REDIRECT = "give the base URL that it ends at; if it is a login page, something in front of the API keeps us out"
_WALL = "something in front of the API keeps us out, or it is no API at all"


def inspect(target: Target) -> Preflight:
    """Look at a target. Sends about a dozen requests, none that writes; never raises for what the target does.

    A signing secret that the target was not seen to use is taken out of the target's credentials: nobody knows it.
    """
    inspection = _Inspection(target)
    with contextlib.suppress(Stop):
        inspection.run()
    if not inspection.found.secret_proved:
        target.credentials = replace(target.credentials, jwt_secret=None)
    return inspection.found


class _Inspection:
    def __init__(self, target: Target) -> None:
        self.target = target
        self.found = Preflight(target)

    def run(self) -> None:
        self._version(self._reach())
        self._no_wall()
        mode = tokens if self.target.profile.auth == "jwt" else backends
        if refused := mode.refused_roles(self.found):
            self.found.missing |= {"roles"}
        if "admin" in refused:
            raise Stop
        if self.target.drivers:
            self._admin()
        mode.look_closer(self.found)
        if self.target.drivers and "fixture-dags" in self.target.profile.capabilities:
            self._fixtures()

    def _get(self, path: str, role: str | None = None) -> Exchange:
        answer = self.target.call("GET", path, role=role)
        if answer.response is None:
            raise self.found.stop("unreachable", answer.error or "no answer", _REACH, answer)
        return answer

    def _reach(self) -> Exchange:
        answer = self._get(self.target.api.version)
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
            raise self.found.stop(
                "impostor", f"{self._url()} gives its version as {said[:40]!r}", _BASE, answer
            ) from None
        if seen != profile.airflow:
            self.found.add(
                "profile",
                f"the target is Airflow {said[:40]}, but {profile.where('airflow')} says airflow = {profile.airflow}",
                f"give --set airflow={seen} or another profile",
                answer,
            )

    def _not_airflow(self, answer: Exchange) -> Stop:
        """Say as well as can be what answers there instead."""
        response = answer.response
        where = response.header("Location") if response and 300 <= response.status < 400 else None
        if where is not None:
            return self.found.stop("impostor", f"{self._url()} redirects to {where[:200]}", _REDIRECT, answer)
        if response and response.status == 200:
            what = "a web page (a login page?)" if response.media == "text/html" else response.media or "no media type"
            return self.found.stop(
                "impostor", f"{self._url()} answers 200 with {what}, not with a version", _BASE, answer
            )
        nonsense = self._get(self._nonsense())
        if nonsense.status == answer.status and answer.status != 404:
            return self.found.stop("impostor", self._wall(answer), _WALL, answer)
        api = self.target.api
        for other in (apis.load(name) for name in apis.NAMES if name != api.name):
            if answer.status == 404 and self._get(other.version).status == 200:
                what = f"is an Airflow {other.airflow}: it has {other.prefix} and no {api.prefix}"
                return self.found.stop("impostor", f"{self.target.url} {what}", "", answer)
        return self.found.stop(
            "impostor", f"{self._url()} answers {answer.status}: no Airflow {api.airflow} API is there", _BASE, answer
        )

    def _no_wall(self) -> None:
        """What is nowhere must not be found."""
        answer = self._get(self._nonsense())
        if answer.status is not None and 200 <= answer.status < 300:
            raise self.found.stop("impostor", self._wall(answer), _WALL, answer)

    def _admin(self) -> None:
        """An admin may read what others may not; and nobody may without a proof of who they are."""
        path, items = self.target.api.about_admins["path"], self.target.api.about_admins["items"]
        answer = self._get(f"{path}?limit=1", "admin")
        if answer.status in (401, 403):
            source, fatal = self.found.source("admin"), True
            if answer.status == 403 and self._get(f"{self.target.api.prefix}/dags?limit=1", "admin").status == 200:
                sentence = f"the user for the role admin ({source}) is no admin there"
            else:
                sentence = f"the target does not accept the token of admin ({source})"
                fatal = self._given_token("admin")
            raise self.found.stop("credentials", sentence, ASK_CREDENTIALS, answer, fatal=fatal)
        if answer.status != 200 or not isinstance(_object(answer).get(items), list):
            sentence = f"GET {path} answers an admin with {answer.status} and no list of {items}"
            raise self.found.stop("impostor", sentence, _BASE, answer, fatal=False)

    def _given_token(self, role: str) -> bool:
        """Whether the role's token was given, and not made by the target itself just now."""
        credential = self.target.credentials.by_role.get(role)
        return bool(credential and credential.token)

    def _fixtures(self) -> None:
        expected = {dag.id for dag in fixtures.load().dags}
        there: set[str] = set()
        narrowed = self.target.interface.operations["get_dags"].parameter("dag_id_pattern")
        pattern = "&dag_id_pattern=conformance_" if narrowed else ""
        for page in self._pages(f"{self.target.api.prefix}/dags?limit=100{pattern}"):
            there |= {str(item.get("dag_id")) for item in page}
            if expected <= there:
                return
        missing = sorted(expected - there)
        shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        files = fixtures.bundle(self.target.version.major)
        self.found.add(
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
        return self.target.url + self.target.api.version

    def _nonsense(self) -> str:
        return f"{self.target.api.prefix}/{self.target.prefix}nowhere"

    def _wall(self, answer: Exchange) -> str:
        return f"{self.target.url} answers {answer.status} to everything, even to a path that no API has"


def _object(answer: Exchange) -> dict[str, Any]:
    """The body as a JSON object; empty when it is none."""
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
