"""Where a target is: the base URL of its API."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class BaseUrlError(ValueError):
    """A base URL that cannot be used. One sentence; never shows a password."""


@dataclass(frozen=True)
class BaseUrl:
    """A parsed base URL. `host` has no brackets; `path` has no slash at its end (so that none is ever doubled)."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> BaseUrl:
        """Read a base URL such as http://localhost:8080 or https://host/some/path; BaseUrlError if it is none."""
        text = text.strip()
        if "://" not in text:
            raise BaseUrlError(f"{_shown(text)} is no base URL; did you mean http://{_shown(text)}?")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise BaseUrlError(f"{_shown(text)} is no base URL: {error}") from None
        if parts.scheme not in DEFAULT_PORTS:
            raise BaseUrlError(f"{_shown(text)}: only http and https are spoken, not {parts.scheme}")
        if "@" in parts.netloc:
            raise BaseUrlError(
                "the base URL holds a user name or password; leave it out and give --username and --password"
            )
        if not host or not text.isprintable() or " " in text:
            raise BaseUrlError(f"{_shown(text)} names no host" if not host else "the base URL holds a blank")
        if parts.query or parts.fragment or "?" in text or "#" in text:
            raise BaseUrlError(f"{_shown(text)}: a base URL has no query and no fragment")
        return cls(parts.scheme, _ascii(host), port or DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them: the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine."""
        return on_this_machine(self.host)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def on_this_machine(host: str) -> bool:
    """Whether a name or address of a host is one of loopback."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        raise BaseUrlError(f"{host} is no host name") from None


def _shown(text: str) -> str:
    """The text without what may be a password."""
    return text if "@" not in text else f"...@{text.rpartition('@')[2]}"
