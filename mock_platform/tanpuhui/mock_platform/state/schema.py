"""The platform's tables: every row bears its tenant, so that tenants never meet; times in microseconds."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from tanpuhui.mock_platform.state.columns import number, tenant_key, text

SCHEMA = MetaData()

TENANTS = Table(
    "tenants",
    SCHEMA,
    tenant_key(),
    Column("signing_jwk", JSON, nullable=False),
    Column("cursor_secret", LargeBinary, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("times", JSON, nullable=False),
    Column("scenario", JSON, nullable=False),
    Column("clock", JSON, nullable=False),
    number("revision"),
)
# nonces of message signatures and jti of client assertions: values that may be used once
USED = Table(
    "used",
    SCHEMA,
    tenant_key(),
    text("kind", key=True),
    text("owner", key=True),
    text("value", key=True),
    number("expires"),
    Index("used_by_end", "tenant", "expires"),
)
REVOKED_TOKENS = Table("revoked_tokens", SCHEMA, tenant_key(), text("jti", key=True))
ANSWERS = Table(
    "idempotent_answers",
    SCHEMA,
    tenant_key(),
    text("client_id", key=True),
    text("operation", key=True),
    text("idempotency_key", key=True),
    text("fingerprint"),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    number("expires"),
    Column("claimed_by", Integer),  # the worker that is still working for the answer
    Index("answers_by_end", "tenant", "expires"),
)
LINKS = Table(
    "links",
    SCHEMA,
    tenant_key(),
    number("position", key=True),
    text("link_id"),
    text("status"),
    number("valid_from"),
    Column("valid_to", BigInteger),
    number("sequence"),
    Index("links_by_id", "tenant", "link_id", unique=True),
)
LINK_CHANGES = Table(
    "link_changes",
    SCHEMA,
    tenant_key(),
    text("link_id", key=True),
    number("sequence", key=True),
    text("status"),
    number("effective_at"),
)
RECORDS = Table(
    "records",
    SCHEMA,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("tenant", Text, nullable=False),
    text("scenario_id"),
    text("record_id"),
    text("fingerprint"),
    text("first_verdict"),
    text("verdict"),
    number("received_at"),
    text("business_day"),
    text("reduction_kg"),
    Column("content", LargeBinary, nullable=False),
    Index("record_once", "tenant", "scenario_id", "record_id", unique=True),
    # the day first: nobody who looks up an id can mistake this index for the other before there are statistics
    Index("records_by_day", "business_day", "tenant", "scenario_id", "position"),
)
RECEIPTS = Table(
    "receipts",
    SCHEMA,
    tenant_key(),
    text("receipt_id", key=True),
    number("received_at"),
    *(
        Column(word, Integer, nullable=False)
        for word in ("submitted", "accepted", "duplicate", "held", "rejected")
    ),
)
EVENTS = Table(
    "events",
    SCHEMA,
    tenant_key(),
    number("sequence", key=True),
    text("event_id"),
    Column("body", LargeBinary, nullable=False),
)
DELIVERIES = Table(
    "deliveries",
    SCHEMA,
    tenant_key(),
    number("sequence", key=True),
    text("state"),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger),
    Column("again", Boolean, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
)
FAULTS = Table(
    "faults",
    SCHEMA,
    tenant_key(),
    number("position", key=True),
    text("id"),
    text("kind"),
    text("operation"),
    Column("skip", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("fired", Integer, nullable=False),
)
JOURNAL = Table(
    "journal",
    SCHEMA,
    tenant_key(),
    number("n", key=True),
    Column("entry", LargeBinary, nullable=False),
    # the bodies of the exchange, which the entry shows in base64 when it is read
    Column("request_body", LargeBinary, nullable=False),
    Column("response_body", LargeBinary, nullable=False),
)
