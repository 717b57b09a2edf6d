from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from specs.contract import cut, parse
from specs.refresh import UnknownKeyError, merge, normalise, sources
from specs.refresh.__main__ import build, main
from specs.refresh.apis import APIS
from specs.refresh.facts import canonical
from specs.refresh.layout import lay_out
from specs.versions import Version

VERSIONS = ("3.0", "3.1", "3.2", "3.3")
PROSE = {"title": "P", "description": "P.", "summary": "P", "tags": ["P"], "examples": ["P"]}

# Few names and values, so that versions often agree, and the names that the encoding treats in a way of their own.
KEYS = st.sampled_from(
    ["a", "b", "type", "properties", "required", "enum", "x-order-by", "parameters", "anyOf", "title"]
)
SCALARS = st.sampled_from(["a", "b", "c", "", None, True, False, 0, 1, 1.0, "x-since"])
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=4)
        | st.lists(inner, max_size=3)
        | st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(sorted)
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(st.dictionaries(KEYS, JSON, max_size=4), min_size=1, max_size=4)

NAMES = st.sampled_from(["a", "b", "title", "tags", "default"])


def _schema(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "array", "string"]),
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.lists(NAMES, unique=True, max_size=3),
            "enum": st.lists(NAMES, unique=True, max_size=3),
            "anyOf": st.lists(inner, max_size=3),
            "additionalProperties": st.booleans() | inner,
            "items": inner,
            "default": SCALARS | st.lists(NAMES, max_size=2),
            "description": st.just("P"),
        },
    )


SCHEMAS = st.recursive(st.fixed_dictionaries({}, optional={"type": NAMES, "$ref": NAMES}), _schema, max_leaves=8)
PARAMETERS = st.lists(
    st.fixed_dictionaries({"name": NAMES, "in": st.sampled_from(["query", "path"]), "schema": SCHEMAS}),
    unique_by=lambda one: (one["name"], one["in"]),
    max_size=3,
)
OPERATIONS = st.fixed_dictionaries(
    {
        "operationId": NAMES,
        "responses": st.dictionaries(st.sampled_from(["200", "404"]), st.just({"description": "P"}), max_size=2),
    },
    optional={"parameters": PARAMETERS, "security": st.just([{"b": []}, {"a": []}]), "tags": st.just(["P"])},
)
INTERFACES = st.fixed_dictionaries(
    {
        "openapi": st.just("3.1.0"),
        "info": st.just({"title": "P", "version": "2"}),
        "paths": st.dictionaries(
            st.sampled_from(["/a", "/b/{c}"]),
            st.dictionaries(st.sampled_from(["get", "post"]), OPERATIONS, max_size=2),
            max_size=2,
        ),
        "components": st.fixed_dictionaries({"schemas": st.dictionaries(NAMES, SCHEMAS, max_size=3)}),
    }
)


def _assert_each_version_comes_back(documents: list[dict[str, Any]]) -> None:
    merged = parse(lay_out(merge(dict(zip(VERSIONS, documents, strict=False)))))
    for version, document in zip(VERSIONS, documents, strict=False):
        assert canonical(cut(merged, Version.parse(version))) == canonical(document), version


@given(DOCUMENTS)
def test_merging_loses_nothing_of_any_json(documents: list[dict[str, Any]]) -> None:
    _assert_each_version_comes_back(documents)


@given(st.lists(INTERFACES, min_size=1, max_size=4))
def test_merging_loses_nothing_of_an_interface(documents: list[dict[str, Any]]) -> None:
    _assert_each_version_comes_back([normalise(document) for document in documents])


@given(INTERFACES)
def test_facts_are_facts_already(document: dict[str, Any]) -> None:
    facts = normalise(document)
    assert normalise(facts) == facts


def _operation(**more: Any) -> dict[str, Any]:
    return {"operationId": "a", "responses": {"200": {"description": "P"}}, **more}


def _document(**more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "P", "version": "2"}, "paths": {}, "components": {}, **more}


