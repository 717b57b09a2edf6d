"""The command `airflow-mockserver`."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import profiles
from mockserver import key_command
from mockserver.errors import SetupError
from profiles import Profile, ProfileError

if TYPE_CHECKING:
    from starlette.applications import Starlette

_EPILOG = """\
examples:
  airflow-mockserver                                      an Airflow 3.3 on http://127.0.0.1:8080
  airflow-mockserver --port 0                             on a free port; the first line of output names it
  airflow-mockserver --profile airflow-3-fab              with the FAB auth manager
  airflow-mockserver --set airflow=3.0                    as Airflow 3.0
  airflow-mockserver --profile airflow-2-basic            an Airflow 2.11 with its stable API, users log in by Basic
  airflow-mockserver --profile airflow-2-session --set airflow=2.6     an Airflow 2.6 as shipped, with the web login
  airflow-mockserver --profile airflow-1.10-password      an Airflow 1.10 with its experimental API
  airflow-mockserver --set api.maximum_page_limit=5       with pages of at most 5 items
  airflow-mockserver --follow documents                   as the documentation says, where Airflow departs from it
  airflow-mockserver --deviate cap-off-by-one             with a fault, to see whether your tests find it
  airflow-mockserver --world my-dags.yaml                 with DAGs of your own
  airflow-mockserver --profile composer-2 --service-account-keys keys     a Cloud Composer, and keys for google-auth
  airflow-mockserver service-account-key URL --account op --output key.json     a key for a mock that runs

  curl -X POST http://127.0.0.1:8080/auth/token -H 'Content-Type: application/json' \\
       -d '{"username": "admin", "password": "admin"}'
  curl --user admin:admin http://127.0.0.1:8080/api/v1/dags             (airflow-2-basic)

Once it accepts connections it prints "airflow-mockserver: PROFILE on URL" as its first line. It keeps nothing on disk;
SIGTERM and SIGINT (Ctrl-C) end it with status 0. Status 2: it could not start as asked.
On a loopback address, URL/_mock/ holds and moves the clock and resets the world (python -m pydoc mockserver.admin).
"""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(
        "airflow-mockserver",
        description="A stateful mock of the Airflow REST API.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--profile", default="airflow-3", metavar="NAME|FILE", help="the deployment to be (default: airflow-3)")
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=8080, help="port to listen on; 0 picks a free one (default: 8080)")
    add(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="override one value of the profile: airflow=3.0, SECTION.OPTION=VALUE; repeatable",
    )
    add("--world", type=Path, metavar="FILE", help="YAML file with the DAGs and other objects to begin with")
    add(
        "--follow",
        choices=("airflow", "documents"),
        default="airflow",
        help="whom to believe where Airflow departs from its documentation (default: airflow)",
    )
    add("--deviate", action="append", default=[], metavar="NAME", help="build in a fault; repeatable")
    add("--list-deviations", action="store_true", help="list the faults that --deviate knows, and exit")
    add(
        "--service-account-keys",
        type=Path,
        metavar="DIR",
        help="write a key of each Google account of the profile into a folder (Cloud Composer)",
    )
    add("--no-admin", action="store_true", help="do not open the control interface /_mock/")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == [key_command.NAME]:
        return _told(lambda: key_command.main(words[1:]))
    given = parser().parse_args(words)
    if given.list_deviations:
        return _list_deviations()
    return _told(lambda: _run(given))


def _told(run: Callable[[], int]) -> int:
    try:
        return run()
    except (ProfileError, SetupError) as error:
        print(f"airflow-mockserver: {error}", file=sys.stderr)  # noqa: T201 - it is a command
        return 2


def _run(given: argparse.Namespace) -> int:
    if not 0 <= given.port < 2**16:
        raise SetupError(f"--port {given.port}: a port is a number from 0 to 65535")
    profile = profiles.load(given.profile, given.settings)
    from mockserver import server  # only now: an error above is told at once

    listener = server.listen(given.host, given.port)
    with listener:
        app = _app(given, profile)
        place = server.url(listener, given.host)
        if given.service_account_keys:
            _write_keys(app, profile, place, given.service_account_keys)
        server.serve(app, listener, lambda: print(f"airflow-mockserver: {profile.name} on {place}", flush=True))  # noqa: T201
    return 0


def _write_keys(app: Starlette, profile: Profile, place: str, folder: Path) -> None:
    if profile.platform != "composer":
        raise SetupError(f"--service-account-keys: {profile.name} is no profile of Cloud Composer; take composer-2")
    from mockserver.composer import keys

    keys.write(profile, app.state.mock.google, place, folder)


def _app(given: argparse.Namespace, profile: Profile) -> Starlette:
    from mockserver.app import create_app
    from specs.fixtures import FixtureError

    try:
        return create_app(
            profile,
            world=given.world,
            follow=given.follow,
            deviations=given.deviate,
            control=not given.no_admin and _is_loopback(given.host),
        )
    except FixtureError as error:
        raise SetupError(str(error)) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _list_deviations() -> int:
    from mockserver.deviations import catalogue

    lines = [f"{one.name:34} {one.sentence} [{', '.join(one.breaks)}]" for one in catalogue().values()]
    with contextlib.suppress(BrokenPipeError):  # a pager that was left
        print("\n".join(lines), flush=True)  # noqa: T201
    return 0
