"""Limits and time parameters (annex E): defaults from the law, values in force from discovery."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


class InvalidLimit(ValueError):
    """限值不合规定 / An advertised limit or time that is no positive number."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"“{name}”应为{expected} / {name!r} shall be a number of that kind (API-001)")
        self.name = name


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes that both sides keep to."""

    batch_max_records: int
    body_max_bytes: int
    event_max_bytes: int
    json_max_depth: int
    string_max_chars: int
    page_max_items: int
    header_max_bytes: int
    upload_max_bytes: int
    upload_unpacked_max_bytes: int
    upload_unpacked_max_ratio: int
    upload_max_records: int
    line_max_bytes: int
    results_page_max_items: int

    @classmethod
    def from_mapping(cls, advertised: Mapping[str, Any]) -> Self:
        """Limits as advertised; what is not advertised has its default, what is unknown is ignored."""
        return cls(**{name: _count(name, value) for name, value in _filled("limits", advertised)})

    def as_mapping(self) -> dict[str, int]:
        """The members of the discovery document."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Times:
    """Durations that both sides keep to."""

    token_life_seconds: float
    assertion_life_seconds: float
    signature_past_seconds: float
    signature_future_seconds: float
    nonce_keep_seconds: float
    request_timeout_seconds: float
    retry_first_seconds: float
    retry_max_seconds: float
    retry_jitter_percent: float
    event_ack_seconds: float
    event_retry_seconds: tuple[float, ...]
    late_window_days: float
    idempotency_keep_days: float
    job_poll_seconds: float
    job_keep_days: float
    device_fault_report_hours: float
    quality_report_hour: float

    @classmethod
    def from_mapping(cls, advertised: Mapping[str, Any]) -> Self:
        """Times as advertised; what is not advertised has its default, what is unknown is ignored."""
        read: dict[str, Any] = {
            name: (_schedule if name == "event_retry_seconds" else _duration)(name, value)
            for name, value in _filled("times", advertised)
        }
        return cls(**read)

    def as_mapping(self) -> dict[str, Any]:
        """The members of the discovery document; whole numbers are written as such."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: [_plain(item) for item in value] if isinstance(value, tuple) else _plain(value)
            for name, value in found.items()
        }


@cache
def default_limits() -> Limits:
    """The limits as the law proposes them."""
    return Limits.from_mapping({})


@cache
def default_times() -> Times:
    """The time parameters as the law proposes them."""
    return Times.from_mapping({})


def _filled(group: str, advertised: Mapping[str, Any]) -> list[tuple[str, Any]]:
    entries = law_yaml("limits.yaml")[group]
    return [(name, advertised.get(name, entry["value"])) for name, entry in entries.items()]


def _count(name: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise InvalidLimit(name, "正整数")
    return value


def _schedule(name: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidLimit(name, "非负数的列表")
    return tuple(_duration(name, item) for item in value)


def _duration(name: str, value: object) -> float:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        raise InvalidLimit(name, "非负数")
    seconds = float(value)
    if not 0 <= seconds < float("inf"):
        raise InvalidLimit(name, "非负数")
    return seconds


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value
