"""Where the credentials for a target come from.

For each role the first of these that names it wins:

1. `--username` and `--password`: the role admin
2. `--credentials FILE`, YAML or JSON: role -> `{username: ..., password: ...}`, `{token: ...}` or `{key_file: ...}`,
   the key of a Google service account (its path counts from FILE); beside them `headers: {NAME: ...}` for a backend of
   the deployment's own and `ccache: FILE:...` for the cache that holds a Kerberos ticket; `inactive: ...` for a user
   who is not to be let in, `stranger: {ccache: ...}` for somebody whom the realm knows and the target does not,
   `newcomer:` and `long_email: {key_file: ...}` for Google accounts that Airflow does not know yet, the second with an
   e-mail of more than 64 characters; and for the secret with which the target signs its tokens `jwt_secret: ...`
3. the environment: AIRFLOW_CONFORMANCE_TOKEN, or _USERNAME with _PASSWORD: the role admin; _JWT_SECRET
4. the users of the profile that carry a password; its `[api_auth] jwt_secret`; the keys that a mock has written

Where Kerberos lets people in, the role admin has the ticket in the caller's own cache if nothing else is said of it; in
Cloud Composer it has Google's Application Default Credentials. A token is an access token of Google's there.
A user name on the command line may have its password in the environment, which no list of processes shows; nothing else
is put together from two places. Messages name the place, never the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from profiles import Profile, ProfileError, tree
from profiles.errors import Problem, meant
from profiles.tree import Branch, Scalar

ADMIN, COMPOSER = "admin", "composer"
INACTIVE, STRANGER, NEWCOMER, LONG_EMAIL = "inactive", "stranger", "newcomer", "long_email"
ROLES = ("admin", "op", "user", "viewer", "public")
_OTHERS = (INACTIVE, STRANGER, NEWCOMER, LONG_EMAIL)
_NAMES = (*ROLES, *_OTHERS)
_KEYS = ("username", "password", "token", "key_file", "headers", "ccache")
_PROOFS = ({"username", "password"}, {"token"}, {"key_file"})
_BESIDE = ("headers", "ccache")  # what may stand alone, or beside a user name and a password
_TICKET = "the caller's Kerberos ticket"
_DEFAULT = "Application Default Credentials"
_SECRET = "jwt_secret"  # noqa: S105 - the name of a key
_USERNAME, _PASSWORD, _TOKEN, _JWT_SECRET = (
    f"AIRFLOW_CONFORMANCE_{name}" for name in ("USERNAME", "PASSWORD", "TOKEN", "JWT_SECRET")
)


class CredentialsError(ValueError):
    """Credentials that cannot be used. One sentence that names file and line or the variable."""


@dataclass(frozen=True)
class Credential:
    """How one role proves who it is: with a user name and password, or with a token. `source` is where it stands.

    `headers` are what a backend of the deployment's own wants to see. `ccache` names the credential cache that holds
    the role's Kerberos ticket, as KRB5CCNAME does. `key_file` is the file with the key of a Google service account.
    """

    role: str
    source: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ccache: str | None = None
    key_file: str | None = None


@dataclass(frozen=True)
class Credentials:
    """A credential for each role that has one; `jwt_secret`: what the target is said to sign with, if anybody said.

    `jwt_secret_given`: the user said so, and not just a profile. `inactive`: a user who is not to be let in.
    `stranger`: who has a Kerberos ticket and is no user. `newcomer` and `long_email`: who has a Google account and is
    no user yet; the e-mail of the second is longer than Airflow's database holds.
    """

    by_role: Mapping[str, Credential]
    jwt_secret: str | None = field(default=None, repr=False)
    jwt_secret_source: str = ""
    jwt_secret_given: bool = False
    inactive: Credential | None = None
    stranger: Credential | None = None
    newcomer: Credential | None = None
    long_email: Credential | None = None

    @property
    def everybody(self) -> dict[str, Credential]:
        """Every credential, by role or by what the one is called who has no role."""
        others = zip(_OTHERS, (self.inactive, self.stranger, self.newcomer, self.long_email), strict=True)
        return {**self.by_role, **{name: one for name, one in others if one}}

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have a credential."""
        return tuple(self.by_role)

    def secrets(self) -> Iterable[tuple[str, str | None]]:
        """Everything in here that must not be shown, with the name of its user if it is a password.

        A password that is its user's name hides nothing; nor does one that is that of a principal without its realm.
        """
        for one in self.everybody.values():
            if one.password and one.password not in (one.username, _local(one.username)):
                yield one.password, one.username
            if one.token:
                yield one.token, None
            yield from ((value, None) for value in one.headers.values() if value not in (one.username, one.password))
        if self.jwt_secret:
            yield self.jwt_secret, None


