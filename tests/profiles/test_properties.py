from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from profiles import Profile, ProfileError, known, load

NEWEST = known.vocabulary().versions[-1]
OPTIONS = [option for option in known.every_option() if option.exists_in(NEWEST) and not option.instead]
INTEGERS = [option.key for option in OPTIONS if option.type == "integer"]
TEXTS = [option.key for option in OPTIONS if option.type == "text"]

FOLDER = Path(__file__).parents[2] / "profiles"
NAMES = ("airflow-3", "airflow-2-custom", "airflow-2-experimental", "airflow-1.10-open")
BUILT_IN = {name: (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES}
WORDS = ["webserver_config", "AUTH_ROLE_PUBLIC", "pythonpath", "null", "headers", "active", "auth_backends", "."]
WORDS += ["a", "api", "config", "users", "airflow", "extends", "airflow-3", "3.10", "no", "010", "&x", "*x", "!t", "<<"]
SIGNS = ["\n", "\n  ", ": ", "- ", "? ", "\t", "\0", "---", "%YAML", *":-[]{},|>#~'\"\\"]
PIECES = st.sampled_from([*WORDS, *SIGNS])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A built-in profile with one stretch replaced by something else."""
    text = BUILT_IN[draw(st.sampled_from(sorted(BUILT_IN)))]
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 30)))
    return (text[:start] + "".join(draw(st.lists(PIECES, max_size=4))) + text[end:]).encode()


def outcome(name: str | Path, *overrides: str) -> tuple[ProfileError | None, Profile | None]:
    try:
        return None, load(name, overrides)
    except ProfileError as error:
        return error, None


@given(
    content=st.one_of(st.binary(max_size=200), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()), damaged())
)
@example(content=b'a: "\\UFFFFFFFF"')
@example(content=b"%YAML " + b"9" * 5000 + b".1\n---\na: 1\n")
@example(content=b"? ? ? ? ? ? ? ? ? ? ? ? ? ? a")
@example(content=b"extends: p.yaml")
def test_any_file_is_a_profile_or_a_profile_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "p.yaml"
    path.write_bytes(content)
    error, profile = outcome(path)
    if error:
        assert len(str(error).splitlines()) == len(error.problems) > 0
        assert str(error).encode()
    assert profile is None or profile.facts()["airflow"] in known.vocabulary().versions
    assert profile is None or profile.redacted()["airflow"] == profile.release


@given(override=st.text() | st.tuples(st.sampled_from([*INTEGERS, *TEXTS, "airflow", "x"]), st.text()).map("=".join))
def test_any_override_is_taken_or_a_profile_error(override: str) -> None:
    error, profile = outcome("airflow-3", override)
    assert profile or (error and all(problem.place.source == "--set 1" for problem in error.problems))


MODULES = st.sampled_from(sorted(known.vocabulary().backends)) | st.sampled_from(["", "own.gate", "basic_auth", "a/b"])
LAID_OVER = st.one_of(
    st.sampled_from(known.vocabulary().versions).map("airflow={}".format),
    st.integers(0, 20).map("airflow=1.10.{}".format),
    st.sets(st.sampled_from(sorted(known.vocabulary().documents))).map(lambda each: f"documents={','.join(each)}"),
    st.sampled_from(["capabilities=writes", "capabilities=roles", "api.enable_experimental_api=True"]),
    st.sampled_from(["kerberos.keytab=a", "webserver_config=null", "webserver_config.AUTH_ROLE_PUBLIC=Op"]),
    st.builds("api.auth_backend{}={}".format, st.sampled_from(["", "s"]), MODULES | st.lists(MODULES).map(",".join)),
)


@given(name=st.sampled_from(["airflow-1.10-kerberos", "airflow-2-chain", "airflow-2.2-basic"]), data=st.data())
def test_any_mix_of_versions_documents_and_backends_is_a_profile_or_told(name: str, data: st.DataObject) -> None:
    error, profile = outcome(name, *data.draw(st.lists(LAID_OVER, max_size=4)))
    if error:
        assert all(problem.text for problem in error.problems)
    if profile:
        facts = profile.facts()
        assert facts["backends"] == set(profile.asked_kinds)
        assert set(profile.asked_kinds) <= set(profile.backend_kinds)
        assert profile.interface.version == profile.airflow
        assert profile.api != "experimental" or (len(profile.asked) == 1 and profile.experimental)
        assert facts["admits"] or profile.asked_kinds == ("deny_all",)


@given(key=st.sampled_from(INTEGERS), number=st.integers())
def test_any_integer_is_read_back(key: str, number: int) -> None:
    section, name = key.split(".")
    profile = load("airflow-3", [f"{key}={number}"])
    assert profile.number(section, name) == number
    assert profile.where(key) == "--set 1"


@given(key=st.sampled_from(TEXTS), text=st.text(st.characters(exclude_categories=["C"])))
@example(key="api.base_url", text="null")
def test_any_text_is_read_back(key: str, text: str) -> None:
    section, name = key.split(".")
    text = text.replace("*", "-")  # as origin it is the one contradiction that a text can make
    profile = load("airflow-3", [f"{key}={text}"])
    default = known.options()[section][name].default(NEWEST)
    assert profile.option(section, name) == (default if text == "null" else text)
