"""The kinds of columns that the tables are made of; every table bears its tenant."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Text


def text(name: str, *, key: bool = False) -> Column[str]:
    """A column of text that is always there."""
    return Column(name, Text, primary_key=key, nullable=False)


def number(name: str, *, key: bool = False) -> Column[int]:
    """A column of whole numbers, instants in microseconds among them."""
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def tenant_key() -> Column[str]:
    """Whose row it is."""
    return text("tenant", key=True)
