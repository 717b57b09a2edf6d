"""Credentials that must get no token: near misses of right ones, and bodies that hold none."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

JSON = "application/json"

#: Letters that look like others: Cyrillic and Greek.
_ALIKE = str.maketrans("aceiopsxyABEKMHOPCTX", "асеіорѕхуАВЕКМНОРСТХ")  # noqa: RUF001 - the point of it


class Pair(NamedTuple):
    """A user name and a password that do not belong together, and why not."""

    flaw: str
    username: str
    password: str

    def __repr__(self) -> str:
        return f"a login with {self.flaw}"


class Body(NamedTuple):
    """A body for the token endpoint that does not hold credentials. `media` None: without a Content-Type."""

    flaw: str
    content: bytes | None
    media: str | None = JSON

    def __repr__(self) -> str:
        return f"a login with {self.flaw}"


class Miss(NamedTuple):
    """A word that is nearly another; a report shows how it differs, not the word."""

    how: str
    word: str

    def __repr__(self) -> str:
        return f"a word that is {self.how}"


class Account(NamedTuple):
    """A user whose right password is known."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Account({self.username!r})"


def wrong_passwords(account: Account) -> Iterator[Pair]:
    """The right user with a password that is not quite right."""
    for flaw, password in misses(account.password):
        yield Pair(f"the password {flaw}", account.username, password)


def wrong_usernames(account: Account, *, case_counts: bool) -> Iterator[Pair]:
    """The right password with a user name that is not quite right.

    `case_counts`: False where the auth manager takes a user name in any case, as FAB's does (measured on 3.3.2).
    """
    for flaw, username in misses(account.username):
        if case_counts or username.casefold() != account.username.casefold():
            yield Pair(f"the user name {flaw}", username, account.password)


def mixed_up(accounts: Sequence[Account], nobody: str) -> Iterator[Pair]:
    """Users with each other's password, user name and password swapped, and a user that does not exist (`nobody`)."""
    for account in accounts:
        for other in accounts:
            if other.password != account.password:
                yield Pair(f"the password of {other.username} for {account.username}", account.username, other.password)
        yield Pair("a user that does not exist", nobody, account.password)
        if account.username != account.password:
            yield Pair("user name and password swapped", account.password, account.username)
    yield Pair("a user that does not exist, and no password", nobody, "")
    yield Pair("nothing in both fields", "", "")


def misses(word: str) -> Iterator[tuple[str, str]]:
    """Words that are nearly the word, none of them the word itself."""
    near = (
        ("empty", ""),
        ("without its last character", word[:-1]),
        ("without its first character", word[1:]),
        ("of its first character only", word[:1]),
        ("with one character more", f"{word}x"),
        ("with one character before it", f"x{word}"),
        ("in capitals", word.upper()),
        ("with a capital", word.capitalize()),
        ("with the case swapped", word.swapcase()),
        ("with a blank after it", f"{word} "),
        ("with a blank before it", f" {word}"),
        ("with a line break after it", f"{word}\n"),
        ("with a tab after it", f"{word}\t"),
        ("with a NUL after it", f"{word}\0"),
        ("with a NUL and a tail", f"{word}\0tail"),
        ("with a zero-width space after it", f"{word}\u200b"),
        ("with a no-break space after it", f"{word}\u00a0"),
        ("with a byte order mark before it", f"\ufeff{word}"),
        ("twice", word * 2),
        ("reversed", word[::-1]),
        ("in look-alike letters", word.translate(_ALIKE)),
        ("in full-width letters", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)),
        ("with a combining accent", unicodedata.normalize("NFD", f"{word}\u0301")),
        ("with a soft hyphen in it", f"{word[:1]}\u00ad{word[1:]}"),
        ("in quotation marks", f'"{word}"'),
        ("as a pattern", f"{word[:1]}%"),
        ("as a star", "*"),
        ("as SQL", "' OR '1'='1"),
        ("percent-encoded", "".join(f"%{byte:02X}" for byte in word.encode())),
        ("very long", word * 400),
    )
    yield from ((flaw, miss) for flaw, miss in near if miss != word)


