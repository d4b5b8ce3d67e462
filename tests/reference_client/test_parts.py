"""One part replaced by a subclass that overrides one method is another scenario; everything else stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.parts import ClientParts
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sending.withholding import Withholding

if TYPE_CHECKING:
    from tanpuhui.reference_client.keeping.outbox import Activity

Build = Callable[..., Any]
USUAL = ScenarioParts()


def report(
    parts: ScenarioParts, tenant: Any, reporting_to: Build, *activities: dict[str, Any]
) -> list[dict[str, Any]]:
    scenario = reporting_to(tenant, parts=parts)
    scenario.load(activities)
    scenario.report()
    assert scenario.wait_idle(30)
    return tenant.sent()


def test_smaller_batches(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class OneByOne(Batching):
        def count_max(self) -> int:
            return 1

    report(replace(USUAL, batching=OneByOne), tenant, reporting_to, ride("1"), ride("2"))
    assert len(tenant.exchanges("submitBatch")) == 2


def test_other_bytes_for_the_same_records(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class Roomy(Batching):
        def body(self, records: Any) -> bytes:
            return json.dumps(json.loads(super().body(records)), indent=1).encode()

    assert len(report(replace(USUAL, batching=Roomy), tenant, reporting_to, ride())) == 1
    assert tenant.stored() == 1


def test_other_record_ids(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class Named(Composing):
        def record_id(self, activity: Activity, *_: object) -> str:
            return f"the-record-of-{activity.activity_id}"

    (record,) = report(replace(USUAL, composing=Named), tenant, reporting_to, ride())
    assert record["record_id"] == "the-record-of-ride-1"


def test_another_unit_is_rejected_by_the_platform(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class InMiles(BikeRecipe):
        def distance_km(self, activity: Any) -> Any:
            return super().distance_km(activity) * 5 / 8

    parts = replace(USUAL, recipes={**USUAL.recipes, "BIKE": InMiles})
    (record,) = report(parts, tenant, reporting_to, ride())
    assert record["activity"]["distance_km"] == "1.375"


def test_a_gate_that_lets_everything_pass(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class Open(Withholding):
        def ended(self, *_: object) -> bool:
            return True

    parts = replace(USUAL, withholding=Open)
    assert len(report(parts, tenant, reporting_to, ride(start="2026-03-10T03:59:00Z"))) == 1
    assert tenant.state()["records"]["rejected"] == 1


def test_less_patience(tenant: Any, reporting_to: Build, ride: Build) -> None:
    class Final(Patience):
        def is_permanent(self, *_: object) -> bool:
            return True

    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 503, "problem": "maintenance"})
    parts = replace(USUAL, client=replace(ClientParts(), patience=Final))
    report(parts, tenant, reporting_to, ride())
    assert len(tenant.exchanges("submitBatch")) == 1
    assert tenant.stored() == 0
