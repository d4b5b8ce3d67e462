"""An upload is answered by 202 once it is stored, or refused before anything of it is read (WRT-010)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_uploader import Uploader
    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_an_upload_becomes_a_job(
    uploader: Uploader, coding: str, ride: Callable[..., Any], lines: Callable[..., bytes], packed: Any
) -> None:
    response = uploader.send(packed[coding](lines(ride(), ride())), None if coding == "identity" else coding)
    assert response.status_code == 202
    assert response.headers["location"].endswith(f"/v1/jobs/{response.json()['job_id']}")
    assert int(response.headers["retry-after"]) >= 1
    job = uploader.end_of(response.json()["job_id"])
    assert job["state"] == "succeeded"
    assert job["totals"] == {"submitted": 2, "accepted": 2, "duplicate": 0, "held": 0, "rejected": 0}
    assert "retry-after" not in uploader.actor.get(f"/v1/jobs/{job['job_id']}").headers


def test_the_same_key_gets_the_same_answer_and_no_second_job(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes]
) -> None:
    body = lines(ride())
    first, second = (uploader.send(body, key=KEY) for _ in range(2))
    assert (second.status_code, second.content) == (202, first.content)
    names = ("location", "retry-after")
    assert [second.headers[name] for name in names] == [first.headers[name] for name in names]
    assert second.headers["idempotency-replayed"] == "true"
    assert len(uploader.actor.conduct("GET", "/state")["jobs"]) == 1
    assert uploader.send(lines(ride()), key=KEY).json()["code"] == "idempotency-key-reused"


def test_what_shows_on_receipt_is_refused_at_once(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes], packed: Any
) -> None:
    body = lines(ride())
    refused = [
        uploader.send(body, "br"),
        uploader.send(body, content_type="application/json"),
        uploader.send(body, "gzip"),
        uploader.send(packed["gzip"](body), "zstd"),
        uploader.send(b""),
        uploader.send(body, token=None),
    ]
    assert [each.json()["code"] for each in refused] == [
        "unsupported-media-type",
        "unsupported-media-type",
        "content-coding-invalid",
        "content-coding-invalid",
        "schema-violation",
        "token-invalid",
    ]
    assert uploader.actor.conduct("GET", "/state")["jobs"] == []


def test_a_body_beyond_the_limit_is_refused_while_it_is_read(
    new_actor: Callable[..., Actor], uploader_of: Callable[[Actor], Uploader]
) -> None:
    uploader = uploader_of(new_actor(limits={"upload_max_bytes": 3_000_000}))
    assert uploader.send(b"x" * 3_000_001).json()["code"] == "limit-exceeded"
    assert uploader.ended(b"x" * 3_000_000)["totals"]["rejected"] == 1


def test_another_body_than_the_signed_one_is_refused(uploader: Uploader) -> None:
    actor = uploader.actor
    for size in (100, 2_000_000):
        request = actor.signed(
            "POST", "/v1/uploads", body=b"x" * size, key=KEY, content_type="application/x-ndjson"
        )
        response = actor.http.post(request.url, headers=list(request.headers), content=b"y" * size)
        assert response.json()["code"] == "digest-mismatch"


def test_the_journal_keeps_short_bodies_and_the_length_of_long_ones(uploader: Uploader) -> None:
    short, long = b"[]\n" * 10, b"[]\n" * 500_000
    for body in (short, long):
        uploader.send(body)
    shown = [each["request"] for each in uploader.actor.exchanges("submitUpload")]
    assert [(bool(each["body_b64"]), each.get("omitted")) for each in shown] == [
        (True, None),
        (False, len(long)),
    ]
