from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from specs import departures, requirements
from specs.requirements import DOCUMENTS, LEVELS, Requirement
from specs.versions import Version

ALL = [requirement for document in DOCUMENTS for requirement in requirements.load(document).values()]


def locked_ids() -> list[str]:
    lines = resources.files("specs.requirements").joinpath("ids.lock").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_ids_are_exactly_those_locked() -> None:
    assert sorted(locked_ids()) == sorted(requirement.id for requirement in ALL)
    assert len(set(locked_ids())) == len(locked_ids())


@pytest.mark.parametrize("requirement", ALL, ids=lambda r: r.id)
def test_requirement_is_whole(requirement: Requirement) -> None:
    assert re.fullmatch(r"(PUB|STB|CMP|EXP)-[A-Z]+-\d{3}", requirement.id)
    assert requirement.level in LEVELS
    assert requirement.text.strip().endswith(".")
    assert requirement.untestable is None or requirement.untestable.endswith(".")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_sentence_is_cited_and_no_other(document: str) -> None:
    sentences = {
        (heading, number)
        for heading, count in requirements.headings(document).items()
        for number in range(1, count + 1)
    }
    assert {(r.section, r.sentence) for r in requirements.load(document).values()} == sentences


def test_applicability_needs_every_fact() -> None:
    requirement = requirements.find("PUB-AUTH-008")
    facts = {"auth": "jwt", "all_admins": False, "capabilities": frozenset({"roles"})}
    assert requirement.applicable(facts)
    assert not requirement.applicable({**facts, "all_admins": True})
    assert not requirement.applicable({**facts, "capabilities": frozenset()})
    assert not requirement.applicable({"auth": "jwt"})


def test_what_the_ledger_decides_is_said_with_one_word() -> None:
    entry = {"id": "PUB-X-001", "level": "MUST", "source": {"section": "s", "sentence": 1}, "text": "A text."}
    read = requirements._requirement
    assert not read("public-api", entry).by_ledger
    assert read("public-api", {**entry, "decided_by": "ledger"}).by_ledger
    with pytest.raises(ValueError, match=r"PUB-X-001 is decided_by 'legder'; there is only: ledger"):
        read("public-api", {**entry, "decided_by": "legder"})


def test_unknown_document_and_id_are_errors() -> None:
    with pytest.raises(KeyError, match="public-api"):
        requirements.load("public-apis")
    with pytest.raises(KeyError):
        requirements.find("PUB-AUTH-999")


def test_departures_name_known_requirements() -> None:
    known = {requirement.id for requirement in ALL}
    found = departures.every()
    assert len({departure.id for departure in found}) == len(found) > 0
    for departure in found:
        assert departure.requirements
        assert set(departure.requirements) <= known


def test_departure_holds_in_its_versions_only() -> None:
    by_id = {departure.id: departure for departure in departures.load("airflow-3")}
    cookie = by_id["AF3-COOKIE"]
    assert not cookie.expected(Version(3, 0), {})
    assert cookie.expected(Version(3, 3), {})
    blank = by_id["AF3-CORS-ORIGINS-BLANK"]
    assert blank.expected(Version(3, 3), {"cors_origins_blank": True})
    assert not blank.expected(Version(3, 3), {"cors_origins_blank": False})


def test_the_page_about_composer_places_each_of_its_requirements() -> None:
    page = (Path(__file__).parents[2] / "docs" / "composer.md").read_text()
    assert set(re.findall(r"CMP-[A-Z]+-\d{3}", page)) == set(requirements.load("composer"))
    assert re.findall(r"^\| (C-\d\d) \|", page, re.MULTILINE) == [f"C-{number:02}" for number in range(1, 30)]
