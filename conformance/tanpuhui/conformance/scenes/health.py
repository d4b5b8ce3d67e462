"""The scenario's health interface, asked properly and improperly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.attack import Attack, attacked
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

PATH = "/v1/health"


@scene("health")
def health(stage: Stage) -> None:
    """健康检查：平台询问，与未签名、他人签名、重放的询问对照 / Health: asked by the platform, and by those who are not."""
    stage.open(stage.ordinary(2))
    stage.report()
    stage.settled()
    nonce = token(stage.rng, 24)
    for name, label, sign, problems in (
        ("valid", "平台的询问 / asked by the platform", {"nonce": nonce}, ()),
        ("unsigned", "没有签名 / without a signature", {"key": "none"}, ("signature-missing",)),
        ("foreign-key", "他人的密钥 / signed with another key", {"key": "foreign"}, ("signature-invalid",)),
        ("altered", "签名后改动地址 / altered after signing", {"tamper": True}, ("signature-invalid",)),
        ("replayed", "随机数已用过 / a nonce used before", {"nonce": nonce}, ("nonce-replayed",)),
    ):
        message: dict[str, Any] = {"method": "GET", "url": PATH, "sign": sign}
        attacked(stage, Attack(name, Text.both(label), message, problems))
