from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from profiles import Cors, Profile, ProfileError, User, load
from profiles.airflow_cfg import from_cfg

CFG = """\
# comment
[core]
fernet_key = canary-fernet
simple_auth_manager_users = admin:admin, ann:viewer:team-a
parallelism = 3
auth_manager = airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager

[api]
base_url = https://host/%%20x
maximum_page_limit = 7
expose_config = T
access_control_allow_origins = https://a.example,
    https://b.example

[api_auth]
jwt_secret = canary-jwt
jwt_leeway: 5.0
trusted_jwks_url = https://me:canary-url@host/keys

[database]
sql_alchemy_conn = postgresql://u:canary-db@host/db
"""


@pytest.fixture
def cfg(tmp_path: Path) -> Path:
    path = tmp_path / "airflow.cfg"
    path.write_text(CFG)
    return path


def loaded(text: str, folder: Path) -> Profile:
    path = folder / "made.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_the_profile_loads_and_says_what_the_file_says(cfg: Path) -> None:
    profile = loaded(from_cfg(cfg), cfg.parent)

    assert (profile.name, str(profile.airflow), profile.documents) == ("made", "3.3", ("public-api",))
    assert (profile.page_limit, profile.number("api_auth", "jwt_leeway")) == (7, 5)
    assert profile.flag("api", "expose_config")
    assert profile.option("api", "base_url") == "https://host/%20x"
    assert profile.cors == Cors(None, None, "https://a.example,\nhttps://b.example")
    assert profile.users == (User("admin", None, "admin"), User("ann", None, "viewer"))
    assert profile.capabilities == frozenset()
    assert {name for names in profile.config.values() for name in names} == {
        "auth_manager",
        "base_url",
        "maximum_page_limit",
        "expose_config",
        "access_control_allow_origins",
        "jwt_leeway",
    }


def test_what_is_left_out_is_told_by_name_only(cfg: Path) -> None:
    text = from_cfg(cfg)
    assert "canary" not in text
    unknown = "#   [core] fernet_key, parallelism\n#   [database] sql_alchemy_conn\n"
    assert f"# Left out, as profiles do not know them:\n{unknown}" in text
    assert "# Left out, as they hold a secret:\n#   [api_auth] jwt_secret, trusted_jwks_url\n" in text
    assert "(username, password, role):\n#   [core] simple_auth_manager_users\n" in text


def test_environment_variables_win(cfg: Path) -> None:
    environ = {
        "AIRFLOW__API__MAXIMUM_PAGE_LIMIT": "9",
        "AIRFLOW__API_AUTH__JWT_SECRET": "canary-environment",
        "AIRFLOW__CORE__NONSENSE": "canary-nonsense",
        "AIRFLOW_HOME": "/nowhere",
        "AIRFLOW__": "x",
        "OTHER__API__BASE_URL": "x",
    }
    text = from_cfg(cfg, environ=environ)
    assert loaded(text, cfg.parent).page_limit == 9
    assert "canary" not in text
    assert "fernet_key, parallelism, nonsense\n" in text
    assert "[other]" not in text


def test_a_bad_variable_is_named(cfg: Path) -> None:
    with pytest.raises(ProfileError, match=r"^AIRFLOW__API__MAXIMUM_PAGE_LIMIT: maximum_page_limit must be a whole"):
        from_cfg(cfg, environ={"AIRFLOW__API__MAXIMUM_PAGE_LIMIT": "x"})


def test_the_version_is_given(cfg: Path) -> None:
    assert str(loaded(from_cfg(cfg, airflow="3.0"), cfg.parent).airflow) == "3.0"
    with pytest.raises(
        ProfileError, match=r"^--airflow 3.9: Airflow 3.9 is not known; take 1.10 or 2.0 to 2.11 or 3.0 to 3.3"
    ):
        from_cfg(cfg, airflow="3.9")


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("", ("admin",)),
        ("[core]\nsimple_auth_manager_users =\n", ()),
        ("[core]\nsimple_auth_manager_all_admins = True\nsimple_auth_manager_users = a:op\n", ()),
        ("[core]\nauth_manager = airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager\n", ()),
    ],
)
def test_users_are_those_of_the_simple_auth_manager(cfg: Path, text: str, users: tuple[str, ...]) -> None:
    cfg.write_text(text)
    assert tuple(user.username for user in loaded(from_cfg(cfg), cfg.parent).users) == users


