"""ACC-001, ACC-004: the methodology in force when the activity starts, and what it excludes."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tanpuhui.spec.accounting import account
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.exclusion import excluded
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.methodology import NoMethodology, effective, methodologies, named, parameter_set

STATUSES = {"official", "secondary", "illustrative"}


def a_plant(
    capacity_kw: str = "6.000", connected: str = "2024-05-01", day: str = "2026-03-01"
) -> dict[str, Any]:
    return {
        "scheme": "PV",
        "methodology": "ILLUSTRATIVE-PV-2024",
        "methodology_version": "2024.1",
        "parameter_set": "pv-2024.1-a",
        "activity_start": f"{day}T00:00:00+08:00",
        "activity_end": f"{day}T23:59:59+08:00",
        "business_day": day,
        "baseline_kg": "0",
        "scenario_kg": "0",
        "reduction_kg": "0",
        "activity": {"capacity_kw": capacity_kw, "grid_connected_on": connected, "generation_kwh": "1.000"},
    }


@pytest.mark.parametrize(
    ("scheme", "at", "expected"),
    [
        ("PV", "2024-03-21T00:00:00+08:00", "pv-2024.1-a"),
        ("PV", "2026-06-30T23:59:59.999999+08:00", "pv-2024.1-a"),
        ("PV", "2026-06-30T16:00:00Z", "pv-2024.1-b"),
        ("BIKE", "2025-12-31T23:59:59+08:00", "bike-2024.1-a"),
        ("BIKE", "2026-01-01T00:00:00+08:00", "bike-2024.1-b"),
        ("BIKE", "2026-11-22T08:00:00+08:00", "bike-2024.1-c"),
    ],
)
def test_the_set_in_force_at_the_start_is_chosen(scheme: str, at: str, expected: str) -> None:
    methodology, found = effective(scheme, parse_instant(at))
    assert (methodology.scheme, found.id) == (scheme, expected)


@pytest.mark.parametrize(
    ("scheme", "at"), [("PV", "2024-03-20T23:59:59+08:00"), ("RAIL", "2026-03-01T00:00:00Z")]
)
def test_where_nothing_is_in_force_nothing_is_chosen(scheme: str, at: str) -> None:
    with pytest.raises(NoMethodology, match="ACC-001"):
        effective(scheme, parse_instant(at))


def test_the_factor_known_from_a_secondary_source_says_so() -> None:
    (factor,) = parameter_set("pv-2024.1-a").parameters
    assert (factor.name, factor.value, factor.unit) == ("ef_grid", Decimal("0.42"), "kg/kWh")
    assert factor.status == "secondary"
    assert "2024-03-21" in factor.source


def test_sets_of_a_methodology_follow_one_another_without_gap_or_overlap() -> None:
    for methodology in methodologies():
        sets = methodology.parameter_sets
        assert all(earlier.valid_to == later.valid_from for earlier, later in pairwise(sets))
        assert sets[-1].valid_to is None


def test_every_figure_has_a_status_and_a_source() -> None:
    for methodology in methodologies():
        parts = [(methodology.status, methodology.source)]
        parts += [(exclusion.status, exclusion.source) for exclusion in methodology.exclusions]
        figures = [figure for found in methodology.parameter_sets for figure in found.parameters]
        parts += [(figure.status, figure.source) for figure in figures]
        assert all(status in STATUSES and " / " in source for status, source in parts)


def test_every_set_can_be_accounted_with() -> None:
    activities = {
        "PV": {"generation_kwh": "1.000"},
        "BIKE": {"distance_km": "1.000", "propulsion": "assist", "energy_kwh": "0.001"},
    }
    for methodology in methodologies():
        for found in methodology.parameter_sets:
            record = {
                "scheme": methodology.scheme,
                "methodology": methodology.code,
                "methodology_version": methodology.version,
                "parameter_set": found.id,
                "device_state": "N",
                "activity": activities[methodology.scheme],
            }
            assert account(record).reduction_kg > 0


@pytest.mark.parametrize(
    "triple", [("X", "2024.1", "pv-2024.1-a"), ("ILLUSTRATIVE-PV-2024", "2024.1", "nil")]
)
def test_a_set_of_another_methodology_or_of_none_is_refused(triple: tuple[str, str, str]) -> None:
    with pytest.raises(NoMethodology):
        named(*triple)


@pytest.mark.parametrize(
    ("record", "exclusions"),
    [
        (a_plant(capacity_kw="1000.000"), []),
        (a_plant(capacity_kw="1000.001"), ["X-PV-001"]),
        (a_plant(connected="2001-03-02"), []),
        (a_plant(connected="2001-03-01"), ["X-PV-002"]),
        (a_plant(capacity_kw="2000.000", connected="2000-01-01"), ["X-PV-001", "X-PV-002"]),
    ],
)
def test_an_excluded_activity_is_told_by_its_exclusion(record: dict[str, Any], exclusions: list[str]) -> None:
    assert [found.id for found in excluded(record)] == exclusions


def test_every_exclusion_is_an_expression_of_the_grammar_with_a_reason() -> None:
    for methodology in methodologies():
        for found in methodology.exclusions:
            compile_predicate(found.expr, record_columns(methodology.scheme), found.params, name=found.id)
            assert found.reason_zh
            assert found.reason_en


def test_the_list_for_the_platform_holds_figures_as_text() -> None:
    shown = methodologies()[0].as_mapping()
    assert shown["formula"] == {"baseline": "generation_kwh * :ef_grid", "scenario": "0"}
    first = shown["parameter_sets"][0]
    assert first["valid_from"] == "2024-03-21T00:00:00+08:00"
    assert first["parameters"][0]["value"] == "0.42"
