"""Dresses an answer for the wire: time, identity, and the signature that makes it a receipt (SIG-005)."""

from __future__ import annotations

from decimal import Decimal
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.message import HttpResponse, headers_of
from tanpuhui.spec.signing import Unsignable, sign_response
from tanpuhui.spec.strict_json import dump_json, parse_json

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.mock_platform.interface.answer import Answer
    from tanpuhui.mock_platform.interface.exchange import Exchange

_UNKNOWN = {"tphunknown": "可忽略的成员 / a member to ignore"}
_WHOLE = 2**31


def undressed(answer: Answer, now: datetime, request_id: str) -> HttpResponse:
    """The answer with the fields that every answer bears."""
    own = (("date", http_date(now)), ("x-request-id", request_id))
    content = (("content-type", answer.media_type),) if answer.body else ()
    return HttpResponse(answer.status, headers_of((*content, *answer.headers, *own)), answer.body)


def dressed(answer: Answer, exchange: Exchange, now: datetime) -> HttpResponse:
    """The response as it goes out, signed when the request was, deformed as the exchange's fault demands."""
    kind = exchange.fault.kind if exchange.fault else None
    response = undressed(answer, now, exchange.request_id)
    if kind == "unknown_members":
        body = dump_json(with_unknown_members(parse_json(answer.body, max_string=_WHOLE)), fractions=True)
        response = HttpResponse(response.status, response.headers, body)
    signed = _signed(response, exchange, now)
    return _broken(signed) if kind == "break_receipt" else signed


def http_date(instant: datetime) -> str:
    """The instant in the form of the Date field."""
    return format_datetime(instant, usegmt=True)


def with_unknown_members(value: Any) -> Any:
    """The value with one more member in every object, as a later edition might have."""
    if isinstance(value, dict):
        return {name: with_unknown_members(member) for name, member in value.items()} | _UNKNOWN
    if isinstance(value, list):
        return [with_unknown_members(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value  # a time parameter, such as half a second


def _signed(response: HttpResponse, exchange: Exchange, now: datetime) -> HttpResponse:
    if not exchange.request.header_values("signature"):
        return response
    try:
        return sign_response(response, exchange.request, exchange.tenant.key, created=now)
    except Unsignable:  # the request's own signature is malformed: there is nothing to bind to
        return response


def _broken(response: HttpResponse) -> HttpResponse:
    """The same with a signature value that no longer fits."""
    value = response.header("signature") or ""
    place = value.rindex(":") - 10
    other = "A" if value[place] != "A" else "B"
    fields = (("signature", value[:place] + other + value[place + 1 :]),)
    return response.without_headers("signature").with_headers(fields)