class TestFacts:
    def test_prose_goes_and_what_only_has_its_name_stays(self) -> None:
        text = {"type": "string", "maxLength": 9, **PROSE}
        schema = {**PROSE, "type": "object", "properties": {"title": text, "tags": {"type": "array", "items": text}}}
        found = normalise(_document(components={"schemas": {"description": schema}}))
        plain = {"type": "string", "maxLength": 9}
        assert found["components"]["schemas"] == {
            "description": {"type": "object", "properties": {"title": plain, "tags": {"type": "array", "items": plain}}}
        }
        assert found["info"] == {"version": "2"}

    def test_defaults_and_constants_are_not_looked_into(self) -> None:
        schema = {"default": {"title": "kept", "tags": ["z", "a"]}, "const": ["b", "a"]}
        assert normalise(_document(components={"schemas": {"a": schema}}))["components"]["schemas"]["a"] == schema

    def test_lists_whose_order_says_nothing_get_one(self) -> None:
        first, second = {"$ref": "#/components/schemas/A"}, {"type": "null"}
        order, offset = {"name": "b", "in": "query", "schema": {}}, {"name": "a", "in": "query", "schema": {}}

        def facts(turned: bool) -> dict[str, Any]:
            step = -1 if turned else 1
            schema = {"anyOf": [first, second][::step], "required": ["a", "b"][::step], "enum": ["x", "y"][::step]}
            listed = {"parameters": [order, offset][::step], "security": [{"A": []}, {"B": []}][::step]}
            return normalise(
                _document(paths={"/a": {"get": _operation(**listed)}}, components={"schemas": {"S": schema}})
            )

        assert facts(turned=True) == facts(turned=False)

    def test_a_fixed_order_stays(self) -> None:
        pair = {"prefixItems": [{"type": "string", "title": "P"}, {"type": "integer"}]}
        found = normalise(_document(components={"schemas": {"a": pair}}))
        assert found["components"]["schemas"]["a"]["prefixItems"] == [{"type": "string"}, {"type": "integer"}]

    def test_orders_are_read_from_the_prose(self) -> None:
        text = "Prefix with `-`. Supported attributes: `id, name, id, _val`"
        parameter = {"name": "order_by", "in": "query", "schema": {"type": "string"}, "description": text}
        found = normalise(_document(paths={"/a": {"get": _operation(parameters=[parameter])}}))
        (kept,) = found["paths"]["/a"]["get"]["parameters"]
        assert kept == {
            "name": "order_by",
            "in": "query",
            "schema": {"type": "string"},
            "x-order-by": ["_val", "id", "name"],
        }

    def test_scheme_facts_stay_without_their_prose(self) -> None:
        scheme = {
            "type": "oauth2",
            "description": "P",
            "flows": {"password": {"scopes": {"read": "P"}, "tokenUrl": "/auth/token"}},
        }
        found = normalise(_document(components={"securitySchemes": {"O": scheme}}))
        assert found["components"]["securitySchemes"]["O"] == {
            "type": "oauth2",
            "flows": {"password": {"scopes": {"read": ""}, "tokenUrl": "/auth/token"}},
        }

    @pytest.mark.parametrize(
        ("more", "where"),
        [
            ({"webhooks": {}}, "document: document has webhooks"),
            (
                {"paths": {"/a": {"get": _operation(callbacks={})}}},
                r"document\.paths\./a\.get: operation has callbacks",
            ),
            ({"components": {"schemas": {"A": {"items": {"if": {}}}}}}, r"schemas\.A\.items: schema has if"),
            ({"components": {"schemas": {"A": {"x-since": "1"}}}}, r"schemas\.A: schema has x-since"),
        ],
    )
    def test_an_unknown_key_is_named_with_its_place(self, more: dict[str, Any], where: str) -> None:
        with pytest.raises(UnknownKeyError, match=where):
            normalise(_document(**more))

    def test_a_part_takes_along_what_it_needs(self) -> None:
        def of(name: str) -> dict[str, Any]:
            schema = {"$ref": f"#/components/schemas/{name}"}
            return {"post": _operation(requestBody={"content": {"a/b": {"schema": schema}}}, security=[{name: []}])}

        schemas = {"A": {"items": {"$ref": "#/components/schemas/C"}}, "B": {}, "C": {"anyOf": [{"$ref": "C"}]}}
        schemes = {"A": {"type": "http"}, "B": {"type": "http"}}
        document = _document(
            paths={"/auth/token": of("A"), "/auth/users": of("B")},
            components={"schemas": schemas, "securitySchemes": schemes},
        )
        found = normalise(document, ["/auth/token"])
        assert list(found["paths"]) == ["/auth/token"]
        assert found["components"]["schemas"].keys() == {"A", "C"}
        assert found["components"]["securitySchemes"].keys() == {"A"}
        assert normalise(document)["components"]["schemas"].keys() == {"A", "B", "C"}


