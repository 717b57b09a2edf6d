"""Where the contract comes from: OpenAPI documents inside published packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

from specs.refresh.apis import Api, Member

Versions = dict[str, dict[str, Any]]


class SourceError(Exception):
    """A package cannot be had, or does not hold the document that it should."""


def read(api: Api, directory: Path) -> dict[str, Versions]:
    """Return "core" or an auth manager that has a document -> Airflow version -> OpenAPI document.

    A package that is not in `directory` yet is downloaded there.
    """
    members = {"core": api.document, **api.auth_managers}
    return {name: _versions(api, member, directory) for name, member in members.items() if member}


def _versions(api: Api, member: Member, directory: Path) -> Versions:
    return {
        version: _document(_wheel(member.package, packages[member.package], directory), member.file)
        for version, packages in api.packages.items()
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
