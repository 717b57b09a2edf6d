"""Credential caches in a file, as MIT Kerberos writes them (its manual, "Credential cache file format", version 4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_VERSION = b"\x05\x04"
_CLOCK = struct.Struct(">HHii")  # tag 1, eight bytes: by how much the clock of the KDC is ahead, in s and us


def with_clock_ahead(source: Path, copy: Path, seconds: int) -> None:
    """Copy a cache so that a client that uses it takes its own clock to be so many seconds behind the KDC's."""
    octets = _read(source)
    clock = _CLOCK.pack(1, 8, seconds, 0)
    _write(copy, _VERSION + struct.pack(">H", len(clock)) + clock + octets[_start(octets) :])


def expire(source: Path, copy: Path) -> None:
    """Copy a cache as it would be a day after its tickets have run out."""
    octets = bytearray(_read(source))
    for at in _times(octets):
        authenticated, started, ends, renewable = struct.unpack_from(">4I", octets, at)
        back = ends - authenticated + 86400
        if ends:  # what the cache says about itself is written as a ticket without times
            struct.pack_into(">4I", octets, at, authenticated - back, started - back, ends - back, renewable)
    _write(copy, bytes(octets))


def _read(source: Path) -> bytes:
    octets = source.read_bytes()
    if not octets.startswith(_VERSION):
        raise ValueError(f"{source} is no credential cache of format 4")
    return octets


def _write(copy: Path, octets: bytes) -> None:
    copy.touch(0o600)
    copy.write_bytes(octets)


def _start(octets: bytes | bytearray) -> int:
    """Where the header ends."""
    length: int = struct.unpack_from(">H", octets, len(_VERSION))[0]
    return len(_VERSION) + 2 + length


def _times(octets: bytearray) -> Iterator[int]:
    """Where the four times of each ticket are."""
    at = _principal(octets, _start(octets))
    while at < len(octets):
        key = _principal(octets, _principal(octets, at))
        times = _data(octets, key + 2)
        yield times
        at = times + 16 + 1 + 4
        for _ in ("addresses", "authorization data"):
            at = _typed(octets, at)
        for _ in ("ticket", "second ticket"):
            at = _data(octets, at)


def _principal(octets: bytearray, at: int) -> int:
    components: int = struct.unpack_from(">I", octets, at + 4)[0]
    at += 8
    for _ in range(components + 1):  # and the realm
        at = _data(octets, at)
    return at


def _typed(octets: bytearray, at: int) -> int:
    count: int = struct.unpack_from(">I", octets, at)[0]
    at += 4
    for _ in range(count):
        at = _data(octets, at + 2)
    return at


def _data(octets: bytearray, at: int) -> int:
    length: int = struct.unpack_from(">I", octets, at)[0]
    return at + 4 + length
