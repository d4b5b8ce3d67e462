"""第 14 章 设备的缺陷 / Sins against clause 14: registers, certificates, successors and faults."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.sending.registering import Registering
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sending.withholding import Withholding
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import instant_text, parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.calling.devices import Calibration
    from tanpuhui.reference_client.keeping.devicebook import DeviceBook

FIRST = "registers-before-the-first-record"
CERTIFIED = "files-certificates-before-the-first-record"
AS_HELD = "registers-what-the-ledger-holds"
VALID = "reports-only-what-started-under-a-valid-calibration"
BY_NAME = "registers-successors-by-name"
DAY, YEAR = timedelta(days=1), timedelta(days=365)


class TrustingItself(Witnessed, Withholding):
    """Takes every device to be on file, and tells where it is not."""

    def device_fit(self, record: Mapping[str, Any]) -> bool:
        """Whatever the platform knows of it."""
        if not super().device_fit(record):
            self.fired()
        return True


@breaks("DEV-003", FIRST, scene="first_report")
class NeverRegisters(Witnessed, Registering):
    """从不登记设备 / Never registers a device."""

    def run(self) -> DeviceBook | None:
        self.fired()
        return None


@breaks("DEV-003", FIRST, scene="first_report")
class RegistersAfterwards(Witnessed, Reporting):
    """报送之后才登记设备 / Registers devices after it has reported their records."""

    def run(self) -> None:
        later, self.registering = self.registering, _Silent(self.desk, self.client, self.around)
        super().run()
        self.fired()
        later.run()
        self.registering = later


class _Silent(Registering):
    """Tells the platform of nothing."""

    def run(self) -> DeviceBook | None:
        """Nothing is known, so nothing is withheld for it."""
        return None


@breaks("DEV-003", FIRST, scene="truth")
class ReportsDevicesOfNobody(TrustingItself):
    """台账中没有的设备也报 / Reports records of devices that its own ledger does not have."""

    def device_fit(self, record: Mapping[str, Any]) -> bool:
        if self.device_registered(record["device_id"]):
            return Withholding.device_fit(self, record)
        return super().device_fit(record)


@breaks("DEV-003", CERTIFIED, scene="first_report")
class RegistersWithoutCertificates(Witnessed, Registering):
    """登记设备而不登记校验证书 / Registers devices and files no certificate."""

    def run(self) -> DeviceBook | None:
        super().run()
        return None

    def calibrate(self, device: Mapping[str, Any], known: Sequence[Calibration]) -> tuple[Calibration, ...]:  # noqa: ARG002
        if device["calibrations"]:
            self.fired()
        return ()


@breaks("DEV-003", AS_HELD, scene="first_report")
class LengthensItsCertificates(Witnessed, Registering):
    """登记的有效期比证书长一年 / Files certificates as valid a year longer than they are."""

    def certificate(self, calibration: Mapping[str, Any]) -> dict[str, Any]:
        self.fired()
        longer = instant_text(parse_instant(calibration["valid_to"]) + YEAR)
        return super().certificate(calibration) | {"valid_to": longer}


@breaks("DEV-003", AS_HELD, scene="first_report")
class CallsAllDevicesAlike(Witnessed, Registering):
    """型号一律登记为“通用” / Registers every device as one and the same model."""

    def registration(self, device: Mapping[str, Any]) -> dict[str, Any]:
        self.fired()
        return super().registration(device) | {"model": "通用"}


@breaks("DEV-003", AS_HELD, scene="first_report")
class InstallsDevicesToday(Witnessed, Registering):
    """以登记时刻作为安装时刻 / Says that every device was installed when it was registered."""

    def registration(self, device: Mapping[str, Any]) -> dict[str, Any]:
        self.fired()
        return super().registration(device) | {"installed_at": instant_text(self.around.clock.now())}


@breaks("DEV-004", VALID, scene="two_months")
class ForgetsWhenCertificatesEnd(Witnessed, Withholding):
    """校验到期后照报 / Goes on reporting after the certificate has ended."""

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        known = self.devices.certificates.get(device_id, ()) if self.devices else ()
        begun = any(one.valid_from <= start for one in known)
        if begun != super().device_calibrated(device_id, start):
            self.fired()
        return begun


@breaks("DEV-004", VALID, scene="two_months")
class JudgesCalibrationByToday(Witnessed, Withholding):
    """按报送之日判断校验是否有效 / Judges a calibration by the day of the report."""

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        today = super().device_calibrated(device_id, self.now)
        if today != super().device_calibrated(device_id, start):
            self.fired()
        return today


@breaks("DEV-004", VALID, scene="truth")
class JudgesCalibrationByTheEnd(Witnessed, Withholding):
    """按活动结束时刻判断校验是否有效 / Judges a calibration by the end of the day."""

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        ended = super().device_calibrated(device_id, start + DAY)
        if ended != super().device_calibrated(device_id, start):
            self.fired()
        return ended


@breaks("DEV-004", VALID, scene="truth")
class ReportsUncalibratedDevices(Witnessed, Withholding):
    """没有校验证书也报 / Reports devices that have no certificate at all."""

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        if self.devices is None or self.devices.certificates.get(device_id):
            return super().device_calibrated(device_id, start)
        self.fired()
        return True


@breaks("DEV-005", BY_NAME, scene="two_months")
class ForgetsWhatWasReplaced(Witnessed, Registering):
    """登记新设备而不写 replaces / Registers a successor without the device that it replaces."""

    def registration(self, device: Mapping[str, Any]) -> dict[str, Any]:
        found = super().registration(device)
        if found.pop("replaces", None) is not None:
            self.fired()
        return found


@breaks("DEV-005", BY_NAME, scene="two_months")
class RegistersSuccessorsLate(Witnessed, Reporting):
    """更换的设备报送之后才登记 / Registers a successor after its first record."""

    def run(self) -> None:
        later = self.registering
        self.registering = _Forgetful(self.desk, self.client, self.around)
        super().run()
        self.fired()
        later.run()
        self.registering = later


class _Forgetful(Registering):
    """Leaves successors for later."""

    def run(self) -> DeviceBook | None:
        """Nothing is withheld for what is not registered yet."""
        super().run()
        return None

    def in_order(self, devices: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """All but successors."""
        return [device for device in super().in_order(devices) if device["replaces"] is None]
