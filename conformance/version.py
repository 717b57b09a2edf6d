"""Which version of the suite this is."""

from __future__ import annotations

from importlib import metadata


def suite_version() -> str:
    """The version of the installed package."""
    try:
        return metadata.version("airflow-api-conformance")
    except metadata.PackageNotFoundError:
        return "unknown"
