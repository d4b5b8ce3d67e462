"""The platform's operations, one method each, told as steps; nothing here sends or waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from tanpuhui.reference_client.calling.answers import (
    BatchAnswer,
    EventPage,
    LinkPage,
    MethodologyList,
    RecordPage,
    ScenarioProfile,
    Submission,
)
from tanpuhui.reference_client.calling.devices import Calibration, Device, DevicePage, DeviceStateReport
from tanpuhui.reference_client.calling.errors import InvalidAnswer, Text
from tanpuhui.reference_client.calling.jobs import Job, JobLook, ResultPage, Upload
from tanpuhui.reference_client.calling.outcome import answer_json, json_as
from tanpuhui.reference_client.calling.quality_reports import QualityReport
from tanpuhui.reference_client.calling.reading import read
from tanpuhui.reference_client.calling.steps import Call
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.reference_client.calling.answers import Link, Methodology
    from tanpuhui.reference_client.calling.conversation import Conversation
    from tanpuhui.reference_client.calling.outcome import Success
    from tanpuhui.reference_client.calling.steps import FrozenFile, Steps
    from tanpuhui.spec.message import HttpResponse

T = TypeVar("T")
P = TypeVar("P", LinkPage, RecordPage, DevicePage)


class Operations:
    """What a scenario can ask of the platform."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def scenario(self) -> Steps[ScenarioProfile]:
        """This scenario as the platform knows it."""
        return (yield from self._get("getScenario", "/scenario", json_as(ScenarioProfile)))

    def links(self) -> Steps[tuple[Link, ...]]:
        """All links, page by page (API-007)."""
        pages = yield from self._pages("listLinks", "/links", LinkPage, {})
        return tuple(link for page in pages for link in page.links)

    def methodologies(self) -> Steps[tuple[Methodology, ...]]:
        """The methodologies and parameter sets that the platform accounts by."""
        return (
            yield from self._get("listMethodologies", "/methodologies", json_as(MethodologyList))
        ).methodologies

    def submit_batch(
        self, body: bytes, idempotency_key: str, *, count: int, failures: int = 0
    ) -> Steps[Submission]:
        """Sends a batch until it has one verdict for each of its records (CAL-002, CAL-003, WRT-004)."""
        discovery = yield from self.conversation.known()
        address = f"{discovery.api_base}/activity-batches"
        call = Call("submitBatch", "POST", address, body, idempotency_key, failures)
        done = yield from self.conversation.call(call, lambda answer: _batch_answer(answer, count))
        return Submission(done.value, done.receipt)

    def submit_upload(self, file: FrozenFile, idempotency_key: str, *, failures: int = 0) -> Steps[Upload]:
        """Sends an upload until the platform has taken it over as a job (CAL-002, CAL-003, WRT-010)."""
        discovery = yield from self.conversation.known()
        address = f"{discovery.api_base}/uploads"
        call = Call("submitUpload", "POST", address, b"", idempotency_key, failures, file)
        done = yield from self.conversation.call(call, json_as(Job))
        return Upload(done.value, done.receipt, self._wait(done))

    def job(self, job_id: str) -> Steps[JobLook]:
        """How far the platform is with an upload (WRT-011)."""
        discovery = yield from self.conversation.known()
        address = f"{discovery.api_base}/jobs/{quote(job_id, safe='')}"
        done = yield from self.conversation.call(Call("getJob", "GET", address), json_as(Job))
        return JobLook(done.value, self._wait(done))

    def result_page(self, job_id: str, first: int = 0, address: str | None = None) -> Steps[ResultPage]:
        """The verdicts from line `first` on; `address` is where the page before said that they go on (WRT-013)."""
        discovery = yield from self.conversation.known()
        start = f"{discovery.api_base}/jobs/{quote(job_id, safe='')}/results?" + urlencode(
            {"limit": discovery.limits.results_page_max_items}
        )
        call = Call("listJobResults", "GET", address or start)
        page = (yield from self.conversation.call(call, lambda answer: _result_page(answer, first))).value
        self.require_own(page.next)
        return replace(page, next=urljoin(call.url, page.next)) if page.next else page

    def register_device(self, device: Mapping[str, Any], idempotency_key: str) -> Steps[Device]:
        """Registers a device, or finds it registered with the same content (DEV-003)."""
        return (yield from self._post("registerDevice", "/devices", (device, idempotency_key), Device))

    def devices(self) -> Steps[tuple[Device, ...]]:
        """All registered devices, page by page (API-007)."""
        pages = yield from self._pages("listDevices", "/devices", DevicePage, {})
        return tuple(device for page in pages for device in page.devices)

    def add_calibration(
        self, device_id: str, calibration: Mapping[str, Any], idempotency_key: str
    ) -> Steps[Calibration]:
        """Adds a certificate to a device (DEV-004)."""
        path = f"/devices/{quote(device_id, safe='')}/calibrations"
        return (yield from self._post("addCalibration", path, (calibration, idempotency_key), Calibration))

    def report_device_state(
        self, device_id: str, state: Mapping[str, Any], idempotency_key: str
    ) -> Steps[DeviceStateReport]:
        """Tells that a device's state changed (DEV-006)."""
        path = f"/devices/{quote(device_id, safe='')}/states"
        return (yield from self._post("reportDeviceState", path, (state, idempotency_key), DeviceStateReport))

    def quality_report(self, period: str, scheme: str | None = None) -> Steps[QualityReport]:
        """The quality report of a business day or a month (QUA-003)."""
        query = f"?{urlencode({'scheme': scheme})}" if scheme else ""
        path = f"/quality-reports/{quote(period, safe='')}{query}"
        return (yield from self._get("getQualityReport", path, json_as(QualityReport)))

    def records(self, business_day: str | None = None) -> Steps[tuple[Mapping[str, Any], ...]]:
        """This scenario's records as the platform keeps them, of one business day or all."""
        query = {"business_day": business_day} if business_day else {}
        pages = yield from self._pages("listRecords", "/records", RecordPage, query)
        return tuple(record for page in pages for record in page.records)

    def record(self, record_id: str) -> Steps[Mapping[str, Any]]:
        """One record as the platform keeps it."""
        return (yield from self._get("getRecord", f"/records/{quote(record_id, safe='')}", _object))

    def events(self, after: int) -> Steps[EventPage]:
        """The events of the feed that follow a sequence number (EVT-005)."""
        return (
            yield from self._get("listEvents", f"/events?{urlencode({'after': after})}", json_as(EventPage))
        )

    def next_page(self, page: P, seen: set[str]) -> str | None:
        """Where the list goes on: only ever at the platform's own address, and never in a circle."""
        self.require_own(page.next)
        if page.next is None:
            return None
        if page.next in seen:
            raise _untrusted()
        seen.add(page.next)
        return page.next

    def require_own(self, address: str | None) -> None:
        """Refuses an address that is not the platform's own: tokens go nowhere else (AUT-005)."""
        base = self.conversation.discovery.api_base if self.conversation.discovery else ""
        if address is not None and urlsplit(urljoin(base, address))[:2] != urlsplit(base)[:2]:
            raise _untrusted()

    def _pages(self, operation: str, path: str, kind: type[P], query: Mapping[str, Any]) -> Steps[list[P]]:
        discovery = yield from self.conversation.known()
        asked = {**query, "limit": discovery.limits.page_max_items}
        address: str | None = f"{discovery.api_base}{path}?{urlencode(asked)}"
        seen: set[str] = set()
        pages: list[P] = []
        while address is not None:
            done = yield from self.conversation.call(Call(operation, "GET", address), json_as(kind))
            pages.append(done.value)
            following = self.next_page(done.value, seen)
            address = urljoin(address, following) if following else None
        return pages

    def _post(
        self, operation: str, path: str, what: tuple[Mapping[str, Any], str], kind: type[T]
    ) -> Steps[T]:
        discovery = yield from self.conversation.known()
        content, key = what
        call = Call(operation, "POST", discovery.api_base + path, dump_json(content), key)
        return (yield from self.conversation.call(call, json_as(kind))).value

    def _wait(self, done: Success[Any]) -> float | None:
        conversation = self.conversation
        return conversation.party.patience.retry_after(done.receipt.response, conversation.clock.now())

    def _get(self, operation: str, path: str, reader: Callable[[HttpResponse], T]) -> Steps[T]:
        discovery = yield from self.conversation.known()
        call = Call(operation, "GET", discovery.api_base + path)
        return (yield from self.conversation.call(call, reader)).value


def _untrusted() -> InvalidAnswer:
    return InvalidAnswer(
        Text("下一页地址不可信", "the address of the next page is not to be trusted"), "API-007"
    )


def _object(answer: HttpResponse) -> Mapping[str, Any]:
    found = answer_json(answer)
    if not isinstance(found, dict):
        raise InvalidAnswer(Text("平台应答不是对象", "the platform's answer is no object"), "platform.yaml")
    return found


def _batch_answer(answer: HttpResponse, count: int) -> BatchAnswer:
    found = read(BatchAnswer, answer_json(answer))
    if [verdict.index for verdict in found.verdicts] != list(range(count)):
        raise InvalidAnswer(
            Text("结论与提交的记录不是逐条对应", "the verdicts do not match the records one by one"),
            "WRT-004",
        )
    return found


def _result_page(answer: HttpResponse, first: int) -> ResultPage:
    found = read(ResultPage, answer_json(answer))
    count = len(found.verdicts)
    following = [verdict.index for verdict in found.verdicts] == list(range(first, first + count))
    if not following or (found.next is not None and count == 0):
        raise InvalidAnswer(
            Text("任务结果与各行不是逐条对应", "the results of the job do not match its lines one by one"),
            "WRT-013",
        )
    return found
