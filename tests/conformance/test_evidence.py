"""What checks see: attempts under one key, records beside the truth, and what could not be read as such."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.recording.masking import Masker
from tanpuhui.conformance.recording.recorder import Recorder
from tanpuhui.conformance.recording.transcript import TranscriptWriter, transcript_of
from tanpuhui.conformance.truth.expected import Expected, World
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.spec.limits import default_limits, default_times

KEY = '"0199c2a4-b210-7e30"'
RECORD: dict[str, Any] = {
    "record_id": "rec-aaaaaaaaaaaaaaaa",
    "scheme": "BIKE",
    "device_id": "dev-1",
    "link_id": "lnk_1",
    "business_day": "2026-03-01",
    "activity_start": "2026-03-01T08:00:00+08:00",
    "activity_end": "2026-03-01T08:15:00+08:00",
    "activity": {"distance_km": "2.200"},
}


def _batch(*records: object) -> bytes:
    return json.dumps({"records": list(records)}).encode()


def _verdicts(*words: str) -> bytes:
    return json.dumps({"verdicts": [{"index": n, "verdict": word} for n, word in enumerate(words)]}).encode()


def _call(
    second: int, body: bytes, answer: tuple[int, bytes] | None = (200, b"{}"), **members: Any
) -> dict[str, Any]:
    """A journal entry of one submission in that second."""
    response = None
    if answer is not None:
        response = {"status": answer[0], "headers": [], "body_b64": base64.b64encode(answer[1]).decode()}
    request = {
        "method": "POST",
        "url": "http://p/v1/activity-batches",
        "headers": [["Idempotency-Key", members.pop("key", KEY)]],
        "body_b64": base64.b64encode(body).decode(),
    }
    return {
        "kind": "exchange",
        "direction": "inbound",
        "operation": "submitBatch",
        "at": f"2026-03-02T10:00:{second:02d}+08:00",
        "answered_at": f"2026-03-02T10:00:{second:02d}.004+08:00",
        "request": request,
        "response": response,
        **members,
    }


def _expected(label: str = "骑行 / a ride", **members: Any) -> Expected:
    record = {name: value for name, value in (RECORD | members).items() if name != "record_id"}
    return Expected("act-1", Text.both(label), "due", record)


def _evidence(
    *journal: dict[str, Any], world: World | None = None, faults: list[dict[str, Any]] | None = None
) -> Evidence:
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run={"run_id": "r"}, plan={})
    recorder = Recorder(writer, Masker(), "lost_answer")
    recorder.begin(Text("场", "scene"))
    recorder.note(
        "tenant", issuer="http://p", api_base="http://p/v1", scenario_id="s", client_id="c", base_url="http://s",
        limits=default_limits().as_mapping(), times=default_times().as_mapping(),
        platform_jwks={"keys": []}, scenario_jwks={"keys": []},
    )  # fmt: skip
    recorder.note("armed", faults=faults or [])
    if world is not None:
        recorder.truth(world)
    recorder.journal(journal)
    recorder.end(Outcome.PASS, None, 12, {"records": {"accepted": 1}})
    writer.append("end")
    return Evidence.of(transcript_of(stream.getvalue()))


def test_attempts_under_one_key_are_one_submission_in_the_order_of_arrival() -> None:
    evidence = _evidence(_call(5, _batch(RECORD)), _call(1, _batch(RECORD), None, lost=True))
    (submission,) = evidence.submissions
    assert [attempt.at.second for attempt in submission.attempts] == [1, 5]
    assert submission.key == KEY


def test_other_keys_are_other_submissions() -> None:
    evidence = _evidence(_call(1, _batch(RECORD)), _call(2, _batch(RECORD), key='"another-key-000000"'))
    assert len(evidence.submissions) == 2


def test_an_answer_that_was_lost_acknowledges_nothing() -> None:
    lost = _call(1, _batch(RECORD), (200, _verdicts("accepted")), lost=True)
    (submission,) = _evidence(lost).submissions
    assert submission.acknowledged is None
    assert submission.first.status is None
    (submission,) = _evidence(lost, _call(2, _batch(RECORD), (200, _verdicts("duplicate")))).submissions
    assert submission.acknowledged is submission.attempts[1]


@pytest.mark.parametrize(("kind", "counts"), [("break_receipt", False), ("unknown_members", True)])
def test_an_answer_that_a_fault_spoilt_acknowledges_nothing(kind: str, counts: bool) -> None:
    armed = [{"id": "f", "kind": kind, "operation": "submitBatch"}]
    (submission,) = _evidence(_call(1, _batch(RECORD), fault="f"), faults=armed).submissions
    assert submission.first.fault is not None
    assert submission.first.fault.kind == kind
    assert (submission.acknowledged is not None) is counts


def test_a_slow_answer_may_have_come_too_late() -> None:
    slow = _call(1, _batch(RECORD)) | {"answered_at": "2026-03-02T10:00:09+08:00"}
    (submission,) = _evidence(slow).submissions
    assert submission.first.slow
    assert submission.acknowledged is None
    assert submission.answered is submission.first


@pytest.mark.parametrize(
    ("status", "problem", "for_good"),
    [
        (422, "schema-violation", True),
        (503, "maintenance", False),
        (429, "rate-limited", False),
        (401, "token-invalid", False),
    ],
)
def test_the_registry_tells_which_refusals_are_for_good(status: int, problem: str, for_good: bool) -> None:
    (submission,) = _evidence(_call(1, _batch(RECORD), (status, b"{}"), problem=problem)).submissions
    assert (submission.refused_for_good is not None) is for_good


def test_each_record_is_seen_with_its_verdict() -> None:
    other = RECORD | {"record_id": "rec-b"}
    evidence = _evidence(_call(1, _batch(RECORD, other), (200, _verdicts("accepted", "held"))))
    assert [(sent.record_id, sent.verdict_word) for sent in evidence.sent] == [
        ("rec-aaaaaaaaaaaaaaaa", "accepted"),
        ("rec-b", "held"),
    ]


@pytest.mark.parametrize(
    "body", [b"{", b'{"records":1}', b'{"records":[],"records":[]}', b"", b'{"records":["x"]}']
)
def test_what_cannot_be_decoded_is_told_and_not_raised(body: bytes) -> None:
    (submission,) = _evidence(_call(1, body)).submissions
    assert submission.undecoded is not None
    assert list(submission.sent()) == []


def test_a_record_stands_beside_the_activity_that_it_reports() -> None:
    early, late = _expected(), _expected(activity_start="2026-03-01T18:00:00+08:00")
    world = World(expected=(late, early))
    (reported,) = _evidence(_call(1, _batch(RECORD)), world=world).reported
    assert reported.expected == early


@pytest.mark.parametrize(
    "mistake",
    [
        {"activity_start": "2026-03-01T16:00:00+08:00"},
        {"business_day": "2026-02-28"},
        {"activity": {"distance_km": "2200.000"}},
        {"link_id": "lnk_other"},
        {"device_id": "dev-unknown"},
    ],
)
def test_one_mistake_does_not_hide_what_a_record_stands_for(mistake: dict[str, Any]) -> None:
    (reported,) = _evidence(_call(1, _batch(RECORD | mistake)), world=World(expected=(_expected(),))).reported
    assert reported.expected == _expected()


def test_a_record_of_nothing_stands_beside_nothing() -> None:
    strange = RECORD | {
        "activity_start": "2026-02-01T08:00:00+08:00",
        "business_day": "2026-02-01",
        "activity": {},
    }
    evidence = _evidence(_call(1, _batch(strange)), world=World(expected=(_expected(),)))
    assert evidence.reported[0].expected is None
    assert evidence.scene("lost_answer").unreported == (_expected(),)


def test_what_was_masked_is_told_with_its_place() -> None:
    (call,) = _evidence(_call(1, _batch(RECORD | {"device_id": "13800138000"}))).calls("submitBatch")
    assert [(mask.place, mask.kind) for mask in call.personal_data] == [("request.body", "mobile")]
    assert not call.body_intact


def test_a_check_sees_its_own_scenes_only() -> None:
    evidence = _evidence(_call(1, _batch(RECORD)))
    assert evidence.only(("first_report",)).scenes == ()
    assert evidence.only(("lost_answer", "first_report")).exchanges == evidence.exchanges


def test_a_scene_that_did_not_end_is_incomplete() -> None:
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run={}, plan={})
    Recorder(writer, Masker(), "truth").begin(Text("场", "scene"))
    writer.append("end")
    scene = Evidence.of(transcript_of(stream.getvalue())).scene("truth")
    assert scene.outcome is Outcome.INCOMPLETE
    assert scene.happened is not None
