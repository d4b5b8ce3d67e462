"""Which unit a column is in: as stated, unless its values say otherwise (IND-002)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.layout import plain_name, unit_name, units
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.reference_client.exports.sheet import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tanpuhui.reference_client.exports.heading import Found
    from tanpuhui.reference_client.exports.layout import Check
    from tanpuhui.reference_client.exports.sheet import Cells, Sheet
    from tanpuhui.reference_client.exports.table import Row

_ENOUGH = 3
_WATTS_PER_KILOWATT = 1000


def with_units(sheet: Sheet, samples: Mapping[str, Sequence[Row]]) -> Sheet:
    """The sheet with the size of each column's unit, by some rows of each group."""
    for found in sheet.heading.found.values():
        if found.column.quantity is not None:
            for group, rows in samples.items():
                sheet = _with_unit(sheet, found, group, rows)
    return sheet


def _with_unit(sheet: Sheet, found: Found, group: str, rows: Sequence[Row]) -> Sheet:
    """The stated size, or what the samples show; nothing is changed without proof."""
    stated, check, key = _stated(sheet, found), found.column.check, (found.column.id, group)
    ratios = _ratios(sheet, found, rows) if check else []
    fitting = _fitting(found, ratios) if len(ratios) >= _ENOUGH else []
    if stated is not None and (stated in fitting or len(fitting) != 1):
        return replace(sheet, sizes={**sheet.sizes, key: stated})
    if len(fitting) != 1:
        raise _unit_unknown(found)
    proven = check is not None and check.proof
    kind = "unit-inferred" if stated is None else "duration-unit" if proven else "unit-doubtful"
    unit = unit_name(str(found.column.quantity), fitting[0])
    doubt = Doubt(found, kind, f"{group} {found.heading}={unit}".strip())
    size = fitting[0] if stated is None or proven else stated
    doubts = {**sheet.doubts, group: (*sheet.doubts.get(group, ()), doubt)}
    return replace(sheet, sizes={**sheet.sizes, key: size}, doubts=doubts)


def ratio(cells: Cells, found: Found) -> Decimal | None:
    """A value as it stands in the file to the quantity that it is checked against; none where it cannot be told."""
    try:
        read, other = cells.figure(found.column.id), _other(cells, found.column.check)
    except Refusal:
        return None
    if read is None or read.unit or read.value <= 0 or other is None or other <= 0:
        return None
    return read.value / other


def _ratios(sheet: Sheet, found: Found, rows: Sequence[Row]) -> list[Decimal]:
    quiet = sheet.quiet()
    told = (ratio(quiet.cells(row), found) for row in rows)
    return [one for one in told if one is not None]


def _fitting(found: Found, ratios: list[Decimal]) -> list[Decimal]:
    check, quantity = found.column.check, found.column.quantity
    if check is None or quantity is None:
        return []
    middle = median(ratios)
    return [
        size for size in sorted(set(units(quantity).values())) if check.low <= middle * size <= check.high
    ]


def _stated(sheet: Sheet, found: Found) -> Decimal | None:
    """By the user for this column, by the header, by the user for the quantity, or as the layout has it."""
    column, named = found.column, sheet.terms.units
    wanted = named.get(plain_name(column.id)) or named.get(plain_name(found.heading))
    unit = wanted or found.unit or named.get(str(column.quantity)) or column.unit
    if unit is None:
        return None
    size = units(str(column.quantity)).get(plain_name(unit))
    if size is None:
        raise _unit_unknown(found)
    return size


def _other(cells: Cells, check: Check | None) -> Decimal | None:
    """The quantity that a column is checked against, in its base unit."""
    per = check.per if check else ""
    if per == "seconds":
        start, end = cells.instant("start"), cells.instant_or_none("end")
        return None if end is None else Decimal((end - start).total_seconds())
    if per == "metres":
        return cells.needed("odometer_end") - cells.needed("odometer_start")
    if per == "capacity":
        stated = cells.sheet.terms.capacity_kw
        watts = cells.amount("capacity")
        return Decimal(stated) if stated else watts / _WATTS_PER_KILOWATT if watts else None
    return None


def _unit_unknown(found: Found) -> InvalidInput:
    names = ", ".join(_usual(found))
    example = f"--unit {found.column.id}={next(iter(_usual(found)))}"
    return InvalidInput(
        Text(
            f"{found.heading} 列的单位没有写明，或不适用",
            f"the unit of column {found.heading} is not stated or none of its own",
        ),
        Text(
            f"写在列名中，或用 {example} 给出，{names} 之一",
            f"write it into the header or name it with {example}, one of {names}",
        ),
        "IND-002",
    )


def _usual(found: Found) -> Iterable[str]:
    quantity = str(found.column.quantity)
    return [unit_name(quantity, size) for size in sorted(set(units(quantity).values()))]
