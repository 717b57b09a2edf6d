from __future__ import annotations

import posixpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import apis
from conformance.strategies.paths import Spelling, methods, respelled, segments, slashes, spellings

API = apis.load("public-v2")
PATH = "/api/v2/pools"
BASE = "http://localhost:8080"


def test_no_spelling_is_the_straight_path() -> None:
    found = list(spellings(PATH, BASE, API))
    assert [each.how for each in found if each.target == PATH and not each.headers] == []
    assert len({each.how for each in found}) == len(found)


def test_spellings_can_be_sent() -> None:
    for each in (*spellings(PATH, BASE, API), *methods(PATH)):
        assert each.target.isascii()
        assert not set(" \r\n\0") & set(each.target), each.how


def test_slashes_are_doubled_everywhere() -> None:
    assert {"//api/v2/pools", "/api//v2/pools", "/api/v2//pools", "/api/v2/pools/", "//api//v2//pools"} <= {
        each.target for each in slashes(PATH)
    }


@pytest.mark.parametrize("name", apis.NAMES)
def test_dot_segments_lead_to_the_path(name: str) -> None:
    api = apis.load(name)
    path = f"{api.prefix}/pools"
    leading = [each for each in segments(path, api) if "from" in each.how and "encoded slash" not in each.how]
    for each in leading:
        plain = unquote(each.target).replace("..;", "..")
        assert posixpath.normpath(plain).endswith(path), each.how


@pytest.mark.parametrize("how", ["absolute form", "absolute form of another host"])
def test_absolute_form_has_the_path(how: str) -> None:
    target = next(each.target for each in spellings(PATH, BASE, API) if each.how == how)
    assert urlsplit(target).path == PATH
    assert urlsplit(target).scheme == "http"


def test_methods_change_nothing_or_name_another_in_a_header() -> None:
    for each in methods(PATH):
        assert each.target == PATH
        assert each.method.upper() not in ("POST", "PUT", "PATCH", "DELETE")


@given(spelling=respelled(PATH))
def test_random_spelling_means_the_path(spelling: Spelling) -> None:
    plain = unquote(spelling.target)
    while "//" in plain:
        plain = plain.replace("//", "/")
    assert posixpath.normpath(plain).lower() == PATH


@given(data=st.data())
def test_first_slash_stays(data: st.DataObject) -> None:
    assert data.draw(respelled(PATH)).target.startswith("/")
