"""Bodies of uploads as they came, kept from the answer 202 until the job has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import Column, LargeBinary, Table, delete, insert, select

from tanpuhui.mock_platform.state.columns import number, tenant_key, text
from tanpuhui.mock_platform.state.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

Coding: TypeAlias = Literal["identity", "gzip", "zstd"]

SPOOL = Table(
    "spool",
    SCHEMA,
    tenant_key(),
    text("job_id", key=True),
    number("part", key=True),
    Column("content", LargeBinary, nullable=False),
)


def keep_parts(connection: Connection, tenant: str, job_id: str, parts: Iterable[bytes]) -> int:
    """Keep a body part by part, so that it is never held as a whole, and say how long it is."""
    size = 0
    for part, content in enumerate(parts):
        row = {"tenant": tenant, "job_id": job_id, "part": part, "content": content}
        connection.execute(insert(SPOOL), row)
        size += len(content)
    return size


def one_part(connection: Connection, *, tenant: str, job_id: str, part: int) -> bytes | None:
    """A part of a body, None behind the last one."""
    found = select(SPOOL.c.content).filter_by(tenant=tenant, job_id=job_id, part=part)
    return connection.execute(found).scalar_one_or_none()


def forget_parts(connection: Connection, tenant: str, job_id: str) -> None:
    """Let go of a body: its job has ended."""
    connection.execute(delete(SPOOL).where(SPOOL.c.tenant == tenant, SPOOL.c.job_id == job_id))
