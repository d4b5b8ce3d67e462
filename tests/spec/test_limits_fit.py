"""The default limits fit one another: what one of them allows, no other makes impossible."""

from __future__ import annotations

import gzip
import json
import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from tanpuhui.spec.document import document
from tanpuhui.spec.element import schemes
from tanpuhui.spec.limits import default_limits

LIMITS = default_limits()
SOME = 2000
FIRST = datetime.fromisoformat("2026-03-01T00:00:00+08:00")


def examples() -> dict[str, dict[str, Any]]:
    """A record of each scheme as the interface document shows it."""
    media = document("platform")["paths"]["/v1/activity-batches"]["post"]["requestBody"]["content"]
    shown = media["application/json"]["examples"].values()
    return {record["scheme"]: record for each in shown for record in each["value"]["records"]}


def varied(record: dict[str, Any], number: int, chance: Random) -> bytes:
    """The record as another user's on another device: what differs between records does not compress."""
    start = FIRST + timedelta(seconds=number)
    changed = {
        "record_id": str(uuid.UUID(int=chance.getrandbits(128))),
        "link_id": f"lnk_{chance.getrandbits(88):022x}",
        "device_id": f"dev-{chance.getrandbits(32):08x}",
        "activity_start": start.isoformat(),
        "activity_end": (start + timedelta(seconds=chance.randrange(60, 3600))).isoformat(),
    }
    return json.dumps(record | changed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def records(scheme: str) -> bytes:
    chance, example = Random(scheme), examples()[scheme]  # noqa: S311  # the same each time
    return b"".join(varied(example, number, chance) for number in range(SOME))


each_scheme = pytest.mark.parametrize("scheme", schemes())


@each_scheme
def test_one_upload_holds_the_most_records_that_it_may_have(scheme: str) -> None:
    plain = records(scheme)
    assert len(plain) / SOME * LIMITS.upload_max_records <= LIMITS.upload_unpacked_max_bytes
    assert len(gzip.compress(plain, 6)) / SOME * LIMITS.upload_max_records <= LIMITS.upload_max_bytes


@each_scheme
def test_no_upload_of_real_records_is_taken_for_a_bomb(scheme: str) -> None:
    plain = records(scheme)
    assert len(plain) / len(gzip.compress(plain, 6)) <= LIMITS.upload_unpacked_max_ratio / 2


@each_scheme
def test_one_batch_holds_the_most_records_that_it_may_have(scheme: str) -> None:
    assert len(records(scheme)) / SOME * LIMITS.batch_max_records <= LIMITS.body_max_bytes
    assert max(map(len, records(scheme).splitlines())) <= LIMITS.line_max_bytes <= LIMITS.body_max_bytes


def test_an_upload_may_be_unpacked_as_far_as_it_may_be_packed() -> None:
    most = LIMITS.upload_max_bytes * LIMITS.upload_unpacked_max_ratio
    assert LIMITS.upload_max_bytes <= LIMITS.upload_unpacked_max_bytes <= most
    assert LIMITS.batch_max_records <= LIMITS.upload_max_records
    assert LIMITS.results_page_max_items <= LIMITS.upload_max_records


def test_an_event_fits_into_a_body() -> None:
    assert LIMITS.string_max_chars <= LIMITS.event_max_bytes <= LIMITS.body_max_bytes
