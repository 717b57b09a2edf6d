from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import profiles
from profiles.backend_module import Finding, inspect

SHIPPED = Path(profiles.__file__).parent / "backends"
GOOD = """
from functools import wraps
def init_app(app): ...
def requires_authentication(fn):
    @wraps(fn)
    def decorated(*args, **kwargs):
        return fn(*args, **kwargs)
    return decorated
"""


def faults(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.fault]


def test_the_shipped_module_fits() -> None:
    assert faults(inspect("conformance_backend", [SHIPPED])) == []


def test_a_good_module_fits_and_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "gate.py").write_text(GOOD + "CLIENT_AUTH = None\n")
    assert inspect("company.gate", [tmp_path]) == []
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            "init_app = None",
            "init_app is missing; write def init_app(app), which Airflow calls with its Flask application",
        ),
        ("init_app = 5", "init_app is int; write def init_app(app)"),
        (
            "def init_app(): ...",
            "init_app cannot be called with one argument, as Airflow does; write def init_app(app)",
        ),
        ("def init_app(app, db): ...", "init_app cannot be called with one argument"),
        ("def init_app(app, *, db): ...", "init_app cannot be called with one argument"),
        ("async def init_app(app): ...", "init_app is async, and Airflow does not await it"),
        (
            "del requires_authentication",
            "requires_authentication is missing; write def requires_authentication(fn), a dec",
        ),
        ("def requires_authentication(): ...", "requires_authentication cannot be called with one argument"),
        (
            "def requires_authentication(fn): fn()",
            "requires_authentication gives None; write def requires_authentication",
        ),
        (
            "def requires_authentication(fn): return fn()",
            "requires_authentication gives str; write def requires_authen",
        ),
        (
            "def requires_authentication(fn): 1 / 0",
            "requires_authentication raised ZeroDivisionError: division by zero a",
        ),
        (
            "def requires_authentication(fn):\n    async def decorated(): ...\n    return decorated",
            "requires_authentication gives an async function, which Airflow does not await; use def",
        ),
        ("create_client_session = 'canary'", "create_client_session is str; write def create_client_session(), which"),
        (
            "def create_client_session(a): ...",
            "create_client_session cannot be called with no argument, as Airflow does",
        ),
        (
            "def create_client_session(): return {'canary': 1}",
            "create_client_session gives dict; write def create_client",
        ),
        (
            "CLIENT_AUTH = 'canary'",
            "CLIENT_AUTH is str; make it a pair of texts (user name and password), an object of",
        ),
        ("CLIENT_AUTH = ['a', 'canary']", "CLIENT_AUTH is list; make it a pair of texts"),
        ("CLIENT_AUTH = ('a', 'b', 'canary')", "CLIENT_AUTH is tuple; make it a pair of texts"),
        ("CLIENT_AUTH = ('a', b'canary')", "CLIENT_AUTH is tuple; make it a pair of texts"),
        (
            "import requests\nCLIENT_AUTH = requests.auth.AuthBase",
            "CLIENT_AUTH is a class (AuthBase); make it a pair of",
        ),
        ("CLIENT_AUTH = object()", "CLIENT_AUTH is object; make it a pair of texts"),
        (
            "1 / 0",
            "importing it raised ZeroDivisionError: division by zero (gate.py:9); correct the module, for Airflow",
        ),
        ("def", "importing it raised SyntaxError: invalid syntax (gate.py:9); correct the module"),
        ("raise SystemExit(3)", "importing it raised SystemExit: 3 (gate.py:9)"),
        ("import os; os._exit(7)", "it ended the process that imported it (exit code 7); take that out"),
        (
            "import no_such_package.x",
            "it imports no_such_package, which is not here; install it, or name its folder as py",
        ),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, more: str, message: str) -> None:
    (tmp_path / "gate.py").write_text(f"{GOOD}{more}\n", encoding="utf-8")
    findings = inspect("gate", [tmp_path])
    assert [text[: len(message)] for text in faults(findings)] == [message]
    assert "canary" not in str(findings)


