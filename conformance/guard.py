"""Holds back every request that could change what the run did not create.

By its method a request only asks, unless `guard.yaml` has a line for its operation; what only asks goes through. What
writes goes through when it names what the run owns (its names begin with the run's prefix), or what provably belongs to
nobody: such a name that was never created, or a number that no target has counted up to. Which part of a request names
what it changes stands in `guard.yaml`; an operation that does not stand there, a wildcard, a path that can be read in
two ways, a body that names anything else: all that is refused. Who asks does not count, for a target that forgets to
look at credentials must not come to harm either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, quote, unquote

from conformance import apis
from conformance.decision import Creation, Decision, GuardRefusal, rules
from conformance.exchange import SAFE, Request
from conformance.ownership import Ownership
from specs.contract import Interface, Operation

__all__ = ["Creation", "Guard", "GuardRefusal", "path_values"]

_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})


class Guard(Ownership):
    """Decides about requests of one run.

    `prefix`: how the run's names begin. `writes`: False holds back everything but questions and logins, `why_not` says
    why. `local`: the target is this machine. `lends`: the fixture DAGs are there for the suite to use. `kept`: tokens
    that somebody gave to the run; they are not to be revoked.
    """

    def __init__(
        self,
        interface: Interface,
        prefix: str,
        *,
        writes: bool = True,
        why_not: str = "the run is read-only",
        local: bool = True,
        lends: bool = True,
        kept: Iterable[str] = (),
    ) -> None:
        super().__init__(prefix, borrows=lends)
        self.interface = interface
        self.api = apis.of(interface)
        self.why_not = "" if writes else why_not
        self.local = local
        self.kept = frozenset(kept)
        self._writing_gets = [
            each for each in interface.operations.values() if each.method in SAFE and self.writes(each)
        ]

    def writes(self, operation: Operation) -> bool:
        """Whether an operation may change something: by its method, or because guard.yaml has a rule for it."""
        return operation.method not in SAFE or operation.id in rules(self.api.name)

    def check(self, request: Request) -> list[Creation]:
        """What the request may create. GuardRefusal when it has to be held back."""
        self._framing(request)
        created: list[Creation] = []
        for method in self._methods(request):
            for segments in _readings(request.path):
                created = self._reading(request, method, segments) or created
        return created

    def _methods(self, request: Request) -> list[str]:
        """The methods that a target may take the request for."""
        others = [value.strip().upper() for name, value in request.headers if name.lower() in _OVERRIDES]
        others += [value.upper() for name, value in parse_qsl(request.query) if name.lower() == "_method"]
        method = request.method.upper() if request.method.upper() in SAFE else request.method
        return list(dict.fromkeys((method, *others)))

    def _framing(self, request: Request) -> None:
        """Refuse what could hide a second request in the body of the first."""
        lengths = [value.strip() for name, value in request.headers if name.lower() == "content-length"]
        hidden = len(lengths) > 1 or any(not each.isdigit() or int(each) < len(request.body or b"") for each in lengths)
        if request.body and hidden:
            raise self._refusal(request, "its Content-Length hides a part of the body")
        for name, value in request.headers:
            if name.lower() == "transfer-encoding":
                raise self._refusal(request, "it has a Transfer-Encoding of its own")
            if name.lower() == "content-encoding" and request.body and value.strip().lower() != "identity":
                raise self._refusal(request, "its body cannot be read: it has a Content-Encoding")

    def _reading(self, request: Request, method: str, segments: tuple[str, ...]) -> list[Creation]:
        path = "/" + "/".join(segments)
        if path in self.api.logins:
            return []
        if segments and segments[-1].lower() == "logout" and method in (*SAFE, "POST"):
            self._logout(request)
            return []
        if method in SAFE:
            if not any(_like(each, segments) for each in self._writing_gets):
                return []
            method = "GET"
        if self.why_not:
            raise self._refusal(request, self.why_not)
        self._understandable(request, segments)
        operation = self.interface.find(method, "/" + "/".join(quote(each, safe="~") for each in segments))
        if operation is None:
            if path not in self.api.inert and not any(each.startswith(self.prefix) for each in segments):
                raise self._refusal(request, "it is no operation of the contract, and nothing in its path is the run's")
            return []
        return self._operation(request, operation, path_values(operation, segments))

    def _logout(self, request: Request) -> None:
        if self.why_not:
            raise self._refusal(request, self.why_not)
        if any(token in value for token in self.kept for _, value in request.headers):
            raise self._refusal(request, "it would revoke a token that was given to the run")

    def _understandable(self, request: Request, segments: Iterable[str]) -> None:
        if "#" in request.target or not request.target.startswith("/"):
            raise self._refusal(request, "its target is no plain path")
        for each in segments:
            if {".", ".."} & set(re.split(r"[\\/;]", each)):
                raise self._refusal(request, f"its path can be read in more ways than one: {each!r}")

    def _operation(self, request: Request, operation: Operation, ids: Mapping[str, str]) -> list[Creation]:
        rule = rules(self.api.name).get(operation.id)
        if rule is None:
            raise self._refusal(request, "guard.yaml has no rule for it", operation)
        if rule.reads:
            return []
        if "~" in ids.values():
            raise self._refusal(request, "it is about everything: ~", operation)
        try:
            return Decision(self, rule, request, operation, ids, local=self.local).creations()
        except GuardRefusal as refusal:
            raise self._refusal(request, str(refusal), operation) from None

    def _refusal(self, request: Request, why: str, operation: Operation | None = None) -> GuardRefusal:
        name = operation.id if operation else request.operation
        about = f" ({name})" if name else ""
        return GuardRefusal(f"{request.method} {request.path[:200]}{about} is not sent: {why}")


def _readings(path: str) -> Iterable[tuple[str, ...]]:
    """The segments of a path in every way in which a target may read it: decoded before or after it is split, twice."""
    once = unquote(path)
    found = [tuple(map(unquote, path.split("/"))), tuple(once.split("/")), tuple(unquote(once).split("/"))]
    return dict.fromkeys(tuple(each for each in segments if each) for segments in found)


def _like(operation: Operation, segments: Sequence[str]) -> bool:
    """Whether a lenient target may take a path for one of the operation: case, dot segments and `;` do not count."""
    plain: list[str] = []
    for each in (segment.partition(";")[0].casefold() for segment in segments):
        if each == "..":
            plain = plain[:-1]
        elif each != ".":
            plain.append(each)
    names = operation.path.split("/")[1:]
    return len(names) == len(plain) and all(
        name.startswith("{") or name == each for name, each in zip(names, plain, strict=True)
    )


def path_values(operation: Operation, segments: Sequence[str]) -> dict[str, str]:
    """The values of an operation's path parameters in a path of it."""
    names = operation.path.split("/")[1:]
    if len(names) != len(segments):  # a value that is a path of its own
        pattern = "/".join(f"(?P<{name[1:-1]}>.+)" if name.startswith("{") else re.escape(name) for name in names)
        found = re.fullmatch(pattern, "/".join(segments))
        return found.groupdict() if found else {}
    return {name[1:-1]: value for name, value in zip(names, segments, strict=True) if name.startswith("{")}
