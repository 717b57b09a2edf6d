"""Where the contract comes from: OpenAPI documents inside published packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

_CORE, _FAB = "apache-airflow-core", "apache-airflow-providers-fab"

# Airflow's minor version -> the packages that speak for it. The FAB provider has releases of its own: each is one that
# was current when that Airflow came out.
PACKAGES: dict[str, dict[str, str]] = {
    "3.0": {_CORE: "3.0.6", _FAB: "2.4.1"},
    "3.1": {_CORE: "3.1.8", _FAB: "3.4.0"},
    "3.2": {_CORE: "3.2.2", _FAB: "3.6.4"},
    "3.3": {_CORE: "3.3.2", _FAB: "3.10.2"},
}

# Document -> the package that carries it, and where.
MEMBERS = {
    "core": (_CORE, "airflow/api_fastapi/core_api/openapi/v2-rest-api-generated.yaml"),
    "simple": (_CORE, "airflow/api_fastapi/auth/managers/simple/openapi/v2-simple-auth-manager-generated.yaml"),
    "fab": (_FAB, "airflow/providers/fab/auth_manager/api_fastapi/openapi/v2-fab-auth-manager-generated.yaml"),
}


class SourceError(Exception):
    """A package cannot be had, or does not hold the document that it should."""


def read(directory: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Return document name -> Airflow version -> OpenAPI document; download to `directory` what is not there yet."""
    return {
        name: {
            version: _document(_wheel(package, packages[package], directory), member)
            for version, packages in PACKAGES.items()
        }
        for name, (package, member) in MEMBERS.items()
    }


def _wheel(package: str, version: str, directory: Path) -> Path:
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    if not any(directory.glob(pattern)):
        _download(f"{package}=={version}", directory)
    return next(directory.glob(pattern))


def _download(requirement: str, directory: Path) -> None:
    # The wheel is only read, so this Python's version and platform do not matter.
    options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--dest", str(directory)]
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", *options, requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words, no shell
    if done.returncode:
        raise SourceError(f"pip could not download {requirement}: {done.stderr.strip().splitlines()[-1]}")


def _document(wheel: Path, member: str) -> dict[str, Any]:
    with ZipFile(wheel) as archive:
        if member not in archive.namelist():
            raise SourceError(f"{wheel.name} has no {member}; look where that release keeps it")
        document: dict[str, Any] = yaml.load(archive.read(member), yaml.CSafeLoader)
    return document
