"""The suite as a pytest plugin: `pytest --pyargs conformance --target URL --profile NAME`.

The plugin is installed for every user of the package, so it does nothing, and claims no option, unless the command line
names the suite's own checks. Each option also has a long form (`--conformance-profile`), which stands when another
plugin has taken the short one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).parent
_ACTIVE = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Claim the options when the arguments name the suite."""
    early_config.stash[_ACTIVE] = _named(args, early_config)
    if early_config.stash[_ACTIVE]:
        _add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Start a run when there is a target."""
    if not config.stash.get(_ACTIVE, False) or config.option.help:
        return
    if not config.option.conformance_target:
        raise pytest.UsageError(
            "the conformance checks need a target: pytest --pyargs conformance --target URL --profile NAME"
        )
    from conformance import apis
    from conformance.hooks import Hooks
    from conformance.options import Options
    from conformance.run import Run, RunError

    try:
        run = Run.prepare(Options.of(config.option))
    except RunError as error:
        raise pytest.UsageError(str(error)) from None
    if run.why_one_by_one and (getattr(config.option, "numprocesses", None) or 0) > 1:
        title = apis.load(run.profile.api).title
        raise pytest.UsageError(
            f"the checks of the {title} of Airflow {run.profile.airflow} are carried out one after the other: "
            f"{run.why_one_by_one}; run them without -n"
        )
    config.option.conformance_seed = run.options.seed  # the workers of pytest-xdist get the options
    config.pluginmanager.register(Hooks(run), "airflow-conformance-run")


def _named(args: Sequence[str], config: pytest.Config) -> bool:
    """Whether an argument is the suite: its module name, where names are meant, or a path in it."""
    modules = bool(config.known_args_namespace.pyargs)
    heads = [str(arg).partition("::")[0] for arg in args]
    named = modules and any(head == "conformance" or head.startswith("conformance.") for head in heads)
    return named or any(_inside(head) for head in heads if not head.startswith("-"))


def _inside(head: str) -> bool:
    try:
        path = Path(head).resolve()
    except (OSError, ValueError):
        return False
    return path.is_relative_to(PACKAGE) and path.exists()


def _add_options(parser: pytest.Parser) -> None:
    from conformance.options import DEST, TABLE

    group = parser.getgroup("airflow conformance", "conformance of the Airflow REST API")
    target: dict[str, Any] = {"metavar": "URL", "help": "the base URL of the API to check"}
    for name, field, keywords in (("target", "target", target), *TABLE):
        long, keywords = f"--conformance-{name}", {**keywords, "dest": DEST + field, "default": None}
        try:
            group.addoption(f"--{name}", long, **keywords)
        except (ValueError, argparse.ArgumentError):  # another plugin has the short name
            group.addoption(long, **keywords)
