"""User names and passwords in the Authorization header (RFC 7617), right in all but one thing.

What is left out, for a server may take it either way: the scheme in another case, more than one blank after it, blanks
at the end of the header.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from conformance.auth.basic import encoded
from conformance.strategies.credentials import Account, Pair, mixed_up, near, wrong_passwords, wrong_usernames
from conformance.strategies.headers import Attempt

_SCHEMES = ("Bearer", "Token", "Digest", "Negotiate", "NTLM", "OAuth", "ApiKey", "Basics", "Basi", "X-Basic", "Basic64")


def basic(username: str, password: str) -> str:
    """The value of the header."""
    return f"Basic {encoded(username, password)}"


def of_bytes(pair: bytes) -> str:
    """The value of the header for a pair of any bytes."""
    return f"Basic {base64.b64encode(pair).decode()}"


def authorization(flaw: str, value: str) -> Attempt:
    """A request with this Authorization header."""
    return Attempt(flaw, (("Authorization", value),))


def attempt(pair: Pair) -> Attempt:
    """A request with a pair that is not right."""
    return authorization(pair.flaw, basic(pair.username, pair.password))


def wrong(account: Account) -> Iterator[Attempt]:
    """The right user with another password, and passwords that are no text in UTF-8."""
    for pair in wrong_passwords(account):
        if len(pair.password) < 4000:  # a longer one is refused for its length
            yield attempt(pair)
    name, password = account.username.encode(), account.password.encode()
    for flaw, other in (
        ("the password with a byte after it that is no UTF-8", password + b"\xff"),
        ("the password with a byte before it that is no UTF-8", b"\xfe" + password),
        ("the password in overlong UTF-8", _overlong(password)),
        ("the password in UTF-16", account.password.encode("utf-16-le")),
        ("the password with half a character after it", password + b"\xc3"),
    ):
        if other != password:
            yield authorization(flaw, of_bytes(name + b":" + other))


def wrong_names(account: Account) -> Iterator[Attempt]:
    """The right password under a name that is nearly the user's; their case does not count (FAB's default)."""
    yield from (attempt(pair) for pair in wrong_usernames(account, case_counts=False) if len(pair.username) < 4000)


def strangers(accounts: Sequence[Account], nobody: str) -> Iterator[Attempt]:
    """Users with each other's password, and a user that does not exist."""
    yield from map(attempt, mixed_up(accounts, nobody))


def one_edit_away(account: Account) -> st.SearchStrategy[Attempt]:
    """The right user with a password that is one edit from the right one."""
    return near(account.password).map(
        lambda miss: attempt(Pair(f"a password that is {miss.how}", account.username, miss.word))
    )


def otherwise_encoded(account: Account) -> Iterator[Attempt]:
    """A password beyond ASCII in other bytes than its own in UTF-8; nothing for one within ASCII."""
    if account.password.isascii():
        return
    for encoding in ("latin-1", "utf-16-le", "utf-7"):
        try:
            value = of_bytes(account.username.encode() + b":" + account.password.encode(encoding))
        except UnicodeEncodeError:
            continue
        yield authorization(f"the password in {encoding}", value)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        other = unicodedata.normalize(form, account.password)
        if other != account.password:
            yield attempt(Pair(f"the password in the normal form {form}", account.username, other))
    for label, other in (
        ("without its accents", unicodedata.normalize("NFD", account.password).encode("ascii", "ignore").decode()),
        ("with question marks", account.password.encode("ascii", "replace").decode()),
    ):
        yield attempt(Pair(f"the password {label}", account.username, other))


def cut_at_colon(account: Account) -> Iterator[Attempt]:
    """A name or password with colons, cut or put together at another colon than the first."""
    name, password = account
    head, _, tail = password.partition(":")
    for flaw, other in (
        ("what stands before the first colon of the password", (name, head)),
        ("what stands after the first colon of the password", (name, tail)),
        ("what stands after the last colon of the password", (name, password.rpartition(":")[2])),
        ("a colon more between name and password", (name, f":{password}")),
        ("a colon more at the end", (name, f"{password}:")),
        ("no colons in the password", (name, password.replace(":", ""))),
        ("a blank for the colon in the password", (name, password.replace(":", " "))),
    ):
        if other != account and ":" in password:
            yield attempt(Pair(flaw, *other))


