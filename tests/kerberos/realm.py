"""A throwaway Kerberos realm on loopback: `with Realm(folder, tools) as realm:`.

Everything is in the folder, the KDC listens on a free port of 127.0.0.1 and is ended with the block, also on failure;
no file of the system is read or written, and nothing needs root. Every process that is to use the realm gets
`realm.environment`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.kerberos import ccache
from tests.kerberos.tools import Tools

REALM = "CONFORMANCE.TEST"
#: Whom the realm knows; each has the password `NAME-password`. `stranger` is nobody's user, in no table of users.
PEOPLE = ("admin", "op", "user", "viewer", "public", "stranger")
#: A host that the realm knows and that this machine is not.
ELSEWHERE = "other.conformance.test"
_READY_WITHIN = 20.0  # seconds; a tenth of one was measured

_KRB5_CONF = """\
[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
[domain_realm]
{hosts}
"""
_KDC_CONF = """\
[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  max_life = 10h
 }}
[logging]
 kdc = FILE:{folder}/kdc.log
"""


class Realm:
    """`with realm:` makes it and serves it.

    `caches`: a credential cache for each of PEOPLE, by name, and `expired`, whose ticket is admin's and no longer good.
    `keytab` has airflow/NAME for every name of this machine, `http_keytab` HTTP/NAME, `both_keytab` all of them and
    those of ELSEWHERE.
    """

    def __init__(self, folder: Path, tools: Tools, hosts: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.hosts = hosts or names_of_this_machine()
        self.keytab, self.http_keytab, self.both_keytab = (
            folder / f"{name}.keytab" for name in ("airflow", "http", "both")
        )
        self.caches = {name: f"FILE:{folder / f'ccache.{name}'}" for name in (*PEOPLE, "expired")}
        self.tools = tools
        self._port = _free_port()
        self._kdc: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use the realm: as admin, and as the service with the keytab."""
        return {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5CCNAME": self.caches["admin"],
            "KRB5_KTNAME": f"FILE:{self.keytab}",
            "KRB5RCACHENAME": f"file2:{self.folder / 'rcache'}",
        }

    def __enter__(self) -> Self:
        self._configure()
        self._run(self.tools.kdb5_util, "create", "-s", "-r", REALM, "-P", "master-password")
        self._add_principals()
        try:
            self._serve()
            for name in PEOPLE:
                self.kinit(name, f"{name}-password", self._file(name))
            ccache.expire(self._file("admin"), self._file("expired"))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def serving(self) -> bool:
        """Whether the KDC runs."""
        return self._kdc is not None and self._kdc.poll() is None

    def kinit(self, name: str, password: str, cache: Path) -> None:
        """Get a ticket; RuntimeError where the KDC refuses it."""
        self._run(self.tools.kinit, "-c", f"FILE:{cache}", name, typed=f"{password}\n")

    def stop(self) -> None:
        """End the KDC."""
        if self._kdc is None:
            return
        self._kdc.terminate()
        try:
            self._kdc.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._kdc.kill()
            self._kdc.wait()
        self._kdc = None

    def principal(self, name: str) -> str:
        """The full name of a principal."""
        return f"{name}@{REALM}"

    def _configure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        hosts = "\n".join(f" {host} = {REALM}" for host in (*self.hosts, ELSEWHERE))
        values = {"realm": REALM, "port": self._port, "folder": self.folder, "hosts": hosts}
        (self.folder / "krb5.conf").write_text(_KRB5_CONF.format(**values))
        modules = f"[dbmodules]\n db_module_dir = {self.tools.modules}\n" if self.tools.modules else ""
        (self.folder / "kdc.conf").write_text(_KDC_CONF.format(**values) + modules)

    def _add_principals(self) -> None:
        services = [f"{service}/{host}" for host in (*self.hosts, ELSEWHERE) for service in ("airflow", "HTTP")]
        ours = [name for name in services if not name.endswith(ELSEWHERE)]
        keytabs = {
            self.keytab: [name for name in ours if name.startswith("airflow/")],
            self.http_keytab: [name for name in ours if name.startswith("HTTP/")],
            self.both_keytab: services,
        }
        lines = [f"addprinc -pw {name}-password {name}" for name in PEOPLE]
        lines += [f"addprinc -randkey {name}" for name in services]
        lines += [f"ktadd -norandkey -k {file} {' '.join(names)}" for file, names in keytabs.items()]
        self._run(self.tools.kadmin_local, "-r", REALM, typed="\n".join([*lines, "quit", ""]))
        if missing := [str(file) for file in keytabs if not file.exists()]:
            raise RuntimeError(f"kadmin.local did not write {', '.join(missing)}")

    def _serve(self) -> None:
        with (self.folder / "krb5kdc.out").open("wb") as log:
            self._kdc = subprocess.Popen(
                [self.tools.krb5kdc, "-n", "-r", REALM], env=self._environment(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + _READY_WITHIN
        while not self._listens():
            if self._kdc.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the KDC did not start: {(self.folder / 'krb5kdc.out').read_text()[-1000:]}")
            time.sleep(0.02)  # nothing else tells that it is ready

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return True
        except OSError:
            return False

    def _run(self, program: Path, *arguments: str, typed: str = "") -> None:
        done = subprocess.run(
            [program, *arguments], env=self._environment(), input=typed, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program.name} failed: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        return kept | self.environment | {"KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"), "LC_ALL": "C"}

    def _file(self, name: str) -> Path:
        return Path(self.caches[name].removeprefix("FILE:"))


def names_of_this_machine() -> tuple[str, ...]:
    """What a server on this machine may call itself: the name of the loopback address, its host name, the full one."""
    return tuple(dict.fromkeys(name.lower() for name in ("localhost", socket.gethostname(), socket.getfqdn()) if name))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
