"""As much of the GSSAPI as a server needs: accepting the tokens of Kerberos clients.

A binding of MIT Kerberos' own library by ctypes, so that nothing has to be compiled. SPNEGO and plain Kerberos tokens
are taken alike. Everything is released again, the replay cache is the acceptor's own, and of the environment only
KRB5_CONFIG counts. Several threads may use one acceptor.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

LIBRARY = "libgssapi_krb5.so.2"

_HOST_BASED = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04"  # GSS_C_NT_HOSTBASED_SERVICE
_ACCEPT, _FOREVER = 2, 0xFFFFFFFF
_CONTINUES, _FAILURES = 0x00000001, 0xFFFF0000
_OF_THE_CALL, _OF_THE_MECHANISM = 1, 2


class GssError(Exception):
    """The library is not there, or does not do what it was asked to; the text is its own."""


class Accepted(NamedTuple):
    """Who has shown a good token, such as ``alice@EXAMPLE.ORG``, and the token that answers it; it may be empty."""

    principal: str
    reply: bytes


class _Buffer(ctypes.Structure):
    _fields_ = (("length", c_size_t), ("value", c_void_p))

    @property
    def content(self) -> bytes:
        return ctypes.string_at(self.value, self.length) if self.value else b""


class _Oid(ctypes.Structure):
    _fields_ = (("length", c_uint32), ("elements", c_char_p))


class _Pair(ctypes.Structure):
    _fields_ = (("key", c_char_p), ("value", c_char_p))


class _Store(ctypes.Structure):
    _fields_ = (("count", c_uint32), ("elements", POINTER(_Pair)))


_MINOR, _HANDLE, _BUFFER = POINTER(c_uint32), POINTER(c_void_p), POINTER(_Buffer)
_FUNCTIONS: Mapping[str, tuple[Any, ...]] = {
    "import_name": (_MINOR, _BUFFER, POINTER(_Oid), _HANDLE),
    "acquire_cred_from": (_MINOR, c_void_p, c_uint32, c_void_p, c_int, POINTER(_Store), _HANDLE, c_void_p, _MINOR),
    "accept_sec_context": (
        *(_MINOR, _HANDLE, c_void_p, _BUFFER, c_void_p, _HANDLE),
        *(c_void_p, _BUFFER, c_void_p, c_void_p, c_void_p),
    ),
    "display_name": (_MINOR, c_void_p, _BUFFER, c_void_p),
    "display_status": (_MINOR, c_uint32, c_int, c_void_p, POINTER(c_uint32), _BUFFER),
    "release_buffer": (_MINOR, _BUFFER),
    "release_name": (_MINOR, _HANDLE),
    "release_cred": (_MINOR, _HANDLE),
    "delete_sec_context": (_MINOR, _HANDLE, c_void_p),
}


class Acceptor:
    """Accepts tokens for one service.

    `service` is host-based, ``airflow@host``; its key is in the file `keytab`. GssError when it is not there. Without
    a name any service will do that has its key there. The replay cache is in the temporary folder `folder`, which
    `close` or the end of the program removes.
    """

    def __init__(self, service: str, keytab: str) -> None:
        with ExitStack() as held:
            self.folder = Path(held.enter_context(TemporaryDirectory(prefix="replays-", ignore_cleanup_errors=True)))
            self._credential = _credential(service, keytab=f"FILE:{keytab}", rcache=f"file2:{self.folder / 'rcache'}")
            held.callback(_release, "release_cred", byref(self._credential))
            self._end = weakref.finalize(self, held.pop_all().close)

    def close(self) -> None:
        """Give back what is held; nothing more is accepted then."""
        self._end()

    def accept(self, token: bytes) -> Accepted:
        """Check the first token of a client, which must be all that it needs to say; GssError for any other."""
        if not self._end.alive:
            raise GssError("the acceptor is closed")
        context, source, reply = c_void_p(), c_void_p(), _Buffer()
        given, _kept = _buffer(token)
        try:
            major = _call(
                "accept_sec_context",
                *(byref(context), self._credential, byref(given), None, byref(source)),
                *(None, byref(reply), None, None, None),
            )
            if major & _CONTINUES:
                raise GssError("the client has more to say")
            return Accepted(_shown(source), reply.content)
        finally:
            _release("release_buffer", byref(reply))
            _release("release_name", byref(source))
            _release("delete_sec_context", byref(context), None)


def _credential(service: str, **store: str) -> c_void_p:
    """The credential to accept for a service, from a store of keys and where to keep things."""
    name, found = _name(service) if service else c_void_p(), c_void_p()
    pairs = (_Pair * len(store))(*(_Pair(key.encode(), value.encode()) for key, value in store.items()))
    try:
        _call(
            "acquire_cred_from",
            *(name, _FOREVER, None, _ACCEPT, byref(_Store(len(store), pairs)), byref(found), None, None),
        )
    finally:
        _release("release_name", byref(name))
    return found


def _name(service: str) -> c_void_p:
    name, (text, _kept) = c_void_p(), _buffer(service.encode())
    _call("import_name", byref(text), byref(_Oid(len(_HOST_BASED), _HOST_BASED)), byref(name))
    return name


def _shown(name: c_void_p) -> str:
    text = _Buffer()
    try:
        _call("display_name", name, byref(text), None)
        return text.content.decode()
    finally:
        _release("release_buffer", byref(text))


def _buffer(content: bytes) -> tuple[_Buffer, object]:
    """A buffer for the library to read, and what must live as long as it."""
    kept = ctypes.create_string_buffer(content, len(content))
    return _Buffer(len(content), ctypes.cast(kept, c_void_p)), kept


def _call(function: str, *arguments: Any) -> int:
    """Call a function of the library; GssError when it fails."""
    minor = c_uint32()
    major: int = _function(function)(byref(minor), *arguments)
    if major & _FAILURES:
        raise GssError(f"{_told(major, _OF_THE_CALL)}: {_told(minor.value, _OF_THE_MECHANISM)}")
    return major


def _release(function: str, *arguments: Any) -> None:
    """Call a function that gives something back; it takes what there is not, too."""
    _function(function)(byref(c_uint32()), *arguments)


def _told(code: int, kind: int) -> str:
    """What the library says about a code."""
    text, more, minor = _Buffer(), c_uint32(), c_uint32()
    _function("display_status")(byref(minor), code, kind, None, byref(more), byref(text))
    try:
        return text.content.decode(errors="replace")
    finally:
        _release("release_buffer", byref(text))


@cache
def _function(name: str) -> Any:
    function = getattr(_library(), f"gss_{name}")
    function.argtypes, function.restype = _FUNCTIONS[name], c_uint32
    return function


@cache
def _library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise GssError(str(error)) from None
