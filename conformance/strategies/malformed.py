"""Bodies that are no JSON, made of one that is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def no_json(body: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """What is wrong with each, and the octets; all of them still name what the body names, in a way."""
    text = json.dumps(body)
    yield "that ends too early", text[:-1].encode()
    yield "with a comma too many", f"{text[:-1]},}}".encode()
    yield "with something after its end", f"{text}}}".encode()
    yield "that is two", f"{text}{text}".encode()
    yield "in single quotes", text.replace('"', "'").encode()
    yield "without quotes around a name", text.replace('"', "", 2).encode()
    yield "that is no UTF-8", text[:-1].encode() + b', "conformance": "\xff"}'
