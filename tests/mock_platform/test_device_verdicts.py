"""A record waits for its device to be registered and calibrated where annex A demands it (DEV-007)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

START = "2026-03-01T00:00:00+08:00"


def told(verdict: dict[str, Any]) -> tuple[str, list[str]]:
    return verdict["verdict"], [each["code"] for each in verdict["reasons"]]


def test_a_record_of_an_unregistered_device_is_held(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    (verdict,) = new_actor(devices=[]).verdicts(pv_day())
    assert told(verdict) == ("held", ["device-not-registered"])
    assert verdict["reasons"][0]["pointer"] == "/device_id"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"valid_from": START}, ("accepted", [])),
        ({"valid_from": "2026-03-01T00:00:01+08:00"}, ("held", ["calibration-not-valid"])),
        ({"valid_to": START}, ("held", ["calibration-not-valid"])),
        ({"valid_to": "2026-03-01T00:00:01+08:00"}, ("accepted", [])),
    ],
)
def test_a_certificate_counts_at_the_activitys_start(
    new_actor: Callable[..., Actor],
    device: Callable[..., Any],
    certificate: Callable[..., Any],
    pv_day: Callable[..., Any],
    period: dict[str, str],
    expected: tuple[str, list[str]],
) -> None:
    actor = new_actor(devices=[device(calibrations=[certificate(**period)])])
    assert told(actor.verdicts(pv_day())[0]) == expected


def test_one_valid_certificate_of_several_is_enough(
    new_actor: Callable[..., Actor],
    device: Callable[..., Any],
    certificate: Callable[..., Any],
    pv_day: Callable[..., Any],
) -> None:
    old = certificate(certificate_no="old", valid_to="2021-01-01T00:00:00+08:00")
    actor = new_actor(devices=[device(calibrations=[old, certificate()]), device(device_id="dev-pv-02")])
    assert told(actor.verdicts(pv_day())[0]) == ("accepted", [])
    bare = new_actor(devices=[device(calibrations=[])])
    assert told(bare.verdicts(pv_day())[0]) == ("held", ["calibration-not-valid"])


def test_what_would_be_rejected_is_not_held(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    greedy = pv_day(reduction_kg="1")
    (verdict,) = new_actor(devices=[]).verdicts(greedy)
    assert verdict["verdict"] == "rejected"


def test_all_that_a_record_waits_for_is_told(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    (verdict,) = new_actor(devices=[]).verdicts(pv_day(generation_kwh="48.001"))
    assert told(verdict) == ("held", ["device-not-registered", "quality-rule"])


def test_a_scheme_without_the_duty_takes_any_device(
    new_actor: Callable[..., Actor], ride: Callable[..., Any]
) -> None:
    assert told(new_actor(devices=[]).verdicts(ride())[0]) == ("accepted", [])
