"""The backend kerberos_auth: a ticket for the service airflow/host, shown in the header Authorization.

Measured on 1.10.15, 2.2.5 and 2.11.2 with MIT Kerberos. One token must do: there is no second round. Any principal is
let in that has a ticket; who that is to the stable API is for `chain` to say.
"""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING

from mockserver.auth.authorization import joined
from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict, Visit
from mockserver.auth.gssapi import Acceptor, GssError
from mockserver.errors import Crash, SetupError
from profiles import hosts
from profiles.chain import public_role_opens

if TYPE_CHECKING:
    from profiles import Profile

SERVICE = "airflow"
_BASE64 = re.compile("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
CHALLENGE = Verdict(401, (("www-authenticate", "Negotiate"),))


class Kerberos:
    """Lets in whoever has a ticket, and answers the token with one where the client wants to know whom it talks to.

    `public`: it lets everybody in without a look. `documents`: what is called Negotiate is a token, and whoever is not
    let in is asked for one; else what the scheme is called does not count, and a wrong token is 403 without challenge.
    """

    def __init__(self, acceptor: Acceptor, *, public: bool = False, documents: bool = False) -> None:
        self.acceptor = acceptor
        self.public = public
        self.documents = documents

    def __call__(self, visit: Visit) -> Verdict:
        """Look for a token; Crash where Airflow breaks down over what stands behind the scheme."""
        if self.public:
            return PASSED
        token = self.token(joined(visit.request, b"authorization"))
        return CHALLENGE if token is None else self.check(visit, token)

    def token(self, header: str) -> bytes | None:
        """The token in a header; an empty one where something else is there, None where nothing is."""
        scheme, *rest = header.split() or ("",)
        if not scheme or (self.documents and scheme.lower() != "negotiate"):
            return None
        text = "".join(rest)
        if not self.documents and (not text or "\0" in text):
            raise Crash("a scheme without a token, or a token that is no text to the library")
        return base64.b64decode(text) if _BASE64.fullmatch(text) else b""

    def check(self, visit: Visit, token: bytes) -> Verdict:
        """Find out who has sent a token."""
        try:
            accepted = self.acceptor.accept(token)
        except GssError:
            return CHALLENGE if self.documents else FORBIDDEN
        visit.principal = accepted.principal
        reply = base64.b64encode(accepted.reply).decode()
        return Verdict(200, (("www-authenticate", f"negotiate {reply}"),)) if reply else PASSED


def make(profile: Profile, module: str, *, documents: bool = False) -> Kerberos:
    """The backend of a deployment; SetupError, which says what to do, where it has no key for its service."""
    host, keytab = hosts.of_this_machine(profile.airflow), keytab_of(profile)
    public = bool(profile.public_role) and public_role_opens(profile.airflow, [module])
    try:
        acceptor = Acceptor(f"{SERVICE}@{host}", keytab)
    except GssError as error:
        raise SetupError(
            f"the backend {module} needs Kerberos for {SERVICE}/{host} ({error}); it takes libgssapi_krb5.so.2 of MIT "
            f"Kerberos, the realm in the file that KRB5_CONFIG names, and a keytab with that principal "
            f"(now {keytab}): --set kerberos.keytab=FILE or KRB5_KTNAME"
        ) from None
    return Kerberos(acceptor, public=public, documents=documents)


def keytab_of(profile: Profile) -> str:
    """The file of keys: the one that the profile names, else that of the environment."""
    named = profile.option("kerberos", "keytab") or ""
    others = os.environ.get("KRB5_KTNAME", "").removeprefix("FILE:")
    return named if profile.is_set("kerberos", "keytab") else others or named
