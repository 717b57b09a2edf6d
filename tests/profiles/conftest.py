from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from profiles import ProfileError, load

Refuse = Callable[..., list[str]]


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    """Load a profile text (after `extends: airflow-3`) and give the problems, each without its folder."""

    def refuse(text: str, overrides: Sequence[str] = (), *, head: str = "extends: airflow-3\n") -> list[str]:
        path = tmp_path / "p.yaml"
        path.write_text(head + text, encoding="utf-8")
        with pytest.raises(ProfileError) as caught:
            load(path, overrides)
        lines = str(caught.value).splitlines()
        assert len(lines) == len(caught.value.problems)
        return [line.replace(f"{tmp_path}/", "") for line in lines]

    return refuse
