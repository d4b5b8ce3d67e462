"""What an applicant's schemes bring along decides what is played and judged, and what does not apply and why."""

from __future__ import annotations

import pytest

from tanpuhui.conformance.check import checks
from tanpuhui.conformance.claims import CALIBRATED, DAILY, REGISTERED, claimed
from tanpuhui.conformance.plan import plan_for
from tanpuhui.spec.element import schemes


@pytest.mark.parametrize(
    ("scheme", "brought"),
    [
        ("RAIL", {DAILY}),
        ("BUS", {DAILY}),
        ("BIKE", {DAILY}),
        ("EV", {DAILY, REGISTERED}),
        ("HOME", {REGISTERED, CALIBRATED}),
        ("PV", {DAILY, REGISTERED, CALIBRATED}),
    ],
)
def test_a_scheme_brings_its_days_and_its_devices_along(scheme: str, brought: set[str]) -> None:
    assert claimed([scheme]) == {scheme} | brought


def test_months_have_no_days_on_which_a_link_could_change() -> None:
    plan = plan_for("2026.1", {"HOME"})
    assert not {"link_changes", "event_order"} & {scene.name for scene in plan.scenes}
    told = plan.condition_of(checks()["EVT-005/fetches-what-is-missing"])
    assert told is not None
    assert "按次或按日" in told.zh


@pytest.mark.parametrize("scheme", ["RAIL", "BUS", "BIKE"])
def test_devices_that_need_not_be_registered_are_not_judged(scheme: str) -> None:
    plan = plan_for("2026.1", {scheme})
    of_devices = [
        one
        for one in plan.checks
        if one.requirement in {"DEV-003", "DEV-004", "DEV-005", "DEV-006", "DEV-008"}
    ]
    assert len(of_devices) >= 7
    assert all(plan.condition_of(one) is not None for one in of_devices)


def test_an_uncalibrated_device_is_registered_all_the_same() -> None:
    plan = plan_for("2026.1", {"EV"})
    assert plan.condition_of(checks()["DEV-003/registers-before-the-first-record"]) is None
    told = plan.condition_of(checks()["DEV-003/files-certificates-before-the-first-record"])
    assert told is not None
    assert "校验" in told.zh


def test_every_scheme_alone_leaves_something_of_each_topic_to_judge() -> None:
    for scheme in schemes():
        plan = plan_for("2026.1", {scheme})
        topics = {one.law.topic for one in plan.checks if plan.condition_of(one) is None}
        assert topics >= {"IND", "WRT", "ACC", "QUA", "DEV", "LNK", "EVT"}, scheme
