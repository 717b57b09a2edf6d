"""As much of the GSSAPI as a client needs: a token for a service, and the proof in what the service answers to it.

A binding of MIT Kerberos' own library by ctypes, so that nothing has to be compiled. Tickets come from the credential
cache that is named, or from the caller's own (KRB5CCNAME, or what krb5.conf says). Handles are released with the object
that has them. Safe to use from many threads; a context belongs to one at a time.

    GssError
    ├── NoLibrary        the library is not on this machine
    ├── NoTicket         there is no such cache, or no ticket in it
    ├── ExpiredTicket    the ticket is no longer good
    └── UnknownService   the realm has no such service
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Mapping
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from functools import cache
from types import SimpleNamespace
from typing import Any

LIBRARY = "libgssapi_krb5.so.2"
#: Mechanisms, by object id: Kerberos as it is, and the negotiation around it that browsers use (RFC 4178).
KRB5 = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
SPNEGO = b"\x2b\x06\x01\x05\x05\x02"

_HOST_BASED = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04"  # GSS_C_NT_HOSTBASED_SERVICE
_INITIATE, _FOREVER, _MUTUAL = 1, 0xFFFFFFFF, 2
_CONTINUES, _FAILURES, _NO_CREDENTIALS, _EXPIRED = 0x00000001, 0xFFFF0000, 7 << 16, 11 << 16
_OF_THE_CALL, _OF_THE_MECHANISM = 1, 2


class GssError(Exception):
    """The library does not do what it was asked to, as its own words say."""


class NoLibrary(GssError):  # noqa: N818 (it says what happened)
    """The library is not on this machine."""


class NoTicket(GssError):  # noqa: N818
    """There is no such cache, or no ticket in it."""


class ExpiredTicket(GssError):  # noqa: N818
    """The ticket is no longer good."""


class UnknownService(GssError):  # noqa: N818
    """The realm has no such service."""


class Context:
    """One exchange with a service.

    `service` is host-based, as in ``airflow@host``. `token` is what goes to the service; `complete` says that nothing
    more has to come back, which with `mutual` is so only once the service has proved that it holds the key. GssError.
    """

    def __init__(
        self, service: str, *, cache: str | None = None, mechanism: bytes = SPNEGO, mutual: bool = True
    ) -> None:
        self._library = library()
        self._mechanism, self._flags = _oid(mechanism), _MUTUAL if mutual else 0
        self._handle = c_void_p()
        weakref.finalize(self, self._library.delete_sec_context, byref(c_uint32()), byref(self._handle), None)
        self._credentials = _Credentials(self._library, cache)
        self._name = _Name(self._library, service)
        self.complete = False
        self.token = self._step(b"")

    def finish(self, reply: bytes) -> None:
        """Take what the service answered. GssError where that proves nothing; see `complete` for what is still due."""
        self._step(reply)

    @property
    def peer(self) -> str:
        """Whom the token is for, such as ``airflow/host@EXAMPLE.ORG``. GssError unless the context is complete."""
        minor, name = c_uint32(), _Name(self._library)
        major = self._library.inquire_context(
            byref(minor), self._handle, None, byref(name.handle), None, None, None, None, None
        )
        _verify(self._library, major, minor, self._mechanism)
        return _shown(self._library, name)

    def _step(self, reply: bytes) -> bytes:
        minor, given, token = c_uint32(), _buffer(reply), _Buffer()
        major = self._library.init_sec_context(
            *(byref(minor), self._credentials.handle, byref(self._handle), self._name.handle, byref(self._mechanism)),
            *(self._flags, 0, None, byref(given) if self._handle else None, None, byref(token), None, None),
        )
        octets = _taken(self._library, token)
        _verify(self._library, major, minor, self._mechanism)
        self.complete = not major & _CONTINUES
        return octets


def principal(cache: str | None = None) -> str:
    """Whose tickets a cache holds, such as ``alice@EXAMPLE.ORG``. GssError; ExpiredTicket once they have run out."""
    found = library()
    credentials = _Credentials(found, cache)
    minor, name = c_uint32(), _Name(found)
    major = found.inquire_cred(byref(minor), credentials.handle, byref(name.handle), None, None, None)
    _verify(found, major, minor, _oid(KRB5))
    return _shown(found, name)


@cache
def library() -> SimpleNamespace:
    """The functions of the library, by their names without `gss_`. NoLibrary."""
    try:
        loaded = ctypes.CDLL(LIBRARY)
        functions = {name: getattr(loaded, f"gss_{name}") for name in _FUNCTIONS}
    except (OSError, AttributeError) as error:
        raise NoLibrary(str(error)) from None
    for name, arguments in _FUNCTIONS.items():
        functions[name].argtypes, functions[name].restype = arguments, c_uint32
    return SimpleNamespace(**functions)


class _Buffer(ctypes.Structure):
    _fields_ = (("length", c_size_t), ("value", c_void_p))


class _Oid(ctypes.Structure):
    _fields_ = (("length", c_uint32), ("elements", c_char_p))


class _Oids(ctypes.Structure):
    _fields_ = (("count", c_size_t), ("elements", POINTER(_Oid)))


class _Pair(ctypes.Structure):
    _fields_ = (("key", c_char_p), ("value", c_char_p))


class _Store(ctypes.Structure):
    _fields_ = (("count", c_uint32), ("elements", POINTER(_Pair)))


_MINOR, _HANDLE, _BUFFER = POINTER(c_uint32), POINTER(c_void_p), POINTER(_Buffer)
_FUNCTIONS: Mapping[str, tuple[Any, ...]] = {
    "import_name": (_MINOR, _BUFFER, POINTER(_Oid), _HANDLE),
    "acquire_cred_from": (
        *(_MINOR, c_void_p, c_uint32, POINTER(_Oids), c_int, POINTER(_Store)),
        *(_HANDLE, c_void_p, POINTER(c_uint32)),
    ),
    "inquire_cred": (_MINOR, c_void_p, _HANDLE, c_void_p, c_void_p, c_void_p),
    "init_sec_context": (
        *(_MINOR, c_void_p, _HANDLE, c_void_p, POINTER(_Oid), c_uint32, c_uint32, c_void_p, _BUFFER),
        *(c_void_p, _BUFFER, POINTER(c_uint32), c_void_p),
    ),
    "inquire_context": (_MINOR, c_void_p, _HANDLE, _HANDLE, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "display_name": (_MINOR, c_void_p, _BUFFER, c_void_p),
    "display_status": (_MINOR, c_uint32, c_int, POINTER(_Oid), POINTER(c_uint32), _BUFFER),
    "release_buffer": (_MINOR, _BUFFER),
    "release_name": (_MINOR, _HANDLE),
    "release_cred": (_MINOR, _HANDLE),
    "delete_sec_context": (_MINOR, _HANDLE, c_void_p),
}


class _Credentials:
    """What a cache holds, for both mechanisms. GssError where that is nothing."""

    def __init__(self, library: SimpleNamespace, cache: str | None) -> None:
        self.handle = c_void_p()
        weakref.finalize(self, library.release_cred, byref(c_uint32()), byref(self.handle))
        pair = _Pair(b"ccache", (cache or "").encode())
        store = byref(_Store(1, ctypes.pointer(pair))) if cache else None
        for mechanisms in ((KRB5,), (KRB5, SPNEGO)):  # alone, Kerberos says what is wrong; the other hides it
            oids = (_Oid * len(mechanisms))(*map(_oid, mechanisms))
            wanted, minor = _Oids(len(mechanisms), oids), c_uint32()
            library.release_cred(byref(c_uint32()), byref(self.handle))
            major = library.acquire_cred_from(
                *(byref(minor), None, _FOREVER, byref(wanted), _INITIATE, store, byref(self.handle), None, None)
            )
            _verify(library, major, minor, _oid(KRB5))


class _Name:
    """The name of a service; nobody's name without one."""

    def __init__(self, library: SimpleNamespace, service: str = "") -> None:
        self.handle = c_void_p()
        weakref.finalize(self, library.release_name, byref(c_uint32()), byref(self.handle))
        if service:
            minor, text, kind = c_uint32(), _buffer(service.encode()), _oid(_HOST_BASED)
            major = library.import_name(byref(minor), byref(text), byref(kind), byref(self.handle))
            _verify(library, major, minor, _oid(KRB5))


