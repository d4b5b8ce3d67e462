"""A platform's journal entry becomes an entry of the transcript: decoded where it is text, masked everywhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.unpacking import IDENTITY, Undecodable, coding_in, packed, unpacked
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.masking import Masker

_TOKEN_OPERATION = "requestToken"  # noqa: S105  # the name of an operation  # the name of an operation


def exchange_members(journal: Mapping[str, Any], masker: Masker) -> dict[str, Any]:
    """The members of an exchange entry, from the journal of the run's own platform."""
    request = _request_of(journal["request"])
    response = _response_of(journal["response"]) if journal.get("response") else None
    _learn(journal, response, masker)
    return {
        "direction": journal["direction"],
        "operation": journal.get("operation"),
        "at": journal["at"],
        "answered_at": journal.get("answered_at"),
        "lost": bool(journal.get("lost")),
        "fault": journal.get("fault"),
        "problem": journal.get("problem"),
        "observed": exact(journal.get("observed") or {}),
        **message_members(request, response, masker),
    }


def message_members(request: HttpRequest, response: HttpResponse | None, masker: Masker) -> dict[str, Any]:
    """Request and response as they may be written, and a list of what was masked where."""
    masked: list[dict[str, str]] = []
    sent = {
        "method": request.method,
        "url": _kept(masker, "request.url", request.url, masked),
        **_fields_and_body(masker, "request", request, masked),
    }
    answered = None
    if response is not None:
        answered = {"status": response.status, **_fields_and_body(masker, "response", response, masked)}
    return {"request": sent, "response": answered, "masked": masked}


def exact(value: Any) -> Any:
    """The same value without floats: a transcript holds texts and whole numbers only."""
    if isinstance(value, Mapping):
        return {str(name): exact(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [exact(item) for item in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _learn(journal: Mapping[str, Any], response: HttpResponse | None, masker: Masker) -> None:
    """A token is known as the platform's own from the answer that issued it."""
    if journal.get("operation") != _TOKEN_OPERATION or response is None:
        return
    try:
        masker.mint(token=json.loads(response.body).get("access_token"))
    except (ValueError, AttributeError):
        return


def _request_of(data: Mapping[str, Any]) -> HttpRequest:
    return HttpRequest(data["method"], data["url"], _pairs(data["headers"]), _bytes(data))


def _response_of(data: Mapping[str, Any]) -> HttpResponse:
    return HttpResponse(data["status"], _pairs(data["headers"]), _bytes(data))


def _pairs(headers: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return headers_of((name, value) for name, value in headers)


def _bytes(data: Mapping[str, Any]) -> bytes:
    return base64.b64decode(data.get("body_b64") or "")


def _fields_and_body(
    masker: Masker, side: str, message: HttpRequest | HttpResponse, masked: list[dict[str, str]]
) -> dict[str, Any]:
    headers = []
    for name, value in message.headers:
        shown = masker.masked_field(name, value)
        masked.extend({"place": f"{side}.{name}", "kind": kind} for kind in sorted(shown.kinds))
        headers.append([name, shown.text])
    coding = coding_in(message.header_values("content-encoding"))
    if coding != IDENTITY and (content := _content(message.body, coding)) is not None:
        return {"headers": headers, **_coded(masker, side, (message.body, content, coding), masked)}
    return {"headers": headers, **_body(masker, side, message.body, masked)}


def _content(body: bytes, coding: str) -> bytes | None:
    """What a coding hides; None where it hides nothing that can be read."""
    try:
        return unpacked(body, coding)
    except Undecodable:
        return None


def _coded(
    masker: Masker, side: str, whole: tuple[bytes, bytes, str], masked: list[dict[str, str]]
) -> dict[str, str]:
    """The bytes as they came; where something in them had to be masked, what is left of them in the same coding."""
    body, content, coding = whole
    text = content.decode(errors="replace")
    shown = _kept(masker, f"{side}.body", text, masked)
    kept = body if shown == text else packed(shown.encode(), coding)
    return {"base64": base64.b64encode(kept).decode()}


def _body(masker: Masker, side: str, body: bytes, masked: list[dict[str, str]]) -> dict[str, str]:
    """As text where it is text; other bytes stay as they are unless something in them had to be masked."""
    text = _text(body)
    shown = _kept(masker, f"{side}.body", body.decode("latin-1") if text is None else text, masked)
    untouched = text is None and shown == body.decode("latin-1")
    whole = {"base64": base64.b64encode(body).decode()}
    return whole if untouched else {"text": shown.replace("\0", "\N{REPLACEMENT CHARACTER}")}


def _text(body: bytes) -> str | None:
    try:
        return None if b"\0" in body else body.decode()
    except UnicodeDecodeError:
        return None


def _kept(masker: Masker, place: str, text: str, masked: list[dict[str, str]]) -> str:
    shown = masker.masked(text)
    masked.extend({"place": place, "kind": kind} for kind in sorted(shown.kinds))
    return shown.text