class TestMerge:
    """How the marks read; that they are exact is shown above."""

    def test_what_comes_and_goes_is_marked_where_it_stands(self) -> None:
        merged = merge({"3.0": {"a": {"k": 1}, "b": {}}, "3.1": {"b": {}, "c": {}}, "3.2": {"b": {}, "c": {}}})
        assert merged == {"b": {}, "c": {"x-since": "3.1"}, "a": {"x-until": "3.0", "k": 1}}

    def test_names_that_differ_stand_beside_their_list(self) -> None:
        merged = merge({"3.0": {"enum": ["a", "b"]}, "3.1": {"enum": ["b", "c"]}})
        assert merged == {
            "enum": ["a", "b", "c"],
            "x-enum-versions": {"a": {"x-until": "3.0"}, "c": {"x-since": "3.1"}},
        }

    def test_a_parameter_is_the_same_by_name_and_place(self) -> None:
        def parameters(*names: str, **schema: Any) -> dict[str, Any]:
            return {"parameters": [{"name": name, "in": "query", "schema": schema} for name in names]}

        merged = merge({"3.0": parameters("a", type="string"), "3.1": parameters("a", "b", type="integer")})
        a, b = merged["parameters"]
        assert (a["name"], "x-since" in a, b["name"], b["x-since"]) == ("a", False, "b", "3.1")
        kinds = [{"x-until": "3.0", "type": "string"}, {"x-since": "3.1", "type": "integer"}]
        assert a["schema"] == {"x-versions": kinds}

    def test_neighbours_that_agree_share_an_alternative(self) -> None:
        merged = merge({"3.0": {"d": 1, "t": 1}, "3.1": {"d": 1, "t": 1}, "3.2": {"d": True}})
        assert merged == {"x-versions": [{"x-until": "3.1", "d": 1, "t": 1}, {"x-since": "3.2", "d": True}]}

    def test_what_comes_back_is_told_twice(self) -> None:
        merged = merge({"3.0": {"a": {"b": 1}}, "3.1": {}, "3.2": {"a": {"b": 1}}})
        assert merged == {"x-versions": [{"x-until": "3.0", "a": {"b": 1}}, {"x-since": "3.2", "a": {"b": 1}}]}

    @pytest.mark.parametrize(
        ("key", "old", "new"),
        [
            ("enum", ["b", "a"], ["a"]),
            ("required", ["a", "a"], ["a"]),
            ("anyOf", [{"type": "array", "items": {}}, {"type": "array"}], [{"type": "array"}]),
        ],
    )
    def test_a_list_in_an_order_of_its_own_or_with_doubles_is_told_whole(self, key: str, old: Any, new: Any) -> None:
        merged = merge({"3.0": {key: old}, "3.1": {key: new}})
        assert merged == {"x-versions": [{"x-until": "3.0", key: old}, {"x-since": "3.1", key: new}]}

    @pytest.mark.parametrize("mark", ["x-since", "x-until", "x-versions", "x-enum-versions"])
    def test_marks_in_a_document_are_refused(self, mark: str) -> None:
        with pytest.raises(ValueError, match=f"the document of 3.0 has a key of its own called {mark}"):
            merge({"3.0": {"a": [{"b": {mark: 1}}]}})


@given(JSON)
def test_the_text_is_the_document(document: Any) -> None:
    text = lay_out({"a": document})
    assert canonical(json.loads(text)) == canonical({"a": document})


def test_the_text_has_one_line_for_what_fits() -> None:
    row = {"a": ["b"] * 20}
    assert lay_out(row).count("\n") == 1
    assert lay_out({"one": row, "two": {}, "three": [row, 1]}).splitlines()[1:3] == [
        f' "one": {json.dumps(row)},',
        ' "two": {},',
    ]


def _packages(directory: Path, pools: str = "/pools") -> None:
    """Wheels of the pinned names that hold one small document each."""
    for name, api in APIS.items():
        members = {"core": api.document} | {key: member for key, member in api.auth_managers.items() if member}
        for version, pinned in api.packages.items():
            of_version = [(_small(name, key, version, pools), member) for key, member in members.items()]
            for package, release in pinned.items():
                wheel = directory / f"{package.replace('-', '_')}-{release}-py3-none-any.whl"
                with ZipFile(wheel, "w") as archive:
                    for document, member in of_version:
                        if member.package == package:
                            archive.writestr(member.file, yaml.safe_dump(document))


