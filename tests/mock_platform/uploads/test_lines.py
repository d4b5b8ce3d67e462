"""Every line has its verdict, whatever the others are; a record is judged as in a batch (WRT-010, WRT-013)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_uploader import Uploader
    from tests.mock_platform.conftest import Actor

NO_RECORD = {
    "not JSON": b"{",
    "blank": b"",
    "not UTF-8": b'"\xff"',
    "a byte-order mark": b"\xef\xbb\xbf{}",
    "a duplicate member": b'{"a":1,"a":1}',
    "too deep": b"[" * 100 + b"]" * 100,
    "much too deep": b"[" * 8000,
    "a huge integer": b"1" * 9000,
    "a huge exponent": b"1e999999",
    "a lone surrogate": b'"\\ud800"',
    "a long string": b'"' + b"x" * 2000 + b'"',
    "not a number": b"NaN",
    "a long line": b" " * 16_385,
    "two values": b"{}{}",
}


def test_a_line_that_is_no_strict_json_spoils_no_other(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes]
) -> None:
    bad = [text + b"\n" for text in NO_RECORD.values()]
    body = lines(*(each for text in bad for each in (text, ride())))
    job = uploader.ended(body)
    verdicts = uploader.verdicts(job)
    assert job["state"] == "partially_succeeded"
    assert [each["index"] for each in verdicts] == list(range(2 * len(bad)))
    assert {each["verdict"] for each in verdicts[1::2]} == {"accepted"}
    for what, verdict in zip(NO_RECORD, verdicts[::2], strict=True):
        assert (what, [each["code"] for each in verdict["reasons"]]) == (what, ["line-invalid"])
        assert (verdict["verdict"], verdict["record_id"]) == ("rejected", None)


def test_records_are_judged_as_in_a_batch(
    uploader: Uploader, new_actor: Callable[..., Actor], ride: Callable[..., Any], lines: Callable[..., bytes]
) -> None:
    sound, foreign, wrong = ride(), ride(link_id="lnk_" + "z" * 22), ride(reduction_kg="1.000000")
    values = [sound, 7, foreign, wrong, {"record_id": "no id!"}, sound]
    uploaded = uploader.verdicts(uploader.ended(lines(*values)))
    assert [each["verdict"] for each in uploaded] == ["accepted", *["rejected"] * 4, "duplicate"]
    assert uploaded == new_actor().verdicts(*values)
    assert {each["verdict"] for each in uploader.actor.verdicts(sound, foreign, wrong)} == {"duplicate"}


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_last_line_ends_as_it_will(
    uploader: Uploader, ride: Callable[..., Any], lines: Any, end: bytes
) -> None:
    assert uploader.ended(lines(ride(), ride()).rstrip(b"\n") + end)["totals"]["accepted"] == 2


def test_results_come_in_pages_of_the_advertised_size(
    new_actor: Callable[..., Actor], uploader_of: Callable[[Actor], Uploader], lines: Callable[..., bytes]
) -> None:
    uploader = uploader_of(new_actor(limits={"results_page_max_items": 3, "page_max_items": 2}))
    job, other = (uploader.ended(lines(*range(7))) for _ in range(2))
    assert [[each["index"] for each in page] for page in uploader.pages(job)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [len(page) for page in uploader.pages(job, 100)] == [3, 3, 1]
    assert [len(page) for page in uploader.pages(job, 4)] == [3, 3, 1]
    assert [len(page) for page in uploader.pages(job, 2)] == [2, 2, 2, 1]
    following = uploader.actor.get(job["results"]).json()["next"]
    strange = following.replace(job["job_id"], other["job_id"])
    assert uploader.actor.get(strange).json()["code"] == "parameter-invalid"


def test_only_the_scenarios_own_jobs_are_found(
    uploader: Uploader, new_actor: Callable[..., Actor], lines: Callable[..., bytes]
) -> None:
    job = uploader.ended(lines({}))
    other = new_actor()
    assert other.get(f"/v1/jobs/{job['job_id']}").json()["code"] == "not-found"
    assert other.get(f"/v1/jobs/{job['job_id']}/results").json()["code"] == "not-found"


def test_a_job_is_kept_as_long_as_advertised(uploader: Uploader, lines: Callable[..., bytes]) -> None:
    job = uploader.ended(lines({}))
    uploader.actor.advance(89 * 86_400)
    uploader.actor._token = ""
    assert uploader.actor.get(f"/v1/jobs/{job['job_id']}").status_code == 200
    uploader.actor.advance(2 * 86_400)
    uploader.actor._token = ""
    assert uploader.actor.get(f"/v1/jobs/{job['job_id']}").json()["code"] == "not-found"
    uploader.send(lines({}))
    assert job["job_id"] not in [each["job_id"] for each in uploader.actor.conduct("GET", "/state")["jobs"]]
