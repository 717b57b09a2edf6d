"""What Cloud Composer's database takes of a user: e-mails of at most 64 characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.v1.problems import bad_request
from mockserver.operations import Call, Handler
from profiles.accounts import LONGEST_EMAIL

_WRITING = ("post_user", "patch_user")


def with_short_emails(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """The handlers, of which those that write users refuse a longer e-mail."""
    return {**handlers, **{name: _limited(handlers[name]) for name in _WRITING if name in handlers}}


def _limited(handler: Handler) -> Handler:
    def handle(call: Call) -> Any:
        email = call.body.get("email") if isinstance(call.body, dict) else None
        if isinstance(email, str) and len(email) > LONGEST_EMAIL:
            raise bad_request(f"{{'email': ['Longer than maximum length {LONGEST_EMAIL}.']}}")
        return handler(call)

    return handle
