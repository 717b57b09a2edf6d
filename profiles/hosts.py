"""What an Airflow on this machine calls the machine: the host in its Kerberos principal, ``airflow/HOST``.

Read in 1.10.15 to 2.11.2, measured on 1.10.15, 2.2.5, 2.6.3 and 2.11.2.
"""

from __future__ import annotations

import socket

from specs.versions import Version


def of_this_machine(version: Version) -> str:
    """The name of this machine as that Airflow finds it: its full name, from 2.4 on what the resolver gives first."""
    return socket.getfqdn() if version < (2, 4) else canonical(socket.gethostname())


def canonical(name: str) -> str:
    """What the resolver says the name is, else the name itself."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM, flags=socket.AI_CANONNAME)
    except OSError:
        return name
    return next((canonical for *_, canonical, _ in found if canonical), name)