def collect(
    profile: Profile,
    *,
    username: str | None = None,
    password: str | None = None,
    file: str | None = None,
    keys: Path | None = None,
    environ: Mapping[str, str],
) -> Credentials:
    """The credentials of a run; CredentialsError when what is given cannot be used.

    `keys`: the folder in which a mock of Cloud Composer has written the keys of its accounts.
    """
    by_role = _of_profile(profile, active=True)
    inactive = _of_profile(profile, active=False)
    others = _of_folder(keys) if keys else {}
    by_role |= {role: others.pop(role) for role in ROLES if role in others}
    given = False
    secret, source = _profile_secret(profile)
    if found := _environment(environ, username):
        by_role[ADMIN] = found
    if environ.get(_JWT_SECRET):
        secret, source, given = environ[_JWT_SECRET], _JWT_SECRET, True
    if file is not None:
        listed, own, where = _read(file)
        others |= {name: listed.pop(name) for name in _OTHERS if name in listed}
        by_role |= listed
        secret, source, given = (own, where, True) if own else (secret, source, given)
    if username is not None or password is not None:
        by_role[ADMIN] = _flags(username, password, environ)
    if "kerberos" in profile.asked_kinds:
        by_role.setdefault(ADMIN, Credential(ADMIN, _TICKET))
    if profile.platform == COMPOSER:
        by_role.setdefault(ADMIN, Credential(ADMIN, _DEFAULT))
    others = ({INACTIVE: next(reversed(inactive.values()))} if inactive else {}) | others
    ordered = {role: by_role[role] for role in (*ROLES, *by_role) if role in by_role}
    collected = Credentials(ordered, secret, source, given, **others)
    _usable(profile, collected.everybody)
    return collected


def _usable(profile: Profile, found: Mapping[str, Credential]) -> None:
    """CredentialsError for what the target of a profile has no use for."""
    if profile.platform == COMPOSER:
        _of_google(found)
        return
    for name, one in found.items():
        if one.key_file or name in (NEWCOMER, LONG_EMAIL):
            raise CredentialsError(f"{one.source}: the profile {profile.name} has no use for Google accounts")
        if one.token and profile.auth == "backends":
            raise CredentialsError(
                f"{one.source}: Airflow {profile.airflow} takes no token; give a user name and a password"
            )
        if one.headers and profile.auth == "jwt":
            raise CredentialsError(
                f"{one.source}: Airflow {profile.airflow} has no backends that take headers of their own"
            )
        if one.ccache and "kerberos" not in profile.asked_kinds:
            raise CredentialsError(f"{one.source}: the profile {profile.name} has no backend that takes a ticket")


def _of_google(found: Mapping[str, Credential]) -> None:
    for one in found.values():
        if one.username or one.headers or one.ccache:
            raise CredentialsError(f"{one.source}: Cloud Composer takes Google credentials only; give a key_file")


def _of_folder(folder: Path) -> dict[str, Credential]:
    names = {name: folder / f"{name.replace('_', '-')}.json" for name in _NAMES}
    return {
        name: Credential(name, "the keys of the mock", key_file=str(file))
        for name, file in names.items()
        if file.exists()
    }


def _of_profile(profile: Profile, *, active: bool) -> dict[str, Credential]:
    where = f"the profile {profile.name}"
    return {
        user.role: Credential(user.role, where, user.username, user.password, headers=user.headers)
        for user in reversed(profile.users)  # of two users with one role the first counts
        if user.password is not None and user.active == active and profile.platform != COMPOSER
    }


def _profile_secret(profile: Profile) -> tuple[str | None, str]:
    if not profile.is_set("api_auth", "jwt_secret"):
        return None, ""
    return profile.option("api_auth", "jwt_secret"), profile.where("api_auth.jwt_secret")


