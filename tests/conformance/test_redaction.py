from __future__ import annotations

import base64
import json
import shlex
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.exchange import Exchange, Request, Response
from conformance.redaction import HIDDEN, Redactor

#: With everything in it that somebody escapes.
CANARY = "c'a\"n&a\\r y/+%é<$`!"
JWT = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl-_"

FORMS = {
    "plain": CANARY,
    "URL": quote(CANARY, safe=""),
    "URL with slashes": quote(CANARY),
    "form": quote_plus(CANARY),
    "JSON": json.dumps(CANARY)[1:-1],
    "JSON in UTF-8": json.dumps(CANARY, ensure_ascii=False)[1:-1],
    "Python": repr(CANARY)[1:-1],
    "HTML": escape(CANARY),
    "shell": shlex.quote(CANARY)[1:-1],
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "Basic": base64.b64encode(f"ann:{CANARY}".encode()).decode(),
}


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.add(CANARY, username="ann")
    return made


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_hidden_in_every_form(redactor: Redactor, form: str) -> None:
    hidden = redactor.text(f"before {FORMS[form]} after")
    assert hidden.rstrip("=").replace("=", "") == f"before {HIDDEN} after"


@given(st.text(min_size=6, max_size=30))
def test_any_secret_is_hidden(secret: str) -> None:
    for form in (secret, json.dumps(secret), quote(secret), repr(secret)):
        assert Redactor([secret]).text(f"<{form}>").count(secret) == 0 or secret in HIDDEN


def test_what_a_target_gives_out_cannot_make_texts_unreadable() -> None:
    redactor = Redactor()
    for given_out in ("", "t", "session", "s3cr3t-session"):
        redactor.learn(given_out)
    assert redactor.text("the session is s3cr3t-session") == f"the session is {HIDDEN}"


def test_tokens_are_hidden_even_when_nobody_told() -> None:
    assert Redactor().text(f"Bearer {JWT} and {JWT[:-3]}") == f"Bearer {HIDDEN} and {HIDDEN}"


def test_of_two_secrets_the_longer_one_is_hidden_whole() -> None:
    assert Redactor(["abcdef", "abcdefghi"]).text("abcdefghi abcdef") == f"{HIDDEN} {HIDDEN}"


def test_names_are_not_secrets(redactor: Redactor) -> None:
    text = '{"key": "v", "xcom_key": "k", "dag_id": "token", "jwt_secret": null, "password_set": true}'
    assert redactor.text(text) == text
    assert redactor.octets(text.encode()) == text.encode()


def test_json_types(redactor: Redactor) -> None:
    value = {CANARY: [CANARY, 1, None, True, {"key": (CANARY,)}]}
    assert redactor.value(value) == {HIDDEN: [HIDDEN, 1, None, True, {"key": [HIDDEN]}]}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", f"Bearer {JWT}", "Bearer ***"),
        ("AUTHORIZATION", "Basic YW5uOnB3", "Basic ***"),
        ("Authorization", "Basic abc", "Basic abc"),
        ("Authorization", "Bearer none", "Bearer none"),
        ("Cookie", "session=abc; _token=x.y", "session=***; _token=***"),
        ("Set-Cookie", "_token=abc; Path=/; HttpOnly", "_token=***; Path=/; HttpOnly"),
        ("Set-Cookie", '_token=""; Max-Age=0', '_token=""; Max-Age=0'),
        ("X-Key", "abc", "abc"),
    ],
)
def test_headers(name: str, value: str, expected: str) -> None:
    assert Redactor().headers(((name, value),)) == ((name, expected),)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"username": "a", "password": "p\\"q", "x": 1}', b'{"username": "a", "password": "***", "x": 1}'),
        (b'{"password":"a"}', b'{"password":"***"}'),
        (b'{"password": null}', b'{"password": null}'),
        (b"username=a&password=pq", b"username=a&password=***"),
        (b"\xff\xfe\x00", b"\xff\xfe\x00"),
    ],
)
def test_bodies(body: bytes, expected: bytes) -> None:
    assert Redactor().octets(body) == expected


def test_no_secret_is_left_anywhere_in_an_exchange(redactor: Redactor) -> None:
    octets = json.dumps({"message": CANARY, "access_token": JWT}).encode()
    exchange = Exchange(
        Request("POST", f"/x?token={JWT}&p={quote(CANARY)}", (("Authorization", f"Bearer {CANARY}"),), octets),
        Response(200, CANARY, (("Location", f"/?{quote_plus(CANARY)}"), ("Set-Cookie", "a=b")), octets, 0.1),
        f"no answer: {CANARY}",
    )
    shown = repr(redactor.exchange(exchange)) + repr(redactor.exchange(exchange).request.headers)
    assert redactor.exchange(exchange).request.body == b'{"message": "***", "access_token": "***"}'
    assert all(form not in shown for form in (*FORMS.values(), JWT, "a=b"))


def test_an_exchange_shows_no_secret_by_itself() -> None:
    request = Request("POST", "/auth/token", (("Authorization", f"Bearer {JWT}"),), b'{"password": "canary"}')
    assert "canary" not in repr(Exchange(request))
    assert JWT not in repr(Exchange(request))


TICKET = "YIIC9QYGKwYBBQUC" + "a/b+" * 50 + "=="


@pytest.mark.parametrize("text", ["{}", "Negotiate {}", "Basic {}", "x={}&y", "'{}'"])
def test_tokens_of_kerberos_are_hidden_wherever_they_stand(text: str) -> None:
    assert Redactor().text(text.format(TICKET)) == text.format(HIDDEN)
    assert TICKET not in Redactor().text(text.format(quote(TICKET, safe="")))


def test_what_proves_the_service_is_hidden_and_the_challenge_is_not() -> None:
    sent = (("WWW-Authenticate", "negotiate oYG3MIG0oAMKAQ=="), ("WWW-Authenticate", "Negotiate"), ("X", "negotiate a"))
    exchange = Exchange(Request("GET", "/"), Response(200, "OK", sent, b"", 0.1))
    response = Redactor().exchange(exchange).response
    assert response is not None
    assert [value for _, value in response.headers] == [f"negotiate {HIDDEN}", "Negotiate", "negotiate a"]


ACCESS = "ya29.c.c0ASRK0Gb-_x" * 6
PEM = "-----BEGIN {0}PRIVATE KEY-----\nMIIEvQ==\nQ9w0B/+a\n-----END {0}PRIVATE KEY-----"


@pytest.mark.parametrize("text", ["{}", "Bearer {}", "Basic {}", "?access_token={}&y", '{{"access_token": "{}"}}'])
def test_an_access_token_of_google_s_is_hidden_for_its_looks(text: str) -> None:
    redactor = Redactor()
    assert redactor.text(text.format(ACCESS)) == text.format(HIDDEN)
    encoded = base64.b64encode(ACCESS.encode()).decode()
    assert encoded.rstrip("=") not in redactor.text(text.format(encoded))
    assert redactor.text("ya29.x") == "ya29.x"


@pytest.mark.parametrize("kind", ["", "RSA ", "ENCRYPTED "])
def test_a_private_key_is_hidden(kind: str) -> None:
    key = PEM.format(kind)
    assert Redactor().text(f"a {key} b") == f"a {HIDDEN} b"
    assert Redactor().text(json.dumps({"private_key": key + "\n"})) == f'{{"private_key": "{HIDDEN}\\n"}}'
    assert "MIIEvQ" not in Redactor().octets(key.encode()).decode()
