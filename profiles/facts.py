"""What the `applies` predicates of requirements and departures may ask about a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profiles import chain, known

if TYPE_CHECKING:
    from profiles.model import Profile

Facts = dict[str, object]


def of(profile: Profile) -> Facts:
    """The facts of a profile; those about tokens and about backends are there where they make sense."""
    return {**_common(profile), **(_jwt(profile) if profile.auth == "jwt" else _backends(profile))}


def _common(profile: Profile) -> Facts:
    return {
        "airflow": profile.airflow,
        "platform": profile.platform,
        "api": profile.api,
        "experimental": profile.experimental,
        "auth": profile.auth,
        "cors": profile.cors is not None,
        "page_limit": profile.page_limit,
        "page_limit_set": profile.is_set("api", "maximum_page_limit"),
        "capabilities": profile.capabilities,
    }


def _jwt(profile: Profile) -> Facts:
    origins = profile.option("api", "access_control_allow_origins") or ""
    return {
        "auth_manager": profile.auth_manager,
        "all_admins": profile.all_admins,
        "admits": True,
        "expose_config": profile.exposes_config,
        "test_connection": profile.option("core", "test_connection") == "Enabled",
        # No role of FAB had the permission to create or change an XCom (FAB 2.4.1 with 3.0.6).
        "xcom_writes": profile.auth_manager != "fab" or profile.airflow >= (3, 1),
        "cors_origins_blank": any(len(origin.split()) > 1 for origin in origins.split(",")),
    }


def _backends(profile: Profile) -> Facts:
    kinds = profile.asked_kinds
    return {
        "backends": frozenset(kinds),
        **{kind: kind in kinds for kind in known.vocabulary().kinds},
        "custom_module": next(
            (name for name, kind in zip(profile.asked, kinds, strict=True) if kind == "custom"), None
        ),
        "backends_set": bool(profile.configured_backends),
        "several": chain.several(profile.airflow),
        "chain": min(len(profile.configured_backends), len(kinds)) > 1,
        "challenges": not _CHALLENGING[profile.api].isdisjoint(kinds[-1:]),
        "kerberos_last": kinds[-1:] == ("kerberos",),
        "public_role": profile.public_role,
        "public_grants": _public_grants(profile),
        "web_login": profile.web_login,
        "admits": set(kinds) != {"deny_all"},
        "expose_config": profile.exposes_config,
        "test_connection": profile.airflow < (2, 7) or profile.option("core", "test_connection") == "Enabled",
        "registration_role": profile.registration_role,
        "all_addresses": profile.web_server_allow_ip is None,
        **_cors(profile),
    }


# Kinds of backends that, asked last, name a scheme in every 401. In v1 a ticket that is refused is a 401 without one.
_CHALLENGING = {"stable-v1": {"basic"}, "experimental": {"basic", "password", "kerberos"}}


def _public_grants(profile: Profile) -> bool:
    """Whether who shows nothing may do something because of the public role: in the experimental API, of any role."""
    if profile.api == "experimental":
        return profile.public_role is not None and chain.public_role_opens(profile.airflow, profile.asked)
    return profile.public_role not in (None, "Public") and chain.public_role_counts(
        profile.airflow, profile.asked_kinds
    )


def _cors(profile: Profile) -> Facts:
    values = profile.cors._asdict() if profile.cors else {}
    given = {f"cors_{what}": bool(values.get(what)) for what in ("headers", "methods", "origins")}
    return {**given, "cors_origins_blank": len((values.get("origins") or "").split()) > 1}
