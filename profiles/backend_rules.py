"""Values about the authentication of Airflow up to 2.11 that are each right and cannot stand together."""

from __future__ import annotations

from collections.abc import Iterator

from profiles import chain, known, lookalikes, pythonpath
from profiles.errors import listed, meant, shown
from profiles.model import Profile
from profiles.rules import Complaint, Rules, span

BACKENDS = ("api.auth_backend", "api.auth_backends")
PUBLIC_ROLE = "webserver_config.AUTH_ROLE_PUBLIC"
MANAGER = "core.auth_manager"


def _of_the_version(profile: Profile) -> Iterator[Complaint]:
    said = {"webserver_config": profile.webserver_config, "pythonpath": profile.pythonpath}
    for key, value in said.items():
        if value and profile.airflow.major not in _MAJORS[key]:
            yield key, _misplaced(key, "profiles")
    for index, user in enumerate(profile.users):
        for key, odd in (("active", not user.active), ("headers", user.headers)):
            if odd and profile.airflow.major not in _MAJORS[key]:
                yield f"users.{index}.{key}", _misplaced(key, "users")


# The major versions whose API asks backends that look at it.
_MAJORS = {"webserver_config": (2,), "pythonpath": (1, 2), "active": (2,), "headers": (1, 2)}


def _misplaced(key: str, whose: str) -> str:
    majors = " and ".join({1: "1.10", 2: "2"}[major] for major in _MAJORS[key])
    return f"{key} is for {whose} of Airflow {majors}; leave it out, or take another version"


def _roles_count(profile: Profile) -> Iterator[Complaint]:
    if profile.airflow.major == 1 and "roles" in profile.capabilities:
        text = f"in the API of Airflow {profile.airflow} whoever is let in may do everything"
        yield "capabilities", f"{text}; do not claim roles"


def _fab_only(profile: Profile) -> Iterator[Complaint]:
    if profile.auth == "backends" and profile.auth_manager != "fab":
        yield MANAGER, f"Airflow {profile.airflow} has the fab auth manager only; leave the line out"


def _names_are_modules(profile: Profile) -> Iterator[Complaint]:
    option = profile.backends_option
    for name in profile.configured_backends:
        if not name and profile.config["api"][option] and chain.several(profile.airflow):
            yield f"api.{option}", "a name is missing beside a comma; separate the modules by single commas"
        elif not name and not chain.several(profile.airflow):
            yield f"api.{option}", f"Airflow {profile.airflow} does not start without a backend; name a module"
        elif "," in name:
            text = f"auth_backend names one module before Airflow 2.3, this is {shown(name)}"
            yield f"api.{option}", f"{text}; keep one, or take 2.3 or later"
        elif name and not all(part.isidentifier() for part in name.split(".")):
            yield f"api.{option}", f"{shown(name)} is no name of a Python module; write it with dots, as in an import"


def _backends_exist(profile: Profile) -> Iterator[Complaint]:
    shipped = known.vocabulary().backends
    for name in profile.configured_backends:
        key, backend = f"api.{profile.backends_option}", shipped.get(name)
        if backend and not backend.exists_in(profile.airflow):
            text = f"Airflow {profile.airflow} has no backend {name}, but {span(**backend.ends)} has"
            yield key, f"{text}; {lookalikes.advice(name, profile.airflow)}"
        elif name.startswith("airflow.") and not backend:
            yield key, f"Airflow has no backend {name}; {lookalikes.advice(name, profile.airflow)}"


def _own_modules_are_found(profile: Profile) -> Iterator[Complaint]:
    for name in _own(profile):
        if pythonpath.find(name, profile.pythonpath) or pythonpath.installed(name):
            continue
        if likely := None if "." in name else lookalikes.intended(name, profile.airflow):
            yield f"api.{profile.backends_option}", f"there is no module {name}; did you mean {likely}?"
        elif profile.pythonpath:
            where = listed(profile.pythonpath)
            yield "pythonpath", f"there is no module {name} in {where}; name the folder in which it stands"


def _own(profile: Profile) -> Iterator[str]:
    """Configured modules that do not come with Airflow, and can be modules."""
    for name in profile.configured_backends:
        if all(part.isidentifier() for part in name.split(".")) and not name.startswith("airflow."):
            yield name


def _public_role_exists(profile: Profile) -> Iterator[Complaint]:
    role = profile.webserver_config.get("AUTH_ROLE_PUBLIC")
    roles = [name.capitalize() for name in known.vocabulary().auth_manager(None).roles]
    if role is not None and role not in roles:
        yield PUBLIC_ROLE, f"there is no role {shown(role)}; {meant(role, roles)}"


def _headers_are_read(profile: Profile) -> Iterator[Complaint]:
    for index, user in enumerate(profile.users):
        if profile.auth == "backends" and user.headers and "custom" not in profile.backend_kinds:
            text = "only a backend of your own reads headers of a user"
            yield f"users.{index}.headers", f"{text}; name its module in {profile.backends_option}, or leave them out"


def _usernames_fit_basic(profile: Profile) -> Iterator[Complaint]:
    for index, user in enumerate(profile.users):
        if ":" in user.username and not {"basic", "password"}.isdisjoint(profile.backend_kinds):
            yield f"users.{index}.username", "Basic credentials end the user name at the first colon; take another name"


def _options_are_read(profile: Profile) -> Iterator[Complaint]:
    """An own backend may read what it likes."""
    modules = {backend.kind: backend.module for backend in reversed(list(known.vocabulary().backends.values()))}
    for option in known.every_option():
        read = option.read_by is None or not {option.read_by, "custom"}.isdisjoint(profile.backend_kinds)
        if not read and profile.is_set(option.section, option.name) and option.exists_in(profile.airflow):
            text = f"{option.name} counts only with the backend {modules[option.read_by or '']}"
            yield option.key, f"{text}; name it in {profile.backends_option}, or leave {option.name} out"


RULES: Rules = (
    (("airflow", "webserver_config", "pythonpath"), _of_the_version),
    (("airflow", "capabilities"), _roles_count),
    (("airflow", MANAGER), _fab_only),
    (("airflow", *BACKENDS), _names_are_modules),
    (("airflow", *BACKENDS), _backends_exist),
    (("airflow", "pythonpath", *BACKENDS), _own_modules_are_found),
    (("airflow", PUBLIC_ROLE), _public_role_exists),
    (("airflow", *BACKENDS), _headers_are_read),
    (("airflow", *BACKENDS), _usernames_fit_basic),
    (("airflow", *BACKENDS), _options_are_read),
)
