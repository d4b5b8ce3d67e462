"""Files that are no export, or a broken one: each is told in words, with what to do, and nothing is guessed."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tanpuhui.reference_client.cli import scenario

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "trip_id,bike_id,start_time,stop_time,distance_km"
TIMES = "2026-03-09 08:00:00,2026-03-09 08:15:00"
ROW = f"1,bike-1,{TIMES},2.2"
OTHER = f"2,bike-2,{TIMES},2.2"
GOOD = f"{HEADER}\n{ROW}\n"

SMALL_DISK = (
    "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
    "from tanpuhui.reference_client.cli import scenario; scenario()"
)


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


def look(path: Path, *options: object) -> Result:
    done = CliRunner().invoke(scenario, ["report", str(path), "--dry-run", *map(str, options)])
    assert not done.exception or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done


STOPPED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.csv", b"", "是空的"),
    "blank lines alone": ("a.csv", b"\r\n\r\n", "是空的"),
    "a byte order mark alone": ("a.csv", b"\xef\xbb\xbf", "是空的"),
    "a header alone": ("a.csv", HEADER.encode(), "只有标题行"),
    "no columns of any scheme": ("a.csv", b"a,b\n1,2\n", "--scheme"),
    "a column missing": ("a.csv", GOOD.replace("distance_km", "sum").encode(), "没有里程列"),
    "two columns of one name": ("a.csv", GOOD.replace("trip_id", "bike_id").encode(), "列名重复：'bike_id'"),
    "a title above the header": ("a.csv", f"骑行明细\n{GOOD}".encode(), "删去其上的题名"),
    "a separator above the header": ("a.csv", f"sep=,\n{GOOD}".encode(), "sep="),
    "a workbook": ("a.csv", workbook(), "CSV UTF-8"),
    "an old workbook": ("a.csv", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "CSV UTF-8"),
    "compressed": ("a.csv", gzip.compress(GOOD.encode()), "先解压"),
    "compressed and broken": ("a.csv.gz", gzip.compress(GOOD.encode())[:-12], "先解压"),
    "a web page": ("a.csv", b"<!DOCTYPE html><p>login</p>", "重新导出"),
    "a JSON array": ("a.ndjson", b'[{"trip_id": 1}]', "每行一个对象"),
    "JSON in lines": ("a.csv", b'{"trip_id": 1}\n', "--format ndjson"),
    "no Parquet": ("a.parquet", GOOD.encode(), "不是 Parquet"),
    "Parquet by another name": ("a.csv", b"PAR1" + bytes(90), "--format parquet"),
    "UTF-16 without a mark": ("a.csv", GOOD.encode("utf-16-le"), "--encoding utf-16-le"),
    "no text": ("a.csv", b"\xff\xff\xff", "--encoding"),
    "a cell of ten megabytes": ("a.csv", f"{GOOD}2,{'b' * 10_000_000},{TIMES},2.2\n".encode(), "第 3 行起"),
}


@pytest.mark.parametrize("name", STOPPED)
def test_what_is_no_export_is_told_in_words_with_what_to_do(tmp_path: Path, name: str) -> None:
    file, content, told = STOPPED[name]
    (tmp_path / file).write_bytes(content)
    done = look(tmp_path / file)
    assert (done.exit_code, told in done.output) == (2, True), done.output
    assert re.search(r"[一-鿿].* / .*\n→ .*[一-鿿].* / ", done.output), done.output
    assert "login" not in done.output


def test_what_is_no_file_or_of_another_scheme_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    assert [look(path).exit_code for path in (tmp_path, tmp_path / "none.csv")] == [2, 2]
    done = look(tmp_path / "a.csv", "--scheme", "RAIL")
    assert (done.exit_code, "没有进站" in done.output) == (2, True), done.output


WHOLE = {
    "GB 18030 with a byte order mark": f"\ufeff{GOOD}".encode("gb18030"),
    "UTF-16 with a byte order mark": f"\ufeff{GOOD}".encode("utf-16-be"),
    "semicolons": GOOD.replace(",", ";").replace("2.2", "2,2").encode(),
    "every cell in quotes": re.sub(r"([^,\n]+)", r'"\1"', GOOD).encode(),
    "line ends of three kinds": f"{HEADER}\r\n\r{ROW}\n".encode(),
    "a thousand further columns": f"{HEADER},{','.join(map(str, range(1000)))}\n{ROW}{',x' * 1000}\n".encode(),
    "columns without a name": f"{HEADER},,\n{ROW},,\n".encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_only_looks_odd_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_bytes(WHOLE[name])
    done = look(tmp_path / "a.csv")
    assert (done.exit_code, "2.200 km" in done.output) == (0, True), done.output


PARTLY: dict[str, tuple[str, dict[str, list[int]]]] = {
    "a quote that is never closed": (
        f'2,"bike-2,{TIMES},2.2\n3,bike-3,{TIMES},2.2\n',
        {"quote-open": [3, 4]},
    ),
    "a thousand cells more": (OTHER + ",x" * 1000, {"row-shape": [3]}),
    "a NUL": (OTHER.replace("bike", "b\0ke"), {"malformed": [3]}),
    "quotes of another kind": (OTHER.replace("bike-2", "“bike-2”"), {"malformed": [3]}),
    "a row that breaks off": ("2,bike-2", {"time-missing": [3]}),
    "a number beyond all bounds": (OTHER.replace("2.2", "1e400"), {"number-invalid": [3]}),
}


@pytest.mark.parametrize("name", PARTLY)
def test_a_broken_line_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    row, refused = PARTLY[name]
    (tmp_path / "a.csv").write_text(f"{GOOD}{row}", encoding="utf-8")
    done = look(tmp_path / "a.csv", "--json", tmp_path / "told.json")
    found: dict[str, Any] = json.loads((tmp_path / "told.json").read_bytes())
    assert (done.exit_code, found["records"]) == (1, {"ready": 1})
    warts = {wart["kind"]: wart["lines"] for wart in found["warts"] if wart["treatment"] == "refused"}
    assert warts == refused
    assert found["refused_rows"] == sum(map(len, refused.values()))


def test_without_an_end_in_the_file_it_looks_from_now_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n1,bike-1\n", encoding="utf-8")
    assert "此刻 / now" in look(tmp_path / "a.csv").output


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    rows = (f"{n},bike-{n},{TIMES},2.2" for n in range(2000))
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    command = [sys.executable, "-c", SMALL_DISK, "report", str(tmp_path / "a.csv"), "--dry-run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "TMPDIR" in done.stderr, "Traceback" in done.stderr) == (2, True, False), (
        done.stderr
    )