def near(word: str) -> st.SearchStrategy[Miss]:
    """A word one edit away: a character lost, put in, exchanged, in the other case, or swapped with its neighbour."""
    return _edited(word).filter(lambda miss: miss.word != word)


@st.composite
def _edited(draw: st.DrawFn, word: str) -> Miss:
    index = draw(st.integers(0, max(0, len(word) - 1)))
    head, char, tail = word[:index], word[index : index + 1], word[index + 1 :]
    edit = draw(st.sampled_from(("lost", "put in", "exchanged", "in the other case", "swapped with the next")))
    new = draw(st.characters(categories=None, exclude_categories=["Cs"])) if edit in ("put in", "exchanged") else ""
    changed = {"put in": new + char, "exchanged": new, "in the other case": char.swapcase(), "lost": ""}
    rest = tail[:1] + char + tail[1:] if edit == "swapped with the next" else changed[edit] + tail
    what = f"U+{ord(new):04X}" if new else "the character"
    return Miss(f"one edit away: {what} at {index} {edit}", head + rest)


def hashes(password: str) -> Iterator[str]:
    """What the usual hash functions make of a password, in hexadecimal and base64."""
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, password.encode(), usedforsecurity=False).digest()
        yield digest.hex()
        yield base64.b64encode(digest).decode().rstrip("=")
        yield base64.urlsafe_b64encode(digest).decode().rstrip("=")


def bodies(account: Account) -> Iterator[Body]:
    """Bodies that do not hold the credentials, with the right ones hidden in some of them."""
    name, password = account
    for flaw, value in _values(name, password):
        yield Body(flaw, json.dumps(value).encode())
    good = json.dumps({"username": name, "password": password}).encode()
    yield Body("no body", None, None)
    yield Body("an empty body", b"")
    yield Body("a cut body", good[:-1])
    yield Body("two JSON objects", good + good)
    yield Body("no JSON", b"username and password")
    yield Body("JSON with single quotation marks", good.replace(b'"', b"'"))
    yield Body("bytes that are no UTF-8", b'{"username": "\xff\xfe", "password": "\xff"}')
    yield Body("credentials as text/plain", f"{name}:{password}".encode(), "text/plain")
    yield Body("an XML document", f"<login><username>{name}</username></login>".encode(), "application/xml")
    yield Body("an empty form", b"", "application/x-www-form-urlencoded")
    yield Body("a form without a password", f"username={name}".encode(), "application/x-www-form-urlencoded")
    yield Body("half a multipart form", b"--x\r\n", "multipart/form-data; boundary=x")
    yield Body("a deep nest", b"[" * 500 + b"]" * 500)


def _values(name: str, password: str) -> Iterator[tuple[str, Any]]:
    good = {"username": name, "password": password}
    yield "an empty object", {}
    yield "no password", {"username": name}
    yield "no user name", {"password": password}
    yield "the fields in capitals", {"USERNAME": name, "PASSWORD": password}
    yield "fields of other names", {"user": name, "pass": password}
    for label, other in (
        ("null", None), ("zero", 0), ("true", True), ("false", False), ("a fraction", 1.5), ("an empty list", []),
        ("an empty object", {}), ("a list of it", [password]), ("an operator", {"$ne": ""}), ("an object", good),
    ):  # fmt: skip
        yield f"{label} for a password", {**good, "password": other}
    for label, other in (
        ("null", None),
        ("zero", 0),
        ("true", True),
        ("a list of it", [name]),
        ("an operator", {"$gt": ""}),
    ):
        yield f"{label} for a user name", {**good, "username": other}
    yield "null for both", {"username": None, "password": None}
    yield "a list", [good]
    yield "a list of both", [name, password]
    yield "an empty list", []
    yield "null", None
    yield "a string", f"{name}:{password}"
    yield "a string of JSON", json.dumps(good)
    yield "a number", 1
    yield "true", True
    yield "an object one level too deep", {"credentials": good}
