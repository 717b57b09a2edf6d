"""The command line: `airflow-conformance`, or `python -m conformance`.

Only what a command needs is imported when it runs: `--help` has to be quick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from conformance.options import DEST, TABLE

_EXAMPLES = """\
examples:
  airflow-conformance run mock
  airflow-conformance run http://localhost:8080 --profile airflow-3 --username admin
  airflow-conformance profile from-cfg /opt/airflow/airflow.cfg > mine.yaml
  airflow-conformance check-backend company.gate --pythonpath plugins
  airflow-conformance explain PUB-AUTH-002

exit codes: 0 conforming, 1 nonconforming, 2 wrong usage or configuration, 3 inconclusive
"""

_RUN = """\
examples:
  airflow-conformance run mock
      check the mock that comes with this package: a first look in less than a minute
  airflow-conformance run mock --profile airflow-3 --set airflow=3.0 --deviate NAME
      check a mock with a fault, to see the fault found
  airflow-conformance run https://airflow.example.org/base --profile mine.yaml --report out
      check a deployment as mine.yaml describes it; the path of the URL is kept
  airflow-conformance run http://localhost:8080 --profile airflow-3 --read-only --only 'PUB-CORS-*'
      only some requirements, and without changing anything
  airflow-conformance run http://localhost:8080 --profile airflow-2-basic --credentials users.yaml
      Airflow 2 with the backend basic_auth; users.yaml has the user name and password for each role
  kinit && airflow-conformance run http://af.example.org:8080 --profile airflow-1.10-kerberos
      Kerberos, with the ticket in the caller's credential cache; --credentials may name one for each role

Without --username, --password and --credentials the suite takes AIRFLOW_CONFORMANCE_USERNAME and _PASSWORD (or _TOKEN),
then the users of the profile that carry a password. A target that is not this machine is written to only with
--allow-writes; whatever the suite creates has a name of its own, and is removed at the end.

exit codes: 0 conforming, 1 nonconforming, 2 wrong usage or configuration, 3 inconclusive
"""


class _Parser(argparse.ArgumentParser):
    """Errors in one sentence, with a hint where to read more."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Print the error and end with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    root = _Parser(
        prog="airflow-conformance",
        description="Check an Airflow REST API, or the mock of it, against Airflow's own documents.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    root.add_argument("--version", action="store_true", help="print the version and end")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_run(commands)
    _add_reading(commands)
    _add_sweep(commands)
    bundle = _command(commands, "bundle", "copy the DAG files that write checks rely on into a folder", _BUNDLE)
    bundle.add_argument("folder", metavar="DIR", help="where to; a new folder, or the DAG folder of the target")
    bundle.add_argument("--airflow", choices=("1", "2", "3"), default="3", help="for which major version (default 3)")
    _add_check_backend(commands)
    return root


def _add_check_backend(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "check-backend", "check an authentication backend of one's own", _CHECK_BACKEND)
    command.add_argument("module", metavar="MODULE", help="its dotted name, as auth_backends is to have it")
    command.add_argument(
        "--pythonpath", metavar="DIR", action="append", help="a folder in which it is found; may be repeated"
    )
    command.add_argument(
        "--python", metavar="PYTHON", default=sys.executable, help="the Python to import it with (default: this one)"
    )


_CHECK_BACKEND = """\
The module is imported, in a process of its own, and held against what Airflow 2 asks of a backend: init_app and
requires_authentication, and create_client_session or CLIENT_AUTH if it has them. Give the Python of an Airflow with
--python to check it beside the packages of that Airflow.

example:
  airflow-conformance check-backend company.gate --pythonpath plugins

exit codes: 0 it fits, 1 it does not, 2 wrong usage
"""


_BUNDLE = """\
example:
  airflow-conformance bundle /opt/airflow/dags/conformance
      then claim the capability fixture-dags in the profile
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    root = parser()
    given = root.parse_args(arguments)
    if given.version:
        from conformance.version import suite_version

        sys.stdout.write(f"airflow-conformance {suite_version()}\n")
        return 0
    if given.command is None:
        root.print_help()
        return 2
    from conformance import commands

    try:
        return commands.COMMANDS[given.command](given)
    except commands.CommandError as error:
        sys.stderr.write(f"airflow-conformance: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("airflow-conformance: interrupted; airflow-conformance sweep removes what may be left\n")
        return 3
    except BrokenPipeError:
        sys.stderr.close()
        return 2


def _command(commands: argparse._SubParsersAction[_Parser], name: str, summary: str, epilog: str) -> _Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_run(commands: argparse._SubParsersAction[_Parser]) -> None:
    run = _command(commands, "run", "check a target and give a verdict", _RUN)
    run.add_argument(DEST + "target", metavar="TARGET", help="the base URL of the API, or the word mock")
    _add_options(run, {name for name, _, _ in TABLE})
    run.add_argument("-x", "--exitfirst", action="store_true", help="end at the first check that fails, as pytest does")
    mock = run.add_argument_group("only with the target mock")
    mock.add_argument("--deviate", metavar="NAME", action="append", help="give the mock a fault; may be repeated")
    mock.add_argument("--follow", choices=("airflow", "documents"), help="whom the mock follows where the two differ")


def _add_options(command: argparse.ArgumentParser, names: set[str]) -> None:
    for name, field, keywords in TABLE:
        if name in names:
            command.add_argument(f"--{name}", dest=DEST + field, **{"default": None, **keywords})


def _add_reading(commands: argparse._SubParsersAction[_Parser]) -> None:
    _command(commands, "profiles", "list the built-in profiles", "A profile says how a target is set up.\n")
    profile = _command(commands, "profile", "make a profile from an airflow.cfg", _PROFILE)
    kinds = profile.add_subparsers(dest="kind", metavar="from-cfg", required=True, parser_class=_Parser)
    from_cfg = kinds.add_parser("from-cfg", help="read an airflow.cfg", allow_abbrev=False)
    from_cfg.add_argument("file", metavar="FILE", help="an airflow.cfg")
    from_cfg.add_argument("--airflow", metavar="VERSION", help="the version of that Airflow, e.g. 3.3")
    requirements = _command(commands, "requirements", "list what the documents demand", _REQUIREMENTS)
    requirements.add_argument("id", nargs="?", metavar="ID", help="only this one, or those that a glob fits")
    explain = _command(commands, "explain", "tell all about one requirement", _EXPLAIN)
    explain.add_argument("id", metavar="ID", help="a requirement, a departure or a check")


_PROFILE = """\
example:
  airflow-conformance profile from-cfg /opt/airflow/airflow.cfg --airflow 3.3 > mine.yaml
"""
_REQUIREMENTS = """\
examples:
  airflow-conformance requirements
  airflow-conformance requirements 'PUB-CORS-*'
"""
_EXPLAIN = """\
examples:
  airflow-conformance explain PUB-PAGE-001
  airflow-conformance explain AF3-NO-CAP
"""


def _add_sweep(commands: argparse._SubParsersAction[_Parser]) -> None:
    sweep = _command(commands, "sweep", "remove what a run that was killed has left on a target", _SWEEP)
    sweep.add_argument(DEST + "target", metavar="TARGET", help="the base URL of the API")
    _add_options(sweep, {"profile", "set", "username", "password", "credentials", "kerberos-hostname", "allow-writes"})
    sweep.add_argument("--dry-run", action="store_true", help="only list what would be removed")


_SWEEP = """\
Only objects whose names the suite gave are removed.

example:
  airflow-conformance sweep http://localhost:8080 --profile airflow-3 --dry-run
"""
