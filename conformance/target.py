"""The API under check, as a check sees it.

    exchange = target.call("get_pools", query={"limit": 1})
    judge.that(exchange.status == 200, exchange, "...")

What is asked of it goes through the guard, is noted in the journal where it creates something, and is told to every
listener. Safe to use from many threads.
"""

from __future__ import annotations

import json as jsonlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from conformance.auth.jwt import Jwt, bearer
from conformance.credentials import Credentials
from conformance.exchange import Exchange, Headers, Request
from conformance.redaction import SECRETS, Redactor
from conformance.transport import Transport
from profiles import Profile
from profiles.errors import meant
from specs import contract
from specs.contract import Interface, Operation
from specs.versions import Version


class _Unset:
    """The value of an argument that was not given, where None means something."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()

Query = Mapping[str, Any] | Sequence[tuple[str, Any]]


class Target:
    """A base URL with the credentials for it and what its profile says about it.

    `prefix`: how the name of everything begins that this run creates. `facts`: what predicates may ask.
    """

    def __init__(self, profile: Profile, transport: Transport, credentials: Credentials, *, prefix: str) -> None:
        self.profile = profile
        self.transport = transport
        self.credentials = credentials
        self.prefix = prefix
        self.version: Version = profile.airflow
        self.interface: Interface = contract.load().cut(profile.airflow, profile.auth_manager)
        self.facts = profile.facts()
        self.redactor: Redactor = SECRETS
        self.redactor.add(*credentials.secrets())
        self.auth = Jwt(self.send, credentials, all_admins=profile.all_admins, learned=self.redactor.add)
        self._lock = threading.Lock()
        self._names = 0

    @property
    def url(self) -> str:
        """The base URL."""
        return str(self.transport.base)

    @property
    def sent(self) -> int:
        """How many requests were sent so far."""
        return self.transport.sent

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that can be logged in."""
        return self.credentials.roles

    def new_name(self, hint: str = "") -> str:
        """A name that nothing has: the run's prefix, the hint and a number."""
        with self._lock:
            self._names += 1
            return f"{self.prefix}{hint}{'_' if hint else ''}{self._names}"

    def token(self, role: str = "admin", *, fresh: bool = False) -> str:
        """A token of the role, `fresh`: one that nothing else uses. LoginError when there is none to be had."""
        return self.auth.fresh(role) if fresh else self.auth.token(role)

    def request(
        self,
        method_or_operation: str,
        path: str | None = None,
        *,
        role: str | None = "admin",
        params: Mapping[str, Any] | None = None,
        query: Query = (),
        headers: Iterable[tuple[str, str]] = (),
        json: Any = UNSET,
        body: bytes | None = None,
        token: str | _Unset | None = UNSET,
        authorization: str | _Unset | None = UNSET,
    ) -> Request:
        """Build a request: either of an operation, by its id, or with a method and a path, which is sent as it is.

        params: values for the braces of the operation's path; they are percent-encoded. Those not given are an error.
        query: names and values; a list is repeated, true and false are in lower case, None is left out.
        role: whose token goes along, None for nobody's. `token` replaces it by another token, `authorization` by a
        whole header; None sends none. An Authorization among `headers` does so too.
        json: any JSON value, sent with its media type (unless `headers` name one); body: bytes, sent as they are.

        ValueError for an unknown operation or parameter; LoginError when the role cannot be logged in.
        """
        operation = self._operation(method_or_operation) if path is None else None
        method = operation.method if operation else method_or_operation
        template = operation.path if operation else path or ""
        target = _with_query(_filled(template, params) if operation or params else template, query)
        operation = operation or self.interface.find(method, target)
        sent = list(headers)
        names = {name.lower() for name, _ in sent}
        if json is not UNSET:
            if body is not None:
                raise ValueError("a request has either json or a body")
            body = jsonlib.dumps(json, ensure_ascii=False, allow_nan=True, separators=(",", ":")).encode()
            if "content-type" not in names:
                sent.append(("Content-Type", "application/json"))
        proves = "authorization" not in names and authorization is UNSET and token is UNSET
        if "authorization" not in names:
            sent.extend(self._authorization(role, token, authorization))
        name = operation.id if operation else None
        return Request(method, target, tuple(sent), body, name, role if proves else None)

    def send(self, request: Request) -> Exchange:
        """Send a request; GuardRefusal when it could change what the run did not create."""
        return self.transport.send(request)

    def all(self, requests: Iterable[Request]) -> list[Exchange]:
        """Send requests, several at a time; the answers are in the order of the requests."""
        return self.transport.send_all(requests)

    def call(self, method_or_operation: str, path: str | None = None, **arguments: Any) -> Exchange:
        """Build a request, as `request` does, and send it."""
        return self.send(self.request(method_or_operation, path, **arguments))

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def _operation(self, name: str) -> Operation:
        found = self.interface.operations.get(name)
        if found is None:
            raise ValueError(f"Airflow {self.version} has no operation {name}; {_near(name, self.interface)}")
        return found

    def _authorization(
        self, role: str | None, token: str | _Unset | None, authorization: str | _Unset | None
    ) -> Headers:
        if not isinstance(authorization, _Unset):
            return () if authorization is None else (("Authorization", authorization),)
        if not isinstance(token, _Unset):
            return () if token is None else bearer(token)
        return () if role is None else self.auth.headers(role)


def _near(name: str, interface: Interface) -> str:
    found = meant(name, interface.operations)
    return found if found.startswith("did you") else "a request by method needs a path"


def _filled(template: str, params: Mapping[str, Any] | None) -> str:
    segments = template.split("/")
    names = {segment[1:-1] for segment in segments if segment.startswith("{")}
    given = dict(params or {})
    if names != given.keys():
        raise ValueError(f"{template} has the parameters {sorted(names)}; given were {sorted(given)}")
    return "/".join(quote(str(given[s[1:-1]]), safe="~") if s.startswith("{") else s for s in segments)


def _with_query(target: str, query: Query) -> str:
    pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
    encoded = "&".join(
        f"{quote(name, safe='')}={quote(_text(value), safe='~:')}"
        for name, values in pairs
        for value in (values if isinstance(values, list | tuple) else (values,))
        if value is not None
    )
    if not encoded:
        return target
    return f"{target}{'&' if '?' in target else '?'}{encoded}"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
