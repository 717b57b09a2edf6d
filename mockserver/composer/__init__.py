"""A mock of Cloud Composer: Airflow 2 behind Google's Identity-Aware Proxy, and as much of Google as clients need.

    request ─→ Google beside it (mockserver.composer.beside): tokens for keys, the metadata server of a machine
            └→ proxy (mockserver.composer.proxy): address, Google credentials ─→ Airflow (mockserver.stable)

What the real proxy's answers look like is not known; status and order are the document's as far as it has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.auth.deny_all import deny_all
from mockserver.composer import beside
from mockserver.composer.google import Google
from mockserver.composer.proxy import Proxy
from mockserver.composer.users import create, with_short_emails
from mockserver.mock import Headers
from mockserver.operations import Answer
from mockserver.stable import StableMock
from mockserver.traits import Follow

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.world.clock import Clock
    from profiles import Profile

CONTROL = "/_mock/"


class ComposerMock(StableMock):
    """One environment of Cloud Composer; `proxy` stands before Airflow, `google` is whom it believes."""

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        super().__init__(profile, world=world, follow=follow, clock=clock)
        self.google = Google(profile.service_accounts, self.clock)
        self.proxy = Proxy(self.google, profile.web_server_allow_ip)
        self.handlers = with_short_emails(self.handlers)
        if self.experimental and profile.backend_kinds != ("allow_all",):
            # It does not know composer_auth (composer, Enable the experimental Airflow REST API).
            self.experimental.guard.backend = deny_all
        self.controls = (
            ("POST", f"{CONTROL}service-account-key", beside.service_account_key),
            ("POST", f"{CONTROL}users", create),
        )

    def respond(self, request: Request) -> tuple[Answer, Headers]:
        """Answer a request: Google's own, those of the control interface, and what the proxy lets through."""
        told = beside.answer(self.google, request)
        if told is not None:
            return told, told.headers
        if request.path.startswith(CONTROL) and self.routes.methods(request.path):
            return super().respond(request)
        passed = self.proxy.judge(request)
        return (passed, passed.headers) if isinstance(passed, Answer) else super().respond(passed)
