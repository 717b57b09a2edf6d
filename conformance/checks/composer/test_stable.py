"""The stable API behind the proxy of Cloud Composer (composer, "Enable the stable Airflow REST API")."""

from __future__ import annotations

from conformance.checks.composer.accounts import closed, known, somebody
from conformance.checks.every_api.refusals import all_refused, expect, guarded, harmless, sampled, tried
from conformance.checks.every_api.roles import order
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.every_kind import decisive, others
from conformance.strategies.google import ISSUER
from conformance.strategies.headers import NOTHING, Attempt
from conformance.target import Target
from specs.contract import Operation

#: What the proxy tells Airflow about who asks; nobody else is to be believed.
_EMAIL, _ID = "X-Goog-Authenticated-User-Email", "X-Goog-Authenticated-User-Id"


@requirement("CMP-STABLE-002")
def test_other_credentials_open_nothing(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """User names and passwords, sessions, and the name of an account alone open no operation."""
    ours = harmless(target)
    every = sampled(guarded(target, operations), depth)
    for attempts, asked in (
        ([*decisive([]), *_named(target)], every),
        (others([], target.new_name("nobody")), tried(target, every, depth)),
    ):
        for attempt in attempts:
            all_refused(target, judge, (ours.request(one, attempt) for one in asked), attempt.flaw)


@requirement("CMP-STABLE-002", "CMP-CALL-007")
def test_what_airflow_has_open_is_behind_the_proxy(target: Target, judge: Judge) -> None:
    """What Airflow itself answers to everybody, the proxy does not: version, health, the pages of the web interface."""
    open_ones = [one.path for one in target.interface.operations.values() if one.open and "{" not in one.path]
    for path in (*open_ones, "/", "/home", "/health", "/login/", "/static/", "/api/v1/ui/"):
        for attempt in (NOTHING, *decisive([])[1:2]):
            exchange = target.call("GET", path, role=None, headers=attempt.headers)
            ok = exchange.status is not None and (300 <= exchange.status < 400 or exchange.status in (401, 403))
            wish = f"GET {path} with {attempt.flaw} is not to reach Airflow: 401, 403, or the way to a login"
            expect(judge, ok, exchange, wish)


@requirement("CMP-STABLE-002", "CMP-CALL-007")
def test_no_method_passes_without_credentials(target: Target, judge: Judge) -> None:
    """Nor does any method: what only asks what is allowed, and what is not there, are refused, too."""
    for method in ("OPTIONS", "HEAD", "GET"):
        for path in (target.interface.operations[target.api.common].path, "/api/v1/none", "/api/experimental/none"):
            exchange = target.call(method, path, role=None)
            ok = exchange.status is not None and (300 <= exchange.status < 400 or exchange.status in (401, 403))
            expect(judge, ok, exchange, f"{method} {path} without credentials is not to reach Airflow")


@requirement("CMP-STABLE-003")
@needs("roles", "writes")
def test_account_is_the_tokens(target: Target, judge: Judge) -> None:
    """Who asks is whose token it is: the name of another account beside it, in the proxy's own headers, is no more."""
    roles = [role for role in target.roles if role != "admin"]
    if not roles:
        judge.unreached("there are credentials for admin only, whose name is no more than any other's")
    for role in roles:
        for attempt in _named(target):
            _stays(target, judge, role, attempt)


def _stays(target: Target, judge: Judge, role: str, attempt: Attempt) -> None:
    """Judge that a role may no more with something beside its token: who users are, and for lesser ones a new pool."""
    users = target.call("get_users", role=role, headers=attempt.headers)
    expect(judge, users.status == 403, users, f"{role} with {attempt.flaw} is not to see the users: 403")
    if role in order(target)[: order(target).index("op")]:
        name = target.new_name("pool")
        exchange = target.call("post_pool", role=role, headers=attempt.headers, json={"name": name, "slots": 1})
        expect(judge, exchange.status == 403, exchange, f"{role} with {attempt.flaw} is not to create a pool: 403")
        gone = target.call("get_pool", params={"pool_name": name})
        expect(judge, gone.status == 404, gone, f"no pool is to come of what {role} with {attempt.flaw} asks for")


@requirement("CMP-STABLE-005")
def test_disabled_api_is_open_to_nobody(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Where the stable API is disabled good Google credentials open no operation, those of an admin included."""
    ours = harmless(target)
    every = sampled(closed(target, operations), depth)
    for role in known(target):
        asked = every if role == "admin" else tried(target, every, depth)
        all_refused(target, judge, (ours.request(one, role=role) for one in asked), f"the account of {role}")


def _named(target: Target) -> list[Attempt]:
    """The admin's account in the headers in which the proxy tells of it."""
    one = somebody(target)
    email, number = (_EMAIL, f"{ISSUER}:{one.email}"), (_ID, one.username)
    both = Attempt("the e-mail and number of the admin's account", (email, number))
    return [both, Attempt("the e-mail of the admin's account", (email,)), Attempt("its number", (number,))]
