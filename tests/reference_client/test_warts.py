from __future__ import annotations

import re
from pathlib import Path

import pytest

from tanpuhui.reference_client import exports
from tanpuhui.reference_client.exports.law_wart import kind_of
from tanpuhui.reference_client.exports.wart import TREATMENTS, Tally, WartKind, wart_kinds, wart_of
from tanpuhui.spec.requirement import requirements
from tanpuhui.spec.rule import row_rules

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(exports.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("kind", wart_kinds().values(), ids=lambda kind: kind.id)
def test_a_kind_names_a_requirement_or_rule_and_is_used(kind: WartKind) -> None:
    assert kind.treatment in TREATMENTS
    assert kind.clause in {*requirements(), *(rule.id for rule in row_rules())}
    assert f'"{kind.id}"' in SOURCES
    assert re.search("[一-鿿]", kind.words.zh)


def test_lines_are_told_as_ranges_and_the_first_of_them_stand_for_very_many() -> None:
    kind = wart_kinds()["value-missing"]
    assert wart_of(kind, [4, 3, 2, 9, 3]).places == "2–4, 9"
    many = wart_of(kind, range(2, 60), "km")
    assert (many.count, many.places) == (58, "2–59")
    assert many.as_mapping()["ranges"] == ["2–59"]
    scattered = wart_of(kind, range(2, 200, 2))
    assert scattered.places.endswith("38, 40, …")
    assert len(scattered.as_mapping()["ranges"]) == 99
    assert "km" in many.words.zh


def test_a_line_counts_once_for_each_kind_and_detail() -> None:
    tally = Tally()
    for line, detail in ((2, "a"), (2, "a"), (2, "b"), (3, "a")):
        tally.add("value-missing", line, detail)
    assert [(wart.detail, wart.lines) for wart in tally.warts()] == [("a", (2, 3)), ("b", (2,))]


@pytest.mark.parametrize(
    ("reason", "detail", "named"),
    [
        ("rule", "Q-BIKE-002", "Q-BIKE-002"),
        ("rule", "/activity/energy_kwh", "schema-violation"),
        ("exclusion", "methodology-not-effective", "methodology-not-effective"),
        ("late", None, "record-late"),
        ("not-ended", None, "record-future"),
        ("device", None, "device-not-registered"),
    ],
)
def test_what_the_law_withholds_is_told_in_its_words(reason: str, detail: str | None, named: str) -> None:
    kind, _ = kind_of(reason, detail, "withheld")
    assert (kind.id, kind.treatment) == (named, "withheld")
    assert kind.clause
    assert re.search("[一-鿿]", kind.words.zh)
