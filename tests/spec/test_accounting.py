"""ACC-002: known answers, and what the known answers cannot show for every value."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.accounting import IncompleteActivity, account, accounts_text
from tanpuhui.spec.indicator import scheme_record_schema, schemes
from tanpuhui.spec.law import law_text
from tanpuhui.spec.methodology import NoMethodology

VECTORS = json.loads(law_text("vectors/accounting.json"))["vectors"]


def a_ride(distance_km: str, energy_kwh: str | None = None, **members: str) -> dict[str, Any]:
    activity = {"distance_km": distance_km, "duration_s": 900, "propulsion": "human"}
    if energy_kwh is not None:
        activity |= {"propulsion": "assist", "energy_kwh": energy_kwh}
    record = {
        "scheme": "BIKE",
        "methodology": "ILLUSTRATIVE-BIKE-2024",
        "methodology_version": "2024.1",
        "parameter_set": "bike-2024.1-c",
        "device_state": "N",
        "activity": activity,
    }
    return {**record, **members}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_known_answers(vector: dict[str, Any]) -> None:
    assert accounts_text(account(vector["record"])) == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_activity_of_a_known_answer_matches_its_indicators(vector: dict[str, Any]) -> None:
    schema = scheme_record_schema(vector["record"]["scheme"])["properties"]["activity"]
    jsonschema_rs.Draft202012Validator(schema).validate(vector["record"]["activity"])


def test_every_scheme_has_known_answers() -> None:
    assert {vector["record"]["scheme"] for vector in VECTORS} == schemes().keys()


@settings(deadline=None)
@given(distance=st.integers(0, 9_999_999), energy=st.integers(0, 9_999_999))
def test_the_claim_is_the_largest_multiple_of_a_milligram_below_the_exact_value(
    distance: int, energy: int
) -> None:
    exact = Fraction(distance, 1000) * Fraction(487, 10_000) - Fraction(energy, 1000) * Fraction(4187, 10_000)
    ride = a_ride(f"{Decimal(distance).scaleb(-3):f}", f"{Decimal(energy).scaleb(-3):f}")
    claimed = Fraction(account(ride).reduction_kg)
    assert claimed == max(Fraction(exact * 10**6 // 1, 10**6), 0)


def test_a_narrow_context_of_the_caller_costs_no_digit() -> None:
    with localcontext(prec=3):
        assert accounts_text(account(a_ride("1234.567")))["baseline_kg"] == "60.123412"


@pytest.mark.parametrize("state", list("FMSDCTB"))
def test_only_the_normal_state_earns(state: str) -> None:
    accounts = account(a_ride("2.200", device_state=state))
    assert {accounts.baseline_kg, accounts.scenario_kg, accounts.reduction_kg} == {Decimal(0)}


@pytest.mark.parametrize(
    "member", [{"parameter_set": "bike-2024.1-z"}, {"methodology_version": "2023.9"}, {"scheme": "PV"}]
)
def test_a_record_that_names_no_methodology_of_its_own_is_refused(member: dict[str, str]) -> None:
    with pytest.raises(NoMethodology):
        account(a_ride("2.200", **member))


def test_an_activity_without_the_formulas_element_is_refused() -> None:
    ride = a_ride("2.200")
    del ride["activity"]["distance_km"]
    with pytest.raises(IncompleteActivity, match="IND-001"):
        account(ride)
