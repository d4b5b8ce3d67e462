"""Links between users of scenario and platform: what is listed, and what was in force at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from tanpuhui.mock_platform.state.clock import instant, micros
from tanpuhui.mock_platform.state.many import WANTED, one_of
from tanpuhui.mock_platform.state.schema import LINK_CHANGES, LINKS
from tanpuhui.spec.business_time import instant_text, parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

ACTIVE = "active"
REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LinkHistory:
    """When a link was valid and how its status changed, in the order of effect."""

    valid_from: int
    valid_to: int | None
    changes: tuple[tuple[int, str], ...]

    def active_at(self, at: datetime) -> bool:
        """Whether an activity that started at this instant may be reported (LNK-001)."""
        moment = micros(at)
        if moment < self.valid_from or (self.valid_to is not None and moment >= self.valid_to):
            return False
        statuses = [status for effective, status in self.changes if effective <= moment]
        return bool(statuses) and statuses[-1] == ACTIVE


def replace_links(connection: Connection, tenant: str, links: Sequence[Mapping[str, Any]]) -> None:
    """Forget all links and hold these; a link that was there keeps the sequence of its last change."""
    held = connection.execute(select(LINKS.c.link_id, LINKS.c.sequence).filter_by(tenant=tenant)).all()
    sequences = {row.link_id: row.sequence for row in held}
    for table in (LINKS, LINK_CHANGES):
        connection.execute(delete(table).where(table.c.tenant == tenant))
    for position, link in enumerate(links):
        _hold(connection, tenant, position, link, sequences.get(link["link_id"], 0))


def _hold(connection: Connection, tenant: str, position: int, link: Mapping[str, Any], sequence: int) -> None:
    valid_from, valid_to = micros(parse_instant(link["valid_from"])), link.get("valid_to")
    ends = None if valid_to is None else micros(parse_instant(valid_to))
    row = {"tenant": tenant, "link_id": link["link_id"], "status": link["status"], "sequence": sequence}
    connection.execute(
        insert(LINKS), row | {"position": position, "valid_from": valid_from, "valid_to": ends}
    )
    # a link that is listed as revoked with its end was active until then
    ended = link["status"] == REVOKED and ends is not None
    first = {"status": ACTIVE if ended else link["status"], "effective_at": valid_from}
    connection.execute(insert(LINK_CHANGES), row | first)


def change_link(connection: Connection, tenant: str, data: Mapping[str, Any], sequence: int) -> None:
    """Apply a link event: the status holds from the time it takes effect (LNK-003)."""
    link_id, status = data["link_id"], data["status"]
    effective = micros(parse_instant(data["effective_at"]))
    place = (LINKS.c.tenant == tenant, LINKS.c.link_id == link_id)
    held = connection.execute(select(LINKS).where(*place)).first()
    if held is None:
        new = {"link_id": link_id, "status": status, "valid_from": data["effective_at"]}
        _hold(connection, tenant, _next_position(connection, tenant), new, sequence)
        return
    ends = effective if status == REVOKED else None if held.status == REVOKED else held.valid_to
    connection.execute(update(LINKS).where(*place).values(status=status, sequence=sequence, valid_to=ends))
    row = {
        "tenant": tenant,
        "link_id": link_id,
        "sequence": sequence,
        "status": status,
        "effective_at": effective,
    }
    connection.execute(insert(LINK_CHANGES), row)


def _next_position(connection: Connection, tenant: str) -> int:
    last = select(func.coalesce(func.max(LINKS.c.position), -1)).where(LINKS.c.tenant == tenant)
    return int(connection.execute(last).scalar_one()) + 1


def histories(connection: Connection, tenant: str, link_ids: Iterable[str]) -> dict[str, LinkHistory]:
    """The history of each of these links that the scenario has."""
    of_links, of_changes = _chosen(connection.dialect.name)
    wanted = {"tenant": tenant, WANTED: sorted(set(link_ids))}
    changes: dict[str, list[tuple[int, str]]] = {}
    for row in connection.execute(of_changes, wanted):
        changes.setdefault(row.link_id, []).append((row.effective_at, row.status))
    return {
        link.link_id: LinkHistory(link.valid_from, link.valid_to, tuple(changes.get(link.link_id, ())))
        for link in connection.execute(of_links, wanted)
    }


@cache
def _chosen(dialect: str) -> tuple[Select[Any], Select[Any]]:
    """The links of a tenant with the ids that are wanted, and their changes in the order of effect."""
    links, changes = (
        select(table).where(table.c.tenant == bindparam("tenant"), one_of(dialect, table.c.link_id))
        for table in (LINKS, LINK_CHANGES)
    )
    return links, changes.order_by(LINK_CHANGES.c.effective_at, LINK_CHANGES.c.sequence)


def page_of_links(
    connection: Connection, tenant: str, after: int, size: int
) -> list[tuple[int, dict[str, Any]]]:
    """The next links with their positions."""
    chosen = select(LINKS).where(LINKS.c.tenant == tenant, LINKS.c.position > after)
    rows = connection.execute(chosen.order_by(LINKS.c.position).limit(size))
    return [(row.position, _shown(row)) for row in rows]


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "link_id": row.link_id,
        "status": row.status,
        "valid_from": instant_text(instant(row.valid_from)),
        "valid_to": None if row.valid_to is None else instant_text(instant(row.valid_to)),
        "sequence": row.sequence,
    }
