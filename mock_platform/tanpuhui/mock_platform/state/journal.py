"""The journal: every exchange with the scenario and every note about it, in order."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select

from tanpuhui.mock_platform.state.schema import JOURNAL
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from tanpuhui.spec.message import HttpRequest, HttpResponse

PAGE = 200
_PLACE = b'"body_b64":""'
_LAST = select(func.coalesce(func.max(JOURNAL.c.n), 0)).where(JOURNAL.c.tenant == bindparam("tenant"))
_KEEP = insert(JOURNAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is told, and the bodies of the exchange beside it: bytes go into the database as they are."""

    told: Mapping[str, Any]
    request_body: bytes = b""
    response_body: bytes = b""


def exchanged(request: HttpRequest, response: HttpResponse | None, told: Mapping[str, Any]) -> Entry:
    """The entry of an exchange with what else is told of it."""
    sent = {"method": request.method, "url": request.url, **_content(request)}
    answered = None if response is None else {"status": response.status, **_content(response)}
    whole = {"kind": "exchange", **told, "request": sent, "response": answered}
    return Entry(whole, request.body, b"" if response is None else response.body)


def _content(message: HttpRequest | HttpResponse) -> dict[str, Any]:
    shown = {"headers": [list(field) for field in message.headers], "body_b64": ""}
    file = getattr(message, "body_file", None)  # a long upload is told by its length only
    return shown if file is None else shown | {"omitted": file.stat().st_size}


def write(connection: Connection, tenant: str, entry: Entry) -> int:
    """Add an entry and return its number; numbers of a tenant count up from one."""
    n = int(connection.execute(_LAST, {"tenant": tenant}).scalar_one()) + 1
    row = {"tenant": tenant, "n": n, "entry": dump_json({"n": n, **entry.told}, fractions=True)}
    bodies = {"request_body": entry.request_body, "response_body": entry.response_body}
    connection.execute(_KEEP, row | bodies)
    return n


def note(connection: Connection, tenant: str, what: str, at: datetime, **details: Any) -> int:
    """Add a note about something that happened outside an exchange."""
    return write(connection, tenant, Entry({"kind": "note", "what": what, "at": instant_text(at), **details}))


def read(connection: Connection, tenant: str, after: int) -> tuple[list[bytes], int]:
    """The entries after a number as JSON texts, at most a page, and the number to go on from."""
    chosen = select(JOURNAL).where(JOURNAL.c.tenant == tenant, JOURNAL.c.n > after)
    rows = connection.execute(chosen.order_by(JOURNAL.c.n).limit(PAGE)).all()
    return [_whole(row) for row in rows], rows[-1].n if rows else after


def _whole(row: Row[Any]) -> bytes:
    """The entry with its bodies in their places, which no string in it can look like: quotes are escaped there."""
    head, *rest = row.entry.split(_PLACE)
    bodies = (base64.b64encode(body) for body in (row.request_body, row.response_body))
    filled = (b'"body_b64":"' + body + b'"' + part for body, part in zip(bodies, rest, strict=False))
    return b"".join((head, *filled))
