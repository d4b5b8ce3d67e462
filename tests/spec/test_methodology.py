"""ACC-001, ACC-004: the methodology in force when the activity starts, and what it excludes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tanpuhui.spec.accounting import account
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.exclusion import excluded
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.indicator import schemes
from tanpuhui.spec.law import law_text
from tanpuhui.spec.methodology import (
    InvalidMethodology,
    NoMethodology,
    effective,
    methodologies,
    named,
    parameter_set,
    timeline,
    turns,
)

IN_FORCE = json.loads(law_text("vectors/in_force.json"))["vectors"]
BEGIN = datetime(2024, 3, 20, 16, tzinfo=UTC)
STATUSES = {"official", "secondary", "illustrative"}


def a_plant(
    capacity_kw: str = "6.000", connected: str = "2024-05-01", day: str = "2026-03-01"
) -> dict[str, Any]:
    plant = {"capacity_kw": capacity_kw, "grid_connected_on": connected, "generation_kwh": "1.000"}
    return an_activity("PV", day, **plant)


def a_home(**activity: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"tier": 2, "has_pv": "no", **activity}
    return an_activity("HOME", "2026-09-01", **found)


def an_activity(
    scheme: str, day: str = "2026-03-01", district: str = "310115", **activity: Any
) -> dict[str, Any]:
    methodology, found = effective(scheme, parse_instant(f"{day}T00:00:00+08:00"))
    return {
        "scheme": scheme,
        "methodology": methodology.code,
        "methodology_version": methodology.version,
        "parameter_set": found.id,
        "district_code": district,
        "activity_start": f"{day}T00:00:00+08:00",
        "activity_end": f"{day}T23:59:59+08:00",
        "business_day": day,
        "baseline_kg": "0",
        "scenario_kg": "0",
        "reduction_kg": "0",
        "activity": activity,
    }


@pytest.mark.parametrize("vector", IN_FORCE, ids=lambda vector: vector["id"])
def test_version_and_set_in_force_at_the_start_are_chosen(vector: dict[str, Any]) -> None:
    methodology, found = effective(vector["scheme"], parse_instant(vector["activity_start"]))
    assert vector["expect"] == {
        "methodology": methodology.code,
        "methodology_version": methodology.version,
        "parameter_set": found.id,
    }


@pytest.mark.parametrize(
    ("scheme", "at"), [("PV", "2024-03-20T23:59:59+08:00"), ("WALK", "2026-03-01T00:00:00Z")]
)
def test_where_nothing_is_in_force_nothing_is_chosen(scheme: str, at: str) -> None:
    with pytest.raises(NoMethodology, match="ACC-001"):
        effective(scheme, parse_instant(at))


@pytest.mark.parametrize("scheme", schemes())
def test_one_set_is_in_force_at_any_time_since_the_methodologies_were_published(scheme: str) -> None:
    sets = [found for it in methodologies() if it.scheme == scheme for found in it.parameter_sets]
    for at in {BEGIN, *turns(scheme), *(turn - timedelta(microseconds=1) for turn in turns(scheme))}:
        assert [found.id for found in sets if found.in_force(at)] == [effective(scheme, at)[1].id]


def test_another_version_may_have_another_formula() -> None:
    earlier, later = (it for it in methodologies() if it.scheme == "RAIL")
    assert earlier.code == later.code
    assert earlier.version < later.version
    assert earlier.formula != later.formula


@pytest.mark.parametrize(
    ("days", "fault"),
    [({"valid_to": 1}, "overlaps"), ({"valid_to": -1}, "gap"), ({"valid_to": None}, "overlaps")],
)
def test_versions_that_leave_open_what_is_in_force_are_refused(
    days: dict[str, int | None], fault: str
) -> None:
    earlier, later = (it for it in methodologies() if it.scheme == "RAIL")
    (found,) = earlier.parameter_sets
    more = days["valid_to"]
    end = None if more is None or found.valid_to is None else found.valid_to + timedelta(days=more)
    with pytest.raises(InvalidMethodology, match=fault):
        timeline([replace(earlier, parameter_sets=(replace(found, valid_to=end),)), later])


def test_a_scheme_that_ends_one_day_without_another_set_is_refused() -> None:
    earlier = next(it for it in methodologies() if it.scheme == "RAIL")
    with pytest.raises(InvalidMethodology, match="nothing is in force"):
        timeline([earlier])


def test_the_factor_known_from_a_secondary_source_says_so() -> None:
    (factor,) = parameter_set("pv-2024.1-a").parameters
    assert (factor.name, factor.value, factor.unit) == ("ef_grid", Decimal("0.42"), "kg/kWh")
    assert factor.status == "secondary"
    assert "2024-03-21" in factor.source


def test_every_figure_has_a_status_and_a_source() -> None:
    for methodology in methodologies():
        parts = [(methodology.status, methodology.source)]
        parts += [(exclusion.status, exclusion.source) for exclusion in methodology.exclusions]
        figures = [figure for found in methodology.parameter_sets for figure in found.parameters]
        parts += [(figure.status, figure.source) for figure in figures]
        assert all(status in STATUSES and " / " in source for status, source in parts)


def test_every_set_can_be_accounted_with() -> None:
    quantities = {
        "generation_kwh": "1.000",
        "distance_km": "1.000",
        "energy_kwh": "0.001",
        "baseline_kwh": "2.000",
        "total_kwh": "1.000",
    }
    for methodology in methodologies():
        for found in methodology.parameter_sets:
            record = {
                "scheme": methodology.scheme,
                "methodology": methodology.code,
                "methodology_version": methodology.version,
                "parameter_set": found.id,
                "device_state": "N",
                "activity": quantities,
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
        (a_plant(capacity_kw="1000.001"), ["above-capacity"]),
        (a_plant(connected="2001-03-02"), []),
        (a_plant(connected="2001-03-01"), ["beyond-life"]),
        (a_plant(capacity_kw="2000.000", connected="2000-01-01"), ["above-capacity", "beyond-life"]),
        (a_home(), []),
        (a_home(tier=3), ["tier-3"]),
        (a_home(has_pv="yes"), ["home-has-pv"]),
    ],
)
def test_an_excluded_activity_is_told_by_its_exclusion(record: dict[str, Any], exclusions: list[str]) -> None:
    assert [found.id for found in excluded(record)] == exclusions


@pytest.mark.parametrize("scheme", schemes())
@pytest.mark.parametrize(
    ("district", "inside"),
    [("310000", True), ("310151", True), ("309999", False), ("311000", False), ("320583", False)],
)
def test_no_scheme_counts_what_is_outside_the_city(scheme: str, district: str, *, inside: bool) -> None:
    found = [exclusion.id for exclusion in excluded(an_activity(scheme, district=district))]
    assert found == ([] if inside else ["outside-city"])


def test_every_exclusion_is_an_expression_of_the_grammar_with_a_reason() -> None:
    for methodology in methodologies():
        for found in methodology.exclusions:
            compile_predicate(found.expr, record_columns(methodology.scheme), found.params, name=found.id)
            assert found.reason_zh
            assert found.reason_en


def test_the_list_for_the_platform_holds_figures_as_text() -> None:
    shown = next(it for it in methodologies() if it.scheme == "PV").as_mapping()
    assert shown["formula"] == {"baseline": "generation_kwh * :ef_grid", "scenario": "0"}
    first = shown["parameter_sets"][0]
    assert first["valid_from"] == "2024-03-21T00:00:00+08:00"
    assert first["parameters"][0]["value"] == "0.42"
