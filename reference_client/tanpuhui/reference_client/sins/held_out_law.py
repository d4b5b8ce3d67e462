"""按第 5、9、11、14 章条文写成的缺陷，写时未看检查 / Sins written from clauses 5, 9, 11 and 14 alone, without sight of the checks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.keeping.outbox import WITHHELD
from tanpuhui.reference_client.recipes.home import HomeRecipe
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sending.registering import Registering
from tanpuhui.reference_client.sending.withholding import Withholding
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.pv_day import day_rules, summarise_day
from tanpuhui.spec.quality import check_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from tanpuhui.reference_client.keeping.outbox import Activity, Entry
    from tanpuhui.reference_client.recipes.home import HomeMonthPart
    from tanpuhui.reference_client.recipes.pv import PvDayPart
    from tanpuhui.reference_client.sending.withholding import WithheldFor
    from tanpuhui.spec.home_month import HomeMonth
    from tanpuhui.spec.pv_day import PvDay, Reading

IN_TRUTH = "truth"
DUE = "reports-everything-due"
SUMS = "treats-faulty-readings-as-laid-down"


class ReadingOtherwise(Witnessed, PvRecipe):
    """Reads a plant's day in its own way; `reread` are the readings as it takes them."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        """The day's sum."""
        usual = super().summary(activity, part)
        day, interval = business_day(part.start), activity["interval_seconds"]
        found = summarise_day(self.reread(part.readings), day, interval)
        if found != usual:
            self.fired()
        return replace(found, expected_intervals=usual.expected_intervals)

    def reread(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        """Other flags than the law's."""
        raise NotImplementedError


@breaks("IND-006", SUMS, scene=IN_TRUTH)
class CallsStandingStillStale(ReadingOtherwise):
    """连续为零的读数当作停滞 / Takes readings of zero one after another for stale ones."""

    def reread(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        rules, told = day_rules(), []
        for (power, state), run in groupby(readings, key=lambda it: (it.power_w, it.state)):
            same = list(run)
            stale = power == 0 and state == "N" and len(same) >= rules.stale_run
            told += [replace(it, state=rules.stale_flag) if stale else it for it in same]
        return told


@breaks("IND-006", SUMS, scene=IN_TRUTH)
class LooksForStaleReadingsAcrossGaps(ReadingOtherwise):
    """中间缺失读数的相同功率也算停滞 / Takes equal readings for stale although others are missing between them."""

    def reread(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        rules, told = day_rules(), []
        live = [it for it in readings if it.power_w is not None]
        for (power, state), run in groupby(live, key=lambda it: (it.power_w, it.state)):
            same = list(run)
            stale = (power or 0) > 0 and state == "N" and len(same) >= rules.stale_run
            told += [replace(it, state=rules.stale_flag) if stale else it for it in same]
        return told


@breaks("IND-006", "sums-the-registers-of-a-month", scene=IN_TRUTH)
class CountsFromNothing(Witnessed, HomeRecipe):
    """只有一个示数的月以该示数为电量 / Takes the only reading of a month for what was used in it."""

    def summary(self, activity: Mapping[str, Any], part: HomeMonthPart) -> HomeMonth:
        usual = super().summary(activity, part)
        of_month = [it for it in self.readings(activity) if part.start <= it.at <= part.end]
        if len(of_month) != 1:
            return usual
        self.fired()
        peak, valley = (Decimal(wh).scaleb(-3) for wh in (of_month[0].peak_wh, of_month[0].valley_wh))
        return replace(usual, peak_kwh=peak, valley_kwh=valley, total_kwh=peak + valley)


@breaks("WRT-014", "tells-content-and-current-verdict")
class DecidesByArrival(Witnessed, Inbox):
    """暂存记录的结论以到达次序为准 / Goes by arrival where two decisions on one record are told."""

    def apply_decision(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        known = "SELECT sequence FROM decisions WHERE record_id = ?"
        row = connection.execute(known, (event["data"]["record_id"],)).fetchone()
        if row is not None and row["sequence"] > event["sequence"]:
            self.fired()
            connection.execute("DELETE FROM decisions WHERE record_id = ?", (event["data"]["record_id"],))
        super().apply_decision(connection, event)


class NeverReconsidering(Witnessed, Composing):
    """Takes what it held back once for one reason for held back for good."""

    reason: WithheldFor = "not-ended"

    def entries(
        self, activity: Activity, known: Mapping[str, Entry], withholding: Withholding
    ) -> Iterator[Entry]:
        """What is new, but for what was held back."""
        for made in super().entries(activity, known, withholding):
            before = known.get(made.part)
            if before is not None and before.state == WITHHELD and before.reason == self.reason:
                self.fired()
            else:
                yield made


@breaks("WRT-006", DUE, scene="link_changes")
class ForgetsWhatHadNotEnded(NeverReconsidering):
    """首次报送时尚未结束的活动，以后也不报 / Never reports what had not ended when it first looked."""


@breaks("WRT-006", DUE, scene="device_renewals")
class ForgetsWhatHadNoCertificate(NeverReconsidering):
    """首次报送时没有有效证书的活动，补证后也不报 / Never reports what had no certificate when it first looked."""

    reason: WithheldFor = "device"


@breaks("WRT-006", DUE, scene=IN_TRUTH)
class WithholdsWhatWouldBeHeld(Witnessed, Withholding):
    """会被暂存的也不报 / Withholds what the platform would hold."""

    severity = "hold"

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        usual = super().broken_rule(record)
        hits = check_row(self.row(record), self.times)
        if usual is None and any(hit.severity == self.severity for hit in hits):
            self.fired()
            return "rule"
        return usual


@breaks("WRT-006", DUE, scene=IN_TRUTH)
class WithholdsWhatIsFlagged(WithholdsWhatWouldBeHeld):
    """会被标记的也不报 / Withholds what the platform would only flag."""

    severity = "flag"


@breaks("DEV-005", "registers-successors-by-name", scene="truth")
class NamesTheFirstOfAChain(Witnessed, Registering):
    """几次更换都写最早的设备 / Names the first device of a chain of replacements."""

    def registration(self, device: Mapping[str, Any]) -> dict[str, Any]:
        ledger = {one["device_id"]: one for one in self.desk.ledger.devices()}
        named = super().registration(device)
        before = ledger.get(named.get("replaces", ""), {}).get("replaces")
        if before is None:
            return named
        self.fired()
        return named | {"replaces": before}


@breaks("DEV-006", "reports-faults-in-time")
class TellsOnlyOfDevicesThatReport(Witnessed, Registering):
    """没有待报记录的设备不报告故障 / Tells of no fault of a device that has nothing to report."""

    def report_states(self, device: Mapping[str, Any]) -> None:
        waiting = self.desk.store.rows("SELECT body FROM activities WHERE done = 0")
        if any(device["device_id"] in str(row["body"]) for row in waiting):
            super().report_states(device)
        elif device["states"]:
            self.fired()
