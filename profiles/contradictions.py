"""Values that are each right and cannot stand together.

A rule names the dotted keys it rests on; it is left out while one of them is faulty, so that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from profiles import known
from profiles.errors import Place, closest, listed, shown
from profiles.findings import Findings
from profiles.model import Profile
from specs.versions import within

Complaint = tuple[str, str]
"""A dotted key and what is wrong with its value."""
Rule = Callable[[Profile], Iterator[Complaint]]

ALL_ADMINS = "core.simple_auth_manager_all_admins"
AUTH_MANAGER = "core.auth_manager"
ORIGINS = "api.access_control_allow_origins"
INSTEAD = "the built-in profile airflow-3-all-admins has it so"


def find(profile: Profile, root: Place, findings: Findings) -> None:
    """Add every contradiction of the profile to the findings; `root` is the place for what stands nowhere."""
    for needs, rule in _RULES:
        if findings.spoiled.isdisjoint(needs):
            for key, text in rule(profile):
                findings.add(findings.places.get(key, root), key, text)


def _document_of_version(profile: Profile) -> Iterator[Complaint]:
    for name in profile.documents:
        ends = known.vocabulary().documents[name]
        if not within(profile.airflow, ends.get("since"), ends.get("until")):
            yield "documents", f"{name} is no document of Airflow {profile.airflow}, but of {_span(**ends)}"


def _option_of_version(profile: Profile) -> Iterator[Complaint]:
    for option in known.every_option():
        if profile.is_set(option.section, option.name) and not option.exists_in(profile.airflow):
            text = f"Airflow {profile.airflow} has no [{option.section}] {option.name}, but {_span(**option.ends)} has"
            yield option.key, f"{text}; leave it out or take another version"


def _all_admins_is_of_simple(profile: Profile) -> Iterator[Complaint]:
    if profile.all_admins and profile.auth_manager != "simple":
        yield ALL_ADMINS, f"the {profile.auth_manager} auth manager does not read this option; leave one of the two out"


def _all_admins_without_users(profile: Profile) -> Iterator[Complaint]:
    if profile.all_admins and profile.users:
        yield "users", f"nobody logs in where simple_auth_manager_all_admins is True; write users: [] ({INSTEAD})"


def _all_admins_without_roles(profile: Profile) -> Iterator[Complaint]:
    if profile.all_admins and "roles" in profile.capabilities:
        text = "everybody is admin where simple_auth_manager_all_admins is True; do not claim roles"
        yield "capabilities", f"{text} ({INSTEAD})"


def _usernames_differ(profile: Profile) -> Iterator[Complaint]:
    seen: set[str] = set()
    for index, user in enumerate(profile.users):
        if user.username in seen:
            yield f"users.{index}.username", f"there are two users {shown(user.username)}; give each a name of its own"
        seen.add(user.username)


def _usernames_fit(profile: Profile) -> Iterator[Complaint]:
    for index, user in enumerate(profile.users):
        if profile.auth_manager == "simple" and set(user.username) & set(",:"):
            yield (
                f"users.{index}.username",
                "the simple auth manager allows no comma and no colon here; take another name",
            )


def _roles_exist(profile: Profile) -> Iterator[Complaint]:
    manager = known.vocabulary().auth_manager(profile.option("core", "auth_manager") or "")
    for index, user in enumerate(profile.users):
        if user.role not in manager.roles:
            likely = closest(user.role, manager.roles)
            advice = f"did you mean {likely}?" if likely else f"its roles: {listed(manager.roles)}"
            yield f"users.{index}.role", f"the {manager.name} auth manager has no role {shown(user.role)}; {advice}"


def _no_wildcard_origin(profile: Profile) -> Iterator[Complaint]:
    """Measured: with it Airflow 3.3.2 refuses to start, 3.0.6 starts."""
    origins = (profile.option("api", "access_control_allow_origins") or "").split(",")
    if within(profile.airflow, "3.3", None) and "*" in (origin.strip() for origin in origins):
        yield ORIGINS, f"Airflow {profile.airflow} does not start with the origin *; list the origins one by one"


def _span(since: str | None = None, until: str | None = None) -> str:
    """A range of versions in words; at least one end is given."""
    return f"up to {until}" if since is None else f"{since} and later" if until is None else f"{since} to {until}"


_RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("airflow", "documents"), _document_of_version),
    (("airflow",), _option_of_version),
    ((AUTH_MANAGER, ALL_ADMINS), _all_admins_is_of_simple),
    ((AUTH_MANAGER, ALL_ADMINS), _all_admins_without_users),
    ((AUTH_MANAGER, ALL_ADMINS, "capabilities"), _all_admins_without_roles),
    ((), _usernames_differ),
    ((AUTH_MANAGER,), _usernames_fit),
    ((AUTH_MANAGER,), _roles_exist),
    (("airflow", ORIGINS), _no_wildcard_origin),
)
