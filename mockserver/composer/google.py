"""Google as far as clients of Cloud Composer meet it: service accounts, their keys, and the tokens given out for them.

Google      accounts, keys
├── assertions    what a client signs with a key, to be given a token
└── tokens        access tokens and ID tokens, which the proxy looks at
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from mockserver.composer.assertions import Assertions
from mockserver.composer.tokens import Tokens
from mockserver.errors import SetupError
from profiles.accounts import ServiceAccount

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    from mockserver.world.clock import Clock

TOKEN_PATH = "/_google/token"  # noqa: S105 - it is a path
DOMAIN = ".iam.gserviceaccount.com"


@dataclass(frozen=True)
class Key:
    """A key of an account; `id` is its name in the header of what is signed with it."""

    id: str
    private: RSAPrivateKey

    @property
    def public(self) -> RSAPublicKey:
        """The half that Google keeps."""
        return self.private.public_key()

    @property
    def pem(self) -> str:
        """The half that is handed out, as PKCS 8."""
        from cryptography.hazmat.primitives import serialization as form

        kind, plain = form.PrivateFormat.PKCS8, form.NoEncryption()
        return self.private.private_bytes(form.Encoding.PEM, kind, plain).decode()


class Google:
    """The accounts, and who they are by number and address. SetupError where cryptography is not installed."""

    def __init__(self, accounts: Sequence[ServiceAccount], clock: Clock) -> None:
        _need_cryptography()
        self.accounts = tuple(accounts)
        self.tokens = Tokens(clock)
        self.assertions = Assertions(self, clock)

    def addressed(self, email: object) -> ServiceAccount | None:
        """The account of that address."""
        return next((account for account in self.accounts if account.email == email), None)

    def numbered(self, unique_id: object) -> ServiceAccount | None:
        """The account of that number."""
        return next((account for account in self.accounts if account.unique_id == unique_id), None)

    def key(self, account: ServiceAccount) -> Key:
        """The key of an account, which is made when it is asked for."""
        return _key(account)

    def key_file(self, account: ServiceAccount, url: str) -> str:
        """What ``gcloud iam service-accounts keys create`` writes, but that tokens are asked for at `url`."""
        key = self.key(account)
        content = {
            "type": "service_account",
            "project_id": project(account),
            "private_key_id": key.id,
            "private_key": key.pem,
            "client_email": account.email,
            "client_id": account.unique_id,
            "auth_uri": f"{url}/_google/auth",
            "token_uri": f"{url}{TOKEN_PATH}",
            "universe_domain": "googleapis.com",
        }
        return json.dumps(content, indent=2) + "\n"


def project(account: ServiceAccount) -> str:
    """The id of the project that an account is of."""
    return account.email.rpartition("@")[2].removesuffix(DOMAIN)


@cache
def _key(account: ServiceAccount) -> Key:  # noqa: ARG001 - for each account another
    """One for the time of the process: making it is slow, and it protects nothing."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(str(private.public_key().public_numbers().n).encode())
    return Key(digest.finalize().hex()[:40], private)


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401
    except ModuleNotFoundError:
        install = 'install it with: pip install "airflow-api-conformance[google]"'
        raise SetupError(f"Google's tokens are signed, which needs cryptography; {install}") from None