def test_a_value_that_airflow_expands_is_pointed_out(cfg: Path) -> None:
    cfg.write_text("[api]\nbase_url = https://$HOST\n")
    assert "# [api] base_url has a $ that Airflow may expand; write what comes out.\n" in from_cfg(cfg)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "[api]\nmaximum_page_limit = x\nexpose_config = yes\n",
            [
                ':2: maximum_page_limit must be a whole number in plain digits; this is "x"',
                ':3: expose_config must be True or False or non-sensitive-only; this is "yes"',
            ],
        ),
        ("[api]\naccess_control_allow_origins = *\n", [":2: Airflow 3.3 does not start with the origin *; list the"]),
        ("[core]\nauth_manager = my.Keycloak\n", [":2: auth_manager must be the class path of an auth manager;"]),
        ("[core]\nsimple_auth_manager_users = canary\n", [":2: each user must be NAME:ROLE; correct the option"]),
        ("[core]\nsimple_auth_manager_users = a:boss\n", [':2: the simple auth manager has no role "boss"']),
        ("base_url = canary\n", [":1: an option before any [section]; is this an airflow.cfg?"]),
        (
            "[api]\ncanary canary\nmore canary\n",
            [
                ":2: neither a [section] nor OPTION = VALUE; correct the line",
                ":3: neither a [section] nor OPTION = VALUE; correct the line",
            ],
        ),
        ("[api]\nbase_url = a\nbase_url = canary\n", [":3: [api] base_url stands twice; keep one of the two"]),
        ("[api]\n[core]\n[api]\n", [":3: section [api] stands twice; join the two"]),
    ],
)
def test_files_that_are_refused(cfg: Path, text: str, problems: list[str]) -> None:
    cfg.write_text(text)
    with pytest.raises(ProfileError) as caught:
        from_cfg(cfg)
    lines = str(caught.value).splitlines()
    assert [line[: len(start) + len(str(cfg))] for line, start in zip(lines, problems, strict=True)] == [
        f"{cfg}{start}" for start in problems
    ]
    assert "canary" not in str(caught.value).replace(str(cfg), "")


def test_a_file_that_is_missing_or_no_text(cfg: Path) -> None:
    with pytest.raises(ProfileError, match=r"nothing\.cfg: there is no such file; name an airflow\.cfg$"):
        from_cfg(cfg.with_name("nothing.cfg"))
    cfg.write_bytes(b"[api]\n\xff = 1\n")
    with pytest.raises(ProfileError, match=r":2:1: not UTF-8 text"):
        from_cfg(cfg)


CFG_2 = """\
[api]
auth_backend = airflow.api.auth.backend.basic_auth
access_control_allow_origin = https://a.example
enable_experimental_api = False

[webserver]
expose_config = non-sensitive-only
secret_key = canary
"""


def test_airflow_2(cfg: Path) -> None:
    cfg.write_text(CFG_2)
    text = from_cfg(cfg, airflow="2.11.0")
    profile = loaded(text, cfg.parent)
    assert (profile.release, profile.documents, profile.auth_manager) == ("2.11.0", ("api-authentication",), "fab")
    assert profile.backend_kinds == ("basic", "session")
    assert profile.cors == Cors(None, None, "https://a.example")
    assert profile.exposes_config
    assert profile.users == ()
    assert "canary" not in text
    assert "AUTH_ROLE_PUBLIC in webserver_config.py, not in airflow.cfg" in text
    assert "# Left out, as they hold a secret:\n#   [webserver] secret_key\n" in text
    assert "pythonpath" not in text
    assert "xperimental" not in text.partition("config:")[0]
    assert loaded(from_cfg(cfg, airflow="2.1"), cfg.parent).backend_kinds == ("basic",)


def test_airflow_2_with_the_experimental_api(cfg: Path) -> None:
    cfg.write_text(CFG_2.replace("enable_experimental_api = False", "enable_experimental_api = True"))
    text = from_cfg(cfg, airflow="2.11")
    assert "# The experimental API is switched on, too. A run checks one API; for that one: documents: [exp" in text
    profile = loaded(text, cfg.parent)
    assert (profile.documents, profile.experimental) == (("api-authentication",), True)
    other = load(cfg.parent / "made.yaml", ["documents=experimental-api"])
    assert (other.api, other.asked_kinds) == ("experimental", ("basic",))


CFG_1 = """\
[api]
auth_backend = airflow.api.auth.backend.kerberos_auth
[kerberos]
principal = airflow
keytab = /etc/airflow.keytab
[webserver]
base_url = http://localhost:8080
rbac = False
secret_key = canary
"""


def test_airflow_1_10(cfg: Path) -> None:
    cfg.write_text(CFG_1)
    text = from_cfg(cfg, airflow="1.10.15")
    profile = loaded(text, cfg.parent)
    assert (profile.release, profile.documents, profile.api) == ("1.10.15", ("experimental-api",), "experimental")
    assert profile.asked_kinds == ("kerberos",)
    assert profile.option("kerberos", "keytab") == "/etc/airflow.keytab"
    assert profile.users == ()
    assert "canary" not in text
    assert "# Users are kept in Airflow's database, not in airflow.cfg.\n" in text
    assert "AUTH_ROLE_PUBLIC" not in text
    assert "#   [kerberos] principal\n#   [webserver] rbac\n" in text


