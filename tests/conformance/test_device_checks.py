"""What the checks of devices accept and what they refuse, case by case."""

from __future__ import annotations

import pytest
from ledger_seen import CERTIFICATE, DEVICE, METER, Played, files, record, registers, sends, tells_state
from uploads_seen import call, outcomes

from tanpuhui.conformance.checks.calibrations import (
    files_certificates_before_the_first_record,
    files_renewals_before_what_they_alone_cover,
)
from tanpuhui.conformance.checks.devices import (
    registers_before_the_first_record,
    registers_successors_by_name,
    registers_what_the_ledger_holds,
    reports_faults_in_time,
)
from tanpuhui.conformance.truth.expected import World

SENDS = sends(5, record("rec-a"))
LISTS = call(2, "listDevices", "/devices", (200, {"devices": [{**DEVICE, "state": "N"}]}))
BROKEN = DEVICE | {"states": [{"state": "D", "since": "2026-03-01T00:00:00Z"}]}


@pytest.mark.parametrize(
    ("before", "registered", "certified"),
    [
        ([registers(1), files(2)], True, True),
        ([registers(1, 200), files(2)], True, True),
        ([registers(1)], True, False),
        ([registers(1, 409)], False, False),
        ([LISTS], True, True),
        ([], False, False),
    ],
)
def test_a_device_is_on_file_before_its_first_record(
    before: list[dict[str, object]], registered: bool, certified: bool
) -> None:
    evidence = Played([*before, SENDS]).evidence()
    assert outcomes(registers_before_the_first_record(evidence)) == [registered]
    assert outcomes(files_certificates_before_the_first_record(evidence)) == [certified]


def test_a_registration_after_the_first_record_is_too_late() -> None:
    evidence = Played([SENDS, registers(6), files(7)]).evidence()
    assert outcomes(registers_before_the_first_record(evidence)) == [False]
    assert outcomes(files_certificates_before_the_first_record(evidence)) == [False]


def test_a_device_that_the_ledger_does_not_have_cannot_be_registered_into_being() -> None:
    evidence = Played([registers(1), files(2), SENDS], ledger=()).evidence()
    assert outcomes(registers_before_the_first_record(evidence)) == [False]


def test_devices_that_need_not_be_registered_are_not_asked_for() -> None:
    evidence = Played([sends(5, record("rec-a", scheme="RAIL"))]).evidence()
    assert outcomes(registers_before_the_first_record(evidence)) == []


def test_the_same_instant_may_be_written_otherwise() -> None:
    told = [registers(1, installed_at="2025-01-01T08:00:00+08:00"), files(2)]
    assert outcomes(registers_what_the_ledger_holds(Played(told).evidence())) == [True, True]
    wrong = [
        registers(1, model="通用"),
        files(2, valid_to="2028-01-01T00:00:00Z"),
        files(3, certificate_no="X"),
    ]
    assert outcomes(registers_what_the_ledger_holds(Played(wrong).evidence())) == [False, False, False]


@pytest.mark.parametrize(
    ("told", "ok"),
    [
        ([registers(1, replaces="dev-home-0"), SENDS], True),
        ([registers(1), SENDS], False),
        ([registers(1, replaces="dev-home-9"), SENDS], False),
        ([SENDS, registers(6, replaces="dev-home-0")], False),
        ([SENDS], False),
    ],
)
def test_a_successor_names_what_it_replaces_before_its_first_record(
    told: list[dict[str, object]], ok: bool
) -> None:
    successor = DEVICE | {"replaces": "dev-home-0"}
    assert outcomes(registers_successors_by_name(Played(told, ledger=(successor,)).evidence())) == [ok]


@pytest.mark.parametrize(
    ("at", "state", "since", "ok"),
    [
        ("2026-03-02T00:00:00Z", "D", "2026-03-01T00:00:00Z", True),
        ("2026-03-02T00:00:00Z", "D", "2026-03-01T08:00:00+08:00", True),
        ("2026-03-02T00:00:01Z", "D", "2026-03-01T00:00:00Z", False),
        ("2026-03-01T12:00:00Z", "N", "2026-03-01T00:00:00Z", False),
        ("2026-03-01T12:00:00Z", "D", "2026-03-01T12:00:00Z", False),
    ],
)
def test_a_fault_is_told_as_it_was_within_the_advertised_hours(
    at: str, state: str, since: str, ok: bool
) -> None:
    played = Played([tells_state(at, state, since)], ledger=(BROKEN,))
    assert outcomes(reports_faults_in_time(played.evidence())) == [ok]


def test_a_fault_that_nobody_told_of_and_a_device_in_order() -> None:
    assert outcomes(reports_faults_in_time(Played(ledger=(BROKEN,)).evidence())) == [False]
    assert outcomes(reports_faults_in_time(Played(ledger=(DEVICE,)).evidence())) == []


def test_a_ledger_that_is_loaded_again_counts_as_it_is_now() -> None:
    (device,) = (World(devices=(DEVICE,)) + World(devices=(BROKEN,))).devices
    assert device["device_id"] == METER
    assert device["states"] == BROKEN["states"]
    assert device["calibrations"] == [CERTIFICATE]


RENEWED = CERTIFICATE | {
    "certificate_no": "CERT-2",
    "valid_from": CERTIFICATE["valid_to"],
    "valid_to": "2028-01-01T00:00:00Z",
}
RENEWAL = {name: RENEWED[name] for name in ("certificate_no", "valid_from", "valid_to")}
UNDER_THE_OLD = sends(5, record("rec-a", activity_start="2026-12-31T23:59:59Z"))
UNDER_THE_NEW = sends(5, record("rec-a", activity_start="2027-01-01T08:00:00+08:00"))
UNDER_NONE = sends(5, record("rec-a", activity_start="2028-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ([files(2), files(3, **RENEWAL), UNDER_THE_NEW], [True]),
        ([files(2), UNDER_THE_NEW], [False]),
        ([files(2), UNDER_THE_NEW, files(6, **RENEWAL)], [False]),
        ([files(2), UNDER_THE_OLD, files(6, **RENEWAL)], [True]),
        ([files(2), files(3, **RENEWAL), UNDER_NONE], []),
    ],
)
def test_a_renewed_certificate_is_on_file_before_what_it_alone_covers(
    told: list[dict[str, object]], seen: list[bool]
) -> None:
    renewed = DEVICE | {"calibrations": [CERTIFICATE, RENEWED]}
    evidence = Played([registers(1), *told], ledger=(renewed,)).evidence()
    assert outcomes(files_renewals_before_what_they_alone_cover(evidence)) == seen


def test_the_only_certificate_of_a_device_is_no_renewal() -> None:
    evidence = Played([registers(1), UNDER_THE_OLD]).evidence()
    assert outcomes(files_renewals_before_what_they_alone_cover(evidence)) == []
