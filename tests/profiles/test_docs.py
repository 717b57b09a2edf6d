from __future__ import annotations

import re
from pathlib import Path

from profiles import load, names

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"


def test_the_page_names_every_built_in_profile_but_those_of_airflow_3() -> None:
    named = set(re.findall(r"`((?:airflow|composer)-[^`]+)`", PAGE.read_text(encoding="utf-8")))
    assert {name for name in names() if not name.startswith("airflow-3")} <= named <= set(names())


def test_the_examples_of_the_page_are_profiles(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "company").mkdir(parents=True)
    (tmp_path / "plugins" / "company" / "gate.py").touch()
    three, two, one, composer = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "three.yaml").write_text(three)
    (tmp_path / "two.yaml").write_text(two)
    (tmp_path / "one.yaml").write_text(one)
    (tmp_path / "composer.yaml").write_text(composer)
    assert load(tmp_path / "three.yaml").page_limit == 200
    assert load(tmp_path / "one.yaml").asked_kinds == ("password",)
    ours = load(tmp_path / "composer.yaml")
    assert (ours.platform, ours.registration_role, len(ours.web_server_allow_ip or ())) == ("composer", "Viewer", 2)
    profile = load(tmp_path / "two.yaml")
    assert profile.backend_kinds == ("custom", "basic", "session")
    assert (profile.public_role, profile.facts()["public_grants"]) == ("Viewer", True)
    assert [user.active for user in profile.users] == [True, False]
    assert profile.users[0].headers == {"X-Gate": "letmein"}
