"""`run` and `sweep`: from the command line to a verdict."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import profiles
from conformance import mock
from conformance.commands import CommandError
from conformance.credentials import COMPOSER
from conformance.options import Options
from conformance.paths import CHECKS
from conformance.verdict import ExitCode, exit_code

if TYPE_CHECKING:
    from conformance.reporting.terminal import Progress
    from conformance.run import Run

MOCK = "mock"
_DEFAULT_PROFILE = "airflow-3"


def run_from(given: argparse.Namespace) -> int:
    """Check a target, or the mock, and print the verdict; returns the exit code. CommandError for wrong usage."""
    _verify_report(given.conformance_report)
    with _interrupted_by_sigterm():
        if given.conformance_target != MOCK:
            return _check(given, given.conformance_target)
        given.conformance_profile = given.conformance_profile or _DEFAULT_PROFILE
        try:
            with _keys(given) as keys, mock.serving([*_mock_words(given), *_key_words(keys)]) as url:
                return _check(given, url, keys)
        except mock.MockError as error:
            raise CommandError(str(error)) from None


@contextmanager
def _keys(given: argparse.Namespace) -> Iterator[Path | None]:
    """A folder for the keys of the mock's Google accounts, where it has such; it is gone afterwards."""
    try:
        platform = profiles.load(given.conformance_profile, given.conformance_overrides or ()).platform
    except profiles.ProfileError:
        platform = ""  # the mock says what is wrong
    if platform != COMPOSER:
        yield None
        return
    with TemporaryDirectory(prefix="airflow-conformance-") as folder:
        yield Path(folder)


def _key_words(keys: Path | None) -> list[str]:
    return ["--service-account-keys", str(keys)] if keys else []


def _check(given: argparse.Namespace, url: str, keys: Path | None = None) -> int:
    if given.conformance_target != MOCK and (given.deviate or given.follow):
        raise CommandError("--deviate and --follow belong to the mock; leave them out, or run the target mock")
    from conformance.reporting.terminal import print_verdict, progress
    from conformance.run import Run, RunError, Unusable

    try:
        run = Run.prepare(_options(given, url, keys))
    except RunError as error:
        raise CommandError(str(error)) from None
    shown = progress()
    shown.say(f"Checking {url} as {run.profile.name} ({run.profile.title}), seed {run.options.seed}")
    try:
        run.open()
        _run_checks(run, shown, ["--exitfirst"] if given.exitfirst else [])
    except Unusable:
        run.clean_up()
    finally:
        shown.close()
    if run.failure and not run.result:
        raise CommandError(run.failure)
    result = run.result or run.finish()
    print_verdict(result, run.options.report)
    if run.failure:
        raise CommandError(run.failure)
    return exit_code(result.verdict)


def _run_checks(run: Run, shown: Progress, words: Sequence[str] = ()) -> None:
    """Run the checks in this process, with none of the user's pytest plugins and settings; `words` go to pytest."""
    import pytest

    from conformance.hooks import Hooks

    arguments = [
        "-c",
        os.devnull,
        "--rootdir",
        str(CHECKS),
        "--disable-plugin-autoload",
        "--assert=plain",
        "--capture=sys",
        *words,
    ]
    arguments += [
        word for name in ("cacheprovider", "terminal", "logging", "stepwise") for word in ("-p", f"no:{name}")
    ]
    with _without("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        pytest.main([*arguments, str(CHECKS)], plugins=[Hooks(run, shown)])


def _options(given: argparse.Namespace, url: str, keys: Path | None = None) -> Options:
    options = Options.of(given)
    options.keys = keys
    options.target = url
    if given.conformance_target == MOCK:
        options.typed = [MOCK, *_mock_only(given)]
    return options


def _mock_words(given: argparse.Namespace) -> Iterator[str]:
    yield from ("--profile", given.conformance_profile)
    for override in given.conformance_overrides or ():
        yield from ("--set", override)
    yield from _mock_only(given)


def _mock_only(given: argparse.Namespace) -> Iterator[str]:
    for name in given.deviate or ():
        yield from ("--deviate", name)
    if given.follow:
        yield from ("--follow", given.follow)


def _verify_report(folder: str | None) -> None:
    """CommandError before the run when its report could not be written after it."""
    if folder is None:
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"--report {folder}: {error.strerror or error}") from None
    if not os.access(folder, os.W_OK):
        raise CommandError(f"--report {folder}: nothing can be written there")


@contextmanager
def _without(*names: str) -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does: what was started is stopped, what was created is removed."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def sweep_from(given: argparse.Namespace) -> int:
    """Remove from a target what runs have left that were killed; returns 0 when nothing is left, else 3."""
    from conformance import journal
    from conformance.run import Run, RunError, Unusable
    from conformance.staying import lasting, title
    from conformance.sweep import sweep

    try:
        run = Run.prepare(_options(given, given.conformance_target))
    except RunError as error:
        raise CommandError(str(error)) from None
    try:
        run.open()
    except Unusable:
        if run.book.problems:  # a profile that is wrong elsewhere is no hindrance
            sys.stderr.writelines(f"airflow-conformance: {problem}\n" for problem in run.book.problems)
            return ExitCode.INCONCLUSIVE
    assert run.target is not None  # noqa: S101 (opened above)
    swept = sweep(run.target, journal.directory(os.environ), dry_run=given.dry_run)
    run.target.close()
    verb = "would be removed" if given.dry_run else "found"
    _print([f"{verb}: {each}" for each in swept.found] or ["nothing of any run was found"])
    _print(f"left alone, its run goes on: {each}" for each in swept.running)
    _print(f"could not be removed: {each}" for each in swept.left)
    _print(f"stays, for the API cannot remove it: {each}" for each in swept.stays)
    for kind in lasting(run.target.kinds.values()):
        _print([f"not looked for, for this API cannot remove any: {title(kind)}s of runs without a journal"])
    _print(f"could not be read: {each}" for each in swept.unread)
    return ExitCode.INCONCLUSIVE if swept.left or swept.unread else ExitCode.CONFORMING


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
