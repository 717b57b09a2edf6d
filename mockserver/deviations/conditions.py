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