def _shown(library: SimpleNamespace, name: _Name) -> str:
    minor, text = c_uint32(), _Buffer()
    _verify(library, library.display_name(byref(minor), name.handle, byref(text), None), minor, _oid(KRB5))
    return _taken(library, text).decode(errors="replace")


def _oid(elements: bytes) -> _Oid:
    return _Oid(len(elements), elements)


def _buffer(octets: bytes) -> _Buffer:
    """A buffer of ours; it keeps its bytes alive."""
    kept = ctypes.create_string_buffer(octets, len(octets))
    made = _Buffer(len(octets), ctypes.cast(kept, c_void_p))
    made.kept = kept
    return made


def _taken(library: SimpleNamespace, buffer: _Buffer) -> bytes:
    """What the library put into a buffer, which is the library's to release."""
    octets = ctypes.string_at(buffer.value, buffer.length) if buffer.value else b""
    library.release_buffer(byref(c_uint32()), byref(buffer))
    return octets


def _verify(library: SimpleNamespace, major: int, minor: c_uint32, mechanism: _Oid) -> None:
    if not major & _FAILURES:
        return
    words = _words(library, minor.value, _OF_THE_MECHANISM, mechanism)
    if words in ("Unknown error", "Success"):  # the mechanism has nothing to say
        words = _words(library, major, _OF_THE_CALL, None)
    raise _kind(major, words)(words)


def _kind(major: int, words: str) -> type[GssError]:
    """What the library's words are about. They are not translated, and with SPNEGO the numbers say nothing."""
    if major & _FAILURES == _NO_CREDENTIALS:
        return NoTicket
    if "not found in Kerberos database" in words:
        return UnknownService
    expired = major & _FAILURES == _EXPIRED or "expired" in words
    return ExpiredTicket if expired else GssError


def _words(library: SimpleNamespace, status: int, of: int, mechanism: _Oid | None) -> str:
    more, text = c_uint32(), _Buffer()
    library.display_status(
        *(byref(c_uint32()), status, of, byref(mechanism) if mechanism else None, byref(more), byref(text))
    )
    return _taken(library, text).decode(errors="replace").rstrip("\0")
