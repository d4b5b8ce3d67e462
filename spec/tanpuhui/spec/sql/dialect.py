"""What the engines say differently; everything else in the compiler is the same text for all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tanpuhui.spec._expression_value import QUOTIENT_PLACES
from tanpuhui.spec.sql.term import MOST_DIGITS, SqlTerm, SqlType, number_type

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD_DIGITS = 18
_UNIT = f"{Decimal(1).scaleb(-QUOTIENT_PLACES):f}"


def text_literal(text: str) -> str:
    """A text as SQL writes it; U+0000, which no engine stores, is refused."""
    if "\0" in text:
        raise ValueError("U+0000 cannot be written in SQL")
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class Dialect(ABC):
    """One engine's way to say what the engines say differently."""

    name: str
    lasting: str

    @abstractmethod
    def number(self, of: SqlType) -> str:
        """The name of a number type."""

    @abstractmethod
    def ordered(self, code: str) -> str:
        """A text that compares by code points."""

    @abstractmethod
    def matches(self, code: str, pattern: str) -> str:
        """Whether a text matches a pattern."""

    @abstractmethod
    def quotient(self, a: SqlTerm, b: SqlTerm) -> str:
        """The quotient cut to its places, NULL where it is divided by zero."""

    @abstractmethod
    def instant(self, code: str) -> str:
        """The UTC timestamp of an RFC 3339 text, cut to microseconds."""

    @abstractmethod
    def micros(self, code: str) -> str:
        """The microseconds of a UTC timestamp since 1970 as a whole number."""

    def seconds(self, micros: str, of: SqlType) -> str:
        """A whole number of microseconds as seconds."""
        unit = f"CAST('0.000001' AS {self.number(SqlType('decimal', of.scale, of.scale))})"
        whole = self.cast(micros, SqlType("decimal", of.digits, 0))
        return self.cast(f"{whole} * {unit}", of)

    @abstractmethod
    def clock(self, code: str) -> str:
        """The time of day of a timestamp as ISO 8601 writes it, with microseconds where it has any."""

    @abstractmethod
    def smallest(self, code: str, count: int, where: str) -> str:
        """An aggregate: the few smallest values in order as an array, of the rows that meet a condition."""

    @abstractmethod
    def hash(self, codes: str) -> str:
        """A 64-bit number that equal values share."""

    @abstractmethod
    def without(self, rows: str, reference: str, match: str) -> str:
        """The rows, as `judged`, for which no row of a reference, as `period`, matches."""

    def operand(self, term: SqlTerm, made: SqlType) -> str:  # noqa: ARG002
        """A number that takes part in making another of that type."""
        return term.code

    def cast(self, code: str, of: SqlType) -> str:
        """A text or number brought to a type."""
        names = {"text": "VARCHAR", "date": "DATE", "instant": "TIMESTAMP"}
        return f"CAST({code} AS {names.get(of.kind) or self.number(of)})"


class DuckDb(Dialect):
    """DuckDB: decimals of at most 38 digits whose types follow the same arithmetic as ours."""

    name = "duckdb"
    lasting = ""  # the database is the run's own

    def number(self, of: SqlType) -> str:
        """Exact, of its own width."""
        return f"DECIMAL({of.digits}, {of.scale})"

    def operand(self, term: SqlTerm, made: SqlType) -> str:
        """Widened where the engine would compute in 64 bits and overflow."""
        if term.type.digits > _WORD_DIGITS or made.digits <= _WORD_DIGITS:
            return term.code
        return f"CAST({term.code} AS DECIMAL({_WORD_DIGITS + 1}, {term.type.scale}))"

    def ordered(self, code: str) -> str:
        """Texts compare by their bytes, which is by code points."""
        return code

    def matches(self, code: str, pattern: str) -> str:
        """RE2, whose end anchor is the end of the text."""
        return f"regexp_matches({code}, {text_literal(pattern)})"

    def quotient(self, a: SqlTerm, b: SqlTerm) -> str:
        """Whole numbers are divided and the point put back: decimals divide as doubles here."""
        places = QUOTIENT_PLACES + b.type.scale - a.type.scale
        above = f"{_unscaled(a)} * {_whole_power(max(places, 0))}"
        below = f"NULLIF({_unscaled(b)} * {_whole_power(max(-places, 0))}, 0)"
        whole = f"CAST(({above}) // {below} AS DECIMAL({MOST_DIGITS}, 0))"
        unit = f"CAST('{_UNIT}' AS DECIMAL({QUOTIENT_PLACES}, {QUOTIENT_PLACES}))"
        return f"CAST({whole} * {unit} AS {self.number(quotient_type(a.type, b.type))})"

    def instant(self, code: str) -> str:
        """Read with its offset, then kept in UTC; finer parts are cut by the engine."""
        return f"(CAST({code} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"

    def micros(self, code: str) -> str:
        """The engine counts them itself."""
        return f"epoch_us({code})"

    def clock(self, code: str) -> str:
        """Formatted by strftime."""
        fraction = f"CASE WHEN microsecond({code}) % 1000000 <> 0 THEN strftime({code}, '.%f') ELSE '' END"
        return f"strftime({code}, '%H:%M:%S') || {fraction}"

    def smallest(self, code: str, count: int, where: str) -> str:
        """The aggregate of the few smallest, in bounded memory."""
        return f"min({code}, {count}) FILTER (WHERE {where})"

    def hash(self, codes: str) -> str:
        """The engine's own."""
        return f"hash({codes})"

    def without(self, rows: str, reference: str, match: str) -> str:
        """An anti join, which is several times faster here than NOT EXISTS."""
        return f"SELECT judged.* FROM ({rows}) AS judged ANTI JOIN {reference} AS period ON {match}"


