"""The typed calls for uploads, devices and quality, by thread and on the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import Refused
from tanpuhui.reference_client.calling.jobs import JobLook, Upload
from tanpuhui.reference_client.calling.steps import FrozenFile
from tanpuhui.reference_client.client import AsyncScenarioClient, ScenarioClient, operations_of
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = "a-key-of-sixteen"
DEVICE = {"device_id": "dev-1", "kind": "inverter", "scheme": "PV", "model": "X-6"}
DEVICE |= {"installed_at": "2025-06-01T08:00:00+08:00"}
CERTIFICATE = {"certificate_no": "c-1", "issuer": "某院", "standard": "JJG 1085"}
CERTIFICATE |= {"valid_from": "2026-01-01T00:00:00+08:00", "valid_to": "2027-01-01T00:00:00+08:00"}
FAULT = {"state": "F", "since": "2026-03-09T08:00:00+08:00"}


@pytest.fixture
def file(tmp_path: Path, ride: Callable[..., dict[str, Any]]) -> FrozenFile:
    """Five rides as an upload."""
    recipe, path = BikeRecipe(), tmp_path / "rides.ndjson"
    rides = [ride(str(n), f"2026-03-09T{n:02d}:00:00Z") for n in range(5)]
    records = [recipe.record(one, recipe.parts(one)[0], f"a-record-id-of-{n}") for n, one in enumerate(rides)]
    path.write_bytes(b"".join(dump_json(record) + b"\n" for record in records))
    return FrozenFile.of(path)


def followed(client: ScenarioClient, upload: Upload) -> JobLook:
    look = JobLook(upload.job, upload.retry_after)
    while not look.job.finished:
        look = client.job(upload.job.job_id)
    return look


def test_an_upload_becomes_a_job_with_a_verdict_for_every_line(
    new_tenant: Callable[..., Any], file: FrozenFile
) -> None:
    tenant = new_tenant(limits={"results_page_max_items": 2})
    with ScenarioClient(operations_of(tenant.identity)) as client:
        upload = client.submit_upload(file, idempotency_key=KEY)
        job = followed(client, upload).job
        verdicts = list(client.job_results(job.job_id))
    assert upload.retry_after is not None
    assert (job.state, job.totals.accepted, job.finished_at is not None) == ("succeeded", 5, True)
    assert [(one.index, one.record_id) for one in verdicts] == [(n, f"a-record-id-of-{n}") for n in range(5)]
    assert len(tenant.exchanges("listJobResults")) == 3


def test_an_upload_is_sent_again_byte_by_byte(client: ScenarioClient, tenant: Any, file: FrozenFile) -> None:
    tenant.arm({"kind": "lose_answer", "operation": "submitUpload"})
    followed(client, client.submit_upload(file, idempotency_key=KEY))
    tries = [each["request"] for each in tenant.exchanges("submitUpload")]
    fields = [dict(each["headers"]) for each in tries]
    assert len(tries) == 2
    assert len({(one["content-digest"], one["idempotency-key"]) for one in fields}) == 1
    assert len({one["signature-input"] for one in fields}) == 2


def test_a_device_is_registered_calibrated_and_reported(client: ScenarioClient) -> None:
    assert client.devices() == ()
    registered = client.register_device(DEVICE, idempotency_key=KEY)
    calibrated = client.add_calibration("dev-1", CERTIFICATE, idempotency_key=KEY + "-2")
    reported = client.report_device_state("dev-1", FAULT, idempotency_key=KEY + "-3")
    (listed,) = client.devices()
    assert (registered.device_id, registered.calibrations, listed.calibrations) == (
        "dev-1",
        (),
        (calibrated,),
    )
    assert (reported.state, listed.state) == ("F", "F")


def test_a_device_id_that_means_another_device_is_refused(client: ScenarioClient) -> None:
    client.register_device(DEVICE, idempotency_key=KEY)
    with pytest.raises(Refused) as refused:
        client.register_device(DEVICE | {"model": "Y"}, idempotency_key=KEY + "-2")
    assert refused.value.problem.code == "device-conflict"


def test_a_quality_report_is_read_once_it_was_made(
    client: ScenarioClient, tenant: Any, file: FrozenFile
) -> None:
    with pytest.raises(Refused):
        client.quality_report("2026-12")
    followed(client, client.submit_upload(file, idempotency_key=KEY))
    tenant.conduct("POST", "/quality-runs", period="2026-03-09")
    report = client.quality_report("2026-03-09", "BIKE")
    (bikes,) = report.schemes
    assert (report.kind, bikes.scheme, bikes.records) == ("day", "BIKE", 5)
    assert set(bikes.scores) >= {"completeness", "uniqueness"}


def test_the_event_loop_says_the_same(tenant: Any, file: FrozenFile) -> None:
    async def use() -> list[Any]:
        async with AsyncScenarioClient(operations_of(tenant.identity)) as client:
            job = (await client.submit_upload(file, idempotency_key=KEY)).job
            while not job.finished:
                job = (await client.job(job.job_id)).job
            verdicts = [verdict.verdict async for verdict in client.job_results(job.job_id)]
            device = await client.register_device(DEVICE, idempotency_key=KEY + "-2")
            await client.add_calibration("dev-1", CERTIFICATE, idempotency_key=KEY + "-3")
            await client.report_device_state("dev-1", FAULT, idempotency_key=KEY + "-4")
            known = await client.devices()
            return [job.state, verdicts, device.device_id, known[0].state]

    assert asyncio.run(use()) == ["succeeded", ["accepted"] * 5, "dev-1", "F"]
