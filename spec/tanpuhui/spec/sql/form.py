"""The annex's elements as conditions on texts: the gate for columnar files, which hold no JSON to validate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.element_schema import element_schema
from tanpuhui.spec.sql.dialect import DUCKDB, text_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tanpuhui.spec.element import Element
    from tanpuhui.spec.sql.columns import Source

_WHOLE = "^(0|-?[1-9][0-9]{0,15})$"


def well_formed(source: Source) -> str:
    """The condition, for DuckDB, under which a row is a record of the scheme that it names; never NULL."""
    cases = " ".join(
        f"WHEN {text_literal(code)} THEN ({' AND '.join(_conditions(code, source))})" for code in schemes()
    )
    return f"(CASE {source.outer('scheme')} {cases} ELSE FALSE END)"


def _conditions(code: str, source: Source) -> Iterator[str]:
    scheme = schemes()[code]
    narrowed = scheme.narrowed()
    for element in envelope():
        yield _form(element, source.outer(element.id), narrowed.get(element.id, element.values))
    for element in scheme.elements:
        text = source.inner(element.id)
        form = _form(element, text, element.values)
        condition = element.condition
        if condition is None:
            yield form
        else:
            due = f"({source.inner(condition.element)} IS NOT DISTINCT FROM {text_literal(condition.equals)})"
            yield f"CASE WHEN {due} THEN {form} ELSE {text} IS NULL END"


def _form(element: Element, text: str, values: tuple[str, ...]) -> str:
    if values:
        return f"COALESCE({text} IN ({', '.join(map(text_literal, values))}), FALSE)"
    pattern = element_schema(element).get("pattern", _WHOLE)
    matched = DUCKDB.matches(text, pattern)
    further = _FURTHER.get(element.type)
    condition = matched if further is None else f"({matched} AND {further(element, text)})"
    return f"COALESCE({condition}, FALSE)"


def _in_range(element: Element, text: str) -> str:
    return f"TRY_CAST({text} AS BIGINT) BETWEEN {int(element.minimum or 0)} AND {int(element.maximum or 0)}"


_FURTHER: dict[str, Callable[[Element, str], str]] = {
    "integer": _in_range,
    "date": lambda _, text: f"TRY_CAST({text} AS DATE) IS NOT NULL",
    "instant": lambda _, text: f"TRY_CAST({text} AS TIMESTAMPTZ) IS NOT NULL",
}
