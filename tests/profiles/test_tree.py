from __future__ import annotations

import pytest

from profiles import tree
from profiles.errors import Problem, ProfileError
from profiles.tree import Branch, Items, Scalar


def refusal(text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        tree.read(text, "p.yaml", [])
    return str(caught.value)


def value(text: str) -> Scalar:
    problems: list[Problem] = []
    root = tree.read(f"key: {text}", "p.yaml", problems)
    assert isinstance(root, Branch)
    assert not problems
    scalar = root.entries["key"].value
    assert isinstance(scalar, Scalar)
    return scalar


def test_every_key_and_value_knows_its_place() -> None:
    root = tree.read('a:\n  b: [x,\n    "y"]\n', "p.yaml", [])
    assert isinstance(root, Branch)
    inner = root.entries["a"].value
    assert isinstance(inner, Branch)
    entry = inner.entries["b"]
    assert isinstance(entry.value, Items)
    places = [entry.key.place, entry.value.place, *(node.place for node in entry.value.nodes)]
    assert [str(place) for place in places] == ["p.yaml:2:3", "p.yaml:2:6", "p.yaml:2:7", "p.yaml:3:5"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("abc", "text"),
        ('"no"', "text"),
        ("'3.10'", "text"),
        ("|\n  5\n", "text"),
        ("=", "text"),
        ("5", "integer"),
        ("-5", "integer"),
        ("0", "integer"),
        ("true", "boolean"),
        ("False", "boolean"),
        ("null", "null"),
        ("~", "null"),
        ("", "null"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert value(text).kind == kind
    assert not value(text).trap


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        ("no", "YAML reads the bare word no as false"),
        ("On", "YAML reads the bare word On as true"),
        ("3.10", 'YAML reads "3.10" as the number 3.1'),
        (".inf", 'YAML reads ".inf" as a number'),
        ("010", 'YAML reads "010" as an octal number'),
        ("0x1F", 'YAML reads "0x1F" as a hexadecimal number'),
        ("0b11", 'YAML reads "0b11" as a binary number'),
        ("1_000", 'YAML reads "1_000" as a number without the underscores'),
        ("1:30", 'YAML reads "1:30" as a number to the base 60, as in times'),
        ("1:30.5", 'YAML reads "1:30.5" as a number'),
        ("2026-11-21", 'YAML reads "2026-11-21" as a date'),
    ],
)
def test_traps_of_yaml(text: str, trap: str) -> None:
    assert (value(text).kind, value(text).text, value(text).trap) == ("trap", text, trap)


def test_duplicate_keys_are_told_and_the_first_one_stays() -> None:
    problems: list[Problem] = []
    root = tree.read("a: 1\nb: 2\na: 3\n", "p.yaml", problems)
    assert [str(problem) for problem in problems] == [
        'p.yaml:3:1: "a" stands twice, first in line 1; keep one of the two'
    ]
    assert isinstance(root, Branch)
    assert root.entries["a"].value.place.line == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("on: 1", 'p.yaml:1:1: a key must be text; write it in quotes: "on"'),
        ("3.0: 1", 'p.yaml:1:1: a key must be text; write it in quotes: "3.0"'),
        ("? [a]\n: 1", "p.yaml:1:3: a key must be a single word"),
    ],
)
def test_keys_that_are_no_text(text: str, message: str) -> None:
    problems: list[Problem] = []
    tree.read(text, "p.yaml", problems)
    assert [str(problem) for problem in problems] == [message]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a:\n\tb: 1\n", "p.yaml:2:1: not valid YAML: found character '\\t'"),
        ("a: b: c\n", "p.yaml:1:5: not valid YAML: mapping values are not allowed here; put text"),
        ('a: "b\n', "p.yaml:2:1: not valid YAML: found unexpected end of stream; close the quotes"),
        ("a: [1\nb: 2\n", "p.yaml:2:2: not valid YAML: expected ',' or ']'"),
        (
            "a: @b\n",
            "p.yaml:1:4: not valid YAML: found character '@' that cannot start any token; put the text in quotes",
        ),
        ("a: 1\n b: 2\n", "p.yaml:2:3: not valid YAML: mapping values are not allowed here"),
        ("a: *b\n", "p.yaml:1:4: anchors (&name) and aliases (*name) have no place in a profile"),
        ("a: &b 1\n", "p.yaml:1:4: anchors (&name)"),
        ("a: !!python/name:os.system x\n", "p.yaml:1:4: tags have no place in a profile"),
        ("a: ! x\n", "p.yaml:1:4: tags have no place"),
        ("a: 1\n---\nb: 2\n", "p.yaml:2:1: a second YAML document starts here"),
        ("a: \x01\n", "p.yaml:1:4: a control character stands here"),
        ("a: b\n\x7f", "p.yaml:2:1: a control character stands here"),
        ('a: "\\UFFFFFFFF"\n', "p.yaml:1:"),
        ("a: " + "[" * 20_000, "p.yaml:1:15: nested more deeply than any profile"),
        ("%YAML 2.0\n---\na: 1\n", "p.yaml:1:1: not valid YAML: found incompatible YAML document"),
    ],
)
def test_text_that_is_refused_is_refused_in_one_line_with_its_place(text: str, start: str) -> None:
    message = refusal(text)
    assert message.startswith(start)
    assert len(message.splitlines()) == 1


def test_tabs_are_explained() -> None:
    assert refusal("a:\n\tb: 1\n").endswith("; indent with blanks, not with tabs")


def test_a_file_without_content_is_none() -> None:
    assert tree.read("# nothing\n", "p.yaml", []) is None


def test_merge_lays_key_over_key_and_replaces_lists() -> None:
    def parsed(text: str, source: str) -> Branch:
        root = tree.read(text, source, [])
        assert isinstance(root, Branch)
        return root

    merged = tree.merge(parsed("a: {x: 1, y: 2}\nb: [1]\nc: {z: 1}", "old"), parsed("a: {y: 3}\nb: []\nc: 5", "new"))
    inner = merged.entries["a"].value
    assert isinstance(inner, Branch)
    places = {name: entry.value.place.source for name, entry in inner.entries.items()}
    assert places == {"x": "old", "y": "new"}
    assert merged.entries["b"].value == parsed("a: {y: 3}\nb: []", "new").entries["b"].value
    assert isinstance(merged.entries["c"].value, Scalar)
