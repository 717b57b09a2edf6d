"""An exchange as a curl command for a person to repeat. What is secret stands in shell variables."""

from __future__ import annotations

import json
import re
import shlex

from conformance.exchange import ACCESS_TOKEN, TICKET, Request

TOKEN, PASSWORD, BASIC, COOKIE = (f"$AIRFLOW_CONFORMANCE_{name}" for name in ("TOKEN", "PASSWORD", "BASIC", "COOKIE"))

_BEARER = re.compile(rf"eyJ[\w-]+\.[\w-]+\.[\w-]*|{ACCESS_TOKEN.pattern}")
_TICKET = re.compile(rf"(?i)negotiate {TICKET.pattern}")
_MARK = re.compile(r"\$AIRFLOW_CONFORMANCE_[A-Z]+")


def command(request: Request, base: str) -> str:
    """The command that sends the request to the API at the base URL."""
    words = ["curl", "-i", *_switches(request)]
    for name, value in request.headers:
        if name.lower() == "authorization" and _TICKET.fullmatch(value):
            words += ["--negotiate", "-u", ":", "--service-name", "airflow"]  # a token is good for one request
            continue
        words += ["-H", _quoted(f"{name}: {_hidden(name, value)}" if value.strip() else f"{name};")]
    if request.body is not None and request.header("Content-Type") is None:
        words += ["-H", "Content-Type:"]  # else curl would add one of its own
    return _with_body(request, words, shlex.quote(base.rstrip("/") + request.target))


def _switches(request: Request) -> list[str]:
    switches = {"GET": [], "HEAD": ["--head"]}.get(request.method, ["-X", shlex.quote(request.method)])
    if request.method == "GET" and request.body is not None:
        switches = ["-X", "GET"]
    if any(segment in (".", "..") for segment in request.path.split("/")):
        switches = [*switches, "--path-as-is"]
    if set("[]{}") & set(request.target):
        switches = [*switches, "--globoff"]
    return switches


def _with_body(request: Request, words: list[str], url: str) -> str:
    if request.body is None:
        return " ".join([*words, url])
    try:
        text = _without_password(request, request.body.decode())
    except UnicodeDecodeError:
        text = ""
    if "\0" in text or not text:
        octal = "".join(f"\\{byte:03o}" for byte in request.body)
        return " ".join(["printf", f"'{octal}'", "|", *words, "--data-binary", "@-", url])
    return " ".join([*words, "--data-raw", _quoted(text), url])


def _without_password(request: Request, text: str) -> str:
    if not request.path.startswith("/auth/token"):
        return text
    try:
        body = json.loads(text)
    except ValueError:
        return text
    if isinstance(body, dict) and isinstance(body.get("password"), str) and body["password"]:
        return json.dumps({**body, "password": PASSWORD})
    return text


def _hidden(name: str, value: str) -> str:
    if name.lower() == "cookie":
        return re.sub(r"(=)[^;]+", rf"\1{COOKIE}", value)
    if name.lower() in ("authorization", "proxy-authorization"):
        value = re.sub(r"(?i)(\bbasic\s+)\S.*", lambda match: match[1] + BASIC, value)
    return TICKET.sub(TOKEN, _BEARER.sub(TOKEN, value))


def _quoted(text: str) -> str:
    """Quoted for the shell, but for our own variables: those it shall fill in."""
    if not _MARK.search(text):
        return shlex.quote(text)
    escaped = re.sub(r'([\\"`$!])', r"\\\1", text)
    return '"' + re.sub(r"\\(\$AIRFLOW_CONFORMANCE_[A-Z]+)", r"\1", escaped) + '"'
