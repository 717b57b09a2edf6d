from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kerberos import tools, unpack


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without the programs of a realm; its programs are those that a test puts into the folder."""
    monkeypatch.setattr(tools, "_SYSTEM", ())
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


#: An apt-get that plans one package, and downloads it.
APT = """case "$*" in
*install*) echo "Inst krb5-kdc (1.20 Debian)"; echo "Conf krb5-kdc (1.20 Debian)";;
*download*) for last; do :; done; : > "$last.deb";;
esac"""
#: A dpkg in whose packages there are all the programs, and a library.
DPKG = """bin="$3/usr/sbin"; lib="$3/usr/lib/any/krb5/plugins/kdb"
/bin/mkdir -p "$bin" "$lib"; : > "$3/usr/lib/any/libkdb5.so.10"
for name in krb5kdc kdb5_util kadmin.local kinit; do : > "$bin/$name"; /bin/chmod +x "$bin/$name"; done"""


def test_packages_are_unpacked_and_found(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare, "apt-get", APT)
    program(bare, "dpkg", DPKG)
    found = unpack.unpack(tmp_path / "made")
    root = tmp_path / "made" / "root" / "usr"
    assert found == {
        "PATH": os.pathsep.join([str(root / "bin"), str(root / "sbin"), str(bare)]),
        "LD_LIBRARY_PATH": str(root / "lib" / "any"),
    }
    monkeypatch.setenv("PATH", found["PATH"])
    programs = tools.find()
    assert isinstance(programs, tools.Tools)
    assert programs.modules == root / "lib" / "any" / "krb5" / "plugins" / "kdb"


def test_second_time_nothing_is_downloaded(bare: Path, tmp_path: Path) -> None:
    program(bare, "apt-get", APT)
    program(bare, "dpkg", DPKG)
    first = unpack.unpack(tmp_path / "made")
    program(bare, "apt-get", "exit 1")
    assert unpack.unpack(tmp_path / "made") == first


def test_without_apt_it_says_so(bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert unpack.main([str(tmp_path / "made")]) == 1
    assert capsys.readouterr().err == ("no apt-get and no dpkg here: install the MIT Kerberos server by other means\n")


def test_what_apt_says_is_passed_on(bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(bare, "apt-get", 'echo "W: warned" >&2; echo "E: no network" >&2; exit 100')
    program(bare, "dpkg", "exit 0")
    assert unpack.main([str(tmp_path / "made")]) == 1
    said = capsys.readouterr()
    assert "krb5-kdc krb5-admin-server krb5-user libgssapi-krb5-2: E: no network" in said.err
    assert said.out == ""


def test_where_the_programs_are_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tools.Tools(*(Path("/usr/sbin/x"),) * 4)
    monkeypatch.setattr(unpack, "find", lambda: here)
    assert unpack.main([str(tmp_path / "made")]) == 0
    assert not (tmp_path / "made").exists()
