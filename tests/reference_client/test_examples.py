"""The example exports have the warts that their README names, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tanpuhui.reference_client.cli import scenario
from tanpuhui.spec.indicator import violations

EXAMPLES = Path(__file__).parents[2] / "reference_client" / "examples"
PLANT = ["--capacity-kw", "6", "--grid-connected-on", "2024-05-01"]
WARTS: dict[str, dict[str, list[int]]] = {
    "bike-rides.csv": {
        "byte-order-mark": [],
        "number-unclear": [5],
        "full-width": [7],
        "Q-BIKE-001": [20],
        "Q-BIKE-002": [21],
        "crosses-midnight": [22],
        "row-repeated": [23],
        "id-conflict": [4, 24],
        "device-missing": [25],
        "ends-before-start": [26],
        "Q-BIKE-004": [27],
        "time-format": [28],
        "time-formats-mixed": [28],
        "schema-violation": [28],
        "value-missing": [29],
        "outside-city": [30],
        "blank-line": [31],
        "totals-row": [32],
    },
    "rail-journeys.ndjson": {
        "round-trip": [7],
        "Q-RAIL-001": [7],
        "code-unknown": [9],
        "row-repeated": [10],
        "time-missing": [12],
        "link-missing": [14],
        "value-negative": [15],
        "crosses-midnight": [17],
        "line-invalid": [22, 23],
    },
    "bus-trips.csv": {
        "encoding": [],
        "Q-ENV-007": [4, 7, 10, 13, 16, 19, 22],
        "time-format": [8, 9],
        "time-formats-mixed": [8, 9],
        "time-unclear": [20],
        "id-missing": [21],
        "hour-24": [22],
        "totals-row": [23],
    },
    "ev-trips.csv": {
        "state-abnormal": [4],
        "odometer-fell": [9],
        "odometer-behind": [12],
        "value-negative": [15],
        "crosses-midnight": [20],
    },
    "home-registers.csv": {
        "state-abnormal": [7],
        "tier-3": list(range(9, 16)),
        "home-has-pv": list(range(16, 23)),
        "thousands-separator": list(range(16, 23)),
        "register-stale": [26],
        "register-fell": [27],
    },
    "pv-power.csv": {
        "device-from-file": [],
        "power-missing": [21],
        "state-abnormal": [31],
        "reading-repeated": [41],
        "power-stale": list(range(72, 79)),
        "totals-row": [99],
    },
}
COLUMN_WIDE = {
    "time-no-offset",
    "duration-unit",
    "decimal-comma",
    "unit-inferred",
    "month-open",
    "power-negative",
    "district-given",
    "record-late",
    "Q-EV-003",
}


@pytest.mark.parametrize("name", WARTS)
def test_an_example_has_the_warts_that_its_readme_names(name: str, tmp_path: Path) -> None:
    found = looked_at(EXAMPLES / name, tmp_path)
    lines: dict[str, list[int]] = {}
    for wart in found["warts"]:
        lines[wart["kind"]] = sorted({*lines.get(wart["kind"], ()), *wart["lines"]})
    assert {kind: where for kind, where in lines.items() if kind not in COLUMN_WIDE} == WARTS[name]


@pytest.mark.parametrize("name", WARTS)
def test_what_remains_of_an_example_are_sound_records(name: str, tmp_path: Path) -> None:
    found = looked_at(EXAMPLES / name, tmp_path)
    records = [json.loads(line) for line in (tmp_path / "due.ndjson").read_bytes().splitlines()]
    assert records
    assert len(records) == found["records"]["ready"] == sum(day["records"] for day in found["days"])
    assert [violations(record) for record in records] == [[]] * len(records)


def test_the_readme_tells_of_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in EXAMPLES.iterdir() if path.suffix != ".md"}
    assert files == set(WARTS)
    assert all(f"`{name}`" in text for name in files)


def looked_at(file: Path, folder: Path) -> dict[str, Any]:
    arguments = ["report", str(file), "--dry-run", "--json", str(folder / "summary.json")]
    arguments += ["--records", str(folder / "due.ndjson"), *(PLANT if file.name.startswith("pv") else [])]
    done = CliRunner().invoke(scenario, arguments)
    assert done.exit_code == int(not file.name.startswith("pv")), done.output
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found
