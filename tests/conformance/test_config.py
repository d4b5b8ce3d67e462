"""tph.toml: read strictly; every slip is named with its line, and no value is repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tanpuhui.conformance.asking import Asked, Chosen, run_config
from tanpuhui.conformance.config import Settings, read_settings
from tanpuhui.conformance.kit import kit_digest
from tanpuhui.conformance.trouble import Trouble

COMPLETE = """\
seed = 7
out = "reports"

[scenario]
name = "示例光伏"
version = "1.2.0"
schemes = ["PV"]
base_url = "http://127.0.0.1:8081/"

[testbed]
url = "http://127.0.0.1:8081/testbed"
"""
CHOSEN = Chosen(lambda: "run-1", lambda: 99, {"TPH_TESTBED_TOKEN": "a-token", "OTHER": "another"})


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "tph.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_complete_file_says_all_that_a_run_needs(written, tmp_path: Path) -> None:
    config = run_config(read_settings(written(COMPLETE)), Asked(), CHOSEN)
    assert (config.scenario.name, config.scenario.version, config.scenario.schemes) == (
        "示例光伏",
        "1.2.0",
        ("PV",),
    )
    assert config.scenario.base_url == "http://127.0.0.1:8081"
    assert (config.seed, config.edition, config.testbed_token) == (7, "2026.1", "a-token")
    assert config.out_dir == tmp_path / "reports"


def test_the_command_line_outranks_the_file(written) -> None:
    asked = Asked(
        seed=0, out=Path("here"), version="9", schemes=("BIKE",), testbed_url="https://b.example:1/t"
    )
    config = run_config(read_settings(written(COMPLETE)), asked, CHOSEN)
    assert (config.seed, config.out_dir, config.scenario.version) == (0, Path("here"), "9")
    assert (config.scenario.schemes, config.testbed_url) == (("BIKE",), "https://b.example:1/t")


def test_uploads_are_claimed_only_where_the_file_says_so(written) -> None:
    told = COMPLETE.replace('schemes = ["PV"]', 'schemes = ["PV"]\nuploads = true')
    for text, claimed in ((COMPLETE, False), (told, True)):
        config = run_config(read_settings(written(text)), Asked(), CHOSEN)
        assert config.scenario.uploads is claimed
        assert ("uploads" in config.claims) is claimed


def test_without_a_seed_one_is_drawn(written) -> None:
    assert run_config(read_settings(written(COMPLETE.replace("seed = 7", ""))), Asked(), CHOSEN).seed == 99


def test_the_token_comes_from_the_named_variable(written) -> None:
    settings = read_settings(written(COMPLETE + 'token_env = "OTHER"\n'))
    assert run_config(settings, Asked(), CHOSEN).testbed_token == "another"


@pytest.mark.parametrize(
    ("slip", "line", "told"),
    [
        ('[scenario]\nname = "a"\nverson = "1"\n', 3, "version"),
        ('[scenaro]\nname = "a"\n', 1, "scenario"),
        ("sed = 1\n", 1, "seed"),
        ('seed = "1"\n', 1, "整数"),
        ("seed = true\n", 1, "整数"),
        ('[scenario]\n\nschemes = "PV"\n', 3, "文本列表"),
        ('[testbed]\ntoken = "hunter2-hunter2"\n', 2, "TPH_TESTBED_TOKEN"),
        ("[measured]\ncapacity_kw = [1]\n", 2, "数"),
    ],
)
def test_a_slip_is_named_with_its_line(written, slip: str, line: int, told: str) -> None:
    with pytest.raises(Trouble) as caught:
        read_settings(written(slip))
    words = "\n".join(caught.value.lines())
    assert f"第 {line} 行" in words
    assert told in words
    assert "hunter2" not in words


def test_broken_toml_is_named_with_its_line(written) -> None:
    with pytest.raises(Trouble, match="line 2"):
        read_settings(written('seed = 1\nname = "unfinished\n'))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "missing.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Trouble, match=r"missing\.toml"):
        read_settings(path)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Trouble) as caught:
        run_config(Settings(), Asked(), CHOSEN)
    for name in ("testbed.url", "scenario.name", "scenario.version", "scenario.schemes"):
        assert name in caught.value.zh
    assert "[scenario]" in caught.value.next_zh


@pytest.mark.parametrize("url", ["ftp://a", "127.0.0.1:80", "http://", "http://h:0x", "http://[::1"])
def test_an_address_must_be_one(written, url: str) -> None:
    with pytest.raises(Trouble, match=r"testbed\.url"):
        run_config(read_settings(written(COMPLETE)), Asked(testbed_url=url), CHOSEN)


def test_an_unknown_edition_is_refused_with_those_known(written) -> None:
    with pytest.raises(Trouble, match=r"2026\.1"):
        run_config(read_settings(written(COMPLETE)), Asked(edition="1999.1"), CHOSEN)


MEASURED = '\n[measured]\npath = "power.csv"\ncapacity_kw = 6.25\ngrid_connected_on = "2016-07-01"\ninterval_seconds = 900\n'


def test_a_measured_series_is_described_exactly(written, tmp_path: Path) -> None:
    (tmp_path / "power.csv").write_text("t,w\n")
    series = run_config(read_settings(written(COMPLETE + MEASURED)), Asked(), CHOSEN).measured
    assert series is not None
    assert (series.path, series.capacity_kw, series.interval_seconds) == (tmp_path / "power.csv", "6.25", 900)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MEASURED, "power.csv"),
        ('\n[measured]\npath = "power.csv"\n', "capacity_kw"),
        (MEASURED.replace("2016-07-01", "2016-13-01"), "grid_connected_on"),
        (MEASURED.replace("900", "0"), "interval_seconds"),
    ],
)
def test_a_measured_series_that_cannot_be_used_is_refused(
    written, tmp_path: Path, text: str, told: str
) -> None:
    if told != "power.csv":
        (tmp_path / "power.csv").write_text("t,w\n")
    with pytest.raises(Trouble, match=told):
        run_config(read_settings(written(COMPLETE + text)), Asked(), CHOSEN)


FIGURES = {
    "digest": "sha256:" + "d" * 64,
    "faults": 9,
    "caught": 8,
    "unusual": 3,
    "false_alarms": 0,
    "survivors": ["x"],
}


def test_the_figures_of_the_bank_are_those_of_this_kit(written, tmp_path: Path) -> None:
    (tmp_path / "bank.json").write_text(json.dumps({"kit": kit_digest(), **FIGURES}))
    asked = Asked(bank=tmp_path / "bank.json")
    assert run_config(read_settings(written(COMPLETE)), asked, CHOSEN).bank == FIGURES
    (tmp_path / "bank.json").write_text(json.dumps({"kit": "sha256:another", **FIGURES}))
    with pytest.raises(Trouble, match="another kit"):
        run_config(read_settings(written(COMPLETE)), asked, CHOSEN)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"digest":"x","faults":"many"}'])
def test_figures_that_cannot_be_read_are_refused(written, tmp_path: Path, text: str) -> None:
    (tmp_path / "bank.json").write_text(text)
    with pytest.raises(Trouble, match="fault bank"):
        run_config(read_settings(written(COMPLETE)), Asked(bank=tmp_path / "bank.json"), CHOSEN)
