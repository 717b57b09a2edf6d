"""The command `airflow-mockserver service-account-key`: a throwaway key for a mock that runs."""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mockserver.errors import SetupError

NAME = "service-account-key"
_SECONDS = 30
_EPILOG = """\
examples:
  airflow-mockserver --profile composer-2 --port 8080 &
  airflow-mockserver service-account-key http://127.0.0.1:8080 --account op --output key.json
  export GOOGLE_APPLICATION_CREDENTIALS=key.json     then google.auth.default() takes it

The key opens nothing but that mock, whose address stands in it as the token_uri.
"""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(
        f"airflow-mockserver {NAME}",
        description="Write a key of a service account, as Google Cloud would, for a running mock of Cloud Composer.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("url", metavar="URL", help="what the mock has printed as its first line")
    made.add_argument(
        "--account",
        metavar="EMAIL|NAME",
        help="an account of the profile: its e-mail, the role of its user, newcomer, long-email or inactive "
        "(default: the first one)",
    )
    made.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    return made


def main(arguments: Sequence[str]) -> int:
    """Run the command; gives the exit status."""
    given = parser().parse_args(arguments)
    text = ask(given.url, given.account)
    if given.output is None:
        sys.stdout.write(text)
        return 0
    try:
        save(given.output, text)
    except OSError as error:
        raise SetupError(f"cannot write {given.output}: {error.strerror}; name another file") from None
    return 0


def save(path: Path, text: str) -> None:
    """Write a file that nobody else may read."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def ask(url: str, account: str | None) -> str:
    """Ask a running mock for a key; SetupError with what it says, or why it says nothing."""
    place = urlsplit(url)
    if place.scheme != "http" or not place.hostname:
        raise SetupError(f"{url} is no address of a mock; give the URL that it printed, http://HOST:PORT")
    status, text = _post(url, place.hostname, place.port or 80, json.dumps({"account": account}))
    if status == 200:
        return text
    if status == 404 and (detail := _detail(text)):
        raise SetupError(f"{url}: {detail}")
    raise SetupError(f"{url} is no mock of Cloud Composer with its control interface open (it answers {status})")


def _post(url: str, host: str, port: int, body: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("POST", f"/_mock/{NAME}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise SetupError(f"nothing at {url} answers ({error}); is the mock running?") from None
    finally:
        connection.close()


def _detail(text: str) -> str | None:
    """What the mock says of an account that there is not; None where it says anything else."""
    try:
        detail = json.loads(text).get("detail")
    except (ValueError, AttributeError):
        return None
    return detail if isinstance(detail, str) and "service account" in detail else None
