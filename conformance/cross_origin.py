"""Requests as a browser sends them for a page of another origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.browser import BLANKS, EITHER, Policy, admits
from conformance.exchange import Exchange, Request
from conformance.judge import Judge
from conformance.strategies.harmless import Harmless
from conformance.strategies.headers import Attempt
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation

#: Names that nothing has, for the braces of a path.
NOBODY, NUMBER = "conformance-unknown", 0
#: An origin of no importance.
ANYBODY = "https://anybody.example"


def sample_params(operation: Operation) -> dict[str, Any]:
    """Values for the braces of an operation's path, of things that do not exist."""
    mine = [each for each in operation.parameters if each.where == "path"]
    return {each.name: NUMBER if each.schema.get("type") == "integer" else NOBODY for each in mine}


def sample_path(operation: Operation) -> str:
    """The operation's path with the braces filled in."""
    path = operation.path
    for name, value in sample_params(operation).items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def paths(target: Target, operations: Iterable[Operation], depth: str) -> list[str]:
    """Paths to ask about: in a smoke run a few, else each of the contract and others that have the headers too."""
    known = target.api.data("cross_origin")
    every = list(dict.fromkeys([*(sample_path(each) for each in askable(target, operations)), *known["also"]]))
    return [path for path in every if path in known["few"]] or every if depth == "smoke" else every


def writes(target: Target) -> bool:
    """Whether the run may send requests that could change something, if the target did not refuse them."""
    return "writes" in target.profile.capabilities


def askable(target: Target, operations: Iterable[Operation]) -> list[Operation]:
    """The operations that a request may be about: all, or in a read-only run those that change nothing."""
    return list(operations) if writes(target) else safe(operations)


def safe(operations: Iterable[Operation]) -> list[Operation]:
    """The operations that change nothing; logging out is a GET that does."""
    return [each for each in operations if each.method == "GET" and not each.path.endswith("/logout")]


def preflight(
    target: Target,
    origin: str,
    path: str = "",
    *,
    method: str = "GET",
    asked: str | None = None,
    extra: Sequence[tuple[str, str]] = (),
) -> Request:
    """The request by which a browser asks whether a page may send one. `asked`: the headers that it would like.

    Without a path it is about something cheap that needs no proof of who asks.
    """
    headers = [("Origin", origin), ("Access-Control-Request-Method", method)]
    if asked is not None:
        headers.append(("Access-Control-Request-Headers", asked))
    return target.request("OPTIONS", path or target.api.front, role=None, headers=[*headers, *extra])


def actual(target: Target, origin: str, path: str = "", *, role: str | None = None, **more: Any) -> Request:
    """A GET from a page of that origin; without a path as in `preflight`."""
    proof = somebody(target, role)
    return target.request("GET", path or target.api.front, role=proof, headers=[("Origin", origin)], **more)


def reading(target: Target, origin: str, operation: Operation) -> Request:
    """A request of an operation that changes nothing, from a page of that origin."""
    return target.request(
        operation.id, params=sample_params(operation), role=somebody(target), headers=[("Origin", origin)]
    )


def somebody(target: Target, role: str | None = "admin") -> str | None:
    """The role to ask with; nobody's where the target lets nobody in."""
    return role if role in target.roles and target.drivers else None


def refused(target: Target, origin: str, operations: Iterable[Operation]) -> list[Request]:
    """A request of each operation from a page of that origin, with a proof that is none."""
    harmless = Harmless(target, target.new_name("cors"))
    attempt = Attempt("a proof that is none", (("Origin", origin), ("Authorization", "Bearer none")))
    return [harmless.request(each, attempt) for each in askable(target, operations)]


def admitted(target: Target, policy: Policy) -> str:
    """An origin that the target lets in: a listed one, else the option's line as it stands; the first if there is none.

    Where the line is taken for one origin, what else a preflight grants can still be seen with it.
    """
    candidates = [*some_origins(policy), policy.line or ANYBODY]
    answers = target.all(preflight(target, origin) for origin in candidates)
    for origin, answer in zip(candidates, answers, strict=True):
        if answer.response and admits(answer.response, origin):
            return origin
    return candidates[0]


def sample_origins(policy: Policy) -> list[str]:
    """The origins that the policy lists; for the wildcard any origin."""
    return [origin if origin != "*" else ANYBODY for origin in policy.origins]


def some_origins(policy: Policy) -> list[str]:
    """The origins that the policy lists, or any where it lists none."""
    return sample_origins(policy) or [ANYBODY]


def told(exchange: Exchange, name: str) -> str:
    """What a header of the answer says, for a message."""
    value = exchange.response.header(name) if exchange.response else None
    return f"{name}: {value}" if value is not None else f"no {name}"


def answered(exchange: Exchange, name: str) -> str:
    """What was asked and what came, with one header of the answer, for a message."""
    request = exchange.request
    return f"{request.method} {request.target} was answered {exchange.status} with {told(exchange, name)}"


def policy_of(profile: Profile) -> Policy:
    """What the profile's CORS options allow."""
    assert profile.cors is not None  # noqa: S101 - the requirements apply only where an option is set
    return Policy.of(profile.cors, separators=BLANKS if profile.api == "stable-v1" else EITHER)


def origins_of(profile: Profile, judge: Judge) -> list[str]:
    """The origins that are to be let in; ends the check where there is none."""
    found = sample_origins(policy_of(profile))
    return found or judge.unreached("the profile sets CORS options but lists no origin")


def errors(target: Target, origin: str) -> Sequence[Request]:
    """Requests that fail, in every way that the API has for it, from a page of that origin."""
    wanted = [each for each in target.api.data("cross_origin")["errors"] if writes(target) or not each.get("writes")]
    return [_error(target, origin, each) for each in wanted]


def _error(target: Target, origin: str, how: Mapping[str, Any]) -> Request:
    given = {name: how[name] for name in ("query", "json", "authorization") if name in how}
    role = somebody(target, how.get("role"))
    return target.request(how.get("method", "GET"), how["path"], role=role, headers=[("Origin", origin)], **given)
