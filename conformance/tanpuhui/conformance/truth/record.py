"""The record that an activity must become, with methodology and accounts, and what must be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.expected import DUE, Expected, Fate
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.business_time import business_day, instant_text
from tanpuhui.spec.exclusion import excluded
from tanpuhui.spec.indicator import schemes
from tanpuhui.spec.methodology import effective
from tanpuhui.spec.quality import check_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

ACCEPTED, HELD = "accepted", "held"
DISTRICT = "310115"
"""Pudong New Area by GB/T 2260: where invented activities are, without other word."""
_PLACEHOLDER_ID = "invented-record-id"
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the business system holds of one activity, already in the units of the indicators."""

    activity_id: str
    label: Text
    scheme: str
    link: InventedLink
    device: InventedDevice
    device_state: str
    start: datetime
    end: datetime
    quantities: Mapping[str, Any]
    district_code: str = DISTRICT


@dataclass(frozen=True, slots=True)
class Horizon:
    """The platform's time when reporting starts, and how far back it takes activities."""

    now: datetime
    late_window_days: float

    def too_late(self, end: datetime) -> bool:
        """The activity is older than the late window (WRT-008)."""
        return self.now - end > timedelta(days=self.late_window_days)


def expected_of(facts: Facts, horizon: Horizon) -> Expected:
    """The record of these facts and its fate: due, or withheld for the first reason that holds."""
    record = record_of(facts)
    return Expected(facts.activity_id, facts.label, _fate(facts, record, horizon), record)


def record_of(facts: Facts) -> dict[str, Any]:
    """Every element that the law determines; the id and the data source are the scenario's to choose."""
    methodology, parameters = effective(facts.scheme, facts.start)
    record: dict[str, Any] = {
        "scheme": facts.scheme,
        "methodology": methodology.code,
        "methodology_version": methodology.version,
        "parameter_set": parameters.id,
        "link_id": facts.link.link_id,
        "district_code": facts.district_code,
        "granularity": schemes()[facts.scheme].granularity,
        "business_day": business_day(facts.start).isoformat(),
        "activity_start": instant_text(facts.start),
        "activity_end": instant_text(facts.end),
        "device_id": facts.device.device_id,
        "device_state": facts.device_state,
        "activity": dict(facts.quantities),
    }
    return record | accounts_text(account(record))


def _fate(facts: Facts, record: Mapping[str, Any], horizon: Horizon) -> Fate:
    if not facts.link.active_at(facts.start):
        return "link"
    if excluded(record):
        return "exclusion"
    if not facts.device.counts_at(facts.start):
        return "device"
    if "reject" in severities(record, facts.end):
        return "rule"
    if facts.end > horizon.now:
        return "not-ended"
    return "late" if horizon.too_late(facts.end) else DUE


def severities(record: Mapping[str, Any], end: datetime) -> set[str]:
    """How severe the record rules are that it does not meet from whatever source it says to come, its age left aside."""
    found = (_severities_from(source, record, end) for source in schemes()[record["scheme"]].data_sources)
    return set.intersection(*found)


def _severities_from(source: str, record: Mapping[str, Any], end: datetime) -> set[str]:
    whole = {**record, "record_id": _PLACEHOLDER_ID, "data_source": source}
    return {str(hit.severity) for hit in check_record(whole, received_at=end + _MOMENT)}


def expected_verdict(expected: Expected) -> str:
    """What a conforming platform answers to a due record that is as it must be."""
    found = severities(expected.record, _end(expected))
    return HELD if "hold" in found else ACCEPTED


def _end(expected: Expected) -> datetime:
    return datetime.fromisoformat(expected.record["activity_end"])


def thousandths(base_units: int) -> str:
    """Metres as kilometres, watt-hours as kilowatt-hours: exact, with three places."""
    whole, rest = divmod(abs(base_units), 1000)
    return f"{'-' if base_units < 0 else ''}{whole}.{rest:03d}"
