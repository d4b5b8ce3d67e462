"""What an applicant claims, and what follows from it: scenes and checks may need either."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tanpuhui.spec.element import Scheme

MEASURED, DAILY, UPLOADS = "measured", "daily", "uploads"
REGISTERED, CALIBRATED = "registered-devices", "calibrated-devices"
_MONTH = "MONTH"

_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        MEASURED: Text("未配置实测数据", "no measured series is configured"),
        UPLOADS: Text("未声明批量上传（uploads）", "bulk uploads are not claimed"),
        DAILY: Text("未声明按次或按日报送的场景类型", "no scheme is claimed that reports by activity or day"),
        REGISTERED: Text("未声明要求登记设备的场景类型", "no scheme is claimed whose devices are registered"),
        CALIBRATED: Text("未声明要求校验设备的场景类型", "no scheme is claimed whose devices are calibrated"),
    }
)


def claimed(names: Iterable[str], *, measured: bool = False, uploads: bool = False) -> frozenset[str]:
    """The claimed schemes with everything that they bring along, and what is claimed beside them."""
    beside = {MEASURED: measured, UPLOADS: uploads}
    own = frozenset(names).union(name for name, holds in beside.items() if holds)
    known = (scheme for code, scheme in schemes().items() if code in own)
    return own.union(*map(_following, known))


def required_known(names: Iterable[str]) -> frozenset[str]:
    """The same; a scheme that the law does not know is refused with advice."""
    own = frozenset(names)
    strangers = sorted(own - set(schemes()) - set(_WORDS))
    if strangers:
        known = "、".join(schemes())
        raise Trouble(
            f"未知的场景类型 {'、'.join(strangers)}，可选：{known}",
            f"unknown scheme {', '.join(strangers)}; choose from {known}",
            "修正配置中的 schemes",
            "correct schemes in the configuration",
        )
    return claimed(own)


def condition_without(missing: Sequence[str]) -> Text:
    """Why something does not apply where these claims are missing; schemes are named before what follows from them."""
    named = [name for name in missing if name not in _WORDS]
    if named:
        return Text(f"未声明 {'、'.join(named)}", f"{', '.join(named)} not claimed")
    return _WORDS[missing[0]]


def _following(scheme: Scheme) -> frozenset[str]:
    """What a scheme's activities and devices bring along."""
    facts = {
        DAILY: scheme.granularity != _MONTH,
        REGISTERED: scheme.device.registered,
        CALIBRATED: scheme.device.calibrated,
    }
    return frozenset(name for name, holds in facts.items() if holds)
