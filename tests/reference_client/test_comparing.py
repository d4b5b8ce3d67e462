"""What a dry run foresees of records together is what the plain reading of the set rules says."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tanpuhui.reference_client.cli import scenario
from tanpuhui.spec.columns import record_row
from tanpuhui.spec.set_check import check_set
from tanpuhui.spec.set_kind import CoveredBy, Recompute
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FIRST = datetime.fromisoformat("2026-03-02T07:00:00+08:00")
NOW = datetime(2026, 3, 10, tzinfo=UTC)
Lines = dict[str, list[int]]


def at(chance: random.Random, minutes: int) -> tuple[str, str]:
    start = FIRST + timedelta(minutes=chance.randrange(minutes))
    return start.isoformat(), (start + timedelta(minutes=chance.choice((10, 20, 40)))).isoformat()


def bikes(chance: random.Random, count: int) -> Iterable[str]:
    yield "trip_id,bike_id,link_id,district,start,end,distance_m"
    for number in range(count):
        start, end = at(chance, 9000)
        yield f"{number},bike-{chance.randrange(9)},{link(chance)},310115,{start},{end},1500"


def journeys(chance: random.Random, count: int) -> Iterable[str]:
    yield "交易号,闸机号,连通号,行政区划代码,进站车站,出站车站,进站时间,出站时间,里程(m),票卡介质"
    for number in range(count):
        start, end = at(chance, 300)
        places = f"S{chance.randrange(3)},S{chance.randrange(3) + 3}"
        metres = chance.choice((7200, 7200, 9000))
        yield f"{number},gate-1,{link(chance)},310115,{places},{start},{end},{metres},qr"


def link(chance: random.Random) -> str:
    return f"lnk_{chance.randrange(25):022d}"


def foreseen(folder: Path, rows: Iterable[str]) -> tuple[list[dict[str, Any]], Lines]:
    """The records that are due, and the lines that each set rule is said to find."""
    file, told, due = folder / "rows.csv", folder / "told.json", folder / "due.ndjson"
    file.write_text("\n".join(rows), encoding="utf-8")
    CliRunner().invoke(
        scenario, ["report", str(file), "--dry-run", "--json", str(told), "--records", str(due)]
    )
    warts = [wart for wart in json.loads(told.read_bytes())["warts"] if wart["kind"].startswith("Q-SET")]
    records = [json.loads(line) for line in due.read_bytes().splitlines()]
    return records, {wart["kind"]: [wart["count"], *wart["lines"]] for wart in warts}


def read_plainly(records: list[dict[str, Any]]) -> Lines:
    """The same by the law's plain reading; a record's line is its place below the header."""
    rows = [record_row(record, received_at=NOW) for record in records]
    found = {
        rule.id: check_set(rule, rows).offending
        for rule in set_rules()
        if not isinstance(rule.kind, CoveredBy | Recompute)
    }
    return {rule: [len(places), *(n + 2 for n in places[:20])] for rule, places in found.items() if places}


@pytest.mark.parametrize(("make", "rules"), [(bikes, 2), (journeys, 4)], ids=["BIKE", "RAIL"])
def test_the_engine_finds_what_the_plain_reading_finds(
    tmp_path: Path, make: Callable[[random.Random, int], Iterable[str]], rules: int
) -> None:
    records, found = foreseen(tmp_path, make(random.Random(1), 400))  # noqa: S311  # the same each time
    assert len(records) == 400
    assert found == read_plainly(records)
    assert len(found) >= rules
