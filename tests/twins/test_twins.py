"""The mock answers as real Airflow was recorded to, but for what is listed with a reason."""

from __future__ import annotations

import re

import pytest

from conformance.exchange import Response
from tests.docs.markdown import table
from tests.twins.comparing import Comparison
from tests.twins.normal import Normal
from tests.twins.page import COLUMNS, PAGE, listing, rows
from tests.twins.recording import Recording, path
from tests.twins.trial import tried
from tests.twins.twin import SETUPS, Twin

#: The newest version of each API, of which there is to be a broad recording.
BROAD = ("3.3", "2.11", "1.10")
SHOWN = 20


@pytest.mark.parametrize("version", SETUPS)
def test_the_mock_answers_as_airflow_did(version: str, record_property: pytest.RecordProperty) -> None:
    trial = tried(version)
    record_property("twins", str(trial))
    print(trial)  # noqa: T201 - the figures; pytest -rP shows them
    assert not trial.unlisted, "\n".join([str(trial), *map(str, trial.unlisted[:SHOWN])])
    assert not trial.needless, "no difference needs\n" + "\n".join(trial.needless)
    assert table(COLUMNS, rows([trial])).splitlines()[-1] in PAGE.read_text(), "nox -s twins writes the page anew"


def test_the_page_says_what_is_listed() -> None:
    assert listing() in PAGE.read_text(), "nox -s twins writes the page anew"


@pytest.mark.parametrize("version", SETUPS)
def test_a_recording_is_of_the_script_as_it_is(version: str) -> None:
    recorded = {name: one["asked"] for name, one in Recording.load(version).exchanges.items()}
    assert recorded == {step.name: step.told() for step in Twin(version).steps}


@pytest.mark.parametrize("version", SETUPS)
def test_a_recording_says_what_it_is_of(version: str) -> None:
    recording = Recording.load(version)
    assert recording.airflow.startswith(f"{version}.")
    assert (recording.profile, recording.settings) == (SETUPS[version]["profile"], Twin(version).settings)
    assert len(recording.date) == len("2026-01-01")


@pytest.mark.parametrize("version", BROAD)
def test_the_newest_version_of_each_api_is_recorded_broadly(version: str) -> None:
    exchanges = Recording.load(version).exchanges.values()
    assert len(exchanges) >= 300
    assert {200, 401, 404, 405} <= {one["status"] for one in exchanges}


@pytest.mark.parametrize("version", SETUPS)
def test_no_recording_has_a_secret(version: str) -> None:
    text = path(version).read_text()
    secrets = "eyJ", "conformance-throwaway", Twin(version).profile.option("api_auth", "jwt_secret") or "eyJ"
    assert [secret for secret in secrets if secret in text] == []
    assert not re.search(r"/(tmp|home|root)/", text)


def answer(normal: Normal, body: bytes, path: str = "/api/v2/pools") -> dict[str, object]:
    return normal.answer(
        path, Response(200, "OK", (("Date", "now"), ("Content-Type", "application/json")), body, 0), {}
    )


def differences(theirs: bytes, ours: bytes) -> list[str]:
    one, other = answer(Normal(), theirs), answer(Normal(), ours)
    return [each.where for each in Comparison().differences("x", one, other)]


def test_what_a_server_made_up_becomes_a_reference_that_keeps_relations() -> None:
    ids = [f"{number:08}-0000-4000-8000-000000000000" for number in (1, 2)]
    told = answer(Normal(), f'{{"a": "{ids[0]}", "b": ["{ids[1]}", "{ids[0]}"], "id": 7, "pool_id": 7}}'.encode())
    assert told["body"] == {
        "a": "<uuid 1>",
        "b": ["<uuid 2>", "<uuid 1>"],
        "id": "<pools 1>",
        "pool_id": "<pool_id 1>",
    }
    assert told["headers"] == {"content-type": "application/json"}


def test_what_is_said_stays() -> None:
    body = b'{"logical_date": "2025-01-01T00:00:00Z", "slots": 3, "key": null}'
    assert answer(Normal(), body)["body"] == {"logical_date": "2025-01-01T00:00:00Z", "slots": 3, "key": None}


def test_a_token_is_left_out() -> None:
    assert answer(Normal(), b'{"access_token": "eyJh.eyJh.c2ln"}')["body"] == {"access_token": "<token>"}


@pytest.mark.parametrize(
    ("theirs", "ours", "where"),
    [
        (b'{"a": 1}', b'{"a": 1}', []),
        (b'{"a": 1}', b'{"a": null}', ["body.a"]),
        (b'{"a": 1}', b'{"a": 1.0}', ["body.a"]),
        (b'{"a": 1}', b'{"b": 1}', ["body.a", "body.b"]),
        (b'{"a": [1, 2]}', b'{"a": [1]}', ["body.a[]"]),
        (b"[1,2,3,4,5]", b"[1,2,3,4,5,6]", ["body[]"]),
        (b'[{"id": 3}, {"id": 3}]', b'[{"id": 8}, {"id": 8}]', []),
        (b'[{"id": 3}, {"id": 3}]', b'[{"id": 8}, {"id": 9}]', ["body[1].id"]),
        (b'[{"id": 3}, {"id": 4}]', b'[{"id": 8}, {"id": 8}]', ["body[1].id"]),
    ],
)
def test_answers_differ_in_shape_values_and_relations(theirs: bytes, ours: bytes, where: list[str]) -> None:
    assert differences(theirs, ours) == where
