"""Users (measured on 2.2.5, 2.3.4, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from mockserver.api.filters import order
from mockserver.api.v1 import masks, operation
from mockserver.api.v1.forms import Field, Form, each, nested, text
from mockserver.api.v1.orders import ordered, shown
from mockserver.api.v1.problems import already_exists, bad_request, not_found, unknown
from mockserver.operations import Answer, Call, Page
from mockserver.world.habits import has
from mockserver.world.users import PUBLIC, Role, User
from specs.versions import Version

if TYPE_CHECKING:
    from mockserver.stable import StableMock

Body = Mapping[str, Any]

_ORDERS = order("id=number", "first_name", "last_name", "email")
_OLD_ORDERS = {**_ORDERS, **order("user_id=number")}
_BROKEN_ORDERS = ("user_name", "is_active", "role")


def _form(first: int, username: int, email: int) -> Form:
    """The form of a user, by the lengths of names and address."""
    role = nested(Form(name=Field(text, required=True, longest=64)))
    return Form(
        first_name=Field(text, required=True, longest=first),
        last_name=Field(text, required=True, longest=first),
        username=Field(text, required=True, longest=username),
        email=Field(text, required=True, longest=email),
        roles=Field(each(role)),
        password=Field(text, longest=256),
    )


_SHORT, _LONG, _LONGER = _form(64, 64, 64), _form(64, 256, 256), _form(256, 512, 512)


def _read(call: Call) -> dict[str, Any]:
    version: Version = call.world.version
    long = _LONGER if has(version, "users have longer names") else _LONG
    return (long if has(version, "users have long names") else _SHORT).load(call)


def view(user: User) -> dict[str, Any]:
    """A user, never with the password."""
    return {
        "active": user.active,
        "changed_on": shown(user.changed_on),
        "created_on": shown(user.created_on),
        "email": user.email,
        "fail_login_count": user.fail_login_count,
        "first_name": user.first_name,
        "last_login": shown(user.last_login),
        "last_name": user.last_name,
        "login_count": user.login_count,
        "roles": [{"name": role.name} for role in user.roles],
        "username": user.username,
    }


@operation("get_user")
def get_user(call: Call) -> Body:
    """Show a user."""
    return view(_get(call))


@operation("get_users")
def get_users(call: Call) -> Page:
    """List the users."""
    orders = _ORDERS if has(call.world.version, "users and roles only ascend") else _OLD_ORDERS
    rows = ordered(call, call.world.users, orders, _BROKEN_ORDERS)
    for row in rows:
        row.cache.clear()  # a role may have another name by now
    return call.page(rows, key="users", view=view, order=orders)


@operation("post_user")
def post_user(call: Call) -> Body:
    """Create a user. Who is given no role gets the public one, and is not created if there is none."""
    values, users = _read(call), call.world.users
    username, email = values["username"], values["email"]
    if users.named(username):
        raise already_exists(f"Username `{username}` already exists. Use PATCH to update.")
    if users.addressed(email):
        raise already_exists(f"The email `{email}` is already taken.")
    roles = _roles(call, values.get("roles", [])) or _default(call)
    if not roles:
        raise unknown(f"Failed to add user `{username}`.")
    names = values["first_name"], values["last_name"]
    return view(call.world.add_user(username, values.get("password", ""), *names, email, roles))


@operation("patch_user")
def patch_user(call: Call) -> Answer:
    """Change a user; the body needs everything, with a mask too. 2.2 and 2.3 declare to answer with a role."""
    values = _read(call)
    user = _get(call)
    _keep_apart(call, user, values)
    values = _chosen(call, values)
    if "roles" in values:
        values["roles"] = _roles(call, values["roles"])
    for name, value in values.items():
        setattr(user, name, value)
    user.changed_on = call.world.now()
    mock = cast("StableMock", call.mock)
    return mock.renderer.render(mock.interface.operations["get_user"], view(user))


@operation("delete_user")
def delete_user(call: Call) -> None:
    """Delete a user."""
    call.world.users.remove(_get(call).number)


def _get(call: Call) -> User:
    name = call.path["username"]
    user = call.world.users.named(name)
    if user is None:
        raise not_found("User not found", f"The User with username `{name}` was not found")
    return user


def _keep_apart(call: Call, user: User, values: Body) -> None:
    """Refuse a name or an address that somebody has already, the user's own name in another case too."""
    users, username, email = call.world.users, values["username"], values["email"]
    if username and username != call.path["username"] and users.named(username):
        raise already_exists(f"The username `{username}` already exists")
    if email and email != user.email and users.addressed(email):
        raise already_exists(f"The email `{email}` already exists")


def _chosen(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """The values that the mask names; all that are not there are told at once."""
    mask = masks.names(call)
    missing = [name for name in mask if name not in values]
    if missing:
        raise bad_request(f"Unknown update masks: {', '.join(map(repr, missing))}")
    return {name: values[name] for name in mask} if mask else values


def _roles(call: Call, references: list[Body]) -> tuple[Role, ...]:
    found = {one["name"]: call.world.roles.named(one["name"]) for one in references}
    missing = [name for name, role in found.items() if role is None]
    if missing:
        raise bad_request(f"Unknown roles: {', '.join(map(repr, missing))}")
    return tuple(role for role in found.values() if role)


def _default(call: Call) -> tuple[Role, ...]:
    """The role of who registers: that of AUTH_ROLE_PUBLIC, which before 2.8 is Public where it is not set."""
    profile = call.mock.profile
    unset = profile.public_role if has(call.world.version, "users register in no role") else PUBLIC
    name = profile.webserver_config.get("AUTH_ROLE_PUBLIC", unset) if call.mock.follow == "airflow" else PUBLIC
    role = call.world.roles.named(name) if name else None
    return (role,) if role else ()
