"""Generated requests: what a document allows and forbids, tried in breadth against the scenario's own interface."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import midnight_of, month_after
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.document import document
from tanpuhui.spec.signing import EVENT_TAG, sign_request

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.generated import GeneratedCase
    from tanpuhui.spec.message import HttpRequest

LATE_WINDOW_DAYS = 60
"""So that a day of the month before, and the month itself, can be reported together."""


@scene("server_contract")
def server_contract(stage: Stage) -> None:
    """生成的请求：按接口文档由 Schemathesis 生成并签名，按种子复现 / Generated requests: made from the document, signed, repeatable."""
    from tanpuhui.conformance.generated import Target, generate  # noqa: PLC0415  # heavy, and for this scene only

    day = _day_asked_for()
    stage.play_at(midnight_of(month_after(day.replace(day=1))) + timedelta(days=2, hours=9))
    stage.late_window_days = LATE_WINDOW_DAYS
    (link,) = stage.links(1)
    stage.open(stage.ordinary(len(stage.schemes), [link]) + stage.on_days(link, [day]))
    stage.report()
    stage.settled()
    clock, key, rng = stage.clock(), stage.props.platform_key, stage.rng

    def sign(request: HttpRequest) -> HttpRequest:
        return sign_request(request, key, created=clock(), nonce=token(rng, 24), tag=EVENT_TAG)

    target = Target(stage.stand.base_url, sign, stage.stand.times.event_ack_seconds)
    for case in generate(document("scenario"), target, seed=rng.randrange(2**31)):
        stage.recorder.exchanged(
            case.operation, case.request, case.response, instant_text(clock()), generated=_told(case)
        )


def _day_asked_for() -> date:
    """The business day by which the document shows how to ask, so that there is something to answer."""
    operation = document("scenario")["paths"]["/v1/records"]["get"]
    shown = {one.get("name"): one.get("example") for one in operation["parameters"]}
    return date.fromisoformat(str(shown["business_day"]))


def _told(case: GeneratedCase) -> dict[str, Any]:
    """What the engine made of it."""
    failures = [{"check": one.check, "code": one.code, "title": one.title} for one in case.failures]
    return {"phase": case.phase, "positive": case.positive, "failures": failures}
