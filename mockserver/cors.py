"""Cross-origin headers, as Airflow's server sends them (public-api, Enabling CORS; measured on 3.3.2 and 3.0.6).

Our own, for the middleware that real servers use changes its answers from release to release, and the mock's must not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mockserver.operations import Answer
from profiles import Cors as Options

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.traits import Traits
    from profiles import Profile

Headers = list[tuple[str, str]]

_SAFE_HEADERS = ("Accept", "Accept-Language", "Content-Language", "Content-Type")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_MAX_AGE = "600"


class Cors:
    """The CORS policy of one deployment, decided when it is made; inactive where none of the three options is set."""

    def __init__(self, profile: Profile, traits: Traits) -> None:
        options = profile.cors or Options(None, None, None)
        self.active = profile.cors is not None or traits.empty_is_an_item
        self.traits = traits
        self.origins = self._split(options.origins, blanks=traits.blanks_split_origins)
        self.methods = self._split(options.methods)
        self.headers = self._split(options.headers)
        self.any_origin = "*" in self.origins
        self.any_header = "*" in self.headers
        self.vary = "Origin"
        if self.traits.modern_cors:
            self.vary += "".join(
                f", Access-Control-Request-{name}" for name in ("Method", "Headers", "Private-Network")
            )
        if "*" in self.methods:
            self.methods = [*_METHODS, "QUERY"] if self.traits.modern_cors else [*_METHODS]
        self.listed_headers = sorted({*_SAFE_HEADERS, *self.headers} - {"*"})

    def allows_origin(self, origin: str) -> bool:
        """Tell whether an origin is allowed: to the letter, or all are."""
        return self.any_origin or origin in self.origins

    def allows_method(self, method: str) -> bool:
        """Tell whether a preflight for this method succeeds; case counts."""
        return method in self.methods

    def allows_header(self, name: str) -> bool:
        """Tell whether a preflight for this header succeeds; case does not count."""
        return self.any_header or name.lower() in {header.lower() for header in self.listed_headers}

    def preflight(self, request: Request) -> Answer | None:
        """Answer a preflight, whatever path it is for; None when the request is none."""
        origin = request.headers.get("origin")
        method = request.headers.get("access-control-request-method")
        if not self.active or request.method != "OPTIONS" or origin is None or method is None:
            return None
        asked = request.headers.get("access-control-request-headers")
        refused = self.refused(origin, method, asked)
        if self.traits.modern_cors and request.headers.get("access-control-request-private-network") == "true":
            refused.append("private-network")
        text = f"Disallowed CORS {', '.join(refused)}" if refused else "OK"
        headers = [("vary", self.vary), *self.preflight_headers(origin, asked)]
        return Answer(400 if refused else 200, text.encode(), headers, "text/plain; charset=utf-8")

    def refused(self, origin: str, method: str, headers: str | None) -> list[str]:
        """Name what a preflight may not: "origin", "method", "headers"."""
        names = [name.strip() for name in headers.split(",")] if headers is not None else []
        checks = {
            "origin": self.allows_origin(origin),
            "method": self.allows_method(method),
            "headers": all(map(self.allows_header, names)),
        }
        return [what for what, fine in checks.items() if not fine]

    def preflight_headers(self, origin: str, asked: str | None) -> Headers:
        """Give the headers of a preflight's answer, refused or not."""
        listed = asked if self.any_header else ", ".join(self.listed_headers)
        return [
            *([("access-control-allow-origin", origin)] if self.allows_origin(origin) else []),
            ("access-control-allow-methods", ", ".join(self.methods)),
            ("access-control-max-age", _MAX_AGE),
            *([("access-control-allow-headers", listed)] if listed else []),
            ("access-control-allow-credentials", "true"),
        ]

    def answer_headers(self, request: Request, status: int) -> Headers:  # noqa: ARG002 - a policy may look at it
        """Give the headers that an answer gets, other than Vary; the request is carried out in any case."""
        origin = request.headers.get("origin") if self.active else None
        if origin is None:
            return []
        credentials = ("access-control-allow-credentials", "true")
        if self.any_origin:
            return [("access-control-allow-origin", origin if "cookie" in request.headers else "*"), credentials]
        return [("access-control-allow-origin", origin), credentials] if self.allows_origin(origin) else [credentials]

    def varies(self, request: Request) -> bool:
        """Tell whether the answer's Vary names Origin (after Accept-Encoding where it always does, else before)."""
        if not self.active or self.traits.modern_cors:
            return self.active
        origin = request.headers.get("origin")
        if origin is None:
            return False
        return "cookie" in request.headers if self.any_origin else self.allows_origin(origin)

    def _split(self, option: str | None, *, blanks: bool = False) -> list[str]:
        """Split an option at commas, and at `blanks` if so asked."""
        if self.traits.empty_is_an_item:
            return [part.strip() for part in (option or "").split(",")]
        parts = re.split(r"[,\s]+" if blanks else ",", option or "")
        return [part.strip() for part in parts if part.strip()]
