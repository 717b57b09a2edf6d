"""Whether a target is of the version that the profile has."""

from __future__ import annotations

from conformance.exchange import Exchange
from conformance.findings import Preflight
from specs import contract
from specs.versions import Version


def compare(found: Preflight, said: str, answer: Exchange) -> None:
    """Note the version that a target gives, and whether the profile has another. Stop for what is no version."""
    found.version = said[:40]
    profile = found.target.profile
    try:
        seen = Version.parse(said)
    except ValueError:
        where = found.target.url + answer.request.path
        raise found.stop("impostor", f"{where} gives its version as {said[:40]!r}", _BASE, answer) from None
    api = found.target.api
    if seen.major not in {each.major for each in contract.load(api.name).versions}:
        where = found.target.url + answer.request.path
        sentence = f"{where} gives its version as {said[:40]!r}, and no Airflow of that version has {api.prefix}"
        raise found.stop("impostor", sentence, _OTHER, answer)
    if seen != profile.airflow:
        sentence = f"the target is Airflow {said[:40]}, but {profile.where('airflow')} says airflow = {profile.airflow}"
        found.add("profile", sentence, f"give --set airflow={seen} or another profile", answer)


_BASE = "check the base URL: is a path missing in it?"
_OTHER = "check the base URL: another product answers there, or another version of Airflow"
