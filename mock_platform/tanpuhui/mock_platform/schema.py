"""The platform's tables: every row bears its tenant, so that tenants never meet; times in microseconds."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _tenant() -> Column[str]:
    return _text("tenant", key=True)


TENANTS = Table(
    "tenants",
    SCHEMA,
    _tenant(),
    Column("signing_jwk", JSON, nullable=False),
    Column("cursor_secret", LargeBinary, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("times", JSON, nullable=False),
    Column("scenario", JSON, nullable=False),
    Column("clock", JSON, nullable=False),
)
# nonces of message signatures and jti of client assertions: values that may be used once
USED = Table(
    "used",
    SCHEMA,
    _tenant(),
    _text("kind", key=True),
    _text("owner", key=True),
    _text("value", key=True),
    _number("expires"),
)
REVOKED_TOKENS = Table("revoked_tokens", SCHEMA, _tenant(), _text("jti", key=True))
ANSWERS = Table(
    "idempotent_answers",
    SCHEMA,
    _tenant(),
    _text("client_id", key=True),
    _text("operation", key=True),
    _text("idempotency_key", key=True),
    _text("fingerprint"),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _number("expires"),
)
LINKS = Table(
    "links",
    SCHEMA,
    _tenant(),
    _number("position", key=True),
    _text("link_id"),
    _text("status"),
    _number("valid_from"),
    Column("valid_to", BigInteger),
    _number("sequence"),
    Index("links_by_id", "tenant", "link_id", unique=True),
)
LINK_CHANGES = Table(
    "link_changes",
    SCHEMA,
    _tenant(),
    _text("link_id", key=True),
    _number("sequence", key=True),
    _text("status"),
    _number("effective_at"),
)
RECORDS = Table(
    "records",
    SCHEMA,
    Column("position", Integer, primary_key=True),
    Column("tenant", Text, nullable=False),
    _text("scenario_id"),
    _text("record_id"),
    _text("fingerprint"),
    _text("first_verdict"),
    _text("verdict"),
    _number("received_at"),
    _text("business_day"),
    _text("reduction_kg"),
    Column("content", LargeBinary, nullable=False),
    Index("record_once", "tenant", "scenario_id", "record_id", unique=True),
    Index("records_by_day", "tenant", "scenario_id", "business_day", "position"),
)
RECEIPTS = Table(
    "receipts",
    SCHEMA,
    _tenant(),
    _text("receipt_id", key=True),
    _number("received_at"),
    *(
        Column(word, Integer, nullable=False)
        for word in ("submitted", "accepted", "duplicate", "held", "rejected")
    ),
)
EVENTS = Table(
    "events",
    SCHEMA,
    _tenant(),
    _number("sequence", key=True),
    _text("event_id"),
    Column("body", LargeBinary, nullable=False),
)
DELIVERIES = Table(
    "deliveries",
    SCHEMA,
    _tenant(),
    _number("sequence", key=True),
    _text("state"),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger),
    Column("again", Boolean, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
)
FAULTS = Table(
    "faults",
    SCHEMA,
    _tenant(),
    _number("position", key=True),
    _text("id"),
    _text("kind"),
    _text("operation"),
    Column("skip", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("fired", Integer, nullable=False),
)
JOURNAL = Table(
    "journal", SCHEMA, _tenant(), _number("n", key=True), Column("entry", LargeBinary, nullable=False)
)
