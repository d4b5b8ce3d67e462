"""The compiler against a database that others wrote: generated conditions over awkward rows."""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.expression import compile_predicate

if TYPE_CHECKING:
    from tanpuhui.spec.expression import Kind

COLUMNS: dict[str, Kind] = {"a": "integer", "b": "integer", "t": "text", "d": "date"}
ROWS: list[dict[str, Any]] = [
    {"a": a, "b": b, "t": t, "d": d}
    for a, b in [(0, 0), (1, -1), (-7, 3), (None, 2), (5, None), (None, None), (10_000, 1)]
    for t, d in [
        ("x", "2026-03-01"),
        ("SM12\n", "2024-02-29"),
        ("", None),
        (None, "1999-12-31"),
        ("１２", "2026-01-31"),
    ]
]
PATTERNS = ["^[A-Z]+[0-9]+$", "[0-9]", "^x?$", "^(x|SM)[^a-z]*$"]

numbers = st.recursive(
    st.sampled_from(["a", "b", "0", "1", "3", "-7"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("ABS({})".format, inner),
        st.builds("COALESCE({}, {})".format, inner, inner),
    ),
    max_leaves=4,
)
texts = st.sampled_from(["t", "'x'", "''", "'SM12'", "COALESCE(t, 'x')"])
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.builds("{} {} {}".format, numbers, comparisons, numbers),
    st.builds("{} {} {}".format, texts, comparisons, texts),
    st.builds("d {} '{}'".format, comparisons, st.sampled_from(["2024-02-29", "2026-03-01"])),
    st.builds("{} BETWEEN {} AND {}".format, numbers, numbers, numbers),
    st.builds("{} NOT IN ({}, {})".format, numbers, numbers, numbers),
    st.builds("{} IS NULL".format, st.one_of(numbers, texts)),
    st.builds("LENGTH(t) {} {}".format, comparisons, numbers),
    st.builds("REGEXP_LIKE(t, '{}')".format, st.sampled_from(PATTERNS)),
    st.sampled_from(["TRUE", "FALSE"]),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=6,
)


def matches(text: str | None, pattern: str) -> bool | None:
    return None if text is None else re.search(pattern.replace("$", r"\Z"), text) is not None


@cache
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.create_function("REGEXP_LIKE", 2, matches, deterministic=True)
    connection.execute("CREATE TABLE rows (a INTEGER, b INTEGER, t TEXT, d TEXT)")
    connection.executemany("INSERT INTO rows VALUES (:a, :b, :t, :d)", ROWS)
    return connection


@settings(max_examples=300, deadline=None)
@given(conditions)
def test_the_closure_and_the_database_agree_on_every_row(sql: str) -> None:
    compiled = compile_predicate(sql, COLUMNS)
    answers = database().execute(f"SELECT {sql} FROM rows ORDER BY rowid").fetchall()  # generated above
    assert [compiled(row) for row in ROWS] == [None if found is None else bool(found) for (found,) in answers]
