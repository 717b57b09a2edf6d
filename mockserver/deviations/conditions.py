"""Under which profiles a deviation can show."""

from __future__ import annotations

from profiles import Profile


def with_users(profile: Profile) -> bool:
    """Users log in: not everybody is an admin."""
    return not profile.all_admins


def all_admins(profile: Profile) -> bool:
    """Everybody is an admin without logging in."""
    return profile.all_admins


def simple_with_users(profile: Profile) -> bool:
    """Users of the simple auth manager log in."""
    return with_users(profile) and profile.auth_manager == "simple"


def revoking(profile: Profile) -> bool:
    """Users log in, and logging out ends a token."""
    return with_users(profile) and profile.airflow >= (3, 3)


def without_cookie(profile: Profile) -> bool:
    """The cookie does not count by itself."""
    return with_users(profile) and profile.airflow < (3, 1)


def challenging(profile: Profile) -> bool:
    """A request that is refused with 401 is told to use Basic."""
    return profile.auth == "backends" and profile.backend_kinds[-1:] == ("basic",) and profile.public_role is None


def with_cors(profile: Profile) -> bool:
    """Some CORS option is set."""
    return profile.cors is not None


def without_cors(profile: Profile) -> bool:
    """No CORS option is set."""
    return profile.cors is None


def capping(profile: Profile) -> bool:
    """Lists are capped."""
    return profile.airflow >= (3, 1)


def capping_by_default(profile: Profile) -> bool:
    """Lists are capped at a limit that the profile does not set."""
    return capping(profile) and not profile.is_set("api", "maximum_page_limit")


def with_basic(profile: Profile) -> bool:
    """Basic is among the backends of Airflow 2."""
    return "basic" in profile.backend_kinds


def without_basic(profile: Profile) -> bool:
    """Nobody is let in for a name and a password."""
    return not with_basic(profile) and not public_grants(profile)


def with_session(profile: Profile) -> bool:
    """The session of the web login is among the backends."""
    return "session" in profile.backend_kinds and not public_grants(profile)


def several(profile: Profile) -> bool:
    """Session and Basic are tried in turn, as configured."""
    return bool(profile.facts()["chain"]) and with_session(profile) and with_basic(profile)


def opened(profile: Profile) -> bool:
    """The backend is the one that disables authentication for the experimental API."""
    return "allow_all" in profile.backend_kinds and not public_grants(profile)


def with_own(profile: Profile) -> bool:
    """A backend of one's own is configured."""
    return "custom" in profile.backend_kinds


def public_grants(profile: Profile) -> bool:
    """Who proves nothing has a role that may do something."""
    return bool(profile.facts()["public_grants"])


def refusing(profile: Profile) -> bool:
    """Somebody is let in, and who proves nothing is not."""
    return bool(profile.facts()["admits"]) and not public_grants(profile)


def admitting(profile: Profile) -> bool:
    """Somebody is let in."""
    return bool(profile.facts()["admits"])


def shown_config(profile: Profile) -> bool:
    """The API shows the configuration to somebody."""
    return profile.exposes_config and bool(profile.facts()["admits"])


def logging(profile: Profile) -> bool:
    """What is done through the API is in the event log."""
    return refusing(profile) and profile.airflow >= (2, 10)


def before_lists(profile: Profile) -> bool:
    """A version with one backend, which does not look at the session."""
    return profile.airflow < (2, 3) and not profile.web_login


def asking(profile: Profile) -> bool:
    """Not everybody is let in."""
    return not profile.facts()["allow_all"] and not public_grants(profile)


def proving(profile: Profile) -> bool:
    """Names and passwords, or tickets, are what lets in."""
    return not {"password", "kerberos"}.isdisjoint(profile.asked_kinds)


def with_password(profile: Profile) -> bool:
    """The backend that is asked is the password backend of Airflow 1.10."""
    return "password" in profile.asked_kinds


def with_kerberos(profile: Profile) -> bool:
    """The backend that is asked is Kerberos."""
    return "kerberos" in profile.asked_kinds


def asking_for_tickets(profile: Profile) -> bool:
    """Who shows nothing is told to show a ticket: of the challenges the last backend's counts."""
    return bool(profile.facts()["kerberos_last"]) and not public_grants(profile)


def denying(profile: Profile) -> bool:
    """The backend that is asked lets nobody in."""
    return "deny_all" in profile.asked_kinds


def letting_in(profile: Profile) -> bool:
    """The backend that is asked lets everybody in."""
    return "allow_all" in profile.asked_kinds
