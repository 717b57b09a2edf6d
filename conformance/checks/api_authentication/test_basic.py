"""User name and password in the Authorization header (api-authentication, "Basic authentication")."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.api_authentication.users import ODD_PASSWORDS, asked, created, deleted
from conformance.checks.every_api.proofs import account, accounts
from conformance.checks.every_api.refusals import all_refused, expect, guarded, harmless, refused, tried
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies import basic
from conformance.strategies.credentials import Account, Pair
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-BASIC-001", "STB-BASIC-008")
def test_basic_alone_is_enough(target: Target, judge: Judge) -> None:
    """The right name and password are enough: no cookie, no token, no other header goes along, none comes back."""
    for role in target.roles:
        if role != "public":  # who may nothing is refused for that
            exchange = asked(target, account(target, judge, role))
            expect(judge, exchange.status == 200, exchange, f"{role} is to be answered with Basic credentials alone")


@requirement("STB-BASIC-002")
def test_wrong_password_is_refused(target: Target, judge: Judge, depth: str) -> None:
    """The right user with another password is refused, however near it comes."""
    one = account(target, judge)
    for attempt in basic.wrong(one):
        refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)
    if depth == "deep":
        for other in accounts(target):
            for attempt in basic.wrong(other):
                refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)


@requirement("STB-BASIC-002")
def test_wrong_password_opens_nothing(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A wrong password is refused whatever is asked for."""
    one = account(target, judge)
    ours = harmless(target)
    attempt = basic.attempt(Pair("a wrong password", one.username, f"{one.password}x"))
    asked = tried(target, guarded(target, operations), depth)
    all_refused(target, judge, (ours.request(each, attempt) for each in asked), attempt.flaw)


@requirement("STB-BASIC-002")
@given(data=st.data())
def test_password_one_edit_away_is_refused(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A password that differs from the right one in one character is refused."""
    attempt = data.draw(basic.one_edit_away(account(target, judge)), label="credentials")
    refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)


@requirement("STB-BASIC-003")
def test_other_format_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """The right name and password in any other form than Basic and base64 do not authenticate."""
    one = account(target, judge)
    _none_taken(target, judge, [*basic.misformatted(one), *basic.sloppy(one)], operations, depth)


@requirement("STB-BASIC-006")
def test_other_user_is_refused(target: Target, judge: Judge, depth: str) -> None:
    """A name that is no user's, another user's password, and a right password under nearly the user's name."""
    found = accounts(target)[0 if depth == "deep" else -2 :]
    strangers = list(basic.strangers(found, target.new_name("nobody")))
    for attempt in [*strangers, *basic.wrong_names(account(target, judge))]:
        refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)


@requirement("STB-BASIC-006")
def test_inactive_user_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A user who is not active is refused with the right password, on every operation tried."""
    one = target.credentials.inactive
    if one is None or not one.username or one.password is None:
        judge.unreached("neither profile nor credentials name a user who is not active")
    header = basic.authorization("an inactive user's right password", basic.basic(one.username, one.password))
    ours = harmless(target)
    requests = (ours.request(each, header) for each in tried(target, guarded(target, operations), depth))
    all_refused(target, judge, requests, header.flaw)


@requirement("STB-BASIC-006", "STB-BASIC-007")
@needs("writes")
def test_user_passes_from_creation_to_deletion(target: Target, judge: Judge) -> None:
    """A user who was created with a password passes with it, no longer with an old one, and not once deleted."""
    one = Account(target.new_name("user"), "first-Password:1")
    before = asked(target, one)
    refused(judge, before, "a user who does not exist yet", "STB-BASIC-006")
    one = created(target, judge, one.password)
    during = asked(target, one)
    expect(judge, during.status == 200, during, "a user who was created is to pass", "STB-BASIC-007")
    gone = deleted(target, one)
    expect(judge, gone.status == 204, gone, "an admin is to be able to delete a user", "STB-BASIC-006")
    refused(judge, asked(target, one), "a user who was deleted", "STB-BASIC-006")


@requirement("STB-BASIC-004", "STB-BASIC-007")
@needs("writes")
def test_first_colon_ends_the_name(target: Target, judge: Judge) -> None:
    """A password may hold colons and any characters of Unicode, sent as UTF-8."""
    for password in (*ODD_PASSWORDS, ":", "a:", ":b", "日本語", "e\u0301", " x "):
        one = created(target, judge, password)
        exchange = asked(target, one)
        expect(judge, exchange.status == 200, exchange, f"the password {password!r} is to be taken as UTF-8")
        deleted(target, one)


@requirement("STB-BASIC-004", "STB-BASIC-002")
@needs("writes")
def test_odd_password_is_taken_whole(target: Target, judge: Judge) -> None:
    """A password with colons and characters beyond ASCII is refused cut at a colon, or in another encoding."""
    for password in ODD_PASSWORDS:
        one = created(target, judge, password)
        for attempt in (*basic.cut_at_colon(one), *basic.otherwise_encoded(one)):
            exchange = target.call("get_dags", role=None, headers=attempt.headers)
            refused(judge, exchange, attempt.flaw, "STB-BASIC-002")
        still = asked(target, one)
        wish = "the right password is to pass after all the wrong ones"
        expect(judge, still.status == 200, still, wish, "STB-BASIC-004")
        deleted(target, one)


@requirement("STB-BASIC-010")
def test_scheme_is_taken_in_any_case(target: Target, judge: Judge) -> None:
    """basic, BASIC and bAsIc are the same scheme."""
    _, _, good = basic.basic(*account(target, judge)).partition(" ")
    for scheme in ("basic", "BASIC", "bAsIc"):
        exchange = target.call("get_dags", role=None, authorization=f"{scheme} {good}")
        expect(judge, exchange.status == 200, exchange, f"the scheme {scheme} is to be taken")


def _none_taken(target: Target, judge: Judge, attempts: list[Attempt], operations: list[Operation], depth: str) -> None:
    ours = harmless(target)
    for operation in tried(target, guarded(target, operations, proven=True), depth)[: 7 if depth == "deep" else 1]:
        for exchange, attempt in zip(
            target.all(ours.request(operation, one) for one in attempts), attempts, strict=True
        ):
            refused(judge, exchange, attempt.flaw)
