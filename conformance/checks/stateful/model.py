"""What should be there: a model of the things of one kind, in plain Python. It knows nothing of requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from conformance.checks.stateful.resource import Change, Resource

Said = Mapping[str, Any]


class Model:
    """Things by their names, the oldest first; of each what was said of its fields, or what they are unless said."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self._things: dict[str, dict[str, Any]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._things))

    def __len__(self) -> int:
        return len(self._things)

    def __getitem__(self, name: str) -> Said:
        return self._things[name]

    def create(self, name: str, said: Said) -> None:
        """Put a thing there, or in the place of the one of its name; where things are replaced it is a new one."""
        if self.resource.again == "replaces":
            self._things.pop(name, None)
        self._things[name] = {each.name: said.get(each.name, each.unsaid) for each in self.resource.fields}

    def change(self, change: Change, name: str, said: Said, mask: Collection[str] | None, new_name: str) -> None:
        """Change what is said, of that only what the mask names; the rest stays, but for what the change resets."""
        thing = self._things[name]
        if mask is None:
            thing.update({each.name: each.unsaid for each in self.resource.fields if each.name in change.resets})
        for field in self.resource.fields:
            if field.name in said and (mask is None or field.name in mask):
                thing[field.name] = field.set(thing[field.name], said[field.name])
        if new_name != name:
            self._things = {new_name if key == name else key: value for key, value in self._things.items()}

    def delete(self, name: str) -> None:
        """Take a thing away, if it is there."""
        self._things.pop(name, None)
