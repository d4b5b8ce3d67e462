"""Told to wait where nothing is written: when it asks for a token, and when it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("rate_limited_reads")
def rate_limited_reads(stage: Stage) -> None:
    """读取被限流：令牌请求 429 以秒数，连通列表 503 以日期 / Reads limited: 429 in seconds for a token, 503 by date for the links."""
    stage.open(stage.ordinary(2))
    stage.arm(
        fault("answer", "requestToken", status=429, problem="rate-limited", retry_after=1),
        fault(
            "answer",
            "listLinks",
            status=503,
            problem="maintenance",
            retry_after="http-date",
            retry_after_seconds=1,
        ),
    )
    stage.report()
    stage.settled()
    stage.expect_fired()
