"""The gallery: each impostor under its name, and what the suite is to say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.proof.impostors import cached, favourites
from tests.proof.impostors.around import Maker
from tests.proof.impostors.dummy import dummy
from tests.proof.impostors.forgetful import forgetful
from tests.proof.impostors.hollow import hollow
from tests.proof.impostors.majors import moved, other
from tests.proof.impostors.products import product
from tests.proof.impostors.proxies import PAGE, REDIRECT, login
from tests.proof.impostors.walls import wall

V3, V2, V1 = "airflow-3", "airflow-2-basic", "airflow-1.10-open"
FRONTS = {V3: "/api/v2/version", V2: "/api/v1/version", V1: "/api/experimental/test"}


class Entrance(NamedTuple):
    """An impostor that is seen through at the entrance: what is said of it, before any check."""

    make: Maker
    profile: str
    says: str


#: Who shows nothing is refused, and who has a password is let in.
ENTERED = ("every_api.auth.no_proof*", "public_api.token.login*")
#: With these nothing is ever found that is known to be there.
EMPTY = (dummy, hollow, forgetful)

OUTSIDE = "something in front of the API keeps us out"
BEHIND = f"web page .a login page.*; if it is a login page, {OUTSIDE}"
ELSEWHERE = f"redirects to https://login.example.com.*; give the base URL that it ends at; .* {OUTSIDE}"
NO_API = "answers 404: no .* API is there; check the base URL"
NO_SUCH = "no Airflow of that version has {}; check the base URL: another product answers there"

ENTRANCES = {
    f"{name} as {profile}": Entrance(make, profile, says)
    for profile, front in FRONTS.items()
    for name, make, says in (
        *((f"wall-{status}", wall(status), f"answers {status} to everything.*{OUTSIDE}") for status in (401, 403, 500)),
        ("wall-404", wall(404), f"{front} {NO_API}"),
        ("wall-200", wall(200), f"{front} answers 200 with application/json, not with a .*; check the base URL"),
        ("login-page", login(PAGE), f"{front} answers 200 with a {BEHIND}"),
        ("login-redirect", login(REDIRECT), f"{front} {ELSEWHERE}"),
        ("login-page-but-for-health", login(PAGE, "/health"), f"{front} answers 200 with a {BEHIND}"),
        ("login-redirect-but-for-health", login(REDIRECT, "/health"), f"{front} {ELSEWHERE}"),
        ("login-page-within", login(PAGE, "/health", front), f"nowhere answers 200 with a {BEHIND}"),
        ("login-redirect-within", login(REDIRECT, "/health", front), f"nowhere {ELSEWHERE}"),
        ("other-product", product(alike=False), f"{front} {NO_API}"),
    )
}
ENTRANCES |= {
    "wall-403 as a closed API": Entrance(wall(403), "airflow-1.10-deny-all", f"answers 403 to everything.*{OUTSIDE}"),
    "namesake as Airflow 3": Entrance(product(alike=True), V3, "14.2.1', and " + NO_SUCH.format("/api/v2")),
    "namesake as Airflow 2": Entrance(product(alike=True), V2, "14.2.1', and " + NO_SUCH.format("/api/v1")),
    "Airflow 2 as 3": Entrance(other(V2), V3, "has the Airflow 2 API ./api/v1. and no /api/v2; give a profile of the "),
    "Airflow 3 as 2": Entrance(other(V3), V2, "has the Airflow 3 API ./api/v2. and no /api/v1; give a profile of the "),
    "Airflow 1.10 as 3": Entrance(other(V1), V3, "has the experimental API .* and no /api/v2; give a profile of the "),
    "Airflow 1.10 as 2": Entrance(other(V1), V2, "has the experimental API .* and no /api/v1; give a profile of the "),
    "Airflow 3 as 1.10": Entrance(
        other(V3), V1, "has the Airflow 3 API .* and no /api/experimental; give a profile of the "
    ),
    "Airflow 2 as 1.10": Entrance(
        other(V2), V1, "has the Airflow 2 API .* and no /api/experimental; give .*; Airflow 2 has it where .* is True"
    ),
    "Airflow 2 with the experimental API as 1.10": Entrance(
        other("airflow-2-experimental"), V1, r"is Airflow 2.11.2, but .* says airflow = 1.10; give --set airflow=2.11"
    ),
    "v1 served at /api/v2": Entrance(moved(V2, "/api/v2", "/api/v1"), V3, "2.11.2', and " + NO_SUCH.format("/api/v2")),
    "v2 served at /api/v1": Entrance(moved(V3, "/api/v1", "/api/v2"), V2, "3.3.2', and " + NO_SUCH.format("/api/v1")),
}


class Case(NamedTuple):
    """An impostor that it takes checks to see through: what has to fail with which message, what it does right."""

    make: Maker
    profile: str
    fails: Mapping[str, str]
    passes: tuple[str, ...] = ()
    only: tuple[str, ...] = ()  # checks; all of these requirements if it says nothing


CASES = {
    "dummy-v2": Case(
        dummy,
        V3,
        {
            "PUB-API-001": r"get_pool: .*string",
            "PUB-API-003": r"limit \(query\).* is to be refused with 422; the answer was 200",
            "PUB-API-007": r"post_connection is to tell of the connection",
            "PUB-AUTH-008": r"for the role viewer is to be refused with 403; it was answered with 200",
            "PUB-PAGE-006": r"beyond the end there is nothing; .* was answered with 1 items of 1",
            "PUB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-TOKEN-001", "PUB-TOKEN-004"),
    ),
    "dummy-v1": Case(
        dummy,
        "airflow-2.2-basic",
        {
            "STB-API-001": r"get_pool: .*string",
            "STB-API-003": r"limit \(query\).* is to be refused with 400; the answer was 200",
            "STB-AUTH-006": r"for the role public is to be refused with 403; it was answered with 200",
            "STB-PAGE-006": r"items are on no page",
            "STB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("STB-AUTH-001", "STB-AUTH-002", "STB-BASIC-001"),
    ),
    "hollow-v2": Case(
        hollow,
        V3,
        {
            "PUB-API-001": r"get_pool: .*string",
            "PUB-AUTH-009": r"is to be put down to admin; it is to nobody",
            "PUB-PAGE-006": r"beyond the end there is nothing; .* was answered with 1 items of 1",
            "PUB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-AUTH-013", "PUB-TOKEN-001", "PUB-CORS-006"),
    ),
    "hollow-v1": Case(
        hollow,
        V2,
        {
            "STB-API-001": r"get_pool: .*string",
            "STB-PAGE-006": r"items are on no page",
            "STB-STATE-001": r"the answer is to show \{'slots': 3.*; it shows \{'slots': 1",
        },
        ("STB-AUTH-002", "STB-BASIC-001", "STB-SESSION-001"),
    ),
    "forgetful-v2": Case(
        forgetful,
        V3,
        {
            "PUB-API-001": r"get_pool is to answer 200; it was 404",
            "PUB-API-005": r"is to list what the run has put there; of \d+ items \d+ are missing",
            "PUB-API-008": r"bulk_\w+ is to tell of .*; it tells of",
            "PUB-PAGE-006": r"by pages of \d+: total_entries is to be \d+ on every page",
            "PUB-STATE-001": r"pool .* is to be there; the answer was 404",
        },
        ("PUB-AUTH-001", "PUB-AUTH-002", "PUB-AUTH-003", "PUB-TOKEN-001", "PUB-TOKEN-004"),
    ),
    "forgetful-v1": Case(
        forgetful,
        V2,
        {
            "STB-API-001": r"get_pool is to answer 200; it was 404",
            "STB-PAGE-006": r"by pages of \d+: total_entries is to be \d+ on every page",
            "STB-STATE-001": r"pool .* is to be there; the answer was 404",
        },
        ("STB-AUTH-002", "STB-BASIC-001", "STB-SESSION-001"),
    ),
    "forgetful-experimental": Case(
        forgetful,
        V1,
        {
            "EXP-API-006": r"get_pool is to answer 200; it was 404",
            "EXP-POOL-002": r"after it was created there is to be \{'pool': .*; there is \{'pool': None",
            "EXP-RUN-001": r"the list is to have one run more, .*; it has \(\)",
        },
        ("EXP-POOL-001", "EXP-API-001"),
    ),
    "cached-v2": Case(
        cached.private,
        V3,
        {
            "PUB-API-001": r"a pool that .* has deleted is to be gone; the answer was 200",
            "PUB-AUTH-013": r"that was ended by logging out is to be refused .*; it was answered with 200",
            "PUB-STATE-001": r"there is to be no pool .*; the answer was 200",
        },
        ("PUB-AUTH-002", "PUB-TOKEN-001"),
        ("every_api.clients.*works*", "public_api.auth_claims.ended*", "stateful.machines.neigh*", *ENTERED),
    ),
    "cached-v1": Case(
        cached.private,
        V2,
        {
            "STB-API-001": r"a pool that .* has deleted is to be gone; the answer was 200",
            "STB-STATE-001": r"there is to be no pool .*; the answer was 200",
        },
        ("STB-AUTH-002",),
        ("every_api.clients.*works*", "stateful.machines.neigh*", *ENTERED),
    ),
    "shared-cache-v2": Case(cached.shared, V3, {"PUB-AUTH-002": r"to be refused .*; it was answered with 200"}),
    "shared-cache-v1": Case(cached.shared, V2, {"STB-AUTH-002": r"to be refused .*; it was answered with 200"}),
    "namesake-experimental": Case(product(alike=True), V1, {"EXP-API-001": r"."}),
    **{
        f"{name} of {profile}": Case(make, profile, {requirement: message}, passes)
        for profile, requirement, passes in (
            (V3, "PUB-API-001", ("PUB-AUTH-002", "PUB-TOKEN-001")),
            (V2, "STB-API-001", ("STB-AUTH-002", "STB-BASIC-001")),
            (V1, "EXP-API-006", ("EXP-API-001", "EXP-TEST-002")),
        )
        for name, make, message in (
            ("agent-blocked", favourites.agent_blocked, r"to answer curl.* as anybody else, with 200 .* with 403"),
            ("agent-hollow", favourites.agent_hollow, r"a pool that curl.* has created is to be there for this suite"),
            ("own-names-only", favourites.names, r"pool 'default_pool' is listed with .*; 200 has .*'string'"),
        )
    },
    "own-names-forgotten-v2": Case(
        favourites.names, V3, {"PUB-STATE-001": r"there is to be no pool 'team_\w+'; the answer was 200"}
    ),
    "fixtures-only-v2": Case(favourites.dags, V3, {"PUB-API-001": r"dag 'payroll' is listed with"}),
    "fixtures-only-v1": Case(favourites.dags, V2, {"STB-API-001": r"dag 'payroll' is listed with"}),
}
