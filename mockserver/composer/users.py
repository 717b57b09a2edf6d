"""Users of Cloud Composer: its database takes e-mails of at most 64 characters, and its command line makes users."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.api.v1.problems import bad_request
from mockserver.api.v1.users import view
from mockserver.errors import ApiError
from mockserver.operations import Answer, Call, Handler
from mockserver.rendering import JSON, to_json
from profiles.accounts import LONGEST_EMAIL

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.request import Request

_WRITING = ("post_user", "patch_user")
_NAMES = ("username", "email", "firstname", "lastname", "role")


def create(mock: Mock, request: Request) -> Answer:
    """Make a user, as ``gcloud composer environments run ENVIRONMENT users create`` does; who has no password."""
    username, email, first, last, role_name = _values(request)
    users, role = mock.world.users, mock.world.roles.named(role_name)
    if role is None:
        raise ApiError(400, f"there is no role {role_name}")
    if len(email) > LONGEST_EMAIL:
        raise ApiError(400, f"the email has more than {LONGEST_EMAIL} characters")
    if users.named(username) or users.addressed(email):
        raise ApiError(409, f"there is a user {username}, or one with the email {email}")
    user = mock.world.add_user(username, None, first, last, email, (role,))
    return Answer(200, to_json(view(user)), media=JSON)


def _values(request: Request) -> list[str]:
    try:
        body = json.loads(request.body)
        values = [body[name] for name in _NAMES]
    except (ValueError, TypeError, KeyError):
        values = [None]
    if not all(isinstance(value, str) and value for value in values):
        raise ApiError(400, f"the body must be a JSON object with the texts {', '.join(_NAMES)}")
    return values


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
