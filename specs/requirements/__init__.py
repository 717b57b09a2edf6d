"""Requirements: atomic statements of the documents that a black box can check, or cannot, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from specs import yamlfile
from specs.predicate import holds

DOCUMENTS = ("public-api", "api-authentication", "experimental-api", "composer")
LEVELS = ("MUST", "SHOULD", "MAY")


@dataclass(frozen=True)
class Requirement:
    """One statement of a document: who demands it, how strongly, of which deployments, in our words.

    `by_ledger`: whether every operation of the interface has to be reached for it, beside what its checks say.
    """

    id: str
    level: str
    document: str
    section: str
    sentence: int
    text: str
    applies: Mapping[str, Any]
    untestable: str | None = None
    by_ledger: bool = False

    def applicable(self, facts: Mapping[str, object]) -> bool:
        """Whether a deployment with these facts (see `profiles.Profile.facts`) is held to it."""
        return holds(self.applies, facts)


@cache
def load(document: str) -> dict[str, Requirement]:
    """The requirements of one document by id, in the order of the file. KeyError for a document we do not have."""
    if document not in DOCUMENTS:
        raise KeyError(f"no requirements for the document {document!r}; there are: {', '.join(DOCUMENTS)}")
    content = yamlfile.read(__name__, f"{document}.yaml")
    found = [_requirement(document, entry) for entry in content["requirements"]]
    return {requirement.id: requirement for requirement in found}


def headings(document: str) -> dict[str, int]:
    """How many sentences the document has under each heading that demands something."""
    found: dict[str, int] = yamlfile.read(__name__, f"{document}.yaml")["headings"]
    return found


def find(requirement_id: str) -> Requirement:
    """The requirement of any document with this id. KeyError when there is none."""
    for document in DOCUMENTS:
        if requirement_id in load(document):
            return load(document)[requirement_id]
    raise KeyError(requirement_id)


def _requirement(document: str, entry: Mapping[str, Any]) -> Requirement:
    source = entry["source"]
    return Requirement(
        id=entry["id"],
        level=entry["level"],
        document=document,
        section=source["section"],
        sentence=source["sentence"],
        text=entry["text"],
        applies=entry.get("applies", {}),
        untestable=entry.get("untestable"),
        by_ledger=_by_ledger(entry),
    )


def _by_ledger(entry: Mapping[str, Any]) -> bool:
    """ValueError where something else than the ledger is to decide."""
    decider = entry.get("decided_by")
    if decider not in (None, "ledger"):
        raise ValueError(f"{entry['id']} is decided_by {decider!r}; there is only: ledger")
    return decider is not None
