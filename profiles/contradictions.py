"""Values that are each right and cannot stand together.

A rule names the dotted keys it rests on; it is left out while one of them is faulty, so that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Iterator

from profiles import backend_rules, known, platform_rules
from profiles.errors import Place, closest, listed, shown
from profiles.findings import Findings
from profiles.known import Option
from profiles.model import Profile
from profiles.rules import Complaint, Rules, span
from specs.versions import within

ALL_ADMINS = "core.simple_auth_manager_all_admins"
AUTH_MANAGER = "core.auth_manager"
SWITCH = "api.enable_experimental_api"
ORIGINS = "api.access_control_allow_origins"
INSTEAD = "the built-in profile airflow-3-all-admins has it so"


def find(profile: Profile, root: Place, findings: Findings) -> None:
    """Add every contradiction of the profile to the findings; `root` is the place for what stands nowhere."""
    for needs, rule in (*_RULES, *platform_rules.RULES, *backend_rules.RULES):
        if findings.spoiled.isdisjoint(needs):
            for key, text in rule(profile):
                findings.add(findings.places.get(key, root), key, text)


def _document_of_version(profile: Profile) -> Iterator[Complaint]:
    """It comes first and spoils the version, so that nothing else is told about a version that is a mistake."""
    for name in profile.documents:
        facts = known.vocabulary().documents[name]
        since, until = facts.get("since"), facts.get("until")
        if not within(profile.airflow, since, until):
            yield "airflow", f"{name} is no document of Airflow {profile.airflow}, but of {span(since, until)}"


def _documents_of_one_api(profile: Profile) -> Iterator[Complaint]:
    if len({known.vocabulary().documents[name]["api"] for name in profile.documents}) > 1:
        text = f"{listed(profile.documents)} are about different APIs, and a run checks one"
        yield "documents", f"{text}; keep one here, and write a profile that extends this one for the other"


def _experimental_is_on(profile: Profile) -> Iterator[Complaint]:
    if profile.api == "experimental" and not profile.experimental:
        where = SWITCH if profile.is_set("api", "enable_experimental_api") else "documents"
        text = f"Airflow {profile.airflow} has the experimental API only where [api] enable_experimental_api is True"
        yield where, f"{text}; set it, or take another document"


def _option_of_version(profile: Profile) -> Iterator[Complaint]:
    for option in known.every_option():
        if profile.is_set(option.section, option.name) and not option.exists_in(profile.airflow):
            text = f"Airflow {profile.airflow} has no [{option.section}] {option.name}, but {span(**option.ends)} has"
            other = _same_option(option, profile)
            advice = f"write [{other.section}] {other.name}" if other else "leave it out or take another version"
            yield option.key, f"{text}; {advice}"


def _same_option(option: Option, profile: Profile) -> Option | None:
    """The option that stood, or stands, for the same thing in the version of the profile, if there is one."""
    for other in known.every_option():
        renamed = other.section == option.section and (option.formerly == other.name or other.formerly == option.name)
        if (other.name == option.name or renamed) and other.exists_in(profile.airflow):
            return other
    return None


def _one_of_two_names(profile: Profile) -> Iterator[Complaint]:
    for option in known.every_option():
        if option.formerly and profile.is_set(option.section, option.name) and option.exists_in(profile.airflow):
            former = f"{option.section}.{option.formerly}"
            if profile.is_set(option.section, option.formerly):
                yield (
                    former,
                    f"{option.formerly} is the former name of {option.name}, which is set too; keep one of the two",
                )


def _all_admins_is_of_simple(profile: Profile) -> Iterator[Complaint]:
    if profile.auth == "jwt" and profile.flag(*ALL_ADMINS.split(".")) and profile.auth_manager != "simple":
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
    manager = known.vocabulary().auth_manager(profile.option("core", "auth_manager"))
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


_RULES: Rules = (
    (("airflow", "documents"), _document_of_version),
    (("airflow", "documents"), _documents_of_one_api),
    (("airflow", "documents", SWITCH), _experimental_is_on),
    (("airflow",), _option_of_version),
    ((), _one_of_two_names),
    ((AUTH_MANAGER, ALL_ADMINS), _all_admins_is_of_simple),
    ((AUTH_MANAGER, ALL_ADMINS), _all_admins_without_users),
    ((AUTH_MANAGER, ALL_ADMINS, "capabilities"), _all_admins_without_roles),
    ((), _usernames_differ),
    (("airflow", AUTH_MANAGER), _usernames_fit),
    (("airflow", AUTH_MANAGER), _roles_exist),
    (("airflow", ORIGINS), _no_wildcard_origin),
)
