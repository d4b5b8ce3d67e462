"""事先未告知检查的缺陷之一：业务数据、设备与连通 / Sins written without sight of the checks: data, devices and links."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.withholding import Withholding
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.business_time import SHANGHAI, business_day, day_span, instant_text, parse_instant
from tanpuhui.spec.methodology import effective

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from tanpuhui.reference_client.recipes.recipe import Part

_TICK = timedelta(microseconds=1)


@breaks("IND-001", "record-keeps-its-schema", scene="truth")
class StripsZerosIntoAnExponent(Rewriting):
    """轨道里程去掉尾零后写成 1E+1 / Strips a rail distance of its zeros, down to 1E+1."""

    def told(self, record: Record) -> Record:
        distance = Decimal(record["activity"].get("distance_km", "1"))
        if record["scheme"] != "RAIL" or "E" not in str(distance.normalize()):
            return record
        return record | {"activity": record["activity"] | {"distance_km": str(distance.normalize())}}


@breaks("WRT-008", "reports-neither-too-early-nor-too-late")
class CountsWholeDaysOfLateness(Witnessed, Withholding):
    """迟报天数只取整数 / Counts lateness in whole days, up to a day too long."""

    def in_time(self, part: Part) -> bool:
        fits = (self.now - part.end).days <= self.times.late_window_days
        if fits != super().in_time(part):
            self.fired()
        return fits


@breaks("ACC-001", "pins-what-was-in-force", scene="truth")
class ChangesSetsAtUtcMidnight(Rewriting):
    """按 UTC 日期选公交的参数集 / Chooses the bus's parameter set by the UTC date."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != "BUS":
            return record
        day = parse_instant(record["activity_start"]).astimezone(UTC).date()
        methodology, found = effective("BUS", datetime.combine(day, time(), SHANGHAI))
        named = {**record, "methodology_version": methodology.version, "parameter_set": found.id}
        return named | accounts_text(account(named))


@breaks("DEV-004", "reports-only-what-started-under-a-valid-calibration")
class SpansTheGapBetweenCertificates(Witnessed, Withholding):
    """把几张证书看作一段有效期 / Takes several certificates for one validity, gaps included."""

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        usual = super().device_calibrated(device_id, start)
        known = self.devices.certificates.get(device_id, ()) if self.devices else ()
        if usual or not known:
            return usual
        spanned = min(one.valid_from for one in known) <= start < max(one.valid_to for one in known)
        if spanned:
            self.fired()
        return spanned


@breaks("LNK-001", "reports-only-under-an-active-link")
class ReportsTheDayTheLinkBegan(Witnessed, Withholding):
    """日记录按日末判断连通 / Judges a day's link by the end of the day."""

    def link_active(self, link_id: str, start: datetime) -> bool:
        usual = super().link_active(link_id, start)
        begins, ends = day_span(business_day(start))
        if usual or start != begins or not self.links.active(link_id, ends - _TICK):
            return usual
        self.fired()
        return True


@breaks("LNK-003", "obeys-link-events")
class SuspendsFromTheDaysMidnight(Witnessed, Inbox):
    """连通的结束提前到当日零时 / Ends a link at the midnight before the change takes effect."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        data = event["data"]
        at = parse_instant(data["effective_at"])
        midnight = day_span(business_day(at))[0]
        if data["status"] == "active" or at == midnight:
            super().apply_link(connection, event)
            return
        self.fired()
        super().apply_link(connection, {**event, "data": {**data, "effective_at": instant_text(midnight)}})