def _small(api: str, name: str, version: str, pools: str) -> dict[str, Any]:
    newest = version == list(APIS[api].packages)[-1]
    path = "/auth/token" if name != "core" else "/new" if newest else pools
    answer = {"operationId": f"{name}_one", "responses": {"200": {"description": "P"}}, "summary": "P"}
    servers = [{"url": "/api/v1", "description": "P"}] if api == "stable-v1" else []
    return _document(paths={path: {"get": answer}}, components={"schemas": {}}, servers=servers)


class TestCommand:
    def test_a_refresh_is_the_same_every_time_and_checks(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["--index-cache", str(tmp_path), "--directory", str(tmp_path)]
        files = [tmp_path / f"{api}.yaml" for api in APIS]
        _packages(tmp_path)
        assert main(options) == 0
        first = [file.read_bytes() for file in files]
        assert main(options) == 0
        assert [file.read_bytes() for file in files] == first
        assert main([*options, "--check"]) == 0
        capsys.readouterr()

        _packages(tmp_path, pools="/swimming")
        assert main([*options, "--check"]) == 1
        assert [file.read_bytes() for file in files] == first
        shown = capsys.readouterr().out
        for pools in ("/pools", "/api/v1/pools"):
            assert f'-  "{pools}": {{' in shown
            assert f'+  "{pools.replace("pools", "swimming")}": {{' in shown

    def test_one_api_alone(self, tmp_path: Path) -> None:
        _packages(tmp_path)
        assert main(["--index-cache", str(tmp_path), "--directory", str(tmp_path), "--api", "stable-v1"]) == 0
        assert [file.name for file in tmp_path.glob("*.yaml")] == ["stable-v1.yaml"]

    def test_what_it_writes_says_what_it_covers(self, tmp_path: Path) -> None:
        _packages(tmp_path)
        document = build("public-v2", sources.read(APIS["public-v2"], tmp_path))
        assert document["x-covers"] == list(VERSIONS)
        assert document["x-sources"] == APIS["public-v2"].packages
        assert document["paths"]["/new"]["x-since"] == "3.3"
        assert document["paths"]["/pools"]["x-until"] == "3.2"
        assert document["x-auth-managers"]["fab"]["paths"]["/auth/token"]["get"]["operationId"] == "fab_one"
        assert "x-open" not in document

    def test_an_api_without_token_routes(self, tmp_path: Path) -> None:
        _packages(tmp_path)
        document = build("stable-v1", sources.read(APIS["stable-v1"], tmp_path))
        assert document["x-auth-managers"] == {"fab": {"paths": {}, "components": {"schemas": {}}}}
        assert document["x-open"] == ["get_health", "get_version"]
        assert document["x-covers"][-3:] == ["2.9", "2.10", "2.11"]
        assert document["paths"]["/api/v1/pools"]["x-until"] == "2.10"

    def test_a_contract_never_written_differs(self, tmp_path: Path) -> None:
        _packages(tmp_path)
        assert main(["--index-cache", str(tmp_path), "--directory", str(tmp_path / "none"), "--check"]) == 1

    def test_a_package_without_its_document_is_named(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        _packages(tmp_path)
        with ZipFile(tmp_path / "apache_airflow_core-3.1.8-py3-none-any.whl", "w"):
            pass
        assert main(["--index-cache", str(tmp_path), "--check"]) == 2
        error = capsys.readouterr().err
        assert "apache_airflow_core-3.1.8-py3-none-any.whl has no airflow/api_fastapi/core_api" in error

    def test_pip_is_asked_for_the_wheel_alone_and_its_last_word_is_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked: list[list[str]] = []

        def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
            asked.append(command)
            return subprocess.CompletedProcess(command, 1, "", "warning\nno such release\n")

        monkeypatch.setattr(subprocess, "run", run)
        assert main(["--index-cache", str(tmp_path / "new"), "--check"]) == 2
        assert {"download", "--no-deps", "apache-airflow-core==3.0.6"} <= set(asked[0])
        assert "pip could not download apache-airflow-core==3.0.6: no such release" in capsys.readouterr().err
