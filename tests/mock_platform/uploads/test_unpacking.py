"""However a body is cut into parts, it unpacks to the same lines."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.mock_platform.bulk.reading import split_lines
from tanpuhui.mock_platform.interface.unpacking import Unreadable, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.mock_platform.state.spool import Coding

BODIES = st.lists(st.sampled_from([b"\n", b"ab", b"{}", b"x" * 40, b"\0"]), max_size=60).map(b"".join)
CUTS = st.integers(min_value=1, max_value=50)
PACKED = {"gzip": gzip.compress, "zstd": zstandard.compress, "identity": bytes}


def cut(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


@settings(deadline=None)
@given(BODIES, CUTS, st.sampled_from(["gzip", "zstd", "identity"]))
def test_unpacking_gives_back_what_was_packed(body: bytes, size: int, coding: Coding) -> None:
    assert b"".join(unpacked(cut(PACKED[coding](body), size), coding, len(body))) == body


@settings(deadline=None)
@given(BODIES, CUTS, st.sampled_from(["gzip", "zstd"]), st.data())
def test_every_part_of_a_stream_is_needed(
    body: bytes, size: int, coding: Coding, data: st.DataObject
) -> None:
    stream = PACKED[coding](body)
    shorter = stream[: data.draw(st.integers(min_value=0, max_value=len(stream) - 1))]
    with pytest.raises(Unreadable):
        list(unpacked(cut(shorter, size), coding, len(body)))


@settings(deadline=None)
@given(BODIES.filter(len), CUTS, st.sampled_from(["gzip", "zstd", "identity"]))
def test_one_byte_too_many_is_too_many(body: bytes, size: int, coding: Coding) -> None:
    with pytest.raises(Unreadable) as refused:
        list(unpacked(cut(PACKED[coding](body), size), coding, len(body) - 1))
    assert refused.value.code == "limit-exceeded"


@settings(deadline=None)
@given(BODIES, CUTS, st.integers(min_value=0, max_value=60))
def test_lines_are_what_stands_between_line_feeds(body: bytes, size: int, longest: int) -> None:
    expected = body.split(b"\n")
    expected = expected[:-1] if expected[-1] == b"" else expected
    found = list(split_lines(cut(body, size), longest))
    assert found == [line if len(line) <= longest else None for line in expected]