def misformatted(account: Account) -> Iterator[Attempt]:
    """The right name and password in any other form than the given one."""
    name, password = account
    pair = f"{name}:{password}".encode()
    good = base64.b64encode(pair).decode()
    for scheme in _SCHEMES:
        yield authorization(f"the pair under the scheme {scheme}", f"{scheme} {good}")
    yield authorization("the pair without a scheme", good)
    yield authorization("the pair run into the scheme", f"Basic{good}")
    yield authorization("an equals sign after the scheme", f"Basic={good}")
    yield authorization("a colon after the scheme", f"Basic: {good}")
    yield authorization("the scheme twice", f"Basic Basic {good}")
    yield authorization("the pair as a parameter", f'Basic token="{good}"')
    yield authorization("a word after the pair", f"Basic {good} x")
    yield authorization("two pairs in one header", f"Basic {good}, Basic {good}")
    yield authorization("parameters of a Digest", f'Digest username="{name}", password="{password}"')
    digest = f'username="{name}", realm="x", nonce="x", uri="/", response="x", password="{password}"'
    yield authorization("all parameters of a Digest and a password", f"Digest {digest}")
    yield authorization("parameters of a Basic header", f'Basic username="{name}", password="{password}"')
    yield authorization("the pair percent-encoded", f"Basic {_percent(good.encode())}")
    yield authorization("the pair percent-encoded and not in base64", f"Basic {_percent(pair)}")
    yield authorization("the pair in hexadecimal", f"Basic {pair.hex()}")
    yield authorization("the pair in Base32", f"Basic {base64.b32encode(pair).decode()}")
    yield authorization("the pair in base64 twice", f"Basic {base64.b64encode(good.encode()).decode()}")
    yield authorization("the pair reversed", f"Basic {good[::-1]}")
    if pair.isascii():
        yield authorization("the pair not encoded", f"Basic {pair.decode()}")
    for flaw, raw in _other_pairs(name, password):
        if raw != pair:
            yield authorization(flaw, of_bytes(raw))


def sloppy(account: Account) -> Iterator[Attempt]:
    """The right pair in base64 with characters in it that base64 does not have, or padding where it has none."""
    good = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
    yield authorization("an exclamation mark in the base64", f"Basic {good[:4]}!{good[4:]}")
    yield authorization("a blank in the base64", f"Basic {good[:4]} {good[4:]}")
    yield authorization("a comma after the base64", f"Basic {good},")
    yield authorization("the base64 in quotation marks", f'Basic "{good}"')
    yield authorization("the base64 in angle brackets", f"Basic <{good}>")
    yield authorization("padding after the base64", f"Basic {good}====")
    yield authorization("padding in the base64", f"Basic {good[:4]}=={good[4:]}")


def _other_pairs(name: str, password: str) -> Iterator[tuple[str, bytes]]:
    text = f"{name}:{password}"
    yield "no colon", f"{name}{password}".encode()
    yield "the name only", name.encode()
    yield "the password only", password.encode()
    yield "a name and a colon", f"{name}:".encode()
    yield "a colon and a password", f":{password}".encode()
    yield "a colon only", b":"
    yield "nothing", b""
    for label, char in (("blank", " "), ("semicolon", ";"), ("line break", "\n"), ("NUL", "\0"), ("slash", "/")):
        yield f"a {label} for the colon", f"{name}{char}{password}".encode()
    yield "a full-width colon", f"{name}\uff1a{password}".encode()
    yield "a colon before the pair", f":{text}".encode()
    yield "a byte order mark before the pair", f"\ufeff{text}".encode()
    yield "the pair in UTF-16", text.encode("utf-16")
    yield "the pair in UTF-32", text.encode("utf-32")
    yield "the pair as JSON", json.dumps({"username": name, "password": password}).encode()
    yield "the pair as a form", f"username={name}&password={password}".encode()
    yield "the pair percent-encoded before base64", _percent(text.encode()).encode()
    yield "the pair in quotation marks before base64", f'"{text}"'.encode()
    yield "a scheme within the base64", f"Basic {text}".encode()
    yield "a NUL in the name", f"{name}\0:{password}".encode()
    yield "a domain before the name", f"AIRFLOW\\{name}:{password}".encode()


def _percent(raw: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in raw)


def _overlong(word: bytes) -> bytes:
    """The first character in two bytes where UTF-8 has one; the word itself when it is empty or beyond ASCII."""
    if not word or word[0] > 0x7F:
        return word
    return bytes((0xC0 | word[0] >> 6, 0x80 | word[0] & 0x3F)) + word[1:]
