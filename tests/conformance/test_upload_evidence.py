"""What checks see of an upload: its lines, its job, and the verdicts that reached the scenario."""

from __future__ import annotations

import gzip

import pytest
from uploads_seen import (
    KEY,
    OTHER_KEY,
    call,
    job,
    lines,
    look,
    page,
    seen,
    told_verdicts,
    upload,
)


def test_an_upload_is_a_submission_whose_lines_are_its_records() -> None:
    evidence = seen(upload(1, lines("rec-a", "rec-b")))
    (found,) = evidence.uploads
    assert evidence.submissions == (found,)
    assert evidence.scene("uploads").batches == ()
    assert [sent.record_id for sent in evidence.sent] == ["rec-a", "rec-b"]
    assert found.undecoded is None


def test_attempts_under_one_key_are_one_upload_with_one_job() -> None:
    lost = upload(1, lines("rec-a"), lost=True)
    (found,) = seen(lost, upload(2, lines("rec-a")), look(3, "succeeded", 1)).uploads
    assert len(found.attempts) == 2
    assert found.acknowledged is found.attempts[1]
    assert found.job is not None
    assert found.job.seen_ended
    assert len(seen(lost, upload(2, lines("rec-a"), key=OTHER_KEY)).uploads) == 2


def test_verdicts_are_those_of_the_pages_that_were_read() -> None:
    evidence = seen(
        upload(1, lines("rec-a", "rec-b", "rec-c")),
        look(2, "succeeded", 3),
        page(3, told_verdicts("accepted", "held")),
        page(4, told_verdicts("rejected", first=2), lost=True),
    )
    assert [sent.verdict_word for sent in evidence.sent] == ["accepted", "held", None]
    assert [sent.known_at is None for sent in evidence.sent] == [False, False, True]


def test_what_the_platform_holds_outranks_what_the_scenario_saw_of_a_job() -> None:
    failed = job("failed", 2, problem={"code": "internal"})
    (found,) = seen(upload(1, lines("a", "b", "c")), look(2, "running", 1), state=failed).uploads
    assert found.job is not None
    assert (found.job.judged, found.job.failed, found.job.seen_ended) == (2, True, False)
    assert found.job.stopped_for_good is False
    assert found.taken_over is None


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"[]\n", mtime=0),
        gzip.compress(b"", mtime=0),
        gzip.compress(b'{"records":[]}\n', mtime=0),
        gzip.compress(b'{"record_id":"a"},\n', mtime=0),
        b'{"record_id":"a"}\n',
    ],
)
def test_what_cannot_be_read_as_lines_of_records_is_told_and_not_raised(body: bytes) -> None:
    (found,) = seen(upload(1, b"", body=body)).uploads
    assert found.undecoded is not None


def test_personal_data_in_a_coded_body_are_found_and_masked() -> None:
    evidence = seen(upload(1, lines("rec-a", device_id="13800138000")))
    (found,) = evidence.uploads
    assert found.first.personal_data
    assert not found.first.body_intact
    assert b"13800138000" not in gzip.decompress(found.first.request.body)
    assert found.records[0]["record_id"] == "rec-a"


def test_a_coded_body_without_them_stays_as_it_came() -> None:
    content = gzip.compress(lines("rec-a"), mtime=7)
    (found,) = seen(upload(1, b"", body=content)).uploads
    assert found.first.body_intact
    assert found.first.request.body == content


def test_other_writes_are_seen_as_such() -> None:
    registered = call(1, "registerDevice", "/devices", (201, {}), fields=[["Idempotency-Key", KEY]])
    evidence = seen(registered, upload(2, lines("rec-a")))
    assert [write.first.operation for write in evidence.writes] == ["registerDevice", "submitUpload"]
    assert len(evidence.submissions) == 1
