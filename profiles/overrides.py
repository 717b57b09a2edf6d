"""``--set KEY=VALUE``: values from the command line, laid over the profile as one more child."""

from __future__ import annotations

from collections.abc import Sequence

from profiles import known, tree, webserver
from profiles.errors import Place, Problem, listed, shown
from profiles.tree import Branch, Items, Scalar

TEXTS = ("airflow", "title", "platform")
LISTS = ("documents", "capabilities", "pythonpath", "web_server_allow_ip")
NULLABLE = (webserver.KEY, "web_server_allow_ip")
FILE_ONLY = ("profile", "extends", "config", "users", "service_accounts")


def lay_over(root: Branch, overrides: Sequence[str], problems: list[Problem]) -> Branch:
    """`root` with every override; one that cannot be read is added to `problems` and left out.

    An override is ``SECTION.OPTION=VALUE`` (value as in airflow.cfg; the word null takes the option back),
    ``webserver_config.NAME=VALUE`` (null is Python's None), ``webserver_config=null``, ``airflow=VERSION``,
    ``title=TEXT``, ``platform=NAME``, or a list such as ``capabilities=A,B``.
    """
    for number, override in enumerate(overrides, start=1):
        place = Place(f"--set {number}")
        key, equals, value = override.partition("=")
        if not equals:
            problems.append(Problem(place, f"there is no = in it; write {_FORM}"))
        elif branch := _branch(key.strip(), value, place, problems):
            root = tree.merge(root, branch)
    return root


_FORM = "SECTION.OPTION=VALUE, such as api.maximum_page_limit=5"


def _branch(key: str, value: str, place: Place, problems: list[Problem]) -> Branch | None:
    path = key.removeprefix("config.").split(".")
    scalar = Scalar(place, value, "null" if value == "null" else "text")
    if len(path) == 2 and all(path):
        home = () if path[0] == webserver.KEY else ("config",)
        return tree.under(".".join((*home, *path)), scalar)
    if key in NULLABLE and scalar.kind == "null":
        return tree.under(key, scalar)
    if key in TEXTS:
        return tree.under(key, Scalar(place, value))
    if key in LISTS:
        words = [word.strip() for word in value.split(",") if word.strip()]
        return tree.under(key, Items(place, tuple(Scalar(place, word) for word in words)))
    problems.append(Problem(place, _unknown(key)))
    return None


def _unknown(key: str) -> str:
    if key in FILE_ONLY:
        return f"{key} cannot be set on the command line; write a file that extends the profile, and set it there"
    homes = [option.key for option in known.every_option() if option.name == key]
    homes += [f"{webserver.KEY}.{name}" for name in known.vocabulary().webserver_config if name == key]
    if homes:
        return f"{key} needs its section; write {homes[0]}=VALUE"
    return f"there is no {shown(key)} to set; write {_FORM}, or one of {listed((*TEXTS, *LISTS))}"
