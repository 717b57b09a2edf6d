"""A token that was made at another time than the service has: the client's clock is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.auth.gssapi import Context
from mockserver.auth.gssapi import Acceptor, GssError
from tests.kerberos import ccache
from tests.kerberos.realm import Realm

SERVICE = "airflow@localhost"


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (60, True), (3600, False)])
def test_service_takes_no_token_of_another_time(in_realm: Realm, tmp_path: Path, seconds: int, taken: bool) -> None:
    first, cache = tmp_path / "first", tmp_path / "cache"
    ccache.with_clock_ahead(Path(in_realm.caches["admin"].removeprefix("FILE:")), first, 0)
    assert Context(SERVICE, cache=f"FILE:{first}").token  # the ticket for the service is in the cache from now on
    ccache.with_clock_ahead(first, cache, seconds)
    service = Acceptor(SERVICE, str(in_realm.keytab))
    token = Context(SERVICE, cache=f"FILE:{cache}").token
    if taken:
        assert service.accept(token).principal == "admin@CONFORMANCE.TEST"
    else:
        with pytest.raises(GssError, match="Clock skew"):
            service.accept(token)
