"""Write the contract of each API anew, or compare it with the packages (`--check`)."""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import specs
from specs.refresh import measured, read, sources
from specs.refresh.apis import APIS
from specs.refresh.facts import UnknownKeyError, normalise
from specs.refresh.layout import lay_out
from specs.refresh.merge import merge

# The routes that give, show and end tokens; the user administration of the FAB provider is another API.
_TOKEN_ROUTES = ("/auth/token", "/auth/logout")
_NO_ROUTES: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
_SHOWN = 80  # lines of difference


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 written or up to date, 1 not what the packages give, 2 the packages cannot be read."""
    options = _parser().parse_args(arguments)
    names = options.api or list(APIS)
    try:
        texts = {options.directory / f"{api}.yaml": lay_out(_read(api, options.index_cache)) for api in names}
    except (sources.SourceError, UnknownKeyError) as error:
        sys.stderr.write(f"specs.refresh: {error}\n")
        return 2
    if options.check:
        return max([_compare(file, text) for file, text in texts.items()])
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{file}: {len(text) // 1024} KiB, Airflow {', '.join(APIS[file.stem].packages)}\n")
    return 0


def build(api: str, documents: dict[str, sources.Versions]) -> dict[str, Any]:
    """Merge the documents of every version of an API; they come as `sources.read` gives them."""
    known = APIS[api]
    core = merge({version: read(api, version, one) for version, one in documents["core"].items()})
    managers = {
        name: merge({version: normalise(one, _TOKEN_ROUTES) for version, one in documents[name].items()})
        if member
        else _NO_ROUTES
        for name, member in known.auth_managers.items()
    }
    head = {name: core.pop(name) for name in ("openapi", "info", *measured.heads(api))}
    covers = {"x-covers": list(known.packages), "x-sources": known.packages}
    return {**head, **covers, **core, "x-auth-managers": managers}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m specs.refresh", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and show the difference, if any")
    parser.add_argument("--index-cache", type=Path, metavar="DIR", help="keep the packages here and read them again")
    parser.add_argument("--api", action="append", choices=APIS, help="only this API (may be given again)")
    default = Path(specs.__file__).parent / "openapi"
    parser.add_argument(
        "--directory", type=Path, default=default, help="of the contract files (default: the project's)"
    )
    return parser


def _read(api: str, cache: Path | None) -> dict[str, Any]:
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
        return build(api, sources.read(APIS[api], cache))
    with tempfile.TemporaryDirectory() as directory:
        return build(api, sources.read(APIS[api], Path(directory)))


def _compare(file: Path, text: str) -> int:
    kept = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), file.name, "the packages", "", "", 2, ""))
    sys.stdout.writelines(f"{line}\n" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        sys.stdout.write(f"... and {len(lines) - _SHOWN} lines more\n")
    return 1 if kept != text else 0


if __name__ == "__main__":
    sys.exit(main())
