"""The password backend of Airflow 1.10 (experimental-api, "Authentication")."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.every_api.proofs import account, accounts
from conformance.checks.every_api.refusals import (
    all_refused,
    common,
    expect,
    guarded,
    harmless,
    refused,
    sampled,
    tried,
)
from conformance.exchange import Exchange, Headers
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import basic
from conformance.strategies.credentials import Account, Pair
from conformance.strategies.headers import NOTHING, Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("EXP-PASSWORD-001", "EXP-PASSWORD-003")
def test_name_and_password_are_enough(target: Target, judge: Judge) -> None:
    """Each user passes with name and password in a Basic header, sent alone; the scheme counts in any case."""
    for role in target.roles:
        exchange = common(target, authorization=basic.basic(*account(target, judge, role)))
        wish = f"{role} is to be answered with name and password alone"
        expect(judge, exchange.status == 200, exchange, wish, "EXP-PASSWORD-001")
        ahead = replace(exchange.request, method="HEAD")
        exchange = target.send(ahead)
        expect(judge, exchange.status == 200, exchange, f"{role}'s HEAD is to be answered, too", "EXP-PASSWORD-001")
    _, _, good = basic.basic(*account(target, judge)).partition(" ")
    for scheme in ("basic", "BASIC", "bAsIc"):
        exchange = common(target, authorization=f"{scheme} {good}")
        expect(judge, exchange.status == 200, exchange, f"the scheme {scheme} is to be taken", "EXP-PASSWORD-003")


@requirement("EXP-PASSWORD-002")
def test_wrong_password_is_refused(target: Target, judge: Judge, depth: str) -> None:
    """The right user with another password is refused, however near it comes; so is one cut at a colon."""
    found = accounts(target) if depth == "deep" else [account(target, judge)]
    for one in found:
        for attempt in basic.wrong(one):
            refused(judge, common(target, headers=attempt.headers), attempt.flaw)
    for one in accounts(target):
        for attempt in (*basic.cut_at_colon(one), *basic.otherwise_encoded(one)):
            refused(judge, common(target, headers=attempt.headers), attempt.flaw)


@requirement("EXP-PASSWORD-002")
def test_wrong_password_opens_nothing(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A wrong password is refused whatever is asked for; an unknown user and an empty password on every operation."""
    one = account(target, judge)
    ours = harmless(target)
    every = sampled(guarded(target, operations), depth)
    for flaw, pair, asked in (
        ("a wrong password", Account(one.username, f"{one.password}x"), tried(target, every, depth)),
        ("an empty password", Account(one.username, ""), every),
        ("an unknown user with an empty password", Account(target.new_name("nobody"), ""), every),
        ("neither name nor password", Account("", ""), every),
    ):
        attempt = basic.attempt(Pair(flaw, *pair))
        all_refused(target, judge, (ours.request(each, attempt) for each in asked), flaw)


@requirement("EXP-PASSWORD-002")
@given(data=st.data())
def test_password_one_edit_away_is_refused(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A password that differs from the right one in one character is refused."""
    attempt = data.draw(basic.one_edit_away(account(target, judge)), label="credentials")
    refused(judge, common(target, headers=attempt.headers), attempt.flaw)


@requirement("EXP-PASSWORD-002")
def test_other_user_is_refused(target: Target, judge: Judge, depth: str) -> None:
    """A name that is no user's, another user's password, and a right password under nearly the user's name."""
    found = accounts(target)[0 if depth == "deep" else -2 :]
    strangers = basic.strangers(found, target.new_name("nobody"))
    for attempt in [*strangers, *basic.wrong_names(account(target, judge))]:
        refused(judge, common(target, headers=attempt.headers), attempt.flaw)


@requirement("EXP-PASSWORD-003")
def test_other_format_is_refused(target: Target, judge: Judge) -> None:
    """The right name and password in any other form than Basic and base64 do not authenticate."""
    one = account(target, judge)
    for attempt in (*basic.misformatted(one), *basic.sloppy(one)):
        refused(judge, common(target, headers=attempt.headers), attempt.flaw)


@requirement("EXP-PASSWORD-004")
def test_each_request_needs_the_password(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """After a request with the right password, one without, or with a wrong one, is refused; cookies do not help."""
    one = account(target, judge)
    good = common(target, authorization=basic.basic(*one))
    expect(judge, good.status == 200, good, "the right name and password are to be answered")
    ours = harmless(target)
    for flaw, headers in (
        (NOTHING.flaw, ()),
        ("the cookies that came with the right password", _cookies(good)),
        ("a wrong password", basic.attempt(Pair("", one.username, f"{one.password}x")).headers),
        ("the name alone", basic.attempt(Pair("", one.username, "")).headers),
    ):
        after = Attempt(f"{flaw}, after a request with the right password", headers)
        asked = tried(target, guarded(target, operations), depth)[: 2 if "wrong" in flaw else None]
        all_refused(target, judge, (ours.request(each, after) for each in asked), after.flaw)


def _cookies(exchange: Exchange) -> Headers:
    """The header that gives back what cookies an answer has set."""
    given = exchange.response.all("Set-Cookie") if exchange.response else ()
    return (("Cookie", "; ".join(one.partition(";")[0] for one in given)),) if given else ()
