"""Cross-origin headers of the stable API (api-authentication, Enabling CORS; measured on 2.2.5, 2.6.3 and 2.11.2).

Nothing is computed from the request but whether its origin is listed: the options are sent as they stand, on every
answer of an operation, to whomever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from profiles import Cors as Options

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.traits import StableTraits
    from profiles import Profile

Headers = list[tuple[str, str]]

_VARIES = ("vary", "Origin")


class StableCors:
    """The CORS policy of one deployment; None is an option of which nothing is sent."""

    def __init__(self, profile: Profile, traits: StableTraits) -> None:
        options = profile.cors or Options(None, None, None)
        absent = "" if traits.sends_empty_cors else None
        self.headers = options.headers or absent
        self.methods = options.methods or absent
        origins = options.origins or absent
        self.names_origin = traits.names_origin
        self.any_origin = traits.knows_star and origins == "*"
        self.origins = [] if origins is None else origins.split(" ")

    def allows_origin(self, origin: str) -> bool:
        """Tell whether an origin is listed, to the letter."""
        return origin in self.origins

    def allowed(self, request: Request) -> str | None:
        """Give the origin that the answer names: the first one where the request has none; None if it is not listed."""
        if self.any_origin or not self.origins:
            return "*" if self.any_origin else None
        origin = request.headers.get("origin", self.origins[0])
        return origin if self.allows_origin(origin) else None

    def answer_headers(self, request: Request, status: int) -> Headers:  # noqa: ARG002 - a policy may look at it
        """Give the headers that an answer of an operation gets."""
        values = {"headers": self.headers, "methods": self.methods, "origin": self.allowed(request)}
        headers = [(f"access-control-allow-{what}", value) for what, value in values.items() if value is not None]
        return [*headers, *([_VARIES] if self.names_origin and self.origins and not self.any_origin else ())]
