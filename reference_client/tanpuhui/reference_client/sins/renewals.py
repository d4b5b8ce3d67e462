"""续证的缺陷 / Sins against clause 14: renewed certificates that are filed late, wrongly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.devices import Calibration
from tanpuhui.reference_client.sending.registering import Registering
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COVERED = "files-renewals-before-what-they-alone-cover"


class _Presuming(Registering):
    """Takes the certificates in its ledger to be on file, and files none for a device that has one there."""

    def calibrate(self, device: Mapping[str, Any], known: Sequence[Calibration]) -> tuple[Calibration, ...]:
        """Those of a new device are filed; of others they are only believed to be."""
        if not known:
            return super().calibrate(device, known)
        there = {one.certificate_no for one in known}
        return tuple(_held(one) for one in device["calibrations"] if one["certificate_no"] not in there)


@breaks("DEV-008", COVERED)
class FilesCertificatesWithTheDeviceOnly(Witnessed, _Presuming):
    """只在登记设备时登记证书，续证从不登记 / Files certificates when it registers a device, and no renewal ever."""

    def calibrate(self, device: Mapping[str, Any], known: Sequence[Calibration]) -> tuple[Calibration, ...]:
        presumed = super().calibrate(device, known)
        if known and presumed:
            self.fired()
        return presumed


@breaks("DEV-008", COVERED)
class FilesRenewalsAfterwards(Witnessed, Reporting):
    """报送之后才登记续证 / Files renewed certificates after the records that they alone cover."""

    def run(self) -> None:
        later, self.registering = self.registering, _Presuming(self.desk, self.client, self.around)
        super().run()
        self.fired()
        later.run()
        self.registering = later


def _held(entry: Mapping[str, Any]) -> Calibration:
    """A certificate as the platform would have it."""
    span = {name: parse_instant(entry[name]) for name in ("valid_from", "valid_to")}
    return Calibration(**{**entry, **span})
