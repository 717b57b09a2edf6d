"""The query parameter `fields`: which members of each thing are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.problems import bad_request
from mockserver.operations import Call, Page


@dataclass(frozen=True)
class Cut:
    """How one operation cuts what it shows; `title` and `schema` are those of the refusal (measured on 2.11.2).

    `early`: Airflow cuts the schema before it reads the thing, and fails on a name with a dot.
    """

    title: str
    schema: str
    early: bool

    def of(self, call: Call, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Those members that the request asks for; 400 for one that there is not."""
        wanted = call.query.get("fields")
        if not wanted:
            return dict(shown)
        wrong = [name for name in dict.fromkeys(wanted) if name not in shown]
        if self.early and any("." in name for name in wrong):
            break_down(call, f"{self.schema} has no {wrong}")
        if wrong:
            raise bad_request(self._says(wrong), title=self.title)
        return {name: shown[name] for name in wanted}

    def page(self, call: Call, page: Page) -> Page:
        """The page, its things cut."""
        if call.query.get("fields"):
            page.rows, page.view = [self.of(call, page.view(row)) for row in page.rows], dict
        return page

    def _says(self, wrong: list[str]) -> str:
        if self.early:
            return f"Invalid fields for <{self.schema}(many=False)>: OrderedSet({wrong!r})."
        return f"{wrong[0]} not in {self.schema}"
