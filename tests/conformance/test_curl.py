from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.exchange import Exchange, Request
from tests.conformance.servers import http, serve

JWT = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
TICKET = "YIIC9QYGKwYBBQUC" + "a/b+" * 50 + "=="


def curl(request: Request, base: str = "http://host:1/base") -> str:
    return Exchange(request).curl(base)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request("GET", "/x"), "curl -i http://host:1/base/x"),
        (Request("HEAD", "/x"), "curl -i --head http://host:1/base/x"),
        (Request("get", "/x"), "curl -i -X get http://host:1/base/x"),
        (Request("GET", "/a/../b"), "curl -i --path-as-is http://host:1/base/a/../b"),
        (Request("GET", "/a?b[]={c}"), "curl -i --globoff 'http://host:1/base/a?b[]={c}'"),
        (Request("GET", "/a?b=c'd"), """curl -i 'http://host:1/base/a?b=c'"'"'d'"""),
        (Request("GET", "/", (("X", ""),)), "curl -i -H 'X;' http://host:1/base/"),
        (
            Request("GET", "/", (("Authorization", f"Bearer {JWT}"),)),
            'curl -i -H "Authorization: Bearer $AIRFLOW_CONFORMANCE_TOKEN" http://host:1/base/',
        ),
        (
            Request("GET", "/", (("Authorization", f"Bearer ya29.c.{'a-_9' * 20}"),)),
            'curl -i -H "Authorization: Bearer $AIRFLOW_CONFORMANCE_TOKEN" http://host:1/base/',
        ),
        (
            Request("GET", "/", (("Authorization", f"Negotiate {TICKET}"), ("X", "y"))),
            "curl -i --negotiate -u : --service-name airflow -H 'X: y' http://host:1/base/",
        ),
        (
            Request("GET", "/", (("Authorization", f"Basic2 {TICKET}"),)),
            'curl -i -H "Authorization: Basic2 $AIRFLOW_CONFORMANCE_TOKEN" http://host:1/base/',
        ),
        (Request("GET", "/", (("Authorization", "Bearer x y"),)), "curl -i -H 'Authorization: Bearer x y' http://host:1/base/"),
        (
            Request("GET", "/", (("Authorization", "Basic YTpi"),)),
            'curl -i -H "Authorization: Basic $AIRFLOW_CONFORMANCE_BASIC" http://host:1/base/',
        ),
        (
            Request("GET", "/", (("Cookie", "a=b; _token=c"),)),
            'curl -i -H "Cookie: a=$AIRFLOW_CONFORMANCE_COOKIE; _token=$AIRFLOW_CONFORMANCE_COOKIE" http://host:1/base/',
        ),
        (
            Request("POST", "/p", (("Content-Type", "application/json"),), b'{"a": "it\'s"}'),
            """curl -i -X POST -H 'Content-Type: application/json' --data-raw '{"a": "it'"'"'s"}' http://host:1/base/p""",
        ),
        (
            Request("POST", "/p", (), b"\xff\x00"),
            r"printf '\377\000' | curl -i -X POST -H Content-Type: --data-binary @- http://host:1/base/p",
        ),
    ],
)  # fmt: skip
def test_command(request_: Request, expected: str) -> None:
    assert curl(request_) == expected


def test_a_password_is_a_variable() -> None:
    body = b'{"username": "ann", "password": "s3cr3t-$canary"}'
    command = curl(Request("POST", "/auth/token", (("Content-Type", "application/json"),), body))
    assert "s3cr3t" not in command
    assert r'"{\"username\": \"ann\", \"password\": \"$AIRFLOW_CONFORMANCE_PASSWORD\"}"' in command


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/a/./../b%2F?x=[1]&y={z}"),
        Request("DELETE", "/x", (("X-One", "a 'b' \"c\" $d `e` !f"), ("Empty", ""))),
        Request("PATCH", "/x", (("Content-Type", "text/plain"),), b"@not-a-file 'quoted' $HOME\n"),
        Request("POST", "/x", (), bytes(range(256))),
        Request("GET", "/x", (("Content-Type", "a/b"),), b"body"),
        Request("GET", "/x", (("Authorization", f"Bearer {JWT}"), ("X", "a$b"))),
    ],
)
def test_the_command_sends_the_same_request(request_: Request, tmp_path: Path) -> None:
    with serve(lambda _: [http()], keep=False, path="/base") as server:
        command = curl(request_, server.url).replace("curl -i", "curl -q -i -s", 1)
        environment = {"AIRFLOW_CONFORMANCE_TOKEN": JWT, "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, env=environment, cwd=tmp_path)  # noqa: S607
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    assert lines[0] == f"{request_.method} /base{request_.target} HTTP/1.1"
    assert body == (request_.body or b"")
    assert {f"{name}: {value}".strip() for name, value in request_.headers} <= {line.strip() for line in lines}
    assert ("Content-Type" in head.decode("latin-1")) is (request_.header("Content-Type") is not None)
