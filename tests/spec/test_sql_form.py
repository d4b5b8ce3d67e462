"""The gate for columns lets through exactly what the record's schema lets through."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from sql_records import a_record

from tanpuhui.spec.element import schemes
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.sql.columns import Source
from tanpuhui.spec.sql.form import well_formed

if TYPE_CHECKING:
    from sql_engine import Engine

SOURCE = Source(
    "raw", "n", "NULL", lambda name: f"(doc ->> '$.{name}')", lambda name: f"(doc ->> '$.activity.{name}')"
)
AWKWARD = [
    "",
    "0",
    "00",
    "-1",
    "1.0000001",
    "9" * 20,
    "2026-02-30",
    "2026-02-28T25:00:00Z",
    "x\n",
    "310115",
    "N",
    None,
]


def mutated(scheme: str, chance: random.Random) -> dict[str, Any]:
    record = copy.deepcopy(a_record(scheme, chance))
    place = chance.choice([record, record["activity"]])
    name = chance.choice([one for one in place if one != "activity"])
    if chance.random() < 0.2:
        del place[name]
    else:
        place[name] = chance.choice(AWKWARD)
    return record


@pytest.mark.parametrize("scheme", schemes())
def test_columns_and_schema_agree(duck: Engine, scheme: str) -> None:
    chance = random.Random(scheme)
    records = [a_record(scheme, chance), *(mutated(scheme, chance) for _ in range(300))]
    duck.table("raw", {"n": "BIGINT", "doc": "JSON"}, [[n, json.dumps(one)] for n, one in enumerate(records)])
    found = duck.run(f"SELECT {well_formed(SOURCE)} FROM raw ORDER BY n")
    sound = [violations(_typed(one)) == [] for one in records]
    assert [value for (value,) in found] == sound
    assert sound[0]


def _typed(record: dict[str, Any]) -> dict[str, Any]:
    """Columns hold no JSON types: a whole number that is written as text is one, and NULL is nothing."""
    given = {name: value for name, value in record.items() if value is not None and name != "activity"}
    activity = {name: value for name, value in record["activity"].items() if value is not None}
    for element in schemes().get(record.get("scheme") or "", next(iter(schemes().values()))).elements:
        text = activity.get(element.id)
        if (
            element.type == "integer"
            and isinstance(text, str)
            and text.lstrip("-").isdigit()
            and str(int(text)) == text
        ):
            activity[element.id] = int(text)
    return {**given, "activity": activity}
