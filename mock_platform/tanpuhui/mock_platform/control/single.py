"""Sends single requests to the scenario, as the platform would or as nobody should, for the judge."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.address import ForeignAddress, require_loopback
from tanpuhui.mock_platform.control.desk import body_of, json_response, misuse
from tanpuhui.mock_platform.outbound import event_request, send
from tanpuhui.mock_platform.state import journal
from tanpuhui.spec.event import MEDIA_TYPE
from tanpuhui.spec.message import HttpRequest, HttpResponse, RepeatedField, headers_of
from tanpuhui.spec.signing import EVENT_TAG, SigningKey, Unsignable, sign_request
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from tanpuhui.mock_platform.control.desk import Desk
    from tanpuhui.mock_platform.state.tenant import Tenant


async def deliver(desk: Desk, request: Request) -> Response:
    """向场景方发送一个请求 / Send one request to the scenario."""
    tenant, order = await desk.tenant(request), await body_of(request, "deliver")
    platform = desk.platform
    try:
        message = _message(tenant, order)
        signed = _signed(desk, tenant, message, order.get("sign", {}))
    except (ForeignAddress, Unsignable, RepeatedField) as error:
        raise misuse(str(error)) from None
    sent = await send(platform, tenant, signed)
    await platform.run(tenant.id, partial(_write, tenant=tenant.id, entry=sent.entry))
    platform.entries.ring(tenant.id)
    return json_response(_shown(sent.answer))


def _message(tenant: Tenant, order: Mapping[str, Any]) -> HttpRequest:
    body = _body(order)
    usual = event_request(tenant, body)
    url = order.get("url") or usual.url
    if url.startswith("/"):
        url = f"{tenant.profile.callback_url}{url}"
    require_loopback(url.partition("?")[0])
    given = headers_of((name, value) for name, value in order.get("headers", []))
    named = {name for name, _ in given}
    content = (("content-type", MEDIA_TYPE),) if body and "content-type" not in named else ()
    return HttpRequest(order.get("method", "POST" if body else "GET"), url, (*given, *content), body)


def _body(order: Mapping[str, Any]) -> bytes:
    if "event" in order:
        return dump_json(order["event"], fractions=True)
    try:
        return base64.b64decode(order.get("body_b64", ""), validate=True)
    except ValueError:
        raise misuse("body_b64 应为 base64 / body_b64 shall be base64", "/body_b64") from None


def _signed(desk: Desk, tenant: Tenant, message: HttpRequest, order: Mapping[str, Any]) -> HttpRequest:
    whose = order.get("key", "own")
    if whose == "none":
        return message
    key = tenant.key if whose == "own" else SigningKey.generate()
    created = desk.platform.tenants.now(tenant) + timedelta(seconds=order.get("created_offset_seconds", 0))
    nonce = order.get("nonce") or desk.platform.new_id()
    signed = sign_request(message, key, created=created, nonce=nonce, tag=EVENT_TAG)
    return _tampered(signed) if order.get("tamper", False) else signed


def _tampered(signed: HttpRequest) -> HttpRequest:
    """The request with one byte changed after signing: in the body, or without one in the address."""
    if signed.body:
        return replace(signed, body=signed.body + b" ")
    return replace(signed, url=f"{signed.url}{'&' if '?' in signed.url else '?'}tampered=1")


def _write(connection: Connection, *, tenant: str, entry: journal.Entry) -> None:
    journal.write(connection, tenant, entry)


def _shown(answer: HttpResponse | str) -> dict[str, Any]:
    if isinstance(answer, HttpResponse):
        body = base64.b64encode(answer.body).decode()
        return {
            "status": answer.status,
            "headers": [list(field) for field in answer.headers],
            "body_b64": body,
        }
    return {"status": None, "headers": [], "body_b64": "", "failure": answer}
