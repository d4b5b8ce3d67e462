"""Which devices the platform knows, and when each of them was calibrated (DEV-003, DEV-004)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tanpuhui.reference_client.calling.devices import Calibration


@dataclass(frozen=True, slots=True)
class DeviceBook:
    """All devices of the scenario with their certificates."""

    certificates: Mapping[str, tuple[Calibration, ...]]

    def registered(self, device_id: str) -> bool:
        """Whether the platform knows the device."""
        return device_id in self.certificates

    def calibrated(self, device_id: str, at: datetime) -> bool:
        """Whether one of its certificates was valid at that instant."""
        return any(one.valid_from <= at < one.valid_to for one in self.certificates.get(device_id, ()))
