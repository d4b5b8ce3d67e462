"""A transcript of one scene in which devices are registered, records sent and lists read, as short as a test needs it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

from uploads_seen import call

from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.recording.listing import LISTING
from tanpuhui.conformance.recording.masking import Masker
from tanpuhui.conformance.recording.recorder import Recorder
from tanpuhui.conformance.recording.transcript import TranscriptWriter, transcript_of
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse

METER = "dev-home-1"
CERTIFICATE = {
    "certificate_no": "CERT-1",
    "issuer": "实验室",
    "standard": "JJG",
    "valid_from": "2026-01-01T00:00:00Z",
    "valid_to": "2027-01-01T00:00:00Z",
}
DEVICE = {
    "device_id": METER,
    "scheme": "HOME",
    "kind": "meter",
    "model": "示例-1",
    "installed_at": "2025-01-01T00:00:00Z",
    "replaces": None,
    "calibrations": [CERTIFICATE],
    "states": [],
}
Journal = dict[str, Any]


def registers(second: float, status: int = 201, **members: Any) -> Journal:
    """A registration of the meter."""
    told = {name: DEVICE[name] for name in ("device_id", "scheme", "kind", "model", "installed_at")}
    body = json.dumps({**told, **members}).encode()
    return call(second, "registerDevice", "/devices", (status, {**told, **members}), body=body)


def files(second: float, **members: Any) -> Journal:
    """A certificate of the meter."""
    body = json.dumps({**CERTIFICATE, **members}).encode()
    return call(second, "addCalibration", f"/devices/{METER}/calibrations", (201, {}), body=body)


def tells_state(at: str, state: str, since: str) -> Journal:
    """A state of the meter, reported at that instant."""
    body = json.dumps({"state": state, "since": since}).encode()
    made = call(1, "reportDeviceState", f"/devices/{METER}/states", (201, {}), body=body)
    return made | {"at": at, "answered_at": at}


def record(name: str, **members: Any) -> dict[str, Any]:
    """A record of the meter."""
    return {
        "record_id": name,
        "scheme": "HOME",
        "device_id": METER,
        "business_day": "2026-02-01",
        "reduction_kg": "1.500000",
    } | members


def sends(second: float, *records: dict[str, Any], verdicts: tuple[str, ...] = ()) -> Journal:
    """A batch of these records; without other word all accepted."""
    words = verdicts or ("accepted",) * len(records)
    answer = {
        "receipt_id": f"rcp-{second:g}",
        "verdicts": [{"index": n, "verdict": word} for n, word in enumerate(words)],
    }
    body = json.dumps({"records": list(records)}).encode()
    fields = [["Idempotency-Key", f'"a-key-of-second-{second:g}"']]
    return call(second, "submitBatch", "/activity-batches", (200, answer), body=body, fields=fields)


def decides(second: float, name: str, verdict: str, sequence: int = 1) -> Journal:
    """An event that says what became of a held record, acknowledged."""
    event = {"id": f"evt-{name}", "type": "cn.tanpuhui.record.decided.v1", "sequence": sequence}
    told = {**event, "data": {"record_id": name, "verdict": verdict, "reasons": []}}
    made = call(second, "receiveEvent", "/events", (200, {}), body=json.dumps(told).encode())
    return made | {"direction": "outbound"}


@dataclass(frozen=True)
class Read:
    """A list that was read at the end: what was asked and the pages that were answered."""

    path: str
    asked: dict[str, str]
    pages: tuple[dict[str, Any], ...]
    ended: bool = True
    status: int = 200


@dataclass
class Played:
    """What happened in the scene."""

    journal: list[Journal] = field(default_factory=list)
    reads: tuple[Read, ...] = ()
    ledger: tuple[dict[str, Any], ...] = (DEVICE,)
    fault_hours: float = 24

    def evidence(self, scene: str = "reported_records") -> Evidence:
        """As checks see it."""
        stream = io.BytesIO()
        writer = TranscriptWriter(stream)
        writer.append("header", run={"run_id": "r"}, plan={})
        recorder = Recorder(writer, Masker(), scene)
        recorder.begin(Text("场", "scene"))
        times = {**default_times().as_mapping(), "device_fault_report_hours": self.fault_hours}
        recorder.note(
            "tenant", issuer="http://p", api_base="http://p/v1", scenario_id="s", client_id="c", base_url="http://s",
            limits=default_limits().as_mapping(), times=times,
            platform_jwks={"keys": []}, scenario_jwks={"keys": []},
        )  # fmt: skip
        recorder.truth(World(devices=self.ledger))
        recorder.journal(self.journal)
        for read in self.reads:
            _note(recorder, read)
        recorder.end(Outcome.PASS, None, 12, {})
        writer.append("end")
        return Evidence.of(transcript_of(stream.getvalue()))


def _note(recorder: Recorder, read: Read) -> None:
    at, seen = "2026-03-02T10:00:59.000+08:00", []
    for page in read.pages:
        answer = HttpResponse(read.status, (), json.dumps(page).encode())
        recorder.exchanged("list", HttpRequest("GET", f"http://s{read.path}"), answer, at)
        seen.append(recorder.last_exchange)
    recorder.note(LISTING, path=read.path, asked=read.asked, exchanges=seen, ended=read.ended, left="")
