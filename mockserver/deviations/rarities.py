"""Faults that the obvious examples pass by: they show with a value in between, with two things at once, or in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from mockserver.deviations import EXPERIMENTAL, STABLE, Change, auth, deviation, in_both, stable_corners, wrap
from mockserver.deviations.conditions import capping, refusing, with_cors, with_kerberos, with_users
from mockserver.deviations.corners import ORIGIN, crashing
from mockserver.deviations.paging import resize
from mockserver.deviations.state import around, kept
from mockserver.deviations.tickets import proving
from mockserver.errors import Crash

if TYPE_CHECKING:
    from mockserver.cors import Headers
    from mockserver.deviations.paging import Rows
    from mockserver.mock import Mock
    from mockserver.operations import Answer, Call, Handler
    from mockserver.public import PublicMock
    from mockserver.request import Request
    from mockserver.stable import StableMock

_PAGING = ("limit", "offset", "order_by", "cursor")
_ASKED_HEADERS, _ASKED_METHOD = "access-control-request-headers", "access-control-request-method"
_NAMED_HEADERS, _NAMED_METHODS = "access-control-allow-headers", "access-control-allow-methods"


# ---- who asks --------------------------------------------------------------------------------------------------------


@deviation(
    "stable-header-twice-crashes",
    breaks=["STB-AUTH-004"],
    applies=refusing,
    apis=STABLE,
    sentence="The same Authorization header twice is an error of the server; two that differ are not.",
)
@deviation(
    "header-twice-crashes",
    breaks=["PUB-AUTH-015"],
    applies=with_users,
    sentence="The same Authorization header twice is an error of the server; two that differ are not.",
)
def header_twice_crashes(mock: Any) -> None:
    """Look for the one that counts among those that differ."""

    def twice(request: Request) -> bool:
        values = [value for name, value in request.scope["headers"] if name == b"authorization"]
        return len(values) > len(set(values))

    crashing(mock, twice)


def _scattered(request: Request) -> bool:
    """Whether two parts of a path have percent signs, or more."""
    return sum(b"%" in part for part in request.scope.get("raw_path", b"").split(b"/")) > 1


def _escaped_delete(request: Request) -> bool:
    return request.method == "DELETE" and b"%" in request.scope.get("raw_path", b"")


def _letting_in(name: str, sentence: str, fits: Callable[[Request], bool]) -> None:
    """Declare for either API that requests for which `fits` holds need no proof."""

    @deviation(name, breaks=["PUB-AUTH-006"], applies=with_users, sentence=sentence)
    def public(mock: PublicMock) -> None:
        auth.admit(mock, fits)

    @deviation(f"stable-{name}", breaks=["STB-AUTH-005"], applies=refusing, apis=STABLE, sentence=sentence)
    def stable(mock: StableMock) -> None:
        stable_corners.admitted(mock, fits)


_letting_in("scattered-escapes-open", "A path with percent signs in two of its parts needs no proof.", _scattered)
_letting_in("escaped-delete-open", "To delete by a path with a percent sign needs no proof.", _escaped_delete)


def _forgetting(name: str, requirement: str, *, applies: Any, apis: Any) -> Callable[[Change], Change]:
    sentence = "A pool that somebody else than an admin creates is confirmed and not kept."
    return deviation(name, breaks=[requirement], applies=applies, apis=apis, sentence=sentence)


@_forgetting("pools-are-for-admins", "PUB-AUTH-008", applies=with_users, apis=("public-v2",))
@_forgetting("stable-pools-are-for-admins", "STB-AUTH-006", applies=refusing, apis=STABLE)
def pools_are_for_admins(mock: Mock) -> None:
    """Answer, and keep nothing."""

    def create(handler: Handler, call: Call) -> Any:
        return handler(call) if call.user.role == "admin" else kept(call.world.pools, lambda: handler(call))

    around(mock, "post_pool", create)


@deviation(
    "kerberos-proof-of-the-twin",
    breaks=["EXP-KERBEROS-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Of two requests in a row for the same the second is answered with the proof of the first.",
)
def proof_of_the_twin(mock: Any) -> None:
    """Remember the last."""
    last: list[tuple[str, bytes]] = []

    def prove(request: Request, token: bytes) -> bytes:
        if not last or last[0][0] != request.path:
            last[:] = [(request.path, token)]
        return last[0][1]

    proving(mock, prove)


# ---- other origins ---------------------------------------------------------------------------------------------------


def _cross_origin(name: str, *, breaks: str, sentence: str) -> Callable[[Change], Change]:
    return in_both(name, breaks=breaks, sentence=sentence, applies=with_cors, public=with_cors)


def _on_preflights(mock: Any, edit: Callable[[Headers, Request], Headers]) -> None:
    """Change the headers of the answers to preflights; those of the stable API are as any other's."""

    def preflight(original: Callable[[Request], Answer | None], request: Request) -> Answer | None:
        answer = original(request)
        if answer:
            answer.headers = edit([*answer.headers], request)
        return answer

    def answered(original: Callable[[Request, int], Headers], request: Request, status: int) -> Headers:
        return edit(original(request, status), request)

    if hasattr(mock.cors, "preflight"):
        wrap(mock.cors, "preflight", preflight)
    else:
        wrap(mock.cors, "answer_headers", answered)


