"""The contract is what a real Airflow serves as its own document."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from specs import contract
from specs.refresh import normalise, read
from specs.versions import Version
from tests.live.airflow import Airflow
from tests.live.conftest import Boot
from tests.live.setups import setups


def get(airflow: Airflow, path: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(airflow.url + path) as answer:
        return json.load(answer)


# Airflow's major version -> the API, where its paths begin, where its document is served.
DOCUMENTS = {2: ("stable-v1", "/api/v1", "/api/v1/openapi.json"), 3: ("public-v2", "/api/v2", "/openapi.json")}


def test_contract_is_what_airflow_serves(boot: Boot, version: Version) -> None:
    if version.major not in DOCUMENTS:
        pytest.skip(f"Airflow {version} serves no document of its API")
    airflow = boot(next(iter(setups(version))))
    api, root, served = DOCUMENTS[version.major]
    interface = contract.load(api).cut(version)
    assert normalise(interface.document, [root]) == read(api, str(version), get(airflow, served), [root])
