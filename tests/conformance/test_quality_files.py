"""`tph quality`: the same findings whatever holds the records, every refused line told, nothing guessed."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import zstandard
from click.testing import CliRunner
from sql_records import a_record

from tanpuhui.conformance.cli import tph
from tanpuhui.conformance.quality.checking import Order, check_files
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.element import schemes
from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.quality import check_record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tanpuhui.conformance.quality.finding import Finding

RECEIVED = datetime(2026, 3, 3, tzinfo=UTC)
COUNT = 60


def records() -> list[dict[str, Any]]:
    chance = random.Random(5)
    codes = list(schemes())
    return [{**a_record(codes[n % len(codes)], chance), "record_id": f"r{n:019d}"} for n in range(COUNT)]


def a_good_ride(**members: Any) -> dict[str, Any]:
    ride = a_record("BIKE", random.Random(1))
    times = {"activity_start": "2026-03-01T08:00:00+08:00", "activity_end": "2026-03-01T08:15:00+08:00"}
    activity = {"distance_km": "2.200", "duration_s": 900, "propulsion": "human"}
    amounts = {"baseline_kg": "0.121660", "scenario_kg": "0.000000", "reduction_kg": "0.121660"}
    words = {
        "business_day": "2026-03-01",
        "device_state": "N",
        "data_source": "GNSS",
        "district_code": "310115",
    }
    return {**ride, **times, **words, **amounts, "activity": activity, **members}


def lines(found: Iterable[Any]) -> bytes:
    return b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in found)


def checked(*files: Path, **references: Path) -> Finding:
    return check_files(Order(files, RECEIVED, references))


def told(finding: Finding) -> dict[str, Any]:
    """The finding without the names of files."""
    return json.loads(json.dumps(finding.as_mapping()).replace(finding.shelf.starts[0][0].name, "file"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "records.ndjson"
    path.write_bytes(lines(records()))
    return path


def test_counts_and_places_are_those_of_the_closures(plain: Path) -> None:
    hits: dict[tuple[str, str], list[int]] = {}
    for number, record in enumerate(records(), start=1):
        for hit in check_record(record, received_at=RECEIVED):
            hits.setdefault((record["scheme"], hit.rule_id), []).append(number)
    finding = checked(plain)
    assert sum(found.records for found in finding.schemes.values()) == COUNT
    for (scheme, rule), numbers in hits.items():
        tally = finding.schemes[scheme].rules[rule]
        assert (tally.violations, tally.rows) == (len(numbers), tuple(numbers[:5]))
    broken = {(s, r) for s, found in finding.schemes.items() for r, t in found.rules.items() if t.violations}
    assert {pair for pair in broken if not pair[1].startswith(("Q-SET", "Q-DAY"))} >= set(hits)


@pytest.mark.parametrize("kind", ["gz", "zst", "parquet", "nested"])
def test_the_container_makes_no_difference(plain: Path, tmp_path: Path, kind: str) -> None:
    data = plain.read_bytes()
    path = tmp_path / {"gz": "r.ndjson.gz", "zst": "r.ndjson.zst"}.get(kind, "r.parquet")
    if kind == "gz":
        path.write_bytes(gzip.compress(data))
    elif kind == "zst":
        path.write_bytes(zstandard.compress(data[:5000]) + zstandard.compress(data[5000:]))
    else:
        taken = "* EXCLUDE (activity), unnest(activity)" if kind == "parquet" else "*"
        duckdb.sql(
            f"COPY (SELECT {taken} FROM read_json('{plain}', format = 'newline_delimited')) TO '{path}' (FORMAT parquet)"
        )
    assert told(checked(path)) == told(checked(plain))


def test_lines_that_are_no_records_are_told_and_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "mixed.ndjson"
    long = b'{"x":"' + b"x" * default_limits().line_max_bytes + b'"}\n'
    wrong = [
        b'{"a":1,"a":2}\n',
        b"not json\n",
        b"\n",
        long,
        b'{"scheme":"PV"}\r\n',
        b"\xff\n",
        b"[1]\n",
        b"NaN",
    ]
    path.write_bytes(lines([a_good_ride(), *wrong[:4], a_good_ride(record_id="s" * 16), *wrong[4:]]))
    finding = checked(path)
    assert (finding.lines, finding.schemes["BIKE"].records) == (10, 2)
    assert {row for one in finding.refused for row in one.rows} == {2, 3, 4, 5, 7, 8, 9, 10}
    assert not any("xxx" in one.zh + one.en for one in finding.refused)
    assert {one.code for one in finding.refused} == {"line-invalid", "schema-violation"}


def test_reasons_stay_few_however_many_names_a_file_invents(tmp_path: Path) -> None:
    path = tmp_path / "invented.ndjson"
    names = [f"{a}{b}" for a in "abcdefgh" for b in "klmnopqr"]
    path.write_bytes(lines(a_good_ride(**{name: "1"}) for name in names))
    (refused,) = checked(path).refused
    assert (refused.lines, refused.rows) == (len(names), (1, 2, 3, 4, 5))


def test_columnar_rows_that_are_no_records_are_counted(tmp_path: Path, plain: Path) -> None:
    path = tmp_path / "r.parquet"
    bad = "CASE WHEN record_id = 'r0000000000000000003' THEN '12.6x' ELSE reduction_kg END AS reduction_kg"
    source = f"read_json('{plain}', format = 'newline_delimited')"
    duckdb.sql(f"COPY (SELECT * REPLACE ({bad}) FROM {source}) TO '{path}' (FORMAT parquet)")
    (refused,) = checked(path).refused
    assert (refused.lines, refused.rows) == (1, (4,))


def test_several_files_are_one_set(tmp_path: Path) -> None:
    one, other = tmp_path / "one.ndjson", tmp_path / "other.ndjson.gz"
    one.write_bytes(lines([a_good_ride()]))
    other.write_bytes(gzip.compress(lines([a_good_ride(record_id="s" * 16), a_good_ride()])))
    finding = checked(one, other)
    tally = finding.schemes["BIKE"].rules["Q-SET-001"]
    assert [str(finding.shelf.place(row)) for row in tally.rows] == ["other.ndjson.gz:2"]


def test_references_beside_the_records_are_used(tmp_path: Path, plain: Path) -> None:
    links = tmp_path / "links.ndjson"
    ride = a_good_ride()
    period = {"link_id": ride["link_id"], "valid_from": "2026-03-01T08:00:01+08:00", "valid_to": None}
    links.write_bytes(lines([{**period, "status": "active"}]))
    rides = tmp_path / "rides.ndjson"
    rides.write_bytes(lines([ride]))
    assert "Q-SET-009" in checked(rides).skipped
    assert checked(rides, links=links).schemes["BIKE"].rules["Q-SET-009"].violations == 1
    with pytest.raises(Trouble, match="line 1"):
        checked(rides, links=plain)


@pytest.mark.parametrize("name", ["cut.ndjson.gz", "cut.ndjson.zst", "no.parquet"])
def test_a_broken_file_is_a_trouble_and_no_finding(tmp_path: Path, plain: Path, name: str) -> None:
    path = tmp_path / name
    data = plain.read_bytes()
    packed = {"gz": gzip.compress(data), "zst": zstandard.compress(data)}.get(path.suffix[1:], data)
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(Trouble, match=name):
        checked(path)


def called(*arguments: str) -> Any:
    return CliRunner().invoke(tph, ["quality", *arguments, "--received-at", "2026-03-03T00:00:00Z"])


def test_the_command_ends_with_the_code_of_what_it_found(tmp_path: Path, plain: Path) -> None:
    good = tmp_path / "good.ndjson"
    good.write_bytes(lines([a_good_ride()]))
    clean, rejected = called(str(good)), called(str(plain), "--json")
    assert clean.exit_code == 0, clean.output
    assert "nothing to reject" in clean.output
    assert rejected.exit_code == 1
    assert json.loads(rejected.output)["clean"] is False
    assert called(str(tmp_path / "none.ndjson")).exit_code == 2
    assert called(str(good), "--memory", "lots").exit_code == 2


def test_an_empty_file_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "empty.ndjson"
    path.touch()
    assert checked(path).clean
