"""An exchange as the shortest command that sends the same thing again, without anything secret in it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tanpuhui.spec.privacy import mask_personal_data

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.exchange import Exchange

_IMPLIED = frozenset({
    "accept", "accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent",
    "x-schemathesis-testcaseid",
})  # fmt: skip
_MADE_ANEW = frozenset({"signature", "signature-input", "content-digest", "date"})
_TOKEN = "authorization: Bearer $TPH_TOKEN"  # noqa: S105  # a variable in place of the token
_PLATFORM = "$TPH_PLATFORM"
_TENANT = re.compile(r"^/t/[^/]+")
_LONGEST_BODY = 600


def path_of(exchange: Exchange) -> str:
    """Path and query of the address, without the host and the tenant that the run had there."""
    parts = urlsplit(exchange.request.url)
    path = _TENANT.sub("", parts.path) if exchange.inbound else parts.path
    return mask_personal_data(path + (f"?{parts.query}" if parts.query else ""))


def curl(exchange: Exchange) -> str:
    """The request as a curl command; a long body is taken out of the transcript instead of being quoted."""
    request = exchange.request
    lines = [f"curl -X {request.method} {_address(exchange)}"]
    lines += [f"  -H {_field(name, value)}" for name, value in request.headers if _tells(name)]
    if not request.body:
        return " \\\n".join(lines)
    body = _readable(request.body)
    if body is not None and len(body) <= _LONGEST_BODY:
        return " \\\n".join([*lines, f"  --data-binary {shlex.quote(mask_personal_data(body))}"])
    return " \\\n".join([_body_from_transcript(exchange), *lines, "  --data-binary @-"])


def signed(exchange: Exchange) -> bool:
    """The request bore a signature, which a copy of it cannot bear again."""
    return bool(exchange.request.header_values("signature"))


def _address(exchange: Exchange) -> str:
    """A scenario stays where it was; the platform of a run is gone with it and is left to be filled in."""
    if exchange.inbound:
        return f'"{_PLATFORM}"{shlex.quote(path_of(exchange))}'
    return shlex.quote(mask_personal_data(exchange.request.url))


def _tells(name: str) -> bool:
    return name not in _IMPLIED and name not in _MADE_ANEW


def _field(name: str, value: str) -> str:
    if name == "authorization" and value.lower().startswith("bearer"):
        return f'"{_TOKEN}"'
    return shlex.quote(f"{name}: {mask_personal_data(value)}")


def _readable(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _body_from_transcript(exchange: Exchange) -> str:
    try:
        exchange.request.body.decode()
    except UnicodeDecodeError:
        return f"jq -j 'select(.seq=={exchange.seq}).request.base64' transcript.jsonl | base64 -d |"
    return f"jq -j 'select(.seq=={exchange.seq}).request | .text // (.base64 | @base64d)' transcript.jsonl |"
