"""What a browser makes of the CORS headers in an answer (Fetch standard, "CORS protocol" and "CORS-preflight fetch").

* An origin is allowed when there is exactly one Access-Control-Allow-Origin, and it is that origin byte for byte, or
  the wildcard. Several such headers are joined to one value, which is no origin.
* A preflight succeeds when its status is 200 to 299 and it allows the origin.
* A method is allowed by a preflight that succeeds and names it, in the same case. GET, HEAD and POST need not be named:
  no server can keep a browser from sending these, so leaving them out does not refuse them.
* A header is allowed by a preflight that succeeds and names it, in any case.

A server may thus refuse in two ways: by a status other than 2xx, or by leaving the name out. Both count here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conformance.exchange import Response
from profiles.model import Cors

PREFIX = "access-control-"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"

#: Methods that a page may use without a preflight.
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
#: Headers that a page may send without a preflight (some only with certain values), so naming them grants nothing.
SAFELISTED_HEADERS = frozenset({"accept", "accept-language", "content-language", "content-type", "range"})
#: Methods that a browser writes in upper case, however the page spelt them.
NORMALIZED = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})

#: What may stand between the items of an option.
EITHER, BLANKS = r"[\s,]+", r"\s+"


@dataclass(frozen=True)
class Policy:
    """What the three options allow, read as the document writes them: separated by commas, blanks or both.

    Airflow 2 has separated origins by blanks alone: there a comma is a part of one.

    Header names are in lower case. `line` is the option of the origins as it stands.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    line: str

    @classmethod
    def of(cls, cors: Cors, *, separators: str = EITHER) -> Policy:
        """The policy of a profile."""
        headers = tuple(name.lower() for name in _split(cors.headers))
        return cls(_split(cors.origins, separators), _split(cors.methods), headers, (cors.origins or "").strip())

    def lists_method(self, name: str) -> bool:
        """Whether the options allow the method."""
        return name in self.methods or "*" in self.methods

    def lists_header(self, name: str) -> bool:
        """Whether the options allow the header; the wildcard never stands for `authorization`."""
        return name.lower() in self.headers or ("*" in self.headers and name.lower() != "authorization")


def _split(line: str | None, separators: str = EITHER) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(separators, line or "") if part))


def cors_headers(answer: Response) -> list[tuple[str, str]]:
    """The headers of the CORS protocol in an answer."""
    return [(name, value) for name, value in answer.headers if name.lower().startswith(PREFIX)]


def allowed_origin(answer: Response) -> str | None:
    """The value of Access-Control-Allow-Origin as a browser reads it; None when there is none."""
    values = answer.all(ALLOW_ORIGIN)
    return ", ".join(values) if values else None


def admits(answer: Response, origin: str) -> bool:
    """Whether the page of that origin may read the answer."""
    return allowed_origin(answer) in (origin, "*") and bool(allowed_origin(answer))


def succeeds(preflight: Response, origin: str) -> bool:
    """Whether a preflight succeeds, methods and headers aside."""
    return 200 <= preflight.status <= 299 and admits(preflight, origin)


def listed(answer: Response, header: str) -> tuple[str, ...]:
    """The names in a header that holds a list, all headers of that name together."""
    parts = (part.strip() for value in answer.all(header) for part in value.split(","))
    return tuple(part for part in parts if part)


def names_method(preflight: Response, method: str) -> bool:
    """Whether a preflight names the method; case counts."""
    return method in listed(preflight, ALLOW_METHODS)


def names_header(preflight: Response, header: str) -> bool:
    """Whether a preflight names the header; case does not count."""
    return header.lower() in (name.lower() for name in listed(preflight, ALLOW_HEADERS))


def varies_by_origin(answer: Response) -> bool:
    """Whether caches are told that the answer depends on the Origin header."""
    names = {name.lower() for name in listed(answer, "Vary")}
    return bool(names & {"origin", "*"})
