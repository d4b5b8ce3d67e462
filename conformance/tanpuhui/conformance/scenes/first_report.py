"""The plainest scene: one small report with nothing in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

FEWEST = 3


@scene("first_report")
def first_report(stage: Stage) -> None:
    """首次报送：发现、取令牌、读连通、报送，没有任何意外 / A first report: discovery, token, links, records, and no surprises."""
    stage.open(stage.ordinary(max(FEWEST, len(stage.schemes))))
    stage.report()
    stage.settled()
