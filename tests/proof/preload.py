"""Import and read, once, what every run of the suite needs: the copies that are made of this process have it then."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import hypothesis

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
    _drawn()
    gc.freeze()  # what is there now stays: no copy need walk it


@hypothesis.settings(max_examples=200, database=None)
@hypothesis.given(hypothesis.strategies.integers())
def _drawn(_number: int) -> None:
    """Hypothesis reads the constants of every module before it draws one of them, which it seldom does."""
