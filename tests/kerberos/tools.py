"""The programs of MIT Kerberos that make a realm, where this machine has them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

#: What a realm is made with, and the package of Debian that has it.
PROGRAMS = {"krb5kdc": "krb5-kdc", "kdb5_util": "krb5-kdc", "kadmin.local": "krb5-admin-server", "kinit": "krb5-user"}
#: Where system programs are, beside the PATH.
_SYSTEM = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/lib/mit/sbin", "/opt/homebrew/opt/krb5/sbin")


@dataclass(frozen=True)
class Tools:
    """The full names of the programs."""

    krb5kdc: Path
    kdb5_util: Path
    kadmin_local: Path
    kinit: Path

    @property
    def modules(self) -> Path | None:
        """The folder of the KDC's database modules, where they are not in the place that was compiled in."""
        root = self.krb5kdc.parent.parent
        return next(iter(root.glob("lib/*/krb5/plugins/kdb")), None) if root.parent != Path("/") else None


def find() -> Tools | str:
    """The programs, or one sentence that says which are missing and how to get them."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM])
    found = {name: shutil.which(name, path=path) for name in PROGRAMS}
    if missing := [name for name, where in found.items() if where is None]:
        packages = " ".join(dict.fromkeys(PROGRAMS[name] for name in missing))
        return (
            f"no {', '.join(missing)} on this machine: install {packages}, or run nox -s kerberos, which unpacks them"
        )
    return Tools(*(Path(where) for where in found.values() if where))
