"""Values about the platform (Cloud Composer) that are each right and cannot stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from profiles import accounts, known
from profiles.accounts import LONGEST_EMAIL, PREREGISTERED
from profiles.backend_rules import BACKENDS
from profiles.errors import listed, meant, shown
from profiles.known import PLAIN
from profiles.model import Profile
from profiles.rules import Complaint, Rules, span

ROLE = "api.composer_auth_user_registration_role"
VERSIONS = {"since": "2.0", "until": "2.11"}
WRITE = "write platform: composer"
KINDS = ("composer_auth", "allow_all", "deny_all")
"""Kinds of backends that the document has."""


def _of_the_version(profile: Profile) -> Iterator[Complaint]:
    if profile.platform != PLAIN and profile.airflow.major != 2:
        name = known.vocabulary().platforms[profile.platform]
        text = f"profiles know {name} with Airflow {span(**VERSIONS)}, this is {profile.airflow}"
        yield "platform", f"{text}; take one of those, or leave the platform out"


def _documents_of_the_platform(profile: Profile) -> Iterator[Complaint]:
    for name in profile.documents:
        whose = known.vocabulary().documents[name].get("platform", PLAIN)
        if whose != profile.platform:
            fitting = [other for other, facts in known.vocabulary().documents.items() if _is_for(profile, facts)]
            text = f"{name} is no document about the platform {profile.platform}; take {listed(fitting)}"
            yield "documents", text if profile.platform != PLAIN else f"{text}, or {WRITE}"


def _is_for(profile: Profile, facts: object) -> bool:
    return isinstance(facts, dict) and facts.get("platform", PLAIN) == profile.platform


def _options_of_the_platform(profile: Profile) -> Iterator[Complaint]:
    for option in known.every_option():
        if option.platform not in (None, profile.platform) and profile.is_set(option.section, option.name):
            yield option.key, f"only Cloud Composer has [{option.section}] {option.name}; {WRITE}, or leave it out"


def _keys_of_the_platform(profile: Profile) -> Iterator[Complaint]:
    keys: dict[str, object] = {accounts.RANGES: profile.web_server_allow_ip is not None}
    keys |= {accounts.ACCOUNTS: profile.service_accounts, "capabilities": "new-accounts" in profile.capabilities}
    keys |= {f"users.{index}.email": user.email for index, user in enumerate(profile.users)}
    for key, there in keys.items():
        if there and profile.platform == PLAIN:
            name = "new-accounts" if key == "capabilities" else key.rpartition(".")[2]
            yield key, f"{name} is for profiles of Cloud Composer; {WRITE}, or leave it out"


def _backends_of_the_platform(profile: Profile) -> Iterator[Complaint]:
    modules = known.vocabulary().backends
    key = f"api.{profile.backends_option}"
    for name in profile.configured_backends if profile.platform == PLAIN else ():
        if name in modules and modules[name].platform:
            yield key, f"only Cloud Composer has the backend {name}; {WRITE}, or take another backend"
    if profile.platform != PLAIN and (len(profile.backends) > 1 or profile.backend_kinds[0] not in KINDS):
        there = listed(module for module, backend in modules.items() if backend.kind in KINDS)
        yield key, f"the API of Cloud Composer has one backend, one of {there}; name one"


def _registration_role_exists(profile: Profile) -> Iterator[Complaint]:
    roles = [name.capitalize() for name in known.vocabulary().auth_manager(None).roles]
    if profile.registration_role not in (None, *roles):
        role = str(profile.registration_role)
        yield ROLE, f"there is no role {shown(role)}; {meant(role, roles)}"


def _accounts_differ(profile: Profile) -> Iterator[Complaint]:
    for name in accounts.ServiceAccount._fields:
        values = [getattr(account, name) for account in profile.service_accounts]
        for index, value in enumerate(values):
            if value in values[:index]:
                yield (
                    f"{accounts.ACCOUNTS}.{index}",
                    f"there are two service accounts with the {name} {shown(value)}; give each its own",
                )


def _emails_differ(profile: Profile) -> Iterator[Complaint]:
    times = Counter(user.email for user in profile.users if user.email)
    for index, user in enumerate(profile.users):
        if user.email and times[user.email] > 1:
            yield f"users.{index}.email", f"several users have the e-mail {shown(user.email)}; give each its own"


def _emails_fit(profile: Profile) -> Iterator[Complaint]:
    for index, user in enumerate(profile.users):
        if len(user.email or "") > LONGEST_EMAIL:
            text = f"Airflow's database holds e-mails of at most {LONGEST_EMAIL} characters"
            advice = f"take any other text, and username: {PREREGISTERED}UNIQUE_ID"
            yield f"users.{index}.email", f"{text}, this has {len(str(user.email))}; {advice}"


def _new_accounts_are_there(profile: Profile) -> Iterator[Complaint]:
    """A target's own accounts need not be listed; where some are, the claim is held against them."""
    new = [account for account in profile.service_accounts if accounts.user_of(account, profile.users) is None]
    kinds = {len(account.email) > LONGEST_EMAIL for account in new}
    if "new-accounts" in profile.capabilities and profile.service_accounts and kinds != {True, False}:
        two = f"one with an email of at most {LONGEST_EMAIL} characters and one with a longer one"
        yield "capabilities", f"list service_accounts of no user, {two}, or do not claim new-accounts"


RULES: Rules = (
    (("airflow", "platform"), _of_the_version),
    (("airflow", "platform", "documents"), _documents_of_the_platform),
    (("platform",), _options_of_the_platform),
    (("platform",), _keys_of_the_platform),
    (("airflow", "platform", *BACKENDS), _backends_of_the_platform),
    (("platform", ROLE), _registration_role_exists),
    ((accounts.ACCOUNTS,), _accounts_differ),
    (("users",), _emails_differ),
    (("users",), _emails_fit),
    (("platform", "users", accounts.ACCOUNTS, "capabilities"), _new_accounts_are_there),
)
