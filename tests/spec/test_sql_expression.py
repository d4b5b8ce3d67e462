"""The closures, DuckDB and PostgreSQL agree on every condition over awkward rows, in all three truth values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, Inexact, localcontext
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanpuhui.spec.expression import ExpressionError, compile_predicate, compile_value
from tanpuhui.spec.sql.dialect import DIALECTS, DUCKDB
from tanpuhui.spec.sql.expression import condition_sql, value_sql
from tanpuhui.spec.sql.scope import SqlScope
from tanpuhui.spec.sql.term import DATE, INSTANT, MOST_DIGITS, TEXT, SqlType

if TYPE_CHECKING:
    from collections.abc import Callable

    from sql_engine import Engine

    from tanpuhui.spec.sql.dialect import Dialect

TYPES = {
    "a": SqlType("integer", 10, 0),
    "b": SqlType("integer", 5, 0),
    "x": SqlType("decimal", 15, 6),
    "y": SqlType("decimal", 7, 3),
    "s": TEXT,
    "t": TEXT,
    "d": DATE,
    "e": DATE,
    "u": INSTANT,
    "v": INSTANT,
}
KINDS = {name: of.kind for name, of in TYPES.items()}
PARAMS: dict[str, Decimal | int | str] = {"low": Decimal("0.1"), "high": 30, "word": "SM12"}
VALUES: dict[str, list[Any]] = {
    "a": [0, 1, -7, None, 9_999_999_999, 2, -1],
    "b": [0, 3, None, -1, 99_999],
    "x": [Decimal(text) for text in ("0.000001", "-2.25", "999999999.999999", "0", "0.1")] + [None],
    "y": [Decimal("0.3"), None, Decimal("-0.001"), Decimal(1000), Decimal(0), Decimal("0.100")],
    "s": ["x", "SM12\n", "", None, "１２", "SM12", "é", "中文", "Z", "a_", "😀", "\ufffd"],
    "t": ["SM12", None, "'", "\n", "a\\", "1 ", "e\u0301", "z"],
    "d": ["2026-03-01", "2024-02-29", None, "2026-01-31", "2099-12-31"],
    "e": ["2026-03-01", None, "2000-02-29", "2025-12-31"],
    "u": [datetime(2026, 3, 1, tzinfo=UTC), None, datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=UTC)],
    "v": [datetime(2026, 3, 3, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), None],
}
ROWS = [
    dict(zip(VALUES, values, strict=True))
    for values in islice(zip(*(cycle(found) for found in VALUES.values()), strict=True), 120)
]
PATTERNS = ["^[A-Z]+[0-9]+$", "[0-9]", "^x?$", "^(x|SM)[^a-z]*$", "^[^中]{1,255}$", r"^a[\\_]$", "^$"]

numbers = st.recursive(
    st.sampled_from(["a", "b", "x", "y", "0", "1", "3", "-7", "0.5", "0.001", "100000", ":low", ":high"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("ABS({})".format, inner),
        st.builds("(- {})".format, inner),
        st.builds("COALESCE({}, {})".format, inner, inner),
        st.sampled_from(["LENGTH(s)", "LENGTH(t)"]),
    ),
    max_leaves=4,
)
texts = st.sampled_from(["s", "t", "'x'", "''", ":word", "'Z'", "COALESCE(s, 'x')", "COALESCE(s, t)"])
units = st.sampled_from(["1' DAY", "13' MONTH", "1' MONTH", "25' YEAR"])
dates = st.one_of(
    st.sampled_from(["d", "e"]),
    st.builds("{} {} INTERVAL '{}".format, st.sampled_from("de"), st.sampled_from("+-"), units),
)
spans = st.sampled_from(["48' HOUR", "1' SECOND", "2' DAY"])
instants = st.one_of(
    st.sampled_from(["u", "v"]),
    st.builds("{} {} INTERVAL '{}".format, st.sampled_from("uv"), st.sampled_from("+-"), spans),
)
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.builds("{} {} {}".format, numbers, comparisons, numbers),
    st.builds("{} {} {}".format, texts, comparisons, texts),
    st.builds("{} {} {}".format, dates, comparisons, dates),
    st.builds("{} {} {}".format, instants, comparisons, instants),
    st.builds("d {} '{}'".format, comparisons, st.sampled_from(["2024-02-29", "2026-03-01"])),
    st.builds("{} BETWEEN {} AND {}".format, numbers, numbers, numbers),
    st.builds("{} NOT IN ({}, {})".format, numbers, numbers, numbers),
    st.builds("{} IN ({}, 'SM12')".format, texts, texts),
    st.builds("{} IS NULL".format, st.one_of(numbers, texts, dates)),
    st.builds("REGEXP_LIKE({}, '{}')".format, texts, st.sampled_from(PATTERNS)),
    st.sampled_from(["TRUE", "FALSE", "d IN ('2024-02-29', e)"]),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)


def _scope(dialect: Dialect) -> SqlScope:
    return SqlScope("Q-X-001", dialect, TYPES, PARAMS)


@pytest.fixture(scope="module")
def both(duck: Engine, elephant: Engine) -> list[Engine]:
    for engine in (duck, elephant):
        made = {"text": "TEXT", "date": "DATE", "instant": "TIMESTAMP"}
        types = {name: made.get(of.kind) or engine.dialect.number(of) for name, of in TYPES.items()}
        if engine is elephant:
            types["t"] = 'TEXT COLLATE "und-x-icu"'
        rows = [[n, *row.values()] for n, row in enumerate(ROWS)]
        engine.table("awkward", {"n": "INTEGER", **types}, rows)
    return [duck, elephant]


def _found(engine: Engine, code: str) -> list[Any]:
    return [value for (value,) in engine.run(f"SELECT {code} FROM awkward ORDER BY n")]


def _too_wide(make: Callable[[], object]) -> bool:
    try:
        make()
    except ExpressionError as error:
        return f"more than {MOST_DIGITS}" in str(error)
    return False


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(conditions)
def test_three_engines_agree_on_every_row(both: list[Engine], sql: str) -> None:
    if _too_wide(lambda: condition_sql(sql, _scope(DUCKDB))):
        return
    closure = compile_predicate(sql, KINDS, PARAMS)
    with localcontext(prec=100):
        expected = [closure(row) for row in ROWS]
    for engine in both:
        assert _found(engine, condition_sql(sql, _scope(engine.dialect))) == expected


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(numbers)
def test_three_engines_compute_the_same_number(both: list[Engine], sql: str) -> None:
    if _too_wide(lambda: value_sql(sql, _scope(DUCKDB))):
        return
    closure = compile_value(sql, KINDS, PARAMS)
    with localcontext(prec=100):
        expected = [closure(row) for row in ROWS]
    for engine in both:
        assert _found(engine, value_sql(sql, _scope(engine.dialect)).code) == expected


def test_a_product_does_not_cost_its_neighbours_their_places(both: list[Engine]) -> None:
    for sql in ("COALESCE(x, a * a)", "COALESCE(x, (a + a) * a)", "COALESCE(x, a * a) + x"):
        with localcontext(prec=100):
            expected = [compile_value(sql, KINDS, PARAMS)(row) for row in ROWS]
        for engine in both:
            assert _found(engine, value_sql(sql, _scope(engine.dialect)).code) == expected


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    "sql",
    ["unknown = 1", "a = :unknown", "a = s", "s + 1 = 2", "a LIKE 'x'", "UPPER(s) = 'X'", "a IN (SELECT 1)",
     "CAST(a AS TEXT) = '1'", "d < s", "d = 'tomorrow'", "a * a * a * a > 0", "REGEXP_LIKE(s, 'a{256}')",
     r"REGEXP_LIKE(s, '\d')", "u - v = 1", "x / x / x / x = 1"],
)  # fmt: skip
def test_whatever_is_outside_the_grammar_or_too_wide_is_refused_by_name(sql: str, dialect: Dialect) -> None:
    with pytest.raises(ExpressionError, match="Q-X-001"):
        condition_sql(sql, _scope(dialect))


@pytest.mark.parametrize("text", ["'", "';--", '"', "\\", "{v0}", "\n", "''", "$$", "%s", "?"])
def test_a_written_text_stays_a_text(engine: Engine, text: str) -> None:
    sql = condition_sql("s = :word", SqlScope("Q-X-001", engine.dialect, TYPES, {"word": text}))
    one = engine.dialect.cast(_written(text), TEXT)
    assert engine.run(f"SELECT {sql} FROM (SELECT {one} AS s) AS one") == [(True,)]


def _written(text: str) -> str:
    return "concat(" + ", ".join(f"chr({ord(letter)})" for letter in text) + ")"


def test_a_quotient_is_cut_to_its_places_or_exact(both: list[Engine]) -> None:
    for engine in both:
        code = value_sql("2 / 3", _scope(engine.dialect)).code
        assert _found(engine, code)[0] == compile_value("2 / 3", KINDS)({}) == Decimal("0.666666666666")
    with localcontext(traps=[Inexact]), pytest.raises(Inexact):
        compile_value("2 / 3", KINDS)({})
