"""第 14 章 设备与校验：先登记后报送，更换指明，故障按时报告 / Clause 14: registered first, replaced by name, faults told in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.claims import REGISTERED
from tanpuhui.conformance.recording.register import CERTIFY, REGISTER, Told
from tanpuhui.conformance.truth.devices import duty_of
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.indicator import schemes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.verdict import Observation
    from tanpuhui.spec.indicator import DeviceDuty

NORMAL = "N"
OF_A_DEVICE = ("kind", "scheme", "model", "installed_at")
OF_A_CERTIFICATE = ("issuer", "standard", "valid_from", "valid_to")


@check("DEV-003", "registers-before-the-first-record", scenes=EVERY, needs=(REGISTERED,))
def registers_before_the_first_record(evidence: Evidence) -> Iterator[Observation]:
    """设备登记之后才报送其记录 / Reports records of a device only after it was registered."""
    for scene in evidence.scenes:
        known, ledger = first_told(scene.registrations), ledger_of(scene)
        for sent in under(scene, lambda duty: duty.registered):
            device_id = str(sent.record.get("device_id"))
            listed = device_id in ledger
            ok = listed and known.get(device_id, sent.seq) < sent.seq
            yield saw(
                f"先登记 {device_id} / {device_id} is registered first",
                _registered_words(ok=ok, listed=listed),
                ok=ok,
                at=sent.seq,
            )


def _registered_words(*, ok: bool, listed: bool) -> str:
    if not listed:
        return "台账中没有这个设备 / the ledger has no such device"
    return "已登记 / it was" if ok else "报送时尚未登记 / it was not yet"


@check("DEV-003", "registers-what-the-ledger-holds", scenes=("truth", "first_report"), needs=(REGISTERED,))
def registers_what_the_ledger_holds(evidence: Evidence) -> Iterator[Observation]:
    """登记内容与设备台账一致 / What is registered is what the ledger holds."""
    for scene in evidence.scenes:
        ledger = ledger_of(scene)
        for told in _own(scene.registrations, REGISTER, ledger):
            yield _compared(told, ledger[told.device_id], OF_A_DEVICE)
        for told in _own(scene.certificates, CERTIFY, ledger):
            listed = {one["certificate_no"]: one for one in ledger[told.device_id]["calibrations"]}
            held = listed.get(str(told.content.get("certificate_no")), {})
            yield _compared(told, held, OF_A_CERTIFICATE)


def _compared(told: Told, held: Mapping[str, Any], members: tuple[str, ...]) -> Observation:
    wrong = [name for name in members if not _same(told.content.get(name), held.get(name))]
    return saw(
        f"{told.device_id} 的登记与台账一致 / {told.device_id} is registered as in the ledger",
        f"{'、'.join(wrong)} 不一致 / {', '.join(wrong)} differ" if wrong else "一致 / it is",
        ok=not wrong,
        at=told.exchange.seq,
    )


@check("DEV-005", "registers-successors-by-name", scenes=("truth", "two_months"), needs=(REGISTERED,))
def registers_successors_by_name(evidence: Evidence) -> Iterator[Observation]:
    """更换的设备先登记并指明被更换的设备 / A successor is registered first, with the device that it replaces."""
    for scene in evidence.scenes:
        for device_id, device in ledger_of(scene).items():
            if device["replaces"] is not None and duty_of(device["scheme"]).registered:
                yield _succession(scene, device_id, str(device["replaces"]))


def _succession(scene: RecordedScene, device_id: str, replaces: str) -> Observation:
    begun = min((it.seq for it in scene.sent if it.record.get("device_id") == device_id), default=None)
    told = next((it for it in scene.registrations if it.device_id == device_id), None)
    named = told is not None and told.content.get("replaces") == replaces
    in_time = told is not None and (begun is None or told.exchange.seq < begun)
    return saw(
        f"先登记 {device_id}，replaces 为 {replaces} / {device_id} is registered first, replaces {replaces}",
        _succession_words(named=named, in_time=in_time, told=told is not None),
        ok=named and in_time,
        at=told.exchange.seq if told else begun,
    )


def _succession_words(*, named: bool, in_time: bool, told: bool) -> str:
    if not told:
        return "没有登记 / it was not registered"
    if not named:
        return "没有指明被更换的设备 / without the device that it replaces"
    return "已登记 / it was" if in_time else "报送其记录之后才登记 / only after its first record"


@check("DEV-006", "reports-faults-in-time", scenes=("device_faults",), needs=(REGISTERED,))
def reports_faults_in_time(evidence: Evidence) -> Iterator[Observation]:
    """设备进入异常状态后按时报告状态和起始时刻 / Reports a device's fault, and when it began, in time."""
    for scene in evidence.scenes:
        hours = scene.stand.times.device_fault_report_hours if scene.stand else 0
        for device_id, device in ledger_of(scene).items():
            for one in device["states"] if duty_of(device["scheme"]).registered else ():
                if one["state"] != NORMAL:
                    yield _fault(scene, device_id, one, timedelta(hours=hours))


def _fault(scene: RecordedScene, device_id: str, one: Mapping[str, Any], within: timedelta) -> Observation:
    told = [it for it in scene.device_states if it.device_id == device_id]
    right = [it for it in told if all(_same(it.content.get(name), one[name]) for name in ("state", "since"))]
    ends = parse_instant(one["since"]) + within
    in_time = next((it for it in right if it.exchange.at <= ends), None)
    shown = in_time or next(iter(right or told), None)
    hours = within / timedelta(hours=1)
    return saw(
        f"{device_id} 自 {one['since']} 起为 {one['state']}，{hours:g} 小时内报告"
        f" / {device_id} in state {one['state']} since {one['since']}, reported within {hours:g} h",
        _fault_words(told=bool(told), right=bool(right), in_time=in_time is not None),
        ok=in_time is not None,
        at=shown.exchange.seq if shown else None,
    )


def _fault_words(*, told: bool, right: bool, in_time: bool) -> str:
    if in_time:
        return "已报告 / it was"
    if right:
        return "报告得太迟 / it was, but too late"
    return "状态或起始时刻不对 / with another state or begin" if told else "没有报告 / it was not"


def ledger_of(scene: RecordedScene) -> Mapping[str, Mapping[str, Any]]:
    """The business system's devices, by id."""
    return {device["device_id"]: device for device in scene.world.devices}


def under(scene: RecordedScene, demands: Callable[[DeviceDuty], bool]) -> Iterator[Sent]:
    """Records of schemes whose devices the law demands something of."""
    for sent in scene.sent:
        scheme = schemes().get(str(sent.record.get("scheme")))
        if scheme is not None and demands(scheme.device):
            yield sent


def first_told(told: Iterable[Told]) -> Mapping[str, int]:
    """The exchange from which on the platform knew of each device."""
    first: dict[str, int] = {}
    for one in told:
        first.setdefault(one.device_id, one.exchange.seq)
    return first


def _own(told: Iterable[Told], operation: str, ledger: Mapping[str, Any]) -> Iterator[Told]:
    """What the scenario itself said of devices of its ledger."""
    return (it for it in told if it.exchange.operation == operation and it.device_id in ledger)


def _same(mine: object, theirs: object) -> bool:
    return mine == theirs or (instant(mine) is not None and instant(mine) == instant(theirs))


def instant(value: object) -> datetime | None:
    """The instant that a text tells, None where it tells none."""
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except InvalidInstant:
        return None
