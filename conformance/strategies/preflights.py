"""What a preflight may ask for: methods and headers that a policy does not list, and lists of headers."""

from __future__ import annotations

import string
from collections.abc import Sequence

from hypothesis import strategies as st

from conformance.browser import NORMALIZED, SAFELISTED_HEADERS, Policy

#: Methods that HTTP servers know.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "PURGE")
#: Headers that a page might like to send.
HEADERS = ("authorization", "x-requested-with", "x-csrf-token", "x-api-key", "if-match", "cookie", "cache-control")
SEPARATORS = (",", ", ", " , ", ",\t", ",  ")


def is_unlisted_method(method: str, policy: Policy) -> bool:
    """Whether a page could ask for the method without the policy listing it.

    A browser writes the usual methods in upper case, so `delete` never reaches a server; `patch` does.
    """
    return bool(method) and not policy.lists_method(method) and method.upper() not in NORMALIZED - {method}


def is_unlisted_header(header: str, policy: Policy) -> bool:
    """Whether neither the policy nor CORS itself allows the header."""
    return bool(header) and not policy.lists_header(header) and header.lower() not in SAFELISTED_HEADERS


def unlisted_methods(policy: Policy) -> st.SearchStrategy[str]:
    """Methods that the policy does not list, near misses of those that it does among them."""
    near = st.sampled_from(policy.methods or METHODS).flatmap(
        lambda name: st.sampled_from((f"{name}X", name[:-1], f"X-{name}", name + name, name[::-1], f"{name}-{name}"))
    )
    drawn = st.text(string.ascii_uppercase, min_size=1, max_size=12)
    every = st.one_of(st.sampled_from(METHODS), near, drawn, st.just("patch"))
    return every.filter(lambda method: is_unlisted_method(method, policy))


def unlisted_headers(policy: Policy) -> st.SearchStrategy[str]:
    """Header names, in lower case, that neither the policy nor CORS itself allows."""
    near = st.sampled_from(policy.headers or HEADERS).flatmap(
        lambda name: st.sampled_from(
            (f"{name}s", name[:-1], name[1:], f"x-{name}", name.replace("-", "_"), name + name)
        )
    )
    drawn = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=16)
    every = st.one_of(st.sampled_from(HEADERS), near, drawn)
    return every.filter(lambda header: is_unlisted_header(header, policy))


def header_lists(names: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the names, in any order, each in some case."""
    chosen = st.lists(st.sampled_from(list(names)), min_size=1, max_size=len(names), unique=True)
    return chosen.flatmap(lambda some: st.tuples(*(st.sampled_from((n, n.upper(), n.title())) for n in some)))


def separators() -> st.SearchStrategy[str]:
    """What may stand between the names of a list in a header."""
    return st.sampled_from(SEPARATORS)
