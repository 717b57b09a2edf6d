"""The contract is what a real Airflow serves as its own document."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from specs import contract
from specs.refresh import normalise
from specs.versions import Version
from tests.live.airflow import Airflow
from tests.live.conftest import Boot
from tests.live.setups import setups


def get(airflow: Airflow, path: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(airflow.url + path) as answer:
        return json.load(answer)


def test_contract_is_what_airflow_serves(boot: Boot, version: Version) -> None:
    airflow = boot(next(iter(setups(version))))
    interface = contract.load("public-v2").cut(version)
    assert normalise(interface.document, ["/api/v2"]) == normalise(get(airflow, "/openapi.json"))
