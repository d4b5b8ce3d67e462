"""Which records the rules that compare them will find: the law's own SQL over all that are due, in bounded memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tanpuhui.reference_client.counting import Found
from tanpuhui.reference_client.exports.lines import runs_of, runs_text
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.set_kind import Cap, Consistent, NoOverlap, Unique, Volume
from tanpuhui.spec.set_rule import set_rules
from tanpuhui.spec.sql.dialect import DUCKDB, text_literal
from tanpuhui.spec.sql.laying import Layout
from tanpuhui.spec.sql.relation import HISTORY, RECORDS
from tanpuhui.spec.sql.sets import set_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tanpuhui.reference_client.outcome import Outcome
    from tanpuhui.spec.set_rule import SetRule
    from tanpuhui.spec.sql.duck import DuckSession

_USER = "link_id"
_MEMORY = "300MB"
_BUFFER = 1 << 20
_LINE = b'{"row_number":%d,"lines":"%b","record":%b}\n'
_ORIGINS = (
    "CREATE TABLE origins AS SELECT row_number, lines FROM read_json({file},"
    " format='newline_delimited', columns={{row_number: 'BIGINT', lines: 'VARCHAR'}})"
)
_LINES_OF = "SELECT lines FROM ({rows}) AS found JOIN origins USING (row_number) ORDER BY row_number"
_RECEIVED = "CAST(NULL AS TIMESTAMP)"


class Comparing:
    """Takes records one by one onto the disk, and judges them together once all are there."""

    def __init__(self, scheme: str) -> None:
        self._scheme, self._count = scheme, 0
        self._folder = TemporaryDirectory(prefix="tph-dry-run-")
        self._path = Path(self._folder.name) / "records.ndjson"
        self._file = self._path.open("wb", buffering=_BUFFER)

    def take(self, outcome: Outcome) -> None:
        """One record more, beside the lines that it comes from."""
        self._count += 1
        lines, body = runs_text(outcome.runs).encode(), outcome.body or b"{}"
        self._file.write(_LINE % (self._count, lines, body))

    def found(self, told: Callable[[int, int], None], *, users_known: bool) -> Iterator[tuple[str, Found]]:
        """Each rule that some records offend against, with these; without real users, not those that compare users."""
        rules = [rule for rule in _comparing(self._scheme) if users_known or _USER not in _compared(rule)]
        if not self._count:
            return
        with self._laid_out() as session:
            for number, rule in enumerate(rules, start=1):
                offending = self._offending(session, rule)
                if offending.count:
                    yield rule.id, offending
                told(number, len(rules))

    def _offending(self, session: DuckSession, rule: SetRule) -> Found:
        """The records that offend against a rule."""
        found = Found()
        rows = set_queries(rule, DUCKDB, [self._scheme]).rows
        for (lines,) in session.each(_LINES_OF.format(rows=rows)):
            found.take(runs_of(lines))
        return found

    def _laid_out(self) -> DuckSession:
        """The engine with the records, the lines of each, and no records of former days."""
        from tanpuhui.spec.sql.duck import DuckSession, json_lines  # noqa: PLC0415  # costly to import

        self._file.close()
        nothing = self._path.with_name("nothing.ndjson")
        nothing.touch()
        session = DuckSession(self._path.parent, _MEMORY)
        for path, relation in ((self._path, RECORDS), (nothing, HISTORY)):
            source = json_lines(self._scheme, [path], _RECEIVED)
            session.lay(Layout({self._scheme: [source]}, default_times(), relation))
        session.run(_ORIGINS.format(file=text_literal(str(self._path))))
        return session

    def close(self) -> None:
        """Leaves nothing on the disk."""
        self._file.close()
        self._folder.cleanup()


def _comparing(scheme: str) -> list[SetRule]:
    """The rules that judge records of a scheme by one another."""
    return [rule for rule in set_rules() if rule.scheme in {None, scheme} and _compared(rule)]


def _compared(rule: SetRule) -> tuple[str, ...]:
    """The columns by which a rule compares records; none for rules that look elsewhere."""
    match rule.kind:
        case Unique(over=columns) | NoOverlap(partition=columns):
            return columns
        case Cap(group=columns) | Volume(group=columns) | Consistent(group=columns):
            return columns
    return ()
