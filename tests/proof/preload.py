"""Import and read, once, what every run of the suite needs: the copies that are made of this process have it then."""

from __future__ import annotations

import importlib
import pkgutil

import conformance
import profiles
from mockserver.app import create_app


def everything() -> None:
    """The suite with its checks, the mock, the contracts."""
    for module in pkgutil.walk_packages(conformance.__path__, "conformance."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("airflow-3", "airflow-2-basic", "airflow-1.10-open", "composer-2"):
        create_app(profiles.load(name))
