"""One table, however it is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tanpuhui.reference_client.calling.errors import InvalidInput
from tanpuhui.reference_client.exports.export import Export, Source, read_export
from tanpuhui.reference_client.exports.sheet import Terms

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
CSV = f"""订单号,车辆编号,连通号,行政区划代码,开锁时间,关锁时间,骑行里程（米）
0071,bike-7,{LINK},310115,2026-03-09 08:00:00+08:00,2026-03-09 08:15:00.5+08:00,2200
0072,bike-8,{LINK},310115,2026-03-09 09:00:00+08:00,2026-03-09 09:15:00+08:00,2350
"""


@pytest.fixture
def plain(tmp_path: Path) -> Export:
    return read(tmp_path / "rides.csv", CSV.encode())


def read(file: Path, content: bytes | None = None, **how: str) -> Export:
    if content is not None:
        file.write_bytes(content)
    return read_export(Source(file, **how), Terms())


def kinds(export: Export) -> set[str]:
    return {wart.kind.id for wart in export.warts}


def test_a_clean_file_has_no_warts_and_tells_its_scheme(plain: Export) -> None:
    assert (plain.scheme, plain.guessed, plain.warts, plain.rows) == ("BIKE", True, (), 2)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8-sig", {"byte-order-mark"}),
        ("gbk", {"encoding"}),
        ("utf-16", {"byte-order-mark", "encoding"}),
    ],
)
def test_the_encoding_is_found_out_and_said(
    tmp_path: Path, plain: Export, encoding: str, told: set[str]
) -> None:
    export = read(tmp_path / "rides.txt", CSV.encode(encoding))
    assert (export.activities, kinds(export)) == (plain.activities, told)


def test_an_encoding_that_was_named_is_taken_at_its_word(tmp_path: Path, plain: Export) -> None:
    export = read(tmp_path / "rides.csv", CSV.encode("gbk"), encoding="gbk")
    assert (export.activities, export.warts) == (plain.activities, ())
    with pytest.raises(InvalidInput, match="utf-8"):
        read(tmp_path / "rides.csv", CSV.encode("gbk"), encoding="utf-8")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--encoding"):
        read(tmp_path / "rides.csv", bytes(range(128, 256)))


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_seen(tmp_path: Path, plain: Export, separator: str) -> None:
    export = read(tmp_path / "rides.csv", CSV.replace(",", separator).encode())
    assert export.activities == plain.activities


def test_rows_that_are_no_activities_are_passed_over_and_counted(tmp_path: Path, plain: Export) -> None:
    header, *rows = CSV.splitlines()
    text = "\n".join([header, rows[0], "", header, rows[1], " 合计 ,,,,,,4550", ""])
    export = read(tmp_path / "rides.csv", text.encode())
    assert export.activities == plain.activities
    assert {wart.kind.id: wart.lines for wart in export.warts} == {
        "blank-line": (3,),
        "header-repeated": (4,),
        "totals-row": (6,),
    }


def test_lines_of_json_are_read_to_the_digit(tmp_path: Path, plain: Export) -> None:
    members = "订单号", "车辆编号", "连通号", "行政区划代码", "开锁时间", "关锁时间"
    lines = []
    for row in CSV.splitlines()[1:]:
        *texts, metres = row.split(",")
        named = ", ".join(f'"{name}": "{text}"' for name, text in zip(members, texts, strict=True))
        lines.append(f'{{{named}, "骑行里程（米）": {metres}.0}}')
    export = read(tmp_path / "rides.ndjson", "\n".join(lines).encode())
    assert (export.activities, export.warts) == (plain.activities, ())


@pytest.mark.parametrize(
    "line", ["no json", "[1]", '"text"', '{"订单号": {"n": 1}}', '{"订单号": "1", "订单号": "2"}', "[" * 9999]
)
def test_a_line_that_is_no_flat_object_is_refused(tmp_path: Path, line: str) -> None:
    good = (
        f'{{"trip_id": 1, "bike_id": "bike-7", "link_id": "{LINK}", "district": "310115", "distance_m": 900,'
    )
    good += '"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T08:09:00Z"}'
    export = read(tmp_path / "rides.jsonl", f"{good}\n{line}\n".encode())
    assert (len(export.activities), export.refused) == (1, 1)
    assert [wart.lines for wart in export.wart("line-invalid")] == [(2,)]


def test_parquet_with_types_of_its_own_is_the_same_table(tmp_path: Path, plain: Export) -> None:
    file = tmp_path / "rides [1]*.parquet"
    with duckdb.connect() as connection:
        (tmp_path / "rides.csv").write_text(CSV, encoding="utf-8")
        rows = connection.read_csv(str(tmp_path / "rides.csv"), all_varchar=True)
        typed = rows.project(
            """订单号, 车辆编号, 连通号, 行政区划代码::INTEGER AS 区划代码, 开锁时间::TIMESTAMPTZ AS 开锁时间,
            关锁时间::TIMESTAMPTZ AS 关锁时间, "骑行里程（米）"::DOUBLE AS distance_m"""
        )
        typed.write_parquet(str(tmp_path / "typed.parquet"))
    (tmp_path / "typed.parquet").rename(file)
    export = read(file)
    assert (export.activities, export.warts) == (plain.activities, ())


def test_a_file_that_is_no_parquet_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--format"):
        read(tmp_path / "rides.parquet", CSV.encode())
    assert read(tmp_path / "rides.parquet", CSV.encode(), format="csv").rows == 2


def test_columns_that_fit_no_scheme_have_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--scheme"):
        read(tmp_path / "list.csv", b"name,age\nx,1\n")
