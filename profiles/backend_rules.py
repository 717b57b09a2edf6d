"""Values about the authentication of Airflow 2 that are each right and cannot stand together."""

from __future__ import annotations

from collections.abc import Iterator

from profiles import chain, known, pythonpath
from profiles.errors import closest, listed, meant, shown
from profiles.model import Profile
from profiles.rules import Complaint, Rules
from specs.versions import within

BACKENDS = ("api.auth_backend", "api.auth_backends")
PUBLIC_ROLE = "webserver_config.AUTH_ROLE_PUBLIC"
MANAGER = "core.auth_manager"


def _of_airflow_2(profile: Profile) -> Iterator[Complaint]:
    if profile.auth == "backends":
        return
    said = {"webserver_config": profile.webserver_config, "pythonpath": profile.pythonpath}
    for key, value in said.items():
        if value:
            yield key, f"{key} is for profiles of Airflow 2; leave it out, or take another version"
    for index, user in enumerate(profile.users):
        for key, odd in (("active", not user.active), ("headers", user.headers)):
            if odd:
                yield f"users.{index}.{key}", f"{key} is for users of Airflow 2; leave it out, or take another version"


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
        key = f"api.{profile.backends_option}"
        if name in shipped and not within(profile.airflow, shipped[name].since, None):
            there = listed(one.module for one in shipped.values() if within(profile.airflow, one.since, None))
            text = f"Airflow {profile.airflow} has no backend {name}, but {shipped[name].since} and later has"
            yield key, f"{text}; take one of {there}"
        elif name.startswith("airflow.") and name not in shipped:
            yield key, f"Airflow has no backend {name}; {meant(name, shipped)}"


def _own_modules_are_found(profile: Profile) -> Iterator[Complaint]:
    shipped = {module.rpartition(".")[2]: module for module in reversed(list(known.vocabulary().backends))}
    for name in _own(profile):
        if pythonpath.find(name, profile.pythonpath) or pythonpath.installed(name):
            continue
        if likely := None if "." in name else closest(name, shipped):
            text = f"there is no module {name}; did you mean {shipped[likely]}?"
            yield f"api.{profile.backends_option}", text
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
            yield f"users.{index}.headers", f"{text}; name its module in auth_backends, or leave them out"


def _usernames_fit_basic(profile: Profile) -> Iterator[Complaint]:
    for index, user in enumerate(profile.users):
        if "basic" in profile.backend_kinds and ":" in user.username:
            yield f"users.{index}.username", "Basic credentials end the user name at the first colon; take another name"


RULES: Rules = (
    (("airflow", "webserver_config", "pythonpath"), _of_airflow_2),
    (("airflow", MANAGER), _fab_only),
    (("airflow", *BACKENDS), _names_are_modules),
    (("airflow", *BACKENDS), _backends_exist),
    (("airflow", "pythonpath", *BACKENDS), _own_modules_are_found),
    (("airflow", PUBLIC_ROLE), _public_role_exists),
    (("airflow", *BACKENDS), _headers_are_read),
    (("airflow", *BACKENDS), _usernames_fit_basic),
)
