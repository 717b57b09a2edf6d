"""Profiles of Airflow 2 as a whole; what they derive is in test_chain.py and test_facts.py."""

from __future__ import annotations

from pathlib import Path

import pytest

import profiles
from profiles import Cors, load
from specs.versions import Version

NAMES = [name for name in profiles.names() if name.startswith("airflow-2")]


@pytest.mark.parametrize("name", NAMES)
def test_built_in_profiles_have_the_lines_of_the_document_and_its_users(name: str) -> None:
    profile = load(name)
    assert (profile.auth, profile.auth_manager) == ("backends", "fab")
    assert profile.documents == (("experimental-api",) if "experimental" in name else ("api-authentication",))
    assert profile.cors == Cors(
        headers="origin, content-type, accept",
        methods="POST, GET, OPTIONS, DELETE",
        origins="https://exampleclientapp1.com https://exampleclientapp2.com",
    )
    realm = "@CONFORMANCE.TEST" if name == "airflow-2-kerberos" else ""
    assert [(user.username, user.password, user.role) for user in profile.users if user.active] == [
        (f"{role}{realm}", role, role) for role in ("admin", "op", "user", "viewer", "public")
    ]
    assert [user.username for user in profile.users if not user.active] == [f"inactive{realm}"]
    assert (profile.page_limit, profile.fallback_page_limit) == (100, 100)
    assert not profile.all_admins


def test_the_interface_is_that_of_the_version() -> None:
    old, new = load("airflow-2.2-basic").interface, load("airflow-2-basic").interface
    assert (old.version, new.version) == (Version(2, 2), Version(2, 11))
    assert len(old.operations) < len(new.operations)
    assert all(operation.path.startswith("/api/v1") for operation in new.operations.values())
    profile = load("airflow-3")
    assert (profile.api, profile.interface.version) == ("public-v2", Version(3, 3))
    assert profile.interface is profile.interface


@pytest.mark.parametrize(
    ("text", "release", "patch"), [("2.11", "2.11", None), ("2.11.0", "2.11.0", 0), ("2.6.3", "2.6.3", 3)]
)
def test_a_patch_number_is_kept(text: str, release: str, patch: int | None) -> None:
    profile = load("airflow-2-basic", [f"airflow={text}"])
    assert (profile.patch, profile.release, profile.redacted()["airflow"]) == (patch, release, release)


def test_the_users_of_the_custom_profile_have_headers_that_are_not_shown() -> None:
    profile = load("airflow-2-custom", ["title=x"])
    viewer = next(user for user in profile.users if user.username == "viewer")
    assert viewer.headers == {"X-Conformance-User": "viewer", "X-Conformance-Key": "viewer"}
    assert "Conformance" not in repr(profile)
    shown = profile.redacted()["users"]
    assert shown[-1] == {
        "username": "inactive",
        "password": "***",
        "role": "admin",
        "active": False,
        "headers": {"X-Conformance-User": "***", "X-Conformance-Key": "***"},
    }
    assert {load("airflow-2-custom"): 1}[load("airflow-2-custom")] == 1


def test_the_experimental_profile() -> None:
    profile = load("airflow-2-experimental")
    assert (profile.api, profile.asked_kinds, profile.experimental) == ("experimental", ("allow_all",), True)
    assert profile.public_role == "Public"
    assert profile.capabilities == {"writes", "fixture-dags"}
    assert all(operation.path.startswith("/api/experimental/") for operation in profile.interface.operations.values())


def test_the_kerberos_profile() -> None:
    profile = load("airflow-2-kerberos")
    assert (profile.api, profile.backend_kinds, profile.public_role) == ("stable-v1", ("kerberos", "session"), None)
    assert profile.capabilities == {"writes", "roles", "fixture-dags"}
    assert not profile.is_set("kerberos", "keytab")
    assert load("airflow-2-kerberos", ["kerberos.keytab=/a"]).option("kerberos", "keytab") == "/a"


def test_the_custom_module_is_found_below_its_pythonpath() -> None:
    (folder,) = load("airflow-2-custom").pythonpath
    assert folder.is_absolute()
    assert (folder / "conformance_backend.py").is_file()


def test_folders_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "a" / "own").mkdir(parents=True)
    (tmp_path / "a" / "own" / "gate.py").touch()
    (tmp_path / "a" / "base.yaml").write_text(
        "extends: airflow-2-session\npythonpath: [own]\nconfig: {api: {auth_backends: gate}}\n"
    )
    (tmp_path / "child.yaml").write_text("extends: a/base.yaml\n")
    assert load(tmp_path / "child.yaml").pythonpath == (tmp_path / "a" / "own",)


def test_a_folder_on_the_command_line_is_relative_to_where_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "company").mkdir(parents=True)
    (tmp_path / "own" / "company" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    profile = load("airflow-2-session", ["pythonpath=own", "api.auth_backends=company"])
    assert profile.pythonpath == (tmp_path / "own",)
    assert profile.backend_kinds == ("custom", "session")


@pytest.mark.parametrize(("override", "role"), [("AUTH_ROLE_PUBLIC=Viewer", "Viewer"), ("AUTH_ROLE_PUBLIC=null", None)])
def test_webserver_config_on_the_command_line(override: str, role: str | None) -> None:
    profile = load("airflow-2-basic", [f"webserver_config.{override}"])
    assert profile.public_role == role
    assert profile.where("webserver_config.AUTH_ROLE_PUBLIC") == "--set 1"
    assert profile.redacted()["webserver_config"] == {"AUTH_ROLE_PUBLIC": role}


def test_null_takes_webserver_config_back() -> None:
    assert load("airflow-2-chain").public_role is None
    profile = load("airflow-2-chain", ["webserver_config=null"])
    assert profile.public_role == "Public"
    assert profile.where("webserver_config.AUTH_ROLE_PUBLIC") == "default of Airflow 2.11"
    assert "webserver_config" not in profile.redacted()


def test_former_names_of_options_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        'documents: [api-authentication]\nairflow: "2.11"\n'
        "config:\n  api:\n    access_control_allow_origin: http://a\n"
        "    auth_backend: airflow.api.auth.backend.default\n"
    )
    for airflow in ("2.1", "2.11"):
        profile = load(path, [f"airflow={airflow}"])
        assert profile.cors == Cors(None, None, "http://a")
        assert profile.backend_kinds == ("allow_all",)
    assert profile.where("api.auth_backends") == profile.where("api.auth_backend") == f"{path}:6:19"
    assert profile.where("api.access_control_allow_origins") == f"{path}:5:34"


def test_defaults_by_version() -> None:
    manager = load("airflow-2-basic", ["airflow=2.8"]).option("core", "auth_manager")
    assert manager == "airflow.auth.managers.fab.fab_auth_manager.FabAuthManager"
    assert load("airflow-2-basic", ["airflow=2.6"]).option("core", "auth_manager") is None
    assert load("airflow-2-basic").option("api", "expose_config") is None
    assert load("airflow-2-basic").option("webserver", "expose_config") == "False"
    assert load("airflow-3").option("webserver", "expose_config") is None
