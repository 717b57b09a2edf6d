"""The API under check, as a check sees it.

    exchange = target.call("get_pools", query={"limit": 1})
    judge.that(exchange.status == 200, exchange, "...")

Every request goes through the guard, is written into the journal where it may create something, and is told to every
listener. Safe to use from many threads.
"""

from __future__ import annotations

import json as jsonlib
import secrets
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from conformance import apis, dates, meter
from conformance.apis import Api
from conformance.auth.base import Driver, Everybody, NoWay
from conformance.auth.basic import Basic
from conformance.auth.google import Google
from conformance.auth.jwt import Jwt, bearer
from conformance.auth.kerberos import Kerberos, service_host
from conformance.auth.own_headers import OwnHeaders
from conformance.auth.session import Session
from conformance.barring import barred
from conformance.base_url import BaseUrl
from conformance.bookkeeping import Bookkeeper
from conformance.credentials import COMPOSER, Credentials
from conformance.exchange import Exchange, Headers, Request
from conformance.guard import Guard
from conformance.journal import Entry, Journal, new_prefix
from conformance.kinds import Kind, kinds
from conformance.redaction import SECRETS, Redactor
from conformance.removal import Removal
from conformance.transport import Transport
from profiles import Profile
from profiles.errors import meant
from specs import fixtures
from specs.contract import Interface, Operation
from specs.versions import Version


