from __future__ import annotations

import jwt as pyjwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.strategies import tokens

KEY = "the-key-of-the-server-long-enough-for-a-hash-of-512-bits-as-it-should-be-always"
NOW = 1_800_000_000
CLAIMS = {
    "sub": "viewer",
    "role": "viewer",
    "jti": "1f",
    "aud": "apache-airflow",
    "nbf": NOW,
    "iat": NOW,
    "exp": NOW + 60,
}
GOOD = tokens.sign({"alg": "HS512", "typ": "JWT"}, CLAIMS, KEY)
JWT = tokens.read(GOOD)


def valid(token: str, now: int = NOW) -> bool:
    """Whether a strict server with the key would take the token."""
    required = {
        "require": ["sub", "exp", "aud", "iat", "nbf"],
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
    }
    try:
        claims = pyjwt.decode(token, KEY, algorithms=["HS512"], audience="apache-airflow", options=required)
    except pyjwt.InvalidTokenError:
        return False
    return bool(claims["nbf"] <= now < claims["exp"])


def test_good_token_is_good() -> None:
    assert valid(GOOD)
    assert str(JWT) == GOOD
    assert JWT.payload == CLAIMS


def test_no_forgery_is_valid() -> None:
    forged = [*tokens.forgeries(JWT), *tokens.decisive(JWT)]
    assert [each.flaw for each in forged if valid(each.token)] == []


def test_every_forgery_is_another() -> None:
    forged = tokens.forgeries(JWT)
    assert len({each.token for each in forged} | {GOOD}) == len(forged) + 1
    assert len({each.flaw for each in forged}) == len(forged)


def test_unchanged_claims_are_no_forgery() -> None:
    admin = tokens.read(tokens.sign(JWT.header, {**CLAIMS, "role": "admin"}, KEY))
    assert "changed in its claim role to admin" in {each.flaw for each in tokens.forgeries(JWT)}
    assert "changed in its claim role to admin" not in {each.flaw for each in tokens.forgeries(admin)}


def test_decisive_forgeries_raise_the_role() -> None:
    changed = next(each for each in tokens.decisive(JWT) if "payload" in each.flaw)
    assert tokens.read(changed.token).payload["role"] == "admin"
    assert tokens.read(changed.token).signature == JWT.signature


def test_minted_tokens_are_well_signed_and_yet_not_valid() -> None:
    minted = [*tokens.untimely(JWT, KEY, NOW), *tokens.misissued(JWT, KEY, NOW)]
    assert [each.flaw for each in minted if valid(each.token)] == []
    for each in minted:
        pyjwt.decode(
            each.token, KEY, algorithms=["HS512"], options={"verify_signature": True, **dict.fromkeys(OFF, False)}
        )


OFF = ("verify_exp", "verify_nbf", "verify_iat", "verify_aud")


def test_other_algorithms_are_signed_with_the_right_key() -> None:
    found = list(tokens.other_algorithms(JWT, KEY))
    assert {tokens.read(each.token).header["alg"] for each in found} == {"HS256", "HS384"}
    for each in found:
        pyjwt.decode(
            each.token,
            KEY,
            algorithms=["HS256", "HS384"],
            options={"verify_signature": True, **dict.fromkeys(OFF, False)},
        )


@given(data=st.data())
def test_bent_token_is_never_the_same(data: st.DataObject) -> None:
    bent = data.draw(tokens.bent(JWT))
    decoded = [tokens.decode("part", part) for part in bent.token.split(".")]
    assert decoded != [tokens.decode("part", part) for part in GOOD.split(".")]
    assert not valid(bent.token)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("abc", "it has 1 parts, not three"),
        ("a.b.c.d", "it has 4 parts, not three"),
        ("!!.b.c", "its header is not base64url"),
        (f"{tokens.encode(b'{}')}.{tokens.encode(b'[1]')}.x", "its payload is not a JSON object"),
        (f"{tokens.encode(b'{')}.e30.x", "its header is not JSON"),
        (f"{tokens.encode(bytes([255]))}.e30.x", "its header is not UTF-8"),
        ("e30=.e30.x", "its header is padded"),
        ("e30.e30.a", "its signature is not base64url"),
    ],
)
def test_what_keeps_a_text_from_being_a_jwt(token: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        tokens.read(token)
