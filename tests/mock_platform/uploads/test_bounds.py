"""What is unpacked stays within bounds, and a body that cannot be read to its end ends its job (API-010)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_uploader import Uploader
    from tests.mock_platform.conftest import Actor


@pytest.fixture
def body(ride: Callable[..., Any], lines: Callable[..., bytes]) -> bytes:
    return lines(*(ride() for _ in range(300)))


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_stream_that_breaks_off_fails_and_what_was_judged_stays(
    uploader: Uploader, coding: str, body: bytes, packed: Any
) -> None:
    job = uploader.ended(packed[coding](body)[:-20], coding)
    assert (job["state"], job["problem"]["code"]) == ("failed", "content-coding-invalid")
    assert len(uploader.verdicts(job)) == job["totals"]["submitted"]
    again = uploader.ended(packed[coding](body), coding)
    assert again["totals"]["submitted"] == 300
    assert again["totals"]["duplicate"] == job["totals"]["accepted"]


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_nothing_may_follow_the_stream(uploader: Uploader, coding: str, body: bytes, packed: Any) -> None:
    for more in (b"\0", packed[coding](body)):
        job = uploader.ended(packed[coding](body) + more, coding)
        assert (job["state"], job["problem"]["code"]) == ("failed", "content-coding-invalid")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_changed_byte_is_noticed(uploader: Uploader, coding: str, body: bytes, packed: Any) -> None:
    packed |= {"zstd": zstandard.ZstdCompressor(write_checksum=True).compress}
    stream = bytearray(packed[coding](body))
    stream[-3] ^= 1
    job = uploader.ended(bytes(stream), coding)
    assert (job["state"], job["problem"]["code"]) == ("failed", "content-coding-invalid")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_is_put_down_by_its_ratio(uploader: Uploader, coding: str, packed: Any) -> None:
    job = uploader.ended(packed[coding](bytes(200_000_000)), coding)
    assert (job["state"], job["problem"]["code"]) == ("failed", "limit-exceeded")


def test_a_window_beyond_8_mib_is_not_opened(uploader: Uploader) -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    refused = uploader.send(packer.compress(b"[]\n" * 9) + packer.flush(), "zstd")
    assert refused.json()["code"] == "content-coding-invalid"


@pytest.mark.parametrize("limit", [{"upload_unpacked_max_bytes": 300_000}, {"upload_max_records": 300}])
def test_limits_hold_after_unpacking(
    new_actor: Callable[..., Actor],
    uploader_of: Callable[[Actor], Uploader],
    packed: Any,
    limit: dict[str, int],
) -> None:
    uploader = uploader_of(new_actor(limits={"upload_unpacked_max_ratio": 10_000, **limit}))
    job = uploader.ended(packed["gzip"]((b'"' + b"x" * 997 + b'"\n') * 301), "gzip")
    assert (job["state"], job["problem"]["code"]) == ("failed", "limit-exceeded")
    assert 200 <= job["totals"]["submitted"] <= 300


def test_a_body_without_a_line_is_no_upload(uploader: Uploader, packed: Any) -> None:
    job = uploader.ended(packed["gzip"](b""), "gzip")
    assert (job["state"], job["problem"]["code"]) == ("failed", "schema-violation")
