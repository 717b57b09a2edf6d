"""What is configured is what counts (api-authentication, "API Authentication")."""

from __future__ import annotations

from conformance.checks.every_api import web
from conformance.checks.every_api.proofs import account
from conformance.checks.every_api.refusals import all_refused, expect, guarded, harmless, sampled, tried
from conformance.exchange import NotJson, Response
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import basic
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-AUTH-011", "STB-SESSION-002")
def test_basic_that_is_not_configured(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Where Basic is not configured, right names and passwords open no operation."""
    attempt = basic.authorization("right Basic credentials", basic.basic(*account(target, judge)))
    ours = harmless(target)
    asked = sampled(guarded(target, operations, proven=True), depth)
    all_refused(target, judge, (ours.request(each, attempt) for each in asked), attempt.flaw)


@requirement("STB-CONFIG-001")
def test_only_the_one_backend_counts(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Before 2.3 nothing but proof for the one backend counts, whatever else is right."""
    one = account(target, judge)
    others = [Attempt("the session of a web login", web.session_of(target, judge, one))]
    if not target.facts["basic"]:
        others.append(basic.authorization("right Basic credentials", basic.basic(*one)))
    ours = harmless(target)
    for attempt in others:
        asked = tried(target, guarded(target, operations, proven=True), depth)
        all_refused(target, judge, (ours.request(each, attempt) for each in asked), attempt.flaw)


@requirement("STB-CONFIG-002", "CMP-STABLE-007")
def test_configuration_shows_what_is_in_effect(target: Target, judge: Judge) -> None:
    """The configuration that the API shows names the backends in effect, in their order."""
    option = "auth_backends" if target.facts["several"] else "auth_backend"
    wanted = ",".join(target.profile.backends)
    shown = target.call("get_config", headers=[("Accept", "application/json")])
    expect(judge, shown.status == 200, shown, "GET /config is to be answered where the configuration is exposed")
    found = _option(shown.response, option) if shown.response else None
    if found != wanted:
        judge.mismatch(f"api.{option}", f"the target's configuration says {found}")
    judge.that(found == wanted, shown, f"[api] {option} is to be {wanted}; the configuration shows {found}")
    if "get_value" in target.interface.operations:
        params = {"section": "api", "option": option}
        one = target.call("get_value", params=params, headers=[("Accept", "application/json")])
        found = _option(one.response, option) if one.response else None
        judge.that(found == wanted, one, f"[api] {option} is to be {wanted}; asked for alone it is {found}")


def _option(response: Response, name: str) -> str | None:
    """The value of an option of [api] in an answer of the configuration; None when it is not there."""
    try:
        sections = response.json().get("sections", [])
        return next(
            (
                "".join(str(option["value"]).split())
                for section in sections
                if section.get("name") == "api"
                for option in section.get("options", ())
                if option.get("key") == name
            ),
            None,
        )
    except (NotJson, AttributeError, TypeError, KeyError):
        return None
