"""Half a proxy: the API is there, behind a login page for people."""

from __future__ import annotations

from starlette.responses import HTMLResponse, RedirectResponse

from mockserver.app import create_app
from profiles import Profile
from tests.proof.impostors.around import Around, Maker, answering

_PAGE = '<!doctype html><title>Sign in</title><form action="/sign-in" method="post"><input name="user"></form>'
_SIGN_IN = "https://login.example.com/sign-in?next=api"

PAGE = answering(lambda *_: HTMLResponse(_PAGE))
REDIRECT = answering(lambda *_: RedirectResponse(_SIGN_IN, 302))


def login(gate: Around, *passing: str) -> Maker:
    """Everything goes to the gate, but for paths with these ends."""

    def make(profile: Profile) -> Around:
        api = create_app(profile)
        return Around(lambda scope: api if passing and scope["path"].endswith(passing) else gate)

    return make
