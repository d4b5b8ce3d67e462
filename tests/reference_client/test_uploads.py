"""Reporting by upload, from the frozen file to the last verdict, against a real platform."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import zstandard

from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.sending.packing import ZSTD
from tanpuhui.reference_client.sending.uploading import Uploading
from tanpuhui.spec.limits import Limits

Build = Callable[..., Any]
USUAL = ScenarioParts()
UPLOAD = "submitUpload"
GZIP_MAGIC = b"\x1f\x8b"


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(body).splitlines()]


def test_everything_due_goes_out_as_one_compressed_file(
    tenant: Any, reporting_to: Build, ride: Build, rides: Build, uploaded: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([*rides(8), ride("short", "2026-03-08T00:00:00Z", minutes=0.5)])
    status = uploaded(scenario)
    assert (status["records"]["accepted"], status["withheld"]["rule"], status["outbox"]) == (8, 1, 0)
    (body,) = tenant.bodies(UPLOAD)
    assert [len(lines(body)), tenant.stored()] == [8, 8]
    assert tenant.exchanges("submitBatch") == []
    assert uploaded(scenario)["records"]["accepted"] == 8
    assert len(tenant.bodies(UPLOAD)) == 1


def test_verdicts_settle_the_records_of_an_upload_one_by_one(
    tenant: Any, reporting_to: Build, ride: Build, uploaded: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride("1"), ride("2", distance_m=50), ride("3")])
    records = uploaded(scenario)["records"]
    assert (records["accepted"], records["held"]) == (2, 1)
    uploaded(scenario)
    assert len(tenant.bodies(UPLOAD)) == 1


def test_results_are_taken_page_by_page_to_the_last(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant = new_tenant(limits={"results_page_max_items": 3})
    scenario = reporting_to(tenant)
    scenario.load(rides(8))
    assert uploaded(scenario)["records"]["accepted"] == 8
    assert len(tenant.exchanges("listJobResults")) == 3


LIMITS = {
    "records": {"upload_max_records": 3},
    "bytes as sent": {"upload_max_bytes": 1200},
    "bytes unpacked": {"upload_unpacked_max_bytes": 2000},
    "ratio": {"upload_unpacked_max_ratio": 2, "upload_max_bytes": 4000},
    "all of them": {
        "upload_max_records": 5,
        "upload_max_bytes": 1100,
        "upload_unpacked_max_bytes": 2900,
        "upload_unpacked_max_ratio": 4,
    },
}


@pytest.mark.parametrize("name", LIMITS)
def test_every_upload_keeps_to_the_advertised_limits(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build, name: str
) -> None:
    tenant = new_tenant(limits=LIMITS[name])
    scenario = reporting_to(tenant)
    scenario.load(rides(12))
    assert uploaded(scenario)["records"]["accepted"] == 12
    sent, limits = tenant.bodies(UPLOAD), Limits.from_mapping(LIMITS[name])
    assert len(sent) > 1
    for packed, plain in ((body, unpacked(body)) for body in sent):
        assert len(plain.splitlines()) <= limits.upload_max_records
        assert len(packed) <= limits.upload_max_bytes
        assert len(plain) <= limits.upload_unpacked_max_bytes
        assert len(plain) <= len(packed) * limits.upload_unpacked_max_ratio


def unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(GZIP_MAGIC) else body


def test_a_record_that_no_line_can_hold_travels_in_a_batch(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant = new_tenant(limits={"line_max_bytes": 300})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["records"]["accepted"] == 2
    assert (tenant.bodies(UPLOAD), len(tenant.sent())) == ([], 2)


@pytest.mark.parametrize("coding", [None, ZSTD])
def test_other_codings_are_understood_too(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build, coding: str | None
) -> None:
    class Coding(Uploading):
        def coding(self) -> str | None:
            return coding

    scenario = reporting_to(tenant, parts=replace(USUAL, uploading=Coding))
    scenario.load(rides(3))
    assert uploaded(scenario)["records"]["accepted"] == 3
    (body,) = tenant.bodies(UPLOAD)
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(body) if coding else body
    assert len(plain.splitlines()) == 3


def test_many_records_go_by_upload_and_few_in_batches_where_nobody_says_how(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant = new_tenant(limits={"batch_max_records": 1})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    uploaded(scenario, "auto")
    assert (len(tenant.sent()), tenant.bodies(UPLOAD)) == (2, [])
    scenario.load(rides(20))
    assert uploaded(scenario, "auto")["records"]["accepted"] == 20
    assert [len(lines(body)) for body in tenant.bodies(UPLOAD)] == [18]


def test_a_job_is_not_looked_at_before_its_time(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant = new_tenant(times={"job_poll_seconds": 1})
    tenant.arm({"kind": "slow_job", "operation": "submitUpload", "seconds": 1.5})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["records"]["accepted"] == 2
    looks = [*tenant.exchanges("submitUpload"), *tenant.exchanges("getJob")]
    times = [(datetime.fromisoformat(each["answered_at"]), each["at"]) for each in looks]
    assert len(looks) >= 3
    for (answered, _), (_, at) in pairwise(times):
        assert (datetime.fromisoformat(at) - answered).total_seconds() >= 1