class _Unset:
    """The value of an argument that was not given, where None means something."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()

#: How the DAGs begin of which the fixtures have many.
_SPARE = "conformance_page_"
#: So many of them fall to each check.
_SPARED = 12

Query = Mapping[str, Any] | Sequence[tuple[str, Any]]


class Target:
    """A base URL with the credentials for it and what its profile says about it.

    `prefix`: how the name of everything begins that this run creates. `facts`: what predicates may ask. `writes`: False
    lets through nothing that writes, `why_not` says why. `journal`: where to write down what is created. `barred`: the
    proxy of Cloud Composer keeps this machine out for its address.
    """

    def __init__(
        self,
        profile: Profile,
        transport: Transport,
        credentials: Credentials,
        *,
        prefix: str,
        writes: bool = True,
        why_not: str = "the run is read-only",
        journal: Journal | None = None,
        kerberos_hostname: str | None = None,
    ) -> None:
        self.profile = profile
        self.transport = transport
        self.credentials = credentials
        self.prefix = prefix
        self.version: Version = profile.airflow
        self.interface: Interface = profile.interface
        self.api: Api = apis.of(self.interface)
        self.kinds: Mapping[str, Kind] = kinds(self.api.name)
        self.barred = barred(profile.web_server_allow_ip, transport.base)
        self.facts = {**profile.facts(), **self._seen()}
        self.redactor: Redactor = SECRETS
        for secret, username in credentials.secrets():
            self.redactor.add(secret, username=username)
        self.guard = Guard(
            self.interface,
            prefix,
            writes=writes,
            why_not=why_not,
            local=transport.base.loopback,
            lends="fixture-dags" in profile.capabilities,
            kept=[one.token for one in credentials.by_role.values() if one.token],
        )
        self.journal = journal or Journal(None, str(transport.base), prefix)
        self.auth = Jwt(self.send, credentials, all_admins=profile.all_admins, learned=self.redactor.learn)
        self.kerberos = Kerberos(credentials, kerberos_hostname or self._service_host())
        self.google = Google(credentials, self.redactor.learn, within=transport.base.loopback)
        self.drivers: Mapping[str, Driver] = self._drivers()
        at_least = self.google if profile.platform == COMPOSER else NoWay()  # who is refused must come past the proxy
        self.driver: Driver = next(iter(self.drivers.values()), at_least)
        self.stays: list[str] = []
        self._lock = threading.Lock()
        self._names = 0
        self._dates = dates.dates(prefix)
        self._spared: dict[meter.Meter, int] = {}
        Bookkeeper(self)

    @classmethod
    def open(
        cls,
        url: str,
        profile: Profile,
        credentials: Credentials,
        *,
        workers: int = 4,
        read_only: bool = False,
        allow_writes: bool = False,
        kerberos_hostname: str | None = None,
        worker: str = "",
        journals: Path | None = None,
    ) -> Target:
        """A target for one run; nothing is sent yet. BaseUrlError for a bad URL.

        `worker`: the id of this pytest-xdist worker. `journals`: the directory for the journal. `kerberos_hostname`:
        the host in the service's principal, where it is not that of the URL.
        """
        transport, prefix = Transport(url, workers=workers), new_prefix(worker)
        why_not = no_writes(profile, transport.base, read_only=read_only, allow_writes=allow_writes)
        journal = Journal(journals / f"{prefix}.jsonl" if journals else None, str(transport.base), prefix)
        return cls(
            profile,
            transport,
            credentials,
            prefix=prefix,
            writes=not why_not,
            why_not=why_not,
            journal=journal,
            kerberos_hostname=kerberos_hostname,
        )

    def _seen(self) -> dict[str, object]:
        """Facts beside those of the profile."""
        admin = self.credentials.by_role.get("admin")
        creates, own = "post_user" in self.interface.operations, self.profile.platform != COMPOSER
        queries = [one for each in self.interface.operations.values() for one in each.parameters]
        found: dict[str, object] = {
            "barred": self.barred,
            "loopback": self.transport.base.loopback,
            "passwords": bool(admin and admin.password),
            "cursors": any(one.name == "cursor" for one in queries),
            "several_orders": any(one.name == "order_by" and one.schema.get("type") == "array" for one in queries),
            "favorites": any(one.name == "is_favorite" for one in queries),
            "triggering_users": any(one.name == "triggering_user_name_pattern" for one in queries),
            "creates_users": creates,
            "own_users": creates and own and ("basic" in self.profile.asked_kinds or self.profile.web_login),
        }
        return {**found, "admits": False} if self.barred else found

    def _service_host(self) -> str:
        """The host in the service's principal; nobody is asked for names where no ticket is asked for."""
        if "kerberos" not in self.profile.asked_kinds:
            return self.transport.base.host
        return service_host(self.transport.base, self.version)

    def _drivers(self) -> dict[str, Driver]:
        """What lets somebody in, by its name, the cheapest first."""
        if self.profile.auth == "jwt":
            return {"jwt": self.auth}
        if self.profile.platform == COMPOSER:  # whatever Airflow asks for, its proxy asks for this
            return {"composer_auth": self.google} if self.facts["admits"] else {}
        users, kinds, learned = self.credentials.by_role, self.profile.asked_kinds, self.redactor.learn
        every: dict[str, tuple[bool, Driver]] = {
            "open": ("allow_all" in kinds and not self.profile.web_login, Everybody()),
            "session": (self.profile.web_login, Session(self.send, users, learned)),
            "custom": ("custom" in kinds, OwnHeaders(users)),
            "basic": ("basic" in kinds, Basic(users, learned)),
            "kerberos": ("kerberos" in kinds, self.kerberos),
            "password": ("password" in kinds, Basic(users, learned)),
        }
        found = {name: driver for name, (opens, driver) in every.items() if opens}
        if "kerberos" in found and len(found) > 1 and not self.kerberos.has("admin"):
            del found["kerberos"]  # what needs a ticket says that there is none; the rest need not wait for one
        return found

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

    def asks(self, operation: Operation) -> bool:
        """Whether the target asks who sends this: where a proxy of Google's stands before it, for whatever it is."""
        return self.profile.platform == COMPOSER or not operation.open

    def new_name(self, hint: str = "") -> str:
        """A name that nothing has: the run's prefix, the hint and a number."""
        with self._lock:
            self._names += 1
            return f"{self.prefix}{hint}{'_' if hint else ''}{self._names}"

    def plain_name(self, kind: str) -> str:
        """A name for a pool, variable or connection that nothing has, and that does not tell whose it is.

        The journal alone finds again what gets it.
        """
        name = f"team_{secrets.token_hex(8)}"
        for field in {self.kinds[kind].param, self.kinds[kind].field}:
            self.guard.own(field, name)
        return name

    def new_date(self, *, whole: bool = False) -> str:
        """An execution date that no run has, the run's own; `whole`: without microseconds.

        In Airflow 2 and later microseconds are kept only where `replace_microseconds` is "false".
        """
        with self._lock:
            moment = next(self._dates)
        found = dates.text(moment.replace(microsecond=0) if whole else moment)
        self.guard.own("execution_date", found)
        return found

    def spare_dag(self, number: int = 0) -> str:
        """A DAG of the fixtures that other runs, and other checks of this run, hardly ever use; one per number."""
        spare = [dag.id for dag in fixtures.load().dags if dag.id.startswith(_SPARE)]
        with self._lock:
            checks = self._spared.setdefault(meter.current(), len(self._spared))
        return spare[(zlib.crc32(self.prefix.encode()) + checks * _SPARED + number) % len(spare)]

    def token(self, role: str = "admin", *, fresh: bool = False) -> str:
        """A token of the role, `fresh`: one that nothing else uses. LoginError when there is none to be had."""
        return self.auth.fresh_token(role) if fresh else self.auth.token(role)

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
        via: str | None = None,
    ) -> Request:
        """Build a request: either of an operation, by its id, or with a method and a path, which is sent as it is.

        params: values for the braces of the operation's path; they are percent-encoded. Those not given are an error.
        query: names and values; a list is repeated, true and false are in lower case, None is left out.
        role: whose token goes along, None for nobody's. `token` replaces it by another token, `authorization` by a
        whole header; None sends none. An Authorization among `headers` does so too. `via` names the driver that proves
        the role; the cheapest where none is named.
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
        name = operation.id if operation else None
        if "authorization" not in names:
            sent.extend(self._authorization(role, token, authorization, via, ends=name == "logout"))
        return Request(method, target, tuple(sent), body, name, role if proves else None)

    def send(self, request: Request) -> Exchange:
        """Send a request; GuardRefusal when it could change what the run did not create."""
        return self.transport.send(self.kerberos.unspent(request))

    def all(self, requests: Iterable[Request]) -> list[Exchange]:
        """Send requests, several at a time; the answers are in the order of the requests."""
        return self.transport.send_all(map(self.kerberos.unspent, requests))

    def call(self, method_or_operation: str, path: str | None = None, **arguments: Any) -> Exchange:
        """Build a request, as `request` does, and send it."""
        return self.send(self.request(method_or_operation, path, **arguments))

    def create(self, kind: str, *, name: str | None = None, role: str | None = "admin", **fields: Any) -> Exchange:
        """Create a thing of the run's own: a pool, variable, connection, dag_run or asset_state.

        `name`: a new one if none is given; `fields`: of its body, and what it belongs to (dag_id=..., asset_id=...).
        What a body needs has a value already. The name is in the request: `named(exchange)`.
        """
        made = self.kinds[kind]
        within = {made.within: fields.pop(made.within)} if made.within else {}
        own = name or self.new_name(kind)
        if not made.field:
            return self.call(made.create, params={**within, made.param: own}, role=role, json=fields)
        body = {**made.body(own, self.new_date()), **fields}
        return self.call(made.create, params=within, role=role, json=body)

    def create_many(self, kind: str, names: Sequence[str], **fields: Any) -> list[Exchange]:
        """Create pools, variables or connections: all in one request, one by one where the target cannot do that."""
        made = self.kinds[kind]
        entities = [{**made.body(name), **fields} for name in names]
        if made.bulk:
            body = {"actions": [{"action": "create", "entities": entities, "action_on_existence": "overwrite"}]}
            answer = self.call(made.bulk, json=body)
            if answer.status == 200:
                return [answer]
        return self.all([self.request(made.create, json=entity) for entity in entities])

    def fixture_asset(self, name: str) -> int | None:
        """The id that an asset of the fixture DAGs has on the target; None when it is not there.

        Only after this has been asked do requests that write to the asset pass the guard.
        """
        asset = next(each for each in fixtures.load().assets if each.name == name)
        answer = self.call("get_assets", query={"name_pattern": name, "limit": 100})
        listed = answer.json().get("assets", ()) if answer.status == 200 else ()
        ids = [item["id"] for item in listed if (item.get("name"), item.get("uri")) == (asset.name, asset.uri)]
        if not ids:
            return None
        self.guard.lend("asset_id", ids[0])
        return int(ids[0])

    def fixture_file_token(self, dag_id: str) -> str | None:
        """The token that names the file of a fixture DAG; None when the target does not tell it."""
        answer = self.call("get_dag", params={"dag_id": dag_id})
        token = answer.json().get("file_token") if answer.status == 200 else None
        if isinstance(token, str) and self.guard.lends("dag_id", dag_id):
            self.guard.lend("file_token", token)
        return token if isinstance(token, str) else None

    def disposable_dag(self, dag_id: str) -> str | None:
        """A fixture DAG that may be deleted where a scheduler brings it back; None when it is not there.

        Only after this has been asked does a request that deletes it pass the guard.
        """
        there = self.call(self.api.pausing["read"], params={"dag_id": dag_id}).status == 200
        if not (there and fixtures.load().dag(dag_id).disposable):
            return None
        self.guard.lend("disposable", dag_id)
        return dag_id

    def took(self, kind: str, ids: Mapping[str, str]) -> None:
        """Take what the target has made because of this run, such as a DAG run for an asset: it is removed too."""
        self.guard.own(self.kinds[kind].param, ids[self.kinds[kind].param])
        self.journal.ended(self.journal.note(kind, ids), refused=False)

    def adopt(self, prefix: str, entries: Iterable[Entry] = ()) -> None:
        """Take over what another run has left: its names and the entries of its journal."""
        self.prefix = self.guard.prefix = prefix
        self.journal = Journal(None, self.url, prefix)
        for entry in reversed(list(entries)):
            for name, value in entry.ids.items():
                if name not in ("dag_id", "asset_id"):
                    self.guard.own(name, value)
            self.journal.ended(self.journal.note(entry.kind, entry.ids, entry.before), refused=False)

    def clean_up(self) -> list[str]:
        """Remove what the run has created, the last first, and put back what it has changed.

        Returns what could not be removed, a line for each; the journal is kept then. What the API has no way to remove
        is in `stays`, a line for each kind. Never raises for the target.
        """
        removal = Removal(self)
        left = removal.run()
        self.stays += removal.stays
        self.journal.close()
        return left

    def break_off(self) -> None:
        """End every exchange that is going on: each gets an error."""
        self.transport.break_off()

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def _operation(self, name: str) -> Operation:
        found = self.interface.operations.get(name)
        if found is None:
            raise ValueError(f"Airflow {self.version} has no operation {name}; {_near(name, self.interface)}")
        return found

    def _authorization(
        self,
        role: str | None,
        token: str | _Unset | None,
        authorization: str | _Unset | None,
        via: str | None,
        *,
        ends: bool,
    ) -> Headers:
        """What proves the role, or the proof given. `ends`: it proves nothing afterwards; so it is one of its own."""
        if not isinstance(authorization, _Unset):
            return () if authorization is None else (("Authorization", authorization),)
        if not isinstance(token, _Unset):
            return () if token is None else bearer(token)
        driver = self.drivers[via] if via else self.driver
        if role is None:
            return ()
        return driver.fresh(role) if ends else driver.headers(role)


def no_writes(profile: Profile, base: BaseUrl, *, read_only: bool, allow_writes: bool) -> str:
    """Why a run must not write; empty when it may."""
    if read_only:
        return "the run is read-only (--read-only)"
    if "writes" not in profile.capabilities:
        return f"the profile {profile.name} does not claim the capability writes"
    if not (base.loopback or allow_writes):
        return f"{base.host} is not this machine, and --allow-writes was not given"
    return ""


def _near(name: str, interface: Interface) -> str:
    return "a request by method needs a path" if name.isupper() else meant(name, interface.operations)


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
