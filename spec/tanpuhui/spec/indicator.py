"""Front door to the indicators (annex A): elements, schemes, and the record's schema that follows."""

from __future__ import annotations

from tanpuhui.spec.element import (
    Condition,
    DeviceDuty,
    Element,
    InvalidIndicator,
    Scheme,
    device_states,
    envelope,
    indicator_file,
    schemes,
)
from tanpuhui.spec.element_schema import expectation
from tanpuhui.spec.record_schema import (
    record_schema,
    record_validator,
    scheme_record_schema,
    scheme_record_validator,
)
from tanpuhui.spec.violation import Violation, violations

__all__ = [
    "Condition",
    "DeviceDuty",
    "Element",
    "InvalidIndicator",
    "Scheme",
    "Violation",
    "device_states",
    "envelope",
    "expectation",
    "indicator_file",
    "record_schema",
    "record_validator",
    "scheme_record_schema",
    "scheme_record_validator",
    "schemes",
    "violations",
]
