"""Whether a target is of the version that the profile has."""

from __future__ import annotations

from conformance.exchange import Exchange
from conformance.findings import Preflight
from specs import contract
from specs.versions import Version


def compare(found: Preflight, said: str, answer: Exchange) -> None:
    """Note the version that a target gives, and whether the profile has another. Stop for what is no version."""
    found.version = said[:40]
    profile, api = found.target.profile, found.target.api
    given = f"{found.target.url + answer.request.path} gives its version as {said[:40]!r}"
    try:
        seen = Version.parse(said)
    except ValueError:
        raise found.stop("impostor", given, _BASE, answer) from None
    if seen.major not in {each.major for each in contract.load(api.name).versions}:
        raise found.stop("impostor", f"{given}, and no Airflow of that version has {api.prefix}", _OTHER, answer)
    if seen != profile.airflow:
        sentence = f"the target is Airflow {said[:40]}, but {profile.where('airflow')} says airflow = {profile.airflow}"
        found.add("profile", sentence, f"give --set airflow={seen} or another profile", answer)


_BASE = "check the base URL: is a path missing in it?"
_OTHER = "check the base URL: another product answers there, or another version of Airflow"
