from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.catalogue import checks
from conformance.cli import main
from conformance.commands import COMMANDS
from conformance.options import TABLE, Options
from specs import departures, requirements


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command line."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_teaches(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = call(capsys, command, "--help")
    assert code == 0
    assert f"airflow-conformance {command}" in out


def test_the_run_takes_every_option_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "run", "--help")
    assert all(f"--{name}" in out for name, _, _ in TABLE)


def test_help_needs_no_heavy_import() -> None:
    heavy = "{'pytest', 'hypothesis', 'yaml', 'jinja2', 'rich', 'schemathesis', 'json'}"
    program = f"import sys, conformance.cli as c; c.parser(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--version")
    assert (code, out.split()[0]) == (0, "airflow-conformance")


def test_without_a_command_there_is_help_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys)
    assert code == 2
    assert "exit codes:" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "the following arguments are required: TARGET"),
        (["run", "http://127.0.0.1:9"], "say how the target is set up: --profile NAME|FILE"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-33"], "did you mean"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--without", "write"], "did you mean writes?"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--set", "x"], "there is no = in it"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--deviate", "x"], "belong to the mock"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--follow", "documents"], "belong to the mock"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--workers", "0"], "'0' is not a whole number"),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--seed", "-1"], "'-1' is not a whole number"),
        (
            ["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--waivers", "none.yaml"],
            "none.yaml: cannot be read",
        ),
        (["run", "http://127.0.0.1:9", "--profile", "airflow-3", "--report", "/dev/null/x"], "--report /dev/null/x: "),
        (["run", "mock", "--deviate", "no-such-fault"], "no-such-fault"),
        (["run", "127.0.0.1:9", "--profile", "airflow-3"], "did you mean http://127.0.0.1:9?"),
        (["explain", "PUB-AUT-002"], "did you mean PUB-AUTH-002?"),
        (["requirements", "PUB-XYZ"], "no requirement PUB-XYZ"),
        (["profile", "from-cfg", "none.cfg"], "none.cfg"),
        (["bundle", "x", "--airflow", "4"], "invalid choice"),
        (["check-backend", "gate", "--pythonpath", "none"], "--pythonpath none: there is no such folder"),
        (["check-backend", "gate", "--python", "./none"], "--python ./none: there is no such program"),
    ],
)
def test_wrong_usage_is_one_clear_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("airflow-conformance")
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_the_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "profiles")
    assert code == 0
    assert "airflow-3-fab" in out


def test_requirements_are_listed_and_chosen_by_a_glob(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "requirements")
    assert all(name in out for name in requirements.load("public-api"))
    assert "PUB-TOKEN-007 MAY (untestable)" in out
    _, out, _ = call(capsys, "requirements", "PUB-CORS-*")
    assert {line[:8] for line in out.splitlines() if line.startswith("PUB")} == {"PUB-CORS"}


def test_a_requirement_is_explained_with_its_departures_and_checks(capsys: pytest.CaptureFixture[str]) -> None:
    departure = departures.load("airflow-3")[0]
    _, out, _ = call(capsys, "explain", departure.requirements[0])
    assert departure.id in out
    assert "How to read a failure" in out
    check = next(checks())
    _, out, _ = call(capsys, "explain", check.requirements[0])
    assert check.name in out
    _, out, _ = call(capsys, "explain", "EXP-RUN-001")
    assert "Applies where: api = experimental, admits = yes, capabilities = writes and fixture-dags" in out


def test_a_departure_and_a_check_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    departure = departures.load("airflow-3")[0]
    _, out, _ = call(capsys, "explain", departure.id)
    assert departure.requirements[0] in out
    check = next(checks())
    _, out, _ = call(capsys, "explain", check.name)
    assert check.requirements[0] in out


def test_the_bundle_is_copied_and_never_overwrites(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "dags"
    assert call(capsys, "bundle", str(folder))[0] == 0
    files = sorted(folder.glob("*.py"))
    assert files
    assert call(capsys, "bundle", str(folder))[0] == 0
    files[0].write_text("mine")
    code, _, err = call(capsys, "bundle", str(folder))
    assert (code, files[0].read_text()) == (2, "mine")
    assert "is there already and differs" in err


def test_a_profile_is_made_from_airflow_cfg(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cfg = tmp_path / "airflow.cfg"
    cfg.write_text("[api]\nmaximum_page_limit = 50\n")
    code, out, _ = call(capsys, "profile", "from-cfg", str(cfg), "--airflow", "3.3")
    assert code == 0
    assert "maximum_page_limit: " in out


@pytest.mark.parametrize(
    ("module", "code", "said"),
    [
        ("whole", 0, "whole fits the interface of a backend"),
        ("half", 1, "fault: requires_authentication is missing"),
        ("hole", 1, "did you mean whole?"),
    ],
)
def test_a_backend_is_held_against_the_interface(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, module: str, code: int, said: str
) -> None:
    (tmp_path / "half.py").write_text("def init_app(app): ...\n")
    (tmp_path / "whole.py").write_text("def init_app(app): ...\ndef requires_authentication(fn): return fn\n")
    found, out, err = call(capsys, "check-backend", module, "--pythonpath", str(tmp_path))
    assert (found, err) == (code, "")
    assert said in out
    assert out.splitlines()[-1].startswith(f"{module} {'fits' if code == 0 else 'does not fit'}")


def test_the_command_that_repeats_a_run_tells_no_password() -> None:
    options = Options("http://x", "airflow-3", ["api.maximum_page_limit=5"], "ann", "pa ss", only=["a b"], seed=3)
    assert options.command() == (
        "airflow-conformance run http://x --profile airflow-3 --set api.maximum_page_limit=5 --username ann "
        "--seed 3 --only 'a b'"
    )