@pytest.mark.parametrize(
    ("airflow", "backend", "kinds"),
    [
        ("1.10.10", "", ("allow_all",)),
        ("1.10.15", "", ("deny_all",)),
        ("1.10", "auth_backend = airflow.contrib.auth.backends.password_auth", ("password",)),
        ("2.11", "auth_backends = airflow.api.auth.backend.basic_auth", ("basic", "session")),
    ],
)
def test_the_keytab_of_who_does_not_take_tickets_is_left_out(
    cfg: Path, airflow: str, backend: str, kinds: tuple[str, ...]
) -> None:
    """Every airflow.cfg that Airflow writes has the line, which the ticket renewer reads, too."""
    cfg.write_text(f"[api]\n{backend}\n[kerberos]\nkeytab = airflow.keytab\n")
    text = from_cfg(cfg, airflow=airflow)
    assert "# Left out, as only the backend for Kerberos reads them:\n#   [kerberos] keytab\n" in text
    profile = loaded(text, cfg.parent)
    assert (profile.backend_kinds, profile.is_set("kerberos", "keytab")) == (kinds, False)


def test_the_keytab_is_kept_where_an_own_backend_may_read_it(cfg: Path) -> None:
    cfg.write_text("[api]\nauth_backend = company.gate\n[kerberos]\nkeytab = own.keytab\n")
    profile = loaded(from_cfg(cfg, airflow="1.10"), cfg.parent)
    assert profile.option("kerberos", "keytab") == "own.keytab"


def test_a_backend_of_another_version_is_told_with_its_line(cfg: Path) -> None:
    cfg.write_text("[api]\nauth_backend = airflow.contrib.auth.backends.password_auth\n")
    with pytest.raises(ProfileError, match=r":2: Airflow 2.2 has no backend .*password_auth, but 1.10 has; did you"):
        from_cfg(cfg, airflow="2.2")


def test_an_own_backend_needs_more_than_the_file_says(cfg: Path) -> None:
    cfg.write_text("[api]\nauth_backends = company.gate\n")
    text = from_cfg(cfg, airflow="2.6")
    assert "# Add pythonpath: [FOLDER], the folder of your backend module, and users with the headers" in text
    assert loaded(text, cfg.parent).backend_kinds == ("custom", "session")


def test_a_variable_under_the_former_name_and_a_line_under_the_new_one_are_told(cfg: Path) -> None:
    cfg.write_text("[api]\nauth_backends = company.gate\n")
    with pytest.raises(ProfileError, match=r"^AIRFLOW__API__AUTH_BACKEND: auth_backend is the former name of auth_b"):
        from_cfg(cfg, airflow="2.6", environ={"AIRFLOW__API__AUTH_BACKEND": "company.other"})


def test_what_another_version_has_is_left_out(cfg: Path) -> None:
    cfg.write_text("[api]\nexpose_config = True\nmaximum_page_limit = 7\n[webserver]\nexpose_config = False\n")
    old, new = from_cfg(cfg, airflow="2.11"), from_cfg(cfg)
    assert "# Left out, as they are no options of Airflow 2.11:\n#   [api] expose_config\n" in old
    assert "# Left out, as they are no options of Airflow 3.3:\n#   [webserver] expose_config\n" in new
    assert (loaded(old, cfg.parent).exposes_config, loaded(new, cfg.parent).exposes_config) == (False, True)


PIECES = [
    "[",
    "]",
    "api",
    "core",
    "DEFAULT",
    "maximum_page_limit",
    "auth_backends",
    "airflow.api.auth.backend.basic_auth",
    ",",
    "5",
    " = ",
    ":",
    "\n",
    "\n ",
    "#",
    ";",
    "%",
    "$x",
    "\0",
    "é",
]


@given(
    text=st.lists(st.sampled_from(PIECES)).map("".join) | st.text(),
    airflow=st.sampled_from(["3.3", "2.11", "2.2", "1.10"]),
)
def test_any_text_is_a_profile_or_a_profile_error(
    tmp_path_factory: pytest.TempPathFactory, text: str, airflow: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.cfg"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        made = from_cfg(path, airflow=airflow)
    except ProfileError:
        return
    profile = loaded(made, path.parent)
    assert (profile.release, len(profile.documents)) == (airflow, 1)


LINE = st.text(st.characters(exclude_categories=("C", "Z")), max_size=30)


@given(value=LINE)
def test_any_text_survives_the_round_trip(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / "airflow.cfg"
    path.write_text(f"[api_auth]\njwt_issuer = {value.replace('%', '%%')}\n", encoding="utf-8")
    text = from_cfg(path)
    if "//" not in value:
        assert loaded(text, folder).option("api_auth", "jwt_issuer") == value
    assert yaml.safe_load(text)["airflow"] == "3.3"
