"""Looks, before the first check, whether there is an API to check: reached, let in, and as the profile says.

What is wrong is told as problems: see `conformance.findings`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from conformance import apis
from conformance.credentials import COMPOSER
from conformance.entrance import backends, composer, experimental, health, tokens
from conformance.entrance.dags import missing
from conformance.entrance.version import compare
from conformance.exchange import Exchange
from conformance.findings import Preflight, Stop, told
from specs import fixtures

if TYPE_CHECKING:
    from conformance.target import Target

_REACH = "check the base URL, and whether the API server runs"
_BASE = "check the base URL: is a path missing in it?"
_REDIRECT = "give the base URL that it ends at; if it is a login page, something in front of the API keeps us out"
_PAGE = "if it is a login page, something in front of the API keeps us out; else is a path missing in the base URL?"
_WALL = "something in front of the API keeps us out, or it is no API at all"
#: What an API answers that is there: to whoever asks, or only to who is let in.
_THERE = (200, 401, 403)


class _Entrance(Protocol):
    """Who is let in, and who is not: a module for each mode of authentication."""

    def refused_roles(self, found: Preflight) -> list[str]:
        """The roles that are not let in, each with a problem noted. Stop."""

    def look_closer(self, found: Preflight) -> None:
        """What else there is to see. Stop."""


_ENTRANCES: Mapping[str, _Entrance] = {"public-v2": tokens, "stable-v1": backends, "experimental": experimental}


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
        self.role: str | None = None  # who asks; nobody where nobody need

    def run(self) -> None:
        behind_a_proxy = self.target.profile.platform == COMPOSER
        if behind_a_proxy:
            self.role = self._through_the_proxy()
        self._reach()
        self._no_wall()
        entrance = composer if behind_a_proxy else _ENTRANCES[self.target.api.name]
        if refused := entrance.refused_roles(self.found):
            self.found.missing |= {"roles"}
        if "admin" in refused:
            raise Stop
        if self.target.drivers and self.target.api.about_admins:
            self._admin()
        entrance.look_closer(self.found)
        health.look(self.found, self.role)
        if self.target.drivers and "fixture-dags" in self.target.profile.capabilities:
            self._fixtures()

    def _get(self, path: str, role: str | None = None) -> Exchange:
        answer = self.target.call("GET", path, role=role or self.role)
        if answer.response is None:
            raise self.found.stop("unreachable", answer.error or "no answer", _REACH, answer)
        return answer

    def _through_the_proxy(self) -> str:
        """See that a proxy is there and lets an admin through; who that is. Stop."""
        composer.proxy(self.found, self._get(self.target.api.front))
        composer.admitted(self.found)
        return "admin"

    def _reach(self) -> None:
        """Knock at what the API has in front; where that is open to everybody, it gives the version."""
        api = self.target.api
        answer = self._get(api.front)
        if answer.status in (401, 403) and self._guarded() and self._get(self._nonsense()).status == 404:
            return
        says = told(answer).get(api.says)
        if answer.status != 200 or not isinstance(says, str):
            raise self._not_airflow(answer)
        if not self._guarded():
            compare(self.found, says, answer)

    def _guarded(self) -> bool:
        """Whether the contract has what is knocked at behind authentication."""
        front = self.target.interface.find("GET", self.target.api.front)
        return bool(front and not front.open)

    def _not_airflow(self, answer: Exchange) -> Stop:
        """Say as well as can be what answers there instead."""
        response, api = answer.response, self.target.api
        if stop := self._gate(answer):
            return stop
        if response and response.status == 200:
            sentence = f"{self._url()} answers 200 with {response.media or 'no media type'}, not with a {api.says}"
            return self.found.stop("impostor", sentence, _BASE, answer)
        nonsense = self._get(self._nonsense())
        if stop := self._gate(nonsense):
            return stop
        if nonsense.status == answer.status and answer.status != 404:
            return self.found.stop("impostor", self._wall(answer), _WALL, answer)
        for other in (apis.load(name) for name in apis.NAMES if name != api.name):
            if answer.status == 404 and self._get(other.front).status in _THERE:
                sentence = f"{self.target.url} has the {other.title} ({other.prefix}) and no {api.prefix}"
                hint = f"give a profile of the {other.title} (airflow-conformance profiles lists them)"
                return self.found.stop("impostor", sentence, "; ".join(filter(None, (hint, api.absent))), answer)
        sentence = f"{self._url()} answers {answer.status}: no {api.title} is there"
        return self.found.stop("impostor", sentence, _BASE, answer)

    def _gate(self, answer: Exchange) -> Stop | None:
        """Say where an answer leads to, or that it is a page for people, where it is either: an API has none."""
        response, where = answer.response, self.target.url + answer.request.path
        to = response.header("Location") if response and 300 <= response.status < 400 else None
        if to is not None:
            return self.found.stop("impostor", f"{where} redirects to {to[:200]}", _REDIRECT, answer)
        if response and response.status == 200 and response.media == "text/html":
            sentence = f"{where} answers 200 with a web page (a login page?)"
            return self.found.stop("impostor", sentence, _PAGE, answer)
        return None

    def _no_wall(self) -> None:
        """What is nowhere must not be found."""
        answer = self._get(self._nonsense())
        if stop := self._gate(answer):
            raise stop
        if answer.status is not None and 200 <= answer.status < 300:
            raise self.found.stop("impostor", self._wall(answer), _WALL, answer)

    def _admin(self) -> None:
        """An admin may read what others may not; and nobody may without a proof of who they are."""
        api = self.target.api
        path, items = api.about_admins["path"], api.about_admins["items"]
        answer = self._get(f"{path}?limit=1", "admin")
        if answer.status in (401, 403):
            source, fatal = self.found.source("admin"), True
            if answer.status == 403 and self.target.call(api.common, query={"limit": 1}).status == 200:
                sentence = f"the user for the role admin ({source}) is no admin there"
            else:
                sentence = f"the target does not accept the token of admin ({source})"
                fatal = self._given_token("admin")
            raise self.found.stop("credentials", sentence, self.found.ask, answer, fatal=fatal)
        if answer.status != 200 or not isinstance(told(answer).get(items), list):
            sentence = f"GET {path} answers an admin with {answer.status} and no list of {items}"
            raise self.found.stop("impostor", sentence, _BASE, answer, fatal=False)

    def _given_token(self, role: str) -> bool:
        """Whether the role's token was given, and not made by the target itself just now."""
        credential = self.target.credentials.by_role.get(role)
        return bool(credential and credential.token)

    def _fixtures(self) -> None:
        lacking, asked = missing(self.target)
        if not lacking:
            return
        shown = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
        files = fixtures.bundle(self.target.version.major)
        self.found.add(
            "fixtures",
            f"the profile claims fixture-dags, but {len(lacking)} of {asked} DAGs are not there: {shown}",
            f"put {files} into the target's DAG folder, or give --without fixture-dags",
            fatal=False,
        )
        self.found.missing |= {"fixture-dags"}

    def _url(self) -> str:
        return self.target.url + self.target.api.front

    def _nonsense(self) -> str:
        return f"{self.target.api.prefix}/{self.target.prefix}nowhere"

    def _wall(self, answer: Exchange) -> str:
        return f"{self.target.url} answers {answer.status} to everything, even to a path that no API has"
