"""A transcript of one scene with uploads, as short as a test needs it."""

from __future__ import annotations

import base64
import gzip
import io
import json
from typing import Any

from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.recording.masking import Masker
from tanpuhui.conformance.recording.recorder import Recorder
from tanpuhui.conformance.recording.transcript import TranscriptWriter, transcript_of
from tanpuhui.conformance.verdict import Observation, Outcome, Text
from tanpuhui.spec.limits import default_limits, default_times

KEY, OTHER_KEY = '"0199c2a4-b210-7e30"', '"0199c2a4-b210-7e31"'
JOB = "job_1"
Answer = tuple[int, dict[str, Any]]


def lines(*ids: str, **members: Any) -> bytes:
    """One record a line."""
    return b"".join(json.dumps({"record_id": name, **members}).encode() + b"\n" for name in ids)


def told_verdicts(*words: str, first: int = 0) -> Answer:
    """A page of verdicts that begins with line `first`."""
    return 200, {"verdicts": [{"index": n, "verdict": word} for n, word in enumerate(words, start=first)]}


def job(state: str, judged: int = 0, **members: Any) -> dict[str, Any]:
    """A job as the platform shows it."""
    return {"job_id": JOB, "state": state, "totals": {"submitted": judged}, **members}


def upload(second: float, content: bytes, answer: Answer | None = None, **members: Any) -> dict[str, Any]:
    """An upload in gzip, answered by 202 without other word."""
    fields = [["Content-Encoding", "gzip"], ["Idempotency-Key", members.pop("key", KEY)]]
    body = members.pop("body", gzip.compress(content, mtime=0))
    return call(
        second,
        "submitUpload",
        "/uploads",
        answer or (202, job("queued")),
        body=body,
        fields=fields,
        **members,
    )


def look(second: float, state: str, judged: int = 0, **members: Any) -> dict[str, Any]:
    """A look at the job."""
    return call(second, "getJob", f"/jobs/{JOB}", (200, job(state, judged)), **members)


def page(second: float, answer: Answer, **members: Any) -> dict[str, Any]:
    """A page of results."""
    return call(second, "listJobResults", f"/jobs/{JOB}/results", answer, **members)


def call(second: float, operation: str, path: str, answer: Answer, **members: Any) -> dict[str, Any]:
    """A journal entry of one call in that second."""
    status, body = answer
    fields = members.pop("fields", [])
    told = members.pop("told", [])
    sent = base64.b64encode(members.pop("body", b"")).decode()
    method = "POST" if operation.startswith("submit") else "GET"
    response = {
        "status": status,
        "headers": told,
        "body_b64": base64.b64encode(json.dumps(body).encode()).decode(),
    }
    return {
        "kind": "exchange",
        "direction": "inbound",
        "operation": operation,
        "at": f"2026-03-02T10:00:{second:06.3f}+08:00",
        "answered_at": f"2026-03-02T10:00:{second + 0.004:06.3f}+08:00",
        "request": {"method": method, "url": f"http://p/v1{path}", "headers": fields, "body_b64": sent},
        "response": response,
        **members,
    }


def seen(*journal: dict[str, Any], state: dict[str, Any] | None = None, scene: str = "uploads") -> Evidence:
    """The evidence of a scene in which this was exchanged; `state` is what the platform held in the end."""
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run={"run_id": "r"}, plan={})
    recorder = Recorder(writer, Masker(), scene)
    recorder.begin(Text("场", "scene"))
    recorder.note(
        "tenant", issuer="http://p", api_base="http://p/v1", scenario_id="s", client_id="c", base_url="http://s",
        limits=default_limits().as_mapping(), times=default_times().as_mapping(),
        platform_jwks={"keys": []}, scenario_jwks={"keys": []},
    )  # fmt: skip
    recorder.journal(journal)
    recorder.end(Outcome.PASS, None, 12, {"jobs": [state]} if state else {})
    writer.append("end")
    return Evidence.of(transcript_of(stream.getvalue()))


def outcomes(observations: Any) -> list[bool]:
    """What a check saw, in order."""
    found: list[Observation] = list(observations)
    return [one.ok for one in found]
