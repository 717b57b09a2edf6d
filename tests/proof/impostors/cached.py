"""A cache before a right API: what was asked once is never asked again, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.app import create_app
from profiles import Profile
from tests.proof.impostors.around import Around, Maker, header

Key = tuple[str, ...]
Kept = dict[Key, list[Message]]

_MINE = (b"authorization", b"cookie", b"origin")


def cached(*by: bytes) -> Maker:
    """Answers to GET are kept: by path and query, and by these headers."""

    def make(profile: Profile) -> Around:
        api, kept = create_app(profile), Kept()

        def choose(scope: Scope) -> ASGIApp:
            if scope["method"] != "GET" or not scope["path"].startswith("/api/"):
                return api
            key = (scope["raw_path"].decode(), scope["query_string"].decode(), *(header(scope, name) for name in by))
            return _again(kept[key]) if key in kept else _keeping(api, kept, key)

        return Around(choose)

    return make


#: Everybody gets answers of their own.
private = cached(*_MINE)
#: Everybody gets the answer of who asked first.
shared = cached()


def _again(messages: Sequence[Message]) -> ASGIApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return app


def _keeping(api: ASGIApp, kept: Kept, key: Key) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def both(message: Message) -> None:
            messages.append(message)
            await send(message)

        await api(scope, receive, both)
        kept.setdefault(key, messages)

    return app
