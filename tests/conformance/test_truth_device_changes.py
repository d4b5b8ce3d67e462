"""What changes between two reports: certificates are renewed, faults are over, a day ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.calendar import midnight_of
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.conformance.truth.recoveries import FAULT, Recovery
from tanpuhui.conformance.truth.renewals import Renewal
from tanpuhui.conformance.truth.unfinished import today_so_far
from tanpuhui.spec.business_time import SHANGHAI, parse_instant

if TYPE_CHECKING:
    from tanpuhui.conformance.truth.expected import World

NOW = datetime(2026, 8, 12, 10, 30, tzinfo=SHANGHAI)
TURN = datetime(2026, 9, 1, tzinfo=SHANGHAI)
LATER = datetime(2026, 10, 3, 9, tzinfo=SHANGHAI)
WINDOW = 60
HORIZON = Horizon(NOW, WINDOW)


def renewed() -> tuple[World, World]:
    now = Horizon(NOW, WINDOW)
    renewal = Renewal.of(chance(3, "tests"), ("PV", "HOME", "EV", "RAIL"), now, TURN.date())
    return renewal.before(now), renewal.after(Horizon(LATER, WINDOW))


def test_a_renewal_adds_a_certificate_from_where_the_old_one_ends() -> None:
    before, after = renewed()
    assert {device["scheme"] for device in before.devices} == {"PV", "HOME"}
    assert [len(device["calibrations"]) for device in before.devices] == [1, 1]
    for device in after.devices:
        old, new = device["calibrations"]
        assert parse_instant(old["valid_to"]) == parse_instant(new["valid_from"]) == TURN


def test_all_of_a_renewal_is_due_and_starts_on_the_side_of_the_turn_that_it_is_named_for() -> None:
    before, after = renewed()
    for expected in (*before.expected, *after.expected):
        assert expected.due, expected.label
        started = parse_instant(expected.record["activity_start"])
        assert (started >= TURN) == ("alone" in expected.label.en)
    assert sum("alone" in it.label.en for it in after.expected) == 3


def test_only_the_day_of_a_fault_earns_nothing() -> None:
    today = NOW.date()
    later = Horizon(NOW + timedelta(days=2), WINDOW)
    sound = Recovery.of(chance(3, "tests"), ("PV", "HOME", "EV", "RAIL"), Horizon(NOW, WINDOW))
    recovered = sound.entered((FAULT, NOW), ("N", midnight_of(today + timedelta(days=1))))
    world = recovered.days(later, {today: FAULT, today + timedelta(days=1): "N"})
    world += recovered.last_month(later)
    earned = {
        (it.record["scheme"], it.record["business_day"]): Decimal(it.record["reduction_kg"])
        for it in world.due
    }
    assert len(earned) == 5
    assert [place for place, kilograms in earned.items() if not kilograms] == [
        ("PV", today.isoformat()),
        ("EV", today.isoformat()),
    ]
    assert all([one["state"] for one in device["states"]] == [FAULT, "N"] for device in world.devices)


def test_the_link_is_listed_before_anything_is_measured_on_it() -> None:
    sound = Recovery.of(chance(3, "tests"), ("HOME",), HORIZON)
    assert [link["link_id"] for link in sound.days(HORIZON, {NOW.date(): "N"}).links] == [sound.link.link_id]


def test_a_day_that_goes_on_is_due_once_it_is_looked_at_again() -> None:
    link = invent_link(chance(3, "tests"), NOW)
    told = {
        days: today_so_far(chance(3, "tests"), ("PV", "EV"), HORIZON, link, later=timedelta(days=days))
        for days in (0, 2)
    }
    assert {it.fate for it in told[0].expected} == {"not-ended"}
    assert [it.fate for it in told[2].expected] == ["due", "due"]
    assert all(reading["start"] < "2026-08-12T02:30" for reading in told[2].activities[0]["readings"])
