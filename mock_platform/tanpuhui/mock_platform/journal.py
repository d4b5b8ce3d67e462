"""The journal: every exchange with the scenario and every note about it, in order."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from tanpuhui.mock_platform.schema import JOURNAL
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.spec.message import HttpRequest, HttpResponse

PAGE = 200


def exchanged(request: HttpRequest, response: HttpResponse | None) -> dict[str, Any]:
    """Request and response as an entry shows them."""
    sent = {"method": request.method, "url": request.url, **_content(request)}
    return {
        "request": sent,
        "response": None if response is None else {"status": response.status, **_content(response)},
    }


def _content(message: HttpRequest | HttpResponse) -> dict[str, Any]:
    return {
        "headers": [list(field) for field in message.headers],
        "body_b64": base64.b64encode(message.body).decode(),
    }


def write(connection: Connection, tenant: str, entry: Mapping[str, Any]) -> int:
    """Add an entry and return its number; numbers of a tenant count up from one."""
    last = select(func.coalesce(func.max(JOURNAL.c.n), 0)).where(JOURNAL.c.tenant == tenant)
    n = int(connection.execute(last).scalar_one()) + 1
    row = {"tenant": tenant, "n": n, "entry": dump_json({"n": n, **entry}, fractions=True)}
    connection.execute(insert(JOURNAL), row)
    return n


def note(connection: Connection, tenant: str, what: str, at: datetime, **details: Any) -> int:
    """Add a note about something that happened outside an exchange."""
    return write(connection, tenant, {"kind": "note", "what": what, "at": instant_text(at), **details})


def read(connection: Connection, tenant: str, after: int) -> tuple[list[bytes], int]:
    """The entries after a number as JSON texts, at most a page, and the number to go on from."""
    chosen = select(JOURNAL.c.n, JOURNAL.c.entry).where(JOURNAL.c.tenant == tenant, JOURNAL.c.n > after)
    rows = connection.execute(chosen.order_by(JOURNAL.c.n).limit(PAGE)).all()
    return [row.entry for row in rows], rows[-1].n if rows else after