def _local(username: str | None) -> str:
    """The name of a principal, or of any user, without its realm."""
    return (username or "").partition("@")[0]


def _environment(environ: Mapping[str, str], flag: str | None) -> Credential | None:
    username, password, token = (environ.get(name) or None for name in (_USERNAME, _PASSWORD, _TOKEN))
    if token:
        return Credential(ADMIN, _TOKEN, token=token)
    if username and not password:
        raise CredentialsError(f"{_USERNAME} is set, but {_PASSWORD} is not")
    if password and not username and not flag:
        raise CredentialsError(f"{_PASSWORD} is set, but nobody says whose it is: set {_USERNAME} or give --username")
    return Credential(ADMIN, _USERNAME, username, password) if username else None


def _flags(username: str | None, password: str | None, environ: Mapping[str, str]) -> Credential:
    if not username:
        raise CredentialsError("--password needs --username beside it" if password else "--username is empty")
    if not password and not (password := environ.get(_PASSWORD)):
        raise CredentialsError(f"--username {username} needs a password: set {_PASSWORD} or give --password")
    return Credential(ADMIN, "--username", username, password)


def _read(file: str) -> tuple[dict[str, Credential], str | None, str]:
    """What a file says: a credential for each role, the secret and where that stands."""
    root = _tree(file)
    found: dict[str, Credential] = {}
    secret, where = None, ""
    for name, entry in root.entries.items():
        if name == _SECRET:
            secret, where = _text(name, entry.value), str(entry.key.place)
        elif name in _NAMES:
            found[name] = _from(file, _credential(name, entry.value))
        else:
            raise _error(entry.key, f"{name} is no role; {meant(name, (*_NAMES, _SECRET))}")
    return found, secret, where


def _from(file: str, one: Credential) -> Credential:
    """The credential with the path of its key as it counts from the file. CredentialsError where there is none."""
    if one.key_file is None:
        return one
    path = Path(file).parent / Path(one.key_file).expanduser()
    if not path.is_file():
        raise CredentialsError(f"{one.source}: there is no file {path}")
    return replace(one, key_file=str(path))


def _tree(file: str) -> Branch:
    problems: list[Problem] = []
    try:
        root = tree.read(Path(file).read_text(encoding="utf-8"), file, problems)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = str(error) if isinstance(error, ProfileError) else f"{file}: {_reason(error)}"
        raise CredentialsError(reason) from None
    if problems:
        raise CredentialsError(str(problems[0]))
    if not isinstance(root, Branch):
        raise CredentialsError(f"{file}:1: no credentials here; write e.g. admin: {{username: ann, password: ...}}")
    return root


def _reason(error: Exception) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else "no text in UTF-8"


def _credential(role: str, node: tree.Node) -> Credential:
    if not isinstance(node, Branch):
        raise _error(node, f"{role} needs a username and a password, a token, a key_file, or a ccache")
    for name, entry in node.entries.items():
        if name not in _KEYS:
            raise _error(entry.key, f"a credential has no {name}; {meant(name, _KEYS)}")
    values = {name: _text(name, entry.value) for name, entry in node.entries.items() if name != "headers"}
    headers = _headers(node.entries["headers"].value) if "headers" in node.entries else {}
    proof = values.keys() - set(_BESIDE)
    if proof not in _PROOFS and not (values.keys() <= set(_BESIDE) and node.entries):
        raise _error(node, f"{role} needs a username and a password, a key_file, or a token and nothing else")
    return Credential(role, str(node.place), **values, headers=headers)


def _headers(node: tree.Node) -> dict[str, str]:
    if not isinstance(node, Branch):
        raise _error(node, "headers needs names and values, such as {X-Api-Key: ...}")
    return {name: _text(name, entry.value) for name, entry in node.entries.items()}


def _text(name: str, node: tree.Node) -> str:
    if not isinstance(node, Scalar) or node.kind == "null" or not node.text:
        raise _error(node, f"{name} must be a text that is not empty")
    return node.text


def _error(node: tree.Node, text: str) -> CredentialsError:
    return CredentialsError(f"{node.place}: {text}")
