"""Told when to come back, in both spellings of Retry-After, and that the same request is still in progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("rate_limited")
def rate_limited(stage: Stage) -> None:
    """限流：429 以秒数、503 以日期、409 处理中，都告知何时再来 / Rate limits: 429 in seconds, 503 by date, 409 in flight."""
    stage.open(stage.ordinary(4))
    stage.arm(
        fault("answer", status=429, problem="rate-limited", retry_after=1),
        fault("answer", status=503, problem="maintenance", retry_after="http-date", retry_after_seconds=1),
        fault("answer", status=409, problem="idempotency-key-in-flight", retry_after=1),
    )
    stage.report()
    stage.settled()
    stage.expect_fired()
