from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import profiles
from profiles import ProfileError, load
from profiles.sources import MAX_BYTES


def message(name: str | Path) -> str:
    with pytest.raises(ProfileError) as caught:
        load(name)
    return str(caught.value)


def test_names() -> None:
    assert profiles.names() == [
        *("airflow-1.10-deny-all", "airflow-1.10-kerberos", "airflow-1.10-open", "airflow-1.10-password"),
        *("airflow-2-basic", "airflow-2-chain", "airflow-2-custom", "airflow-2-deny-all", "airflow-2-experimental"),
        *("airflow-2-kerberos", "airflow-2-open", "airflow-2-session", "airflow-2.2-basic"),
        *("airflow-3", "airflow-3-all-admins", "airflow-3-cors-example", "airflow-3-fab"),
        *("composer-2", "composer-2-deny-all", "composer-2-experimental"),
    ]


AIRFLOW_1 = [name for name in profiles.names() if name.startswith("airflow-1.10-")]
AIRFLOW_2 = [name for name in profiles.names() if name.startswith("airflow-2-")]
AIRFLOW_3 = [name for name in profiles.names() if name.startswith("airflow-3")]
COMPOSER = [name for name in profiles.names() if name.startswith("composer-")]
CASES = [
    *((name, f"2.{minor}") for name in COMPOSER for minor in range(3, 12)),
    *((name, "1.10") for name in AIRFLOW_1),
    *((name, version) for name in AIRFLOW_3 for version in ("3.0", "3.1", "3.2", "3.3")),
    *((name, f"2.{minor}") for name in AIRFLOW_2 for minor in range(3, 12)),
    ("airflow-2.2-basic", "2.2"),
    ("airflow-2-session", "2.2"),
]


@pytest.mark.parametrize(("name", "version"), CASES)
def test_every_built_in_profile_loads_for_every_version(name: str, version: str) -> None:
    profile = load(name, [f"airflow={version}"])
    assert profile.name == name
    assert profile.title != name
    assert str(profile.airflow) == version
    if profile.auth == "jwt":
        assert len(profile.option("api_auth", "jwt_secret") or "") >= 64


def test_the_built_in_variants_differ_where_they_should() -> None:
    assert load("airflow-3-fab").auth_manager == "fab"
    open_one = load("airflow-3-all-admins")
    assert (open_one.all_admins, len(open_one.users)) == (True, 0)
    assert open_one.capabilities == {"writes", "fixture-dags"}


def test_the_secret_of_the_built_in_profiles_stands_in_one_place() -> None:
    assert {load(name).where("api_auth.jwt_secret") for name in AIRFLOW_3} == {"airflow-3.yaml:16:17"}


def test_unknown_name() -> None:
    assert message("airflw-3").startswith(
        'profile airflw-3: there is no built-in profile "airflw-3" and no such file; did you mean airflow-3?'
    )
    assert f"built in: {', '.join(profiles.names())}" in message("zzz")
    assert message("") == f"profile : no profile is named; built in: {', '.join(profiles.names())}"


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "airflow-3-fob.yaml"
    assert message(path) == f"profile {path}: there is no file {path}; did you mean airflow-3-fab?"


def test_what_is_no_file(tmp_path: Path) -> None:
    assert message(tmp_path) == f"profile {tmp_path}: {tmp_path} is not a file; name a file"
    assert message("/dev/zero").endswith("/dev/zero is not a file; name a file")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert message(pipe).endswith("is not a file; name a file")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object) -> None:  # root, who may run this test, is never denied by the file system
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "p.yaml"
    path.write_text("extends: airflow-3\n")
    monkeypatch.setattr(Path, "open", denied)
    assert message(path) == f'profile {path}: cannot read "{path}": Permission denied'


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\ud800"])
def test_what_is_no_path(name: str) -> None:
    assert "\n" not in message(name)
    message(name).encode()


def test_a_file_beneath_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert message(tmp_path / "a" / "b.yaml").endswith(": Not a directory")


