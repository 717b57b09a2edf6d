"""Write the contract of the public API anew, or compare it with the packages (`--check`)."""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import specs
from specs.refresh import sources
from specs.refresh.facts import UnknownKeyError, normalise
from specs.refresh.layout import lay_out
from specs.refresh.merge import merge

# The routes that give, show and end tokens; the user administration of the FAB provider is another API.
_TOKEN_ROUTES = ("/auth/token", "/auth/logout")
_SHOWN = 80  # lines of difference


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 written or up to date, 1 not what the packages give, 2 the packages cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        text = lay_out(_read(options.index_cache))
    except (sources.SourceError, UnknownKeyError) as error:
        sys.stderr.write(f"specs.refresh: {error}\n")
        return 2
    if options.check:
        return _compare(options.file, text)
    options.file.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{options.file}: {len(text) // 1024} KiB, Airflow {', '.join(sources.PACKAGES)}\n")
    return 0


def build(documents: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Merge the documents of every version; they come as name ("core" or an auth manager) -> version -> OpenAPI."""
    core = merge({version: normalise(document) for version, document in documents["core"].items()})
    managers = {
        name: merge({version: normalise(document, _TOKEN_ROUTES) for version, document in versions.items()})
        for name, versions in documents.items()
        if name != "core"
    }
    head = {"openapi": core.pop("openapi"), "info": core.pop("info")}
    return {**head, "x-covers": list(documents["core"]), "x-sources": sources.PACKAGES, **core} | {
        "x-auth-managers": managers
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m specs.refresh", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and show the difference, if any")
    parser.add_argument("--index-cache", type=Path, metavar="DIR", help="keep the packages here and read them again")
    default = Path(specs.__file__).parent / "openapi" / "public-v2.yaml"
    parser.add_argument("--file", type=Path, default=default, help="the contract file (default: the project's)")
    return parser


def _read(cache: Path | None) -> dict[str, Any]:
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
        return build(sources.read(cache))
    with tempfile.TemporaryDirectory() as directory:
        return build(sources.read(Path(directory)))


def _compare(file: Path, text: str) -> int:
    kept = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), file.name, "the packages", "", "", 2, ""))
    sys.stdout.writelines(f"{line}\n" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        sys.stdout.write(f"... and {len(lines) - _SHOWN} lines more\n")
    return 1 if kept != text else 0


if __name__ == "__main__":
    sys.exit(main())
