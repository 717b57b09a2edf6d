"""Another product: healthy, with JSON of its own, and no Airflow."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from profiles import Profile
from tests.proof.impostors.around import Maker, answering

_OWN = {"/": {"name": "inventory"}, "/health": {"status": "UP"}, "/api/items": {"items": [], "total": 0}}
#: Where Airflow has them too, with as much in them as other products have.
_ALIKE = {
    "/api/v2/version": {"version": "14.2.1", "edition": "community"},
    "/api/v1/version": {"version": "14.2.1", "edition": "community"},
    "/api/v2/dags": {"dags": [], "total_entries": 0},
    "/api/experimental/test": {"status": "UP"},
}


def product(*, alike: bool) -> Maker:
    """A product; `alike`: some of its paths are Airflow's."""
    known = _OWN | (_ALIKE if alike else {})

    def answer(request: Request, _: bytes) -> Response:
        found = known.get(request.url.path)
        return JSONResponse({"error": "not found"}, 404) if found is None else JSONResponse(found)

    def make(_: Profile) -> Starlette:
        return answering(answer)

    return make