class Postgres(Dialect):
    """PostgreSQL: numerics without bound, texts compared in the collation "C"."""

    name = "postgres"
    lasting = "TEMP"  # the database is the platform's

    def number(self, of: SqlType) -> str:  # noqa: ARG002
        """Exact, as wide as needed."""
        return "NUMERIC"

    def ordered(self, code: str) -> str:
        """The collation "C" compares bytes, which is by code points."""
        return f'({code} COLLATE "C")'

    def matches(self, code: str, pattern: str) -> str:
        """An advanced regular expression, whose end anchor is the end of the text."""
        return f"({code} ~ {text_literal(pattern)})"

    def quotient(self, a: SqlTerm, b: SqlTerm) -> str:
        """The whole quotient of the number moved by its places."""
        unit = f"CAST('{_UNIT}' AS NUMERIC)"
        return f"(div({a.code} * CAST('1e{QUOTIENT_PLACES}' AS NUMERIC), NULLIF({b.code}, 0)) * {unit})"

    def instant(self, code: str) -> str:
        """Finer parts are cut before the engine would round them."""
        cut = f"regexp_replace({code}, '([.][0-9]{{6}})[0-9]+', '\\1')"
        return f"(CAST({cut} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"

    def micros(self, code: str) -> str:
        """The epoch is an exact numeric since version 14."""
        return f"CAST(extract(epoch FROM {code}) * 1000000 AS BIGINT)"

    def clock(self, code: str) -> str:
        """Formatted by to_char."""
        fraction = f"CASE WHEN to_char({code}, 'US') <> '000000' THEN to_char({code}, '.US') ELSE '' END"
        return f"to_char({code}, 'HH24:MI:SS') || {fraction}"

    def smallest(self, code: str, count: int, where: str) -> str:
        """An ordered array, cut."""
        return f"(array_agg({code} ORDER BY {code}) FILTER (WHERE {where}))[1:{count}]"

    def hash(self, codes: str) -> str:
        """The engine's own, of a row."""
        return f"hash_record_extended(ROW({codes}), 0)"

    def without(self, rows: str, reference: str, match: str) -> str:
        """The engine plans this as an anti join."""
        found = f"SELECT 1 FROM {reference} AS period WHERE {match}"
        return f"SELECT judged.* FROM ({rows}) AS judged WHERE NOT EXISTS ({found})"


DUCKDB: Final = DuckDb()
POSTGRES: Final = Postgres()
DIALECTS: Final[Sequence[Dialect]] = (DUCKDB, POSTGRES)


def quotient_type(a: SqlType, b: SqlType) -> SqlType:
    """The type that holds every quotient of two numbers."""
    return number_type(max(a.whole + b.scale, 0), QUOTIENT_PLACES)


def quotient_digits(a: SqlType, b: SqlType) -> int:
    """The digits that the widest step of a division takes."""
    places = QUOTIENT_PLACES + b.scale - a.scale
    above, below = a.digits + max(places, a.scale), b.digits + max(-places, b.scale)
    return max(above, below, quotient_type(a, b).digits)


def _unscaled(term: SqlTerm) -> str:
    """The number with its point moved behind the last digit."""
    scaled = SqlType("decimal", MOST_DIGITS, term.type.scale)
    power = f"CAST('{_power(term.type.scale)}' AS DECIMAL({term.type.scale + 1}, 0))"
    return f"CAST({DUCKDB.operand(term, scaled)} * {power} AS HUGEINT)"


def _whole_power(places: int) -> str:
    return f"CAST('{_power(places)}' AS HUGEINT)"


def _power(places: int) -> str:
    return f"1{'0' * places}"
