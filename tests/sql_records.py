"""Records that match their schema and are otherwise invented, element by element from the annex."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    import random

    from tanpuhui.spec.element import Element

WORDS = {
    "record_id": ["r" * 15 + letter for letter in "abcdefgh"],
    "link_id": ["lnk_" + letter * 22 for letter in "abc"],
    "district_code": ["310115", "310101", "320100"],
    "device_id": ["dev-1", "dev-2"],
}
TIMES = [
    ("2026-03-01T00:00:00+08:00", "2026-03-02T00:00:00+08:00"),
    ("2026-02-28T16:00:00Z", "2026-02-28T16:15:00.5Z"),
    ("2026-03-01T08:00:00.000001+08:00", "2026-03-01T08:15:00+08:00"),
]


def a_record(scheme: str, chance: random.Random) -> dict[str, Any]:
    """A record that matches its schema; its quantities need not go together."""
    of, methodology = schemes()[scheme], next(one for one in methodologies() if one.scheme == scheme)
    narrowed = of.narrowed()
    record = {one.id: _value(one, narrowed.get(one.id, one.values), chance) for one in envelope()}
    record |= {"methodology": methodology.code, "methodology_version": methodology.version}
    record["parameter_set"] = methodology.parameter_sets[0].id
    record["activity_start"], record["activity_end"] = chance.choice(TIMES)
    activity = {one.id: _value(one, one.values, chance) for one in of.elements}
    for one in of.elements:
        if one.condition and activity[one.condition.element] != one.condition.equals:
            del activity[one.id]
    return {**record, "activity": activity}


def _value(element: Element, values: tuple[str, ...], chance: random.Random) -> Any:
    if values:
        return chance.choice(values)
    if element.type == "decimal":
        most = int(Decimal(element.maximum or "0").scaleb(element.precision or 0))
        number = Decimal(chance.randint(0, 10 ** chance.randint(1, len(str(most))) - 1))
        return f"{number.scaleb(-(element.precision or 0)):f}"
    if element.type == "integer":
        return chance.randint(int(element.minimum or 0), min(int(element.maximum or 0), 100_000))
    if element.type == "date":
        return chance.choice(["2026-03-01", "2026-02-28", "2001-03-01"])
    return chance.choice(WORDS.get(element.id, ["0101", "0234"]))
