"""Events that nobody may believe: each differs in one thing from an event that must be acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.attack import Attack, attacked
from tanpuhui.conformance.driving.forgery import Forger
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

_VALID = Text("有效的事件", "a valid event")


@scene("event_attacks")
def event_attacks(stage: Stage) -> None:
    """伪造与无法识别的事件：逐一与有效事件对照，都不应生效 / Forged and unreadable events beside valid ones; none may take effect."""
    kept, suspended = stage.links(2)
    stage.open(stage.ordinary(4, [kept, suspended]))
    stage.report()
    stage.settled()
    forger, nonce = Forger(stage), token(stage.rng, 24)
    control = {"event": forger.event(suspended.link_id, 1), "sign": {"nonce": nonce}}
    attacked(stage, Attack("valid", _VALID, control))
    for attack in (*forger.forged(kept.link_id, 2, nonce), *forger.unreadable(kept.link_id, 2)):
        attacked(stage, attack)
    attacked(stage, Attack("valid-after", _VALID, {"event": forger.event(suspended.link_id, 2)}))
    stage.load(stage.ordinary(2, [kept]))
    stage.report()
    stage.settled()
