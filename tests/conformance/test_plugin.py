"""The suite as a pytest plugin: harmless to those who merely have it, the same run to those who ask for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import mock
from conformance.options import TABLE

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]

#: The package has to be installed: its plugin is found by its entry point, as users have it.
LOADED = ("-p", "no:cacheprovider", "-p", "no:schemathesis")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def test_a_project_that_merely_has_the_plugin_does_not_notice(pytester: pytest.Pytester) -> None:
    names = ["target", *(name for name, _, _ in TABLE)]
    pytester.makeconftest(f"def pytest_addoption(parser):\n    for name in {names}: parser.addoption('--' + name)")
    pytester.mkdir("conformance").joinpath("test_mine.py").write_text(
        "import sys\n"
        "def test_option(pytestconfig): assert pytestconfig.getoption('--target') == 'mine'\n"
        "def test_imports():\n"
        "    loaded = {name for name in sys.modules if name.startswith('conformance.')}\n"
        "    assert loaded - {__name__} == {'conformance.plugin'}"
    )
    pytester.run(
        sys.executable, "-m", "pytest", *LOADED, "--import-mode=importlib", "--target", "mine", "conformance"
    ).assert_outcomes(passed=2)


def test_the_checks_need_a_target(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*LOADED, "--pyargs", "conformance")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: the conformance checks need a target: pytest --pyargs conformance --target *"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "http://127.0.0.1:9"], "ERROR: say how the target is set up: --profile*"),
        (["--target", "127.0.0.1:9", "--profile", "airflow-3"], "ERROR: *did you mean http://127.0.0.1:9?"),
        (["--target", "http://127.0.0.1:9", "--profile", "airflow-4"], "ERROR: *"),
        (
            ["--target", "http://127.0.0.1:9", "--profile", "airflow-1.10-open", "-n", "2"],
            "ERROR: *all of a list*run them without -n",
        ),
        (
            ["--target", "http://127.0.0.1:9", "--profile", "airflow-3", "--set", "airflow=3.2", "-n", "2"],
            "ERROR: *Airflow 3.2*another request*run them without -n",
        ),
    ],
)
def test_wrong_usage_is_told(pytester: pytest.Pytester, arguments: list[str], said: str) -> None:
    result = pytester.runpytest_subprocess(*LOADED, "--pyargs", "conformance", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_the_help_lists_the_options(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*LOADED, "--pyargs", "conformance", "--help")
    result.stdout.fnmatch_lines(["conformance of the Airflow REST API:", "*--conformance-profile*"])


def test_a_short_name_that_another_plugin_has_is_left_to_it(pytester: pytest.Pytester) -> None:
    pytester.syspathinsert()
    pytester.makepyfile(
        other="def pytest_addoption(parser): parser.addoption('--profile', action='store_true', help='of another')"
    )
    result = pytester.runpytest_subprocess(
        *LOADED, "-p", "other", "--pyargs", "conformance", "--target", "x", "--conformance-profile", "airflow-3"
    )
    result.stderr.fnmatch_lines(["ERROR: x is no base URL*"])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A mock in a process of its own."""
    with mock.serving([]) as found:
        yield found


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "xdist"])
def test_the_same_run_as_on_the_command_line(pytester: pytest.Pytester, url: str, workers: list[str]) -> None:
    chosen = ["--profile", "airflow-3", "--depth", "smoke", "--only", "PUB-AUTH-01[02]", "--only", "PUB-TOKEN-001"]
    result = pytester.runpytest_subprocess(
        *LOADED, *workers, "--pyargs", "conformance", "--target", url, *chosen, "--seed", "3", "--report", "out"
    )
    written = json.loads(Path("out/result.json").read_text())
    verdicts = {row["id"]: row["verdict"] for row in written["requirements"]}
    assert (verdicts["PUB-AUTH-010"], verdicts["PUB-TOKEN-001"]) == ("DEPARTS", "PASS")
    assert verdicts["PUB-PAGE-001"] == "UNREACHED"
    assert (result.ret, written["verdict"], written["seed"], written["leftovers"]) == (3, "inconclusive", 3, [])
    assert written["requests"] > len(written["checks"])
    assert len({check["name"] for check in written["checks"]}) == len(written["checks"])
    result.stdout.fnmatch_lines(["Verdict: inconclusive"])
    pytesters = {"stdout", "stderr", "runpytest-0", "runpytest-current"}
    assert {path.name for path in Path().iterdir()} - pytesters == {"out"}