@pytest.mark.parametrize(
    "more",
    [
        "import requests\ndef create_client_session(): return requests.Session()",
        "import requests\nCLIENT_AUTH = requests.auth.HTTPBasicAuth('a', 'b')",
        "CLIENT_AUTH = ('a', 'b')",
        "class Gate:\n    def __call__(self, app): ...\ninit_app = Gate()",
        "def init_app(*apps): ...",
        "print('noise')\nimport sys\nsys.stderr.write('noise')",
    ],
)
def test_what_fits(tmp_path: Path, more: str) -> None:
    (tmp_path / "gate.py").write_text(f"{GOOD}{more}\n", encoding="utf-8")
    assert inspect("gate", [tmp_path]) == []


@pytest.mark.parametrize(
    ("more", "note"),
    [
        (
            "import requests\nCLIENT_AUTH = ('a', 'b')\ndef create_client_session(): return requests.Session()",
            "it has both create_client_session and CLIENT_AUTH, where the document says one of the two; Airflow",
        ),
        (
            "def create_client_session(): 1 / 0",
            "create_client_session raised ZeroDivisionError: division by zero here; s",
        ),
    ],
)
def test_what_is_worth_knowing_is_no_fault(tmp_path: Path, more: str, note: str) -> None:
    (tmp_path / "gate.py").write_text(f"{GOOD}{more}\n", encoding="utf-8")
    (finding,) = inspect("gate", [tmp_path])
    assert (finding.fault, finding.text[: len(note)]) == (False, note)


def test_a_module_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "gate.py").write_text("while True: ...\n")
    (finding,) = inspect("gate", [tmp_path], seconds=0.5)
    assert finding == Finding(True, "importing it took more than 0.5 seconds; let it do its work when it is called")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gaet", "there is no module gaet; name the folder in which it stands as pythonpath; did you mean gate?"),
        ("company.gate", "there is no module company; name the folder in which it stands as pythonpath"),
        ("gate.py", "there is no module gate.py; name the folder"),
        ("own/gate.py", '"own/gate.py" is no name of a module; write it with dots, as in an import'),
        ("", '"" is no name of a module; write it with dots, as in an import'),
    ],
)
def test_names_that_lead_nowhere(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "gate.py").write_text(GOOD)
    (finding,) = inspect(name, [tmp_path])
    assert finding.fault
    assert finding.text.startswith(message)


def test_folders_and_pythons_that_are_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    (finding,) = inspect("gate", [missing])
    assert finding == Finding(True, f"there is no folder {missing}; name one that is there as pythonpath")
    (tmp_path / "gate.py").write_text(GOOD)
    (finding,) = inspect("gate", [tmp_path], python=missing)
    assert finding == Finding(True, f"cannot run {missing}: No such file or directory; name a Python")


def test_the_current_folder_is_not_looked_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gate.py").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert faults(inspect("gate"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert inspect("gate") == []


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without any package."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin" / "python"


def test_what_airflow_would_bring_is_stood_in_for_and_told(tmp_path: Path, bare_python: Path) -> None:
    shutil.copy(SHIPPED / "conformance_backend.py", tmp_path)
    (finding,) = inspect("conformance_backend", [tmp_path], python=bare_python)
    assert not finding.fault
    assert finding.text.startswith(
        "flask, flask_login, requests: not installed here, so that stand-ins were used and wh"
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("from airflow.www.app import x\ndef init_app(): ...", "init_app cannot be called with one argument"),
        ("import flask\nCLIENT_AUTH = 'canary'", "CLIENT_AUTH is str; make it a pair of texts"),
        (
            "from airflow.configuration import conf\n{}[conf.get('a', 'b')]",
            "importing it raised KeyError: ",
        ),
        ("import ldap3", "it imports ldap3, which is not here; install it, or name its folder as pythonpath too"),
    ],
)
def test_faults_are_found_with_stand_ins_too(tmp_path: Path, bare_python: Path, more: str, message: str) -> None:
    (tmp_path / "gate.py").write_text(f"{GOOD}{more}\n", encoding="utf-8")
    (text,) = faults(inspect("gate", [tmp_path], python=bare_python))
    assert text.startswith(message)
    if "KeyError" in text:
        assert text.endswith("cannot do with stand-ins for airflow: install what is missing, and check again")
