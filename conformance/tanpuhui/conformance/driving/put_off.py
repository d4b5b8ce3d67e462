"""A moment in the middle of a report: the scenario has its batches ready and is told to wait."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import SUBMIT, ArmedFault, fault
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.driving.watch import JournalEntry

_PUT_OFF = Text("一次要求等待的 503 应答", "a 503 answer that asks to wait")
_AS_OFTEN_AS_NEEDED = 100


@contextmanager
def put_off(stage: Stage, seconds: int, *others: ArmedFault) -> Iterator[None]:
    """Start a report; inside the block every batch is answered with 503 and this Retry-After, afterwards none."""
    times = _AS_OFTEN_AS_NEEDED
    first = fault("answer", least=1, times=times, status=503, problem="maintenance", retry_after=seconds)
    stage.arm(first, *others)
    stage.report()
    stage.seen(_PUT_OFF, _is_put_off, 2 * stage.stand.times.request_timeout_seconds)
    yield
    stage.expect_fired()
    stage.arm()


def _is_put_off(entry: JournalEntry) -> bool:
    return entry["kind"] == "exchange" and entry["operation"] == SUBMIT and entry["fault"] is not None
