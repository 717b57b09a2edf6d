"""Other spellings of a path, that a careless gate before the API might let through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import strategies as st

from conformance.apis import Api

Headers = tuple[tuple[str, str], ...]

#: Headers by which a gateway may be told another path or method than the request line has.
_OVERRIDES = ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Uri", "X-Override-URL")


class Spelling(NamedTuple):
    """A target as it is put on the wire, and how it differs from the straight path."""

    how: str
    target: str
    method: str = "GET"
    headers: Headers = ()

    def __repr__(self) -> str:
        return f"{self.method} {self.target} ({self.how})"


def spellings(path: str, base: str, api: Api) -> Iterator[Spelling]:
    """Other ways to write an absolute path; `base`: scheme and authority, for the absolute form."""
    yield from slashes(path)
    yield from characters(path, api)
    yield from segments(path, api)
    yield Spelling("fragment", f"{path}#")
    yield Spelling("fragment that looks open", f"{path}#{api.front}")
    yield Spelling("query that looks open", f"{path}?{api.front}")
    yield Spelling("absolute form", f"{base}{path}")
    yield Spelling("absolute form of another host", f"http://localhost.invalid{path}")
    for name in _OVERRIDES:
        yield Spelling(f"{name} on an open path", api.front, headers=((name, path),))
        yield Spelling(f"{name} that looks open", path, headers=((name, api.front),))


def slashes(path: str) -> Iterator[Spelling]:
    """One slash more, at every place, and the likes of slashes."""
    for index, char in enumerate(path):
        if char == "/":
            yield Spelling(f"slash doubled at {index}", f"{path[:index]}/{path[index:]}")
    yield Spelling("every slash doubled", path.replace("/", "//"))
    yield Spelling("three slashes at the start", f"//{path}")
    yield Spelling("trailing slash", f"{path}/")
    yield Spelling("two trailing slashes", f"{path}//")
    yield Spelling("backslashes", path[0] + path[1:].replace("/", "\\"))
    yield Spelling("encoded slash", path[0] + path[1:].replace("/", "%2F", 1))
    yield Spelling("encoded slashes", path[0] + path[1:].replace("/", "%2f"))
    yield Spelling("encoded slash at the end", f"{path}%2F")
    yield Spelling("encoded slash twice", path[0] + path[1:].replace("/", "%252F", 1))


def characters(path: str, api: Api) -> Iterator[Spelling]:
    """Letters in another case, encoded, with something after them."""
    yield Spelling("capitals", path.upper())
    yield Spelling("capitals in the prefix", path.replace(api.prefix, api.prefix.upper(), 1))
    yield Spelling("the last letter in the other case", path[:-1] + path[-1].swapcase())
    last = path.rpartition("/")[2]
    yield Spelling("first letter of the name encoded", _replaced(path, last, _encoded(last[0]) + last[1:]))
    yield Spelling("name encoded", _replaced(path, last, "".join(map(_encoded, last))))
    yield Spelling("name encoded twice", _replaced(path, last, "".join(f"%25{_encoded(char)[1:]}" for char in last)))
    yield Spelling("prefix encoded", path.replace("/api", f"/{''.join(map(_encoded, 'api'))}", 1))
    wide = _encoded(chr(ord(last[0]) + 0xFEE0))
    yield Spelling("full-width letter", _replaced(path, last, wide + last[1:]))
    for how, end in (
        ("NUL", "%00"), ("NUL and a suffix", "%00.json"), ("encoded blank", "%20"), ("encoded line break", "%0a"),
        ("encoded carriage return", "%0d"), ("tab", "%09"), ("semicolon", ";"), ("matrix parameter", ";a=b"),
        ("question mark encoded", "%3F"), ("fragment encoded", "%23"), ("suffix .json", ".json"),
        ("suffix .css", "/x.css"), ("matrix suffix .js", ";.js"), ("dot", "."), ("star", "*"), ("tilde", "~"),
        ("encoded tail that looks open", "%3F/../version"), ("question mark", "?"), ("two question marks", "??"),
    ):  # fmt: skip
        yield Spelling(f"{how} at the end", f"{path}{end}")


def segments(path: str, api: Api) -> Iterator[Spelling]:
    """Dot segments, plain and encoded, that lead to the path from elsewhere or stay where they are."""
    rest = path.removeprefix(f"{api.prefix}/")
    yield Spelling("single dot", f"{api.prefix}/./{rest}")
    yield Spelling("encoded single dot", f"{api.prefix}/%2e/{rest}")
    yield Spelling("single dot at the start", f"/.{path}")
    yield Spelling("single dot at the end", f"{path}/.")
    for how, up in (("dots", ".."), ("encoded dots", "%2e%2e"), ("half encoded dots", ".%2E"), ("matrix dots", "..;")):
        for start in (api.front, *api.elsewhere):
            yield Spelling(f"{how} from {start}", _back(start, up, path))
        yield Spelling(f"{how} at the end", f"{path}/x/{up}")
        yield Spelling(f"{how} and an encoded slash", f"{api.front}/{up}%2F{rest}")
    first, _, last = api.prefix.rpartition("/")
    yield Spelling("matrix parameter in the prefix", f"{first};a=b/{last}/{rest}")
    yield Spelling("open path before it", f"{api.front}{path}")
    yield Spelling("static before it", f"/static{path}")


def _back(start: str, up: str, path: str) -> str:
    """From one path up to the root and down to the other."""
    depth = start.rstrip("/").count("/")
    return f"{start.rstrip('/')}/{'/'.join([up] * depth)}{path}"


def methods(path: str) -> Iterator[Spelling]:
    """The straight path under another method than GET that changes nothing, or a GET that says so in a header."""
    for method in ("HEAD", "OPTIONS", "TRACE", "get", "Get", "QUERY", "PROPFIND", "SEARCH"):
        yield Spelling(f"method {method}", path, method)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        for word in ("GET", "OPTIONS", "HEAD"):
            yield Spelling(f"{name}: {word}", path, headers=((name, word),))
    yield Spelling("Upgrade", path, headers=(("Connection", "Upgrade"), ("Upgrade", "websocket")))
    for name in ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP", "Forwarded"):
        value = "for=127.0.0.1" if name == "Forwarded" else "127.0.0.1"
        yield Spelling(f"{name} of this machine", path, headers=((name, value),))
    yield Spelling("Host of this machine", path, headers=(("Host", "localhost"),))
    yield Spelling("preflight", path, "OPTIONS", (("Origin", "null"), ("Access-Control-Request-Method", "GET")))
    yield Spelling("mark of the user interface", path, headers=(("X-Requested-With", "XMLHttpRequest"),))
    yield Spelling("Referer of the user interface", path, headers=(("Referer", "http://localhost:8080/home"),))


@st.composite
def respelled(draw: st.DrawFn, path: str) -> Spelling:
    """A path with several of its characters encoded, in another case, doubled or followed by a dot segment.

    Only some of these are done to one path: one that has all of them is none that anything would answer.
    """
    done = draw(st.sets(st.sampled_from(("double", "dot", "encode", "case")), min_size=1, max_size=2), label="done")
    pieces: list[str] = []
    for index, char in enumerate(path):
        forms = {"double": "//", "dot": "/./"} if char == "/" else {"case": char.swapcase()}
        offered = [form for name, form in {**forms, "encode": _encoded(char)}.items() if name in done]
        pieces.append(draw(st.sampled_from([char, char, *offered]), label=f"{char} at {index}") if index else char)
    return Spelling("spelled at random", "".join(pieces))


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _replaced(path: str, last: str, other: str) -> str:
    return path[: len(path) - len(last)] + other