def _extended(headers: Headers, name: str, more: list[str]) -> Headers:
    """The headers with more in the list that one of them holds."""
    return [(key, ", ".join([value, *more]) if key == name else value) for key, value in headers]


def _listed(headers: Headers, name: str) -> list[str]:
    return [each.strip() for key, value in headers if key == name for each in value.split(",")]


@_cross_origin(
    "capital-headers-refused", breaks="CORS-006", sentence="A preflight that asks for a header in capitals names none."
)
def capital_headers_refused(mock: Any) -> None:
    """Compare as they are."""

    def edit(headers: Headers, request: Request) -> Headers:
        asked = request.headers.get(_ASKED_HEADERS, "")
        return headers if asked == asked.lower() else [pair for pair in headers if pair[0] != _NAMED_HEADERS]

    _on_preflights(mock, edit)


@_cross_origin(
    "cut-headers-allowed", breaks="CORS-007", sentence="A header that a listed one begins with is named as well."
)
def cut_headers_allowed(mock: Any) -> None:
    """Compare the beginning."""

    def edit(headers: Headers, request: Request) -> Headers:
        listed = [each.lower() for each in _listed(headers, _NAMED_HEADERS)]
        asked = [each.strip().lower() for each in request.headers.get(_ASKED_HEADERS, "").split(",")]
        cut = [one for one in asked if one and one not in listed and any(each.startswith(one) for each in listed)]
        return _extended(headers, _NAMED_HEADERS, cut)

    _on_preflights(mock, edit)


@_cross_origin(
    "longer-methods-allowed", breaks="CORS-005", sentence="A method that begins with a listed one is named as well."
)
def longer_methods_allowed(mock: Any) -> None:
    """Compare the beginning."""

    def edit(headers: Headers, request: Request) -> Headers:
        listed, asked = _listed(headers, _NAMED_METHODS), request.headers.get(_ASKED_METHOD, "")
        longer = asked not in listed and any(asked.startswith(each) for each in listed)
        return _extended(headers, _NAMED_METHODS, [asked] if longer else [])

    _on_preflights(mock, edit)


def _closing(mock: Any, fits: Callable[[Request, int], bool]) -> None:
    """Allow no origin on answers for which `fits` holds."""

    def headers(original: Callable[[Request, int], Headers], request: Request, status: int) -> Headers:
        given = original(request, status)
        return [pair for pair in given if pair[0] != ORIGIN] if fits(request, status) else given

    wrap(mock.cors, "answer_headers", headers)


@_cross_origin(
    "bad-queries-without-origin",
    breaks="CORS-002",
    sentence="The answer to a limit of letters allows no origin.",
)
def bad_queries_without_origin(mock: Any) -> None:
    """Refuse before the headers are added."""
    _closing(mock, lambda request, status: status in (400, 422) and "limit=abc" in request.query)


@_cross_origin(
    "changes-without-origin", breaks="CORS-002", sentence="The answer to a change that was made allows no origin."
)
def changes_without_origin(mock: Any) -> None:
    """Forget a method."""
    _closing(mock, lambda request, status: status == 200 and request.method == "PATCH")


