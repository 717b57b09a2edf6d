"""Write the pages of `docs/` that are made from data; with --check say only which of them are stale."""

from __future__ import annotations

import sys

from tests.docs.pages import stale, write


def main() -> int:
    """Exit code 1 where --check finds something."""
    if sys.argv[1:] != ["--check"]:
        write()
        return 0
    found = stale()
    for path in found:
        print(f"{path} is stale: nox -s docs writes it anew", file=sys.stderr)  # noqa: T201
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