def test_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert message(path).endswith(f"has more than {MAX_BYTES} bytes; name another file")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"title: a\nprofile: \xff\n", "2:10"),
        ("title: a\n".encode("utf-16"), "1:1"),
        (b"\x80", "1:1"),
    ],
)
def test_a_file_that_is_not_utf8(tmp_path: Path, content: bytes, where: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    assert message(path) == f"{path}:{where}: not UTF-8 text; save the file as UTF-8"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbfextends: airflow-3\n")
    assert load(path).auth_manager == "simple"


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    for content in ("", "# nothing\n", "---\n", "null\n"):
        path.write_text(content)
        assert message(path) == f"{path}: the file is empty; begin with a line such as extends: airflow-3"


@pytest.mark.parametrize(("content", "what"), [("- a\n", "a list"), ("airflow-3\n", "one value")])
def test_a_file_that_is_no_mapping(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(content)
    assert message(path).startswith(f"{path}:1:1: a profile is a mapping of keys to values, this is {what}; begin")


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / f"{next(iter(texts))}.yaml"


def test_a_chain_of_files(tmp_path: Path) -> None:
    child = write(
        tmp_path,
        child="extends: parent.yaml\nconfig:\n  api:\n    maximum_page_limit: 3\n",
        parent="title: Parent\nextends: airflow-3-fab\nconfig:\n  api:\n    fallback_page_limit: 2\nusers: []\n",
    )
    profile = load(child)

    assert (profile.page_limit, profile.fallback_page_limit, profile.auth_manager) == (3, 2, "fab")
    assert (profile.name, profile.title, profile.users) == ("child", "child", ())
    assert profile.where("api.maximum_page_limit") == f"{child}:4:25"
    assert profile.where("config.api.fallback_page_limit") == f"{tmp_path}/parent.yaml:5:26"
    assert profile.where("core.auth_manager") == "airflow-3-fab.yaml:7:19"
    assert profile.where("airflow") == "airflow-3.yaml:5:10"


def test_extends_is_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path, base="extends: airflow-3\nairflow: '3.1'\n")
    child = write(tmp_path / "deep", child="extends: ../base.yaml\n")
    monkeypatch.chdir("/")
    assert str(load(child).airflow) == "3.1"


def test_a_file_may_extend_the_built_in_profile_of_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "airflow-3.yaml"
    path.write_text("extends: airflow-3\nairflow: '3.1'\n")
    monkeypatch.chdir(tmp_path)
    assert str(load("airflow-3.yaml").airflow) == "3.1"
    assert str(load("airflow-3").airflow) == "3.3"


@pytest.mark.parametrize("own", ["one.yaml", "./one.yaml", "../{folder}/one.yaml"])
def test_a_profile_that_extends_itself(tmp_path: Path, own: str) -> None:
    path = write(tmp_path, one=f"title: x\nextends: {own.format(folder=tmp_path.name)}\n")
    assert message(path).startswith(f"{path}:2:10: a circle: {path} extends ")


def test_a_circle_of_two(tmp_path: Path) -> None:
    path = write(tmp_path, one="extends: two.yaml\n", two="extends: one.yaml\n")
    circle = f"{path} extends {tmp_path}/two.yaml extends {path}"
    assert message(path) == f"{tmp_path}/two.yaml:1:10: a circle: {circle}; break it"


def test_a_parent_that_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path, one="title: x\nextends: airflow3\n")
    assert message(path) == (
        f'{path}:2:10: there is no built-in profile "airflow3" and no such file; did you mean airflow-3?'
    )


def test_a_fault_in_a_parent_names_the_parent(tmp_path: Path) -> None:
    path = write(tmp_path, one="extends: two.yaml\ntitel: x\n", two="extends: airflow-3\ntitel: y\nusres: []\n")
    assert message(path).splitlines() == [
        f'{path}:2:1: unknown key "titel"; did you mean title?',
        f'{tmp_path}/two.yaml:3:1: unknown key "usres"; did you mean users?',
    ]


def test_extends_that_is_no_text(tmp_path: Path) -> None:
    path = write(tmp_path, one="extends: [airflow-3]\nairflow: '3.3'\ndocuments: [public-api]\n")
    assert message(path) == f"{path}:1:10: extends must be text, this is a list"
