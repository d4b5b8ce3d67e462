"""第 14 章 校验：活动开始时有效，报送之前登记 / Clause 14, calibration: valid when an activity starts, filed before it is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.devices import first_told, instant, ledger_of, under
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.withholding import withheld
from tanpuhui.conformance.claims import CALIBRATED
from tanpuhui.conformance.truth.devices import duty_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.truth.expected import Expected
    from tanpuhui.conformance.verdict import Observation


@check("DEV-003", "files-certificates-before-the-first-record", scenes=EVERY, needs=(CALIBRATED,))
def files_certificates_before_the_first_record(evidence: Evidence) -> Iterator[Observation]:
    """要求校验的设备，登记证书之后才报送 / Where calibration is demanded, reports only after a certificate was filed."""
    for scene in evidence.scenes:
        known = first_told(scene.certificates)
        for sent in under(scene, lambda duty: duty.calibrated):
            device_id = str(sent.record.get("device_id"))
            ok = known.get(device_id, sent.seq) < sent.seq
            yield saw(
                f"先登记 {device_id} 的校验证书 / a certificate of {device_id} is filed first",
                "已登记 / it was" if ok else "报送时尚未登记 / it was not yet",
                ok=ok,
                at=sent.seq,
            )


@check(
    "DEV-004",
    "reports-only-what-started-under-a-valid-calibration",
    scenes=("truth", "two_months"),
    needs=(CALIBRATED,),
)
def reports_only_what_started_under_a_valid_calibration(evidence: Evidence) -> Iterator[Observation]:
    """不报开始时不在校验有效期内的活动 / Reports nothing that started outside the validity of a calibration."""

    def in_ledger(expected: Expected, scene: RecordedScene) -> bool:
        record = expected.record
        return duty_of(record["scheme"]).calibrated and record["device_id"] in ledger_of(scene)

    yield from withheld(evidence, {"device"}, in_ledger)


@check(
    "DEV-008",
    "files-renewals-before-what-they-alone-cover",
    scenes=("device_renewals", "truth"),
    needs=(CALIBRATED,),
)
def files_renewals_before_what_they_alone_cover(evidence: Evidence) -> Iterator[Observation]:
    """有几份校验证书的，登记覆盖某记录的证书之后才报送它 / Of several certificates files the one that covers a record before the record."""
    for scene in evidence.scenes:
        ledger = ledger_of(scene)
        for sent in under(scene, lambda duty: duty.calibrated):
            device_id = str(sent.record.get("device_id"))
            held = ledger.get(device_id, {}).get("calibrations", ())
            if len(held) > 1 and _covering(held, sent):
                ok = bool(_covering(_filed(scene, sent), sent))
                yield saw(
                    f"先登记 {device_id} 的、覆盖该活动的证书 / the certificate of {device_id} that covers it is filed first",
                    "已登记 / it was" if ok else "报送时尚未登记 / it was not yet",
                    ok=ok,
                    at=sent.seq,
                )


def _filed(scene: RecordedScene, sent: Sent) -> Iterator[Mapping[str, Any]]:
    """The certificates of the record's device that the platform had when the record was sent."""
    device_id = sent.record.get("device_id")
    return (
        it.content for it in scene.certificates if it.device_id == device_id and it.exchange.seq < sent.seq
    )


def _covering(certificates: Iterable[Mapping[str, Any]], sent: Sent) -> list[Mapping[str, Any]]:
    """Those of them that were valid when the record's activity started."""
    start = instant(sent.record.get("activity_start"))
    return [it for it in certificates if start is not None and _covers(it, start)]


def _covers(certificate: Mapping[str, Any], start: datetime) -> bool:
    begin, end = (instant(certificate.get(name)) for name in ("valid_from", "valid_to"))
    return begin is not None and end is not None and begin <= start < end
