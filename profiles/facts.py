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
        "cors_origins_blank": any(len(origin.split()) > 1 for origin in origins.split(",")),
    }


def _backends(profile: Profile) -> Facts:
    kinds = profile.backend_kinds
    return {
        "backends": frozenset(kinds),
        **{kind: kind in kinds for kind in known.vocabulary().kinds},
        "custom_module": next(
            (name for name, kind in zip(profile.backends, kinds, strict=True) if kind == "custom"), None
        ),
        "backends_set": bool(profile.configured_backends),
        "several": chain.several(profile.airflow),
        "chain": len(profile.configured_backends) > 1,
        "challenges": kinds[-1:] == ("basic",),  # the backend that is asked last names a scheme
        "public_role": profile.public_role,
        "public_grants": profile.public_role not in (None, "Public")
        and chain.public_role_counts(profile.airflow, kinds),
        "web_login": profile.web_login,
        "admits": profile.web_login or not {"basic", "custom"}.isdisjoint(kinds),
        "expose_config": profile.exposes_config,
        **_cors(profile),
    }


def _cors(profile: Profile) -> Facts:
    values = profile.cors._asdict() if profile.cors else {}
    given = {f"cors_{what}": bool(values.get(what)) for what in ("headers", "methods", "origins")}
    return {**given, "cors_origins_blank": len((values.get("origins") or "").split()) > 1}
