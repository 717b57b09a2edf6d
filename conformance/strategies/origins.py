"""Origins that come near to those of a policy without being one of them.

What comes out is a header value as it goes over the wire: bytes beyond ASCII as the Latin-1 characters they are.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from hypothesis import strategies as st

from conformance.browser import Policy

#: Letters that look like another one, none of them ASCII.
LOOKALIKES = {"a": "\u0430", "c": "\u0441", "e": "\u0435", "i": "\u0456", "o": "\u043e", "p": "\u0440", "x": "\u0445"}
#: Origins that are near to none.
FOREIGN = (
    "https://evil.example",
    "null",
    "NULL",
    "",
    "*",
    "https://*",
    "http://localhost",
    "file://",
    "about:blank",
    "undefined",
)
DEFAULT_PORTS = {"http": 80, "https": 443}
BLANKS = " \t"

#: What is done to an allowed origin: the strings that come out.
Change = Callable[[str], Sequence[str]]


def _parts(origin: str) -> tuple[str, str]:
    split = urlsplit(origin)
    return split.scheme, split.netloc


def _schemes(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    others = [other for other in ("http", "https", "ftp", "file", "ws", "httpx") if other != scheme]
    return [*(f"{other}://{host}" for other in others), f"//{host}", host]


def _ports(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    bare = host.partition(":")[0]
    ports = (DEFAULT_PORTS.get(scheme, 443), 80, 443, 8080, 8443, 0, 65536)
    return [*(f"{scheme}://{bare}:{port}" for port in ports), f"{scheme}://{bare}:", f"{scheme}://{bare}"]


def _cases(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    return [origin.upper(), f"{scheme.upper()}://{host}", f"{scheme}://{host.capitalize()}", origin.swapcase()]


def _paths(origin: str) -> Sequence[str]:
    return [f"{origin}{tail}" for tail in ("/", "//", "/index.html", "/?", "?x=1", "#", "#top", "/*", "\\", ";")]


def _users(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    return [f"{origin}@evil.example", *(f"{scheme}://{user}@{host}" for user in ("user", "user:secret", ""))]


def _hosts(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    around = (f"{host}.evil.example", f"evil{host}", f"evil-{host}", f"www.{host}", f"evil.example.{host}", f"{host}.")
    return [f"{scheme}://{name}" for name in (*around, host.replace(".", "x", 1), host.replace(".", "-", 1))]


def _cuts(origin: str) -> Sequence[str]:
    half = len(origin) // 2
    return [origin[:-1], origin[1:], origin + origin[-1], origin[:half], origin.replace("://", ":/"), f"x{origin}"]


def _letters(origin: str) -> Sequence[str]:
    changed = [origin.replace(letter, other, 1) for letter, other in LOOKALIKES.items() if letter in origin]
    return [each.encode().decode("latin-1") for each in (*changed, f"{origin}\u200b", f"{origin}\u00a0")]


def _fillers(origin: str) -> Sequence[str]:
    scheme, host = _parts(origin)
    half = len(host) // 2
    return [
        f"{scheme}:// {host}",
        f"{scheme}://{host[:half]}\t{host[half:]}",
        f"{scheme}://%{ord(host[0]):x}{host[1:]}",
    ]


def _lists(origin: str) -> Sequence[str]:
    return [f"{origin}{between}{FOREIGN[0]}" for between in (" ", ", ", ",", ";")] + [f"{FOREIGN[0]} {origin}"]


CHANGES: dict[str, Change] = {
    "another scheme": _schemes,
    "another port": _ports,
    "another case": _cases,
    "a path or query": _paths,
    "user information": _users,
    "another host": _hosts,
    "a part or an extension": _cuts,
    "look-alike letters": _letters,
    "blanks or escapes": _fillers,
    "several origins": _lists,
}


def is_stranger(origin: str, policy: Policy) -> bool:
    """Whether an origin is surely not listed, also when a server strips the blanks around it, as HTTP does.

    The option's line as a whole is left out: no browser sends it, and a server may take it for one origin.
    """
    return origin.strip(BLANKS) not in (*policy.origins, policy.line) and "*" not in policy.origins


def _listed(policy: Policy) -> list[str]:
    """The origins of the policy that can be changed: those with a host."""
    return [origin for origin in policy.origins if urlsplit(origin).netloc]


def strangers(policy: Policy) -> list[str]:
    """Near misses of every kind for each origin of the policy, and those near to none: a fixed list."""
    near = [each for origin in _listed(policy) for change in CHANGES.values() for each in change(origin)]
    return [origin for origin in dict.fromkeys([*near, *FOREIGN]) if is_stranger(origin, policy)]


def near_origins(policy: Policy) -> st.SearchStrategy[str]:
    """Origins that the policy does not list, most of them near to one that it does."""
    listed = st.sampled_from(_listed(policy) or FOREIGN[:1])
    changed = st.tuples(listed, st.sampled_from(list(CHANGES))).flatmap(_changed)
    drawn = st.one_of(changed, changed, listed.flatmap(_edited), st.sampled_from(FOREIGN))
    return drawn.filter(lambda origin: is_stranger(origin, policy))


def _changed(drawn: tuple[str, str]) -> st.SearchStrategy[str]:
    origin, name = drawn
    return st.sampled_from(list(CHANGES[name](origin)))


def _edited(origin: str) -> st.SearchStrategy[str]:
    """One character left out, doubled or replaced."""
    place = st.integers(0, len(origin) - 1)
    other = st.sampled_from(string.ascii_lowercase + string.digits + ".-:/")
    replaced = st.tuples(place, other).map(lambda drawn: origin[: drawn[0]] + drawn[1] + origin[drawn[0] + 1 :])
    dropped = place.map(lambda at: origin[:at] + origin[at + 1 :])
    doubled = place.map(lambda at: origin[:at] + origin[at] + origin[at:])
    return st.one_of(replaced, dropped, doubled)