@_cross_origin(
    "doubled-letters-allowed", breaks="CORS-003", sentence="An origin with a letter doubled in its midst is allowed."
)
def doubled_letters_allowed(mock: Any) -> None:
    """Read in haste."""

    def allows(original: Callable[[str], bool], origin: str) -> bool:
        doubled = [at for at in range(1, len(origin) - 1) if origin[at] == origin[at - 1] and origin[at].isalpha()]
        return original(origin) or any(original(origin[:at] + origin[at + 1 :]) for at in doubled)

    wrap(mock.cors, "allows_origin", allows)


# ---- pages and filters -----------------------------------------------------------------------------------------------


def _queried(mock: Mock, change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]) -> None:
    """Let every operation be asked for otherwise; `change` gets the pairs of the query."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        changed = change(pairs)
        if changed != pairs:
            request.query = urlencode(changed)
        return original(request)

    wrap(mock, "answer", answer)


@deviation("fifth-filter-ignored", breaks=["PUB-API-005"], sentence="Of five filters or more the last does not count.")
def fifth_filter_ignored(mock: Mock) -> None:
    """Read four."""

    def change(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        names = [name for name, _ in pairs if name not in _PAGING]
        return [pair for pair in pairs if pair[0] != names[-1]] if len(set(names)) > 4 else pairs

    _queried(mock, change)


@in_both(
    "cap-ignored-up-to-double",
    breaks="PAGE-001",
    public=capping,
    sentence="A limit from two above the most to its double is not capped.",
)
def cap_ignored_up_to_double(mock: Mock) -> None:
    """Be generous."""
    cap = mock.pages.cap
    resize(mock, lambda size, _call, asked: asked if asked and cap + 1 < asked <= 2 * cap else size)


@in_both(
    "other-name-lifts-the-cap",
    breaks="PAGE-001",
    public=capping,
    sentence="A limit under the name per_page counts, and is not capped.",
)
def other_name_lifts_the_cap(mock: Mock) -> None:
    """Know the word of others."""

    def change(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        named = {name: value for name, value in pairs if name == "per_page"}
        mock.pages.cap = int(named["per_page"]) if named else cap
        return [("limit" if name == "per_page" else name, value) for name, value in pairs]

    cap = mock.pages.cap
    _queried(mock, change)


@in_both("infinity-crashes", breaks="PAGE-005", sentence="A limit or an offset of infinity is an error of the server.")
def infinity_crashes(mock: Mock) -> None:
    """Take it for a number."""

    def change(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        if any(value == "infinity" for _, value in pairs):
            raise Crash("no number is as large")
        return pairs

    _queried(mock, change)


@in_both(
    "small-negatives-count",
    breaks="PAGE-005",
    sentence="The sign of a limit or an offset from -2 to -999 is not looked at.",
)
def small_negatives_count(mock: Mock) -> None:
    """Take the amount."""
    amounts = {str(-number): str(number) for number in range(2, 1000)}
    _queried(mock, lambda pairs: [(name, amounts.get(value, value)) for name, value in pairs])


@in_both(
    "short-remainder-lost",
    breaks="PAGE-006",
    sentence="The second page is empty where the first, of less than a hundred items, has all but a few of them.",
)
def short_remainder_lost(mock: Mock) -> None:
    """Round down."""

    def window(original: Callable[..., Rows], call: Call, rows: Rows, limit: int, offset: int) -> Rows:
        remainder = offset and 0.7 * len(rows) < limit < min(len(rows), 100) and limit > 4
        return [] if remainder else original(call, rows, limit, offset)

    wrap(mock.pages, "window", window)


@in_both(
    "newcomers-hide-an-item",
    breaks="PAGE-006",
    sentence="When a pool is created between two pages of pools, the second begins one item too late.",
)
def newcomers_hide_an_item(mock: Mock) -> None:
    """Count what is new as what has been told."""
    begun = [0]

    def window(original: Callable[..., Rows], call: Call, rows: Rows, limit: int, offset: int) -> Rows:
        if call.operation.id != "get_pools":
            return original(call, rows, limit, offset)
        if not offset:
            begun[0] = len(call.world.pools)
        return original(call, rows, limit, offset + (offset > 0 and len(call.world.pools) > begun[0]))

    wrap(mock.pages, "window", window)
