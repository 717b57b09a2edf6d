"""What each command of the command line does. Every one returns the exit code."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path

import profiles
from conformance.catalogue import Listed, checks
from profiles import ProfileError, backend_module
from profiles.airflow_cfg import from_cfg
from profiles.errors import meant
from specs import departures, requirements
from specs.departures import Departure
from specs.requirements import Requirement


class CommandError(Exception):
    """A command that cannot do what was asked. One clear text for a person; exit code 2."""


def run(given: argparse.Namespace) -> int:
    """`run TARGET`: check a target."""
    from conformance.running import run_from

    return run_from(given)


def sweep(given: argparse.Namespace) -> int:
    """`sweep TARGET`: remove what a killed run left."""
    from conformance.running import sweep_from

    return sweep_from(given)


def list_profiles(_given: argparse.Namespace) -> int:
    """`profiles`: the built-in ones, a line each."""
    names = profiles.names()
    width = max(map(len, names))
    _print(f"{name:<{width}}  {profiles.load(name).title}" for name in names)
    return 0


def make_profile(given: argparse.Namespace) -> int:
    """`profile from-cfg FILE`: print the profile that describes an airflow.cfg."""
    try:
        sys.stdout.write(from_cfg(given.file, given.airflow, os.environ))
    except ProfileError as error:
        raise CommandError(str(error)) from None
    return 0


def list_requirements(given: argparse.Namespace) -> int:
    """`requirements [ID]`: what the documents demand, a line or two each."""
    found = [each for each in _requirements() if given.id is None or fnmatchcase(each.id, given.id)]
    if not found:
        raise CommandError(f"no requirement {given.id}; {meant(given.id, [each.id for each in _requirements()])}")
    for each in found:
        note = " (untestable)" if each.untestable else ""
        _print(textwrap.wrap(f"{each.id} {each.level}{note}: {each.text}", 118, subsequent_indent="    "))
    return 0


def explain(given: argparse.Namespace) -> int:
    """`explain ID`: all about a requirement, a departure or a check."""
    by_id = {each.id: each for each in _requirements()}
    known = {each.id: each for each in departures.every()}
    listed = {each.name: each for each in checks()}
    if given.id in by_id:
        _print(_requirement_story(by_id[given.id], known.values()))
    elif given.id in known:
        _print(_departure_story(known[given.id]))
    elif given.id in listed:
        _print(_check_story(listed[given.id], by_id))
    else:
        raise CommandError(f"nothing is called {given.id}; {meant(given.id, [*by_id, *known, *listed])}")
    return 0


def bundle(given: argparse.Namespace) -> int:
    """`bundle DIR`: copy the DAG files that the suite knows."""
    folder = Path(given.folder)
    with resources.as_file(resources.files("specs.fixtures") / "bundle" / f"airflow{given.airflow}") as source:
        files = sorted(source.glob("*.py")) if source.is_dir() else []
        if not files:
            raise CommandError(f"there are no DAG files for Airflow {given.airflow} yet")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                _copy(file, folder)
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror or error}") from None
    _print([f"{len(files)} DAG files for Airflow {given.airflow} are in {folder}"])
    return 0


def check_backend(given: argparse.Namespace) -> int:
    """`check-backend MODULE`: what there is to say about a backend module; 0 when Airflow 2 can use it, else 1."""
    folders: Sequence[str] = given.pythonpath or ()
    if missing := [folder for folder in folders if not Path(folder).is_dir()]:
        raise CommandError(f"--pythonpath {missing[0]}: there is no such folder")
    if shutil.which(given.python) is None:
        raise CommandError(f"--python {given.python}: there is no such program")
    found = backend_module.inspect(given.module, folders, python=given.python)
    faults = [each for each in found if each.fault]
    for each in found:
        _print(_paragraph(f"{'fault' if each.fault else 'note'}: {each.text}", ""))
    verdict = "does not fit the interface of a backend" if faults else "fits the interface of a backend"
    _print([f"{given.module} {verdict}"])
    return 1 if faults else 0


def _copy(file: Path, folder: Path) -> None:
    goal = folder / file.name
    if goal.exists() and goal.read_bytes() != file.read_bytes():
        raise CommandError(f"{goal} is there already and differs; remove it first")
    shutil.copyfile(file, goal)


def _requirements() -> list[Requirement]:
    return [each for document in requirements.DOCUMENTS for each in requirements.load(document).values()]


def _requirement_story(requirement: Requirement, known: Iterable[Departure]) -> Iterable[str]:
    yield f"{requirement.id} ({requirement.level})"
    yield from _paragraph(requirement.text)
    yield f"  Source: {requirement.document}, {requirement.section!r}, sentence {requirement.sentence}"
    if requirement.applies:
        wanted = ", ".join(f"{name.replace('_', ' ')} = {_word(value)}" for name, value in requirement.applies.items())
        yield f"  Applies where: {wanted}"
    if requirement.untestable:
        yield from _paragraph(f"Not checked: {requirement.untestable}")
        return
    if requirement.by_ledger:
        yield from _paragraph(_BY_LEDGER)
    yield from _checks(requirement.id)
    for departure in known:
        if requirement.id in departure.requirements:
            yield ""
            yield from _departure_story(departure)
    yield ""
    yield from _paragraph(_HOW_TO_READ.format(id=requirement.id))


_BY_LEDGER = (
    "Decided by the ledger: every operation of the interface has to be seen to do its work, and the report names "
    "those that were not, beside what the checks say."
)

_HOW_TO_READ = (
    "How to read a failure: the message says what was expected and what came; the report shows every exchange that led "
    "to it, with a curl line to send the last one again (it takes what is secret from "
    "$AIRFLOW_CONFORMANCE_TOKEN, _COOKIE, _BASIC or _PASSWORD). "
    "UNREACHED means that the check could not do what it is about, and says what was missing. To run only this: "
    "airflow-conformance run TARGET --profile NAME --only {id}"
)


def _checks(requirement: str) -> Iterable[str]:
    found = [check for check in checks() if requirement in check.requirements]
    yield "  Checked by:" if found else "  Checked by: nothing yet"
    for check in found:
        yield from textwrap.wrap(f"{check.name}: {check.title}", 116, initial_indent="    ", subsequent_indent="      ")


def _check_story(check: Listed, known: Mapping[str, Requirement]) -> Iterable[str]:
    yield check.name
    yield from _paragraph(check.title)
    yield "  Decides:"
    for name in check.requirements:
        text = f"{name}: {known[name].text}"
        yield from textwrap.wrap(text, 116, initial_indent="    ", subsequent_indent="      ")


def _departure_story(departure: Departure) -> Iterable[str]:
    yield f"  Real Airflow departs: {departure.id} ({_range(departure.since, departure.until)})"
    yield from _paragraph(f"The document: {departure.document_says}", "    ")
    yield from _paragraph(f"Airflow: {departure.airflow_does}", "    ")
    yield f"    Requirements: {', '.join(departure.requirements)}"


def _range(since: str | None, until: str | None) -> str:
    if since and until:
        return f"Airflow {since} to {until}"
    if since or until:
        return f"since Airflow {since}" if since else f"up to Airflow {until}"
    return "every version that was measured"


def _paragraph(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, 116, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _word(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(map(str, value))
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": run,
    "sweep": sweep,
    "profiles": list_profiles,
    "profile": make_profile,
    "requirements": list_requirements,
    "explain": explain,
    "bundle": bundle,
    "check-backend": check_backend,
}
