"""The body of an upload is read as it says it is coded, to its very end and no further than the judge can hold."""

from __future__ import annotations

import gzip

import pytest
import zstandard

from tanpuhui.conformance.recording.unpacking import (
    MOST_BYTES,
    Undecodable,
    coding_in,
    lines_of,
    packed,
    unpacked,
)

CONTENT = b'{"record_id":"a"}\n{"record_id":"b"}\n'
ZSTD = zstandard.ZstdCompressor().compress(CONTENT)
GZIP = gzip.compress(CONTENT, mtime=0)


@pytest.mark.parametrize(("coding", "body"), [("identity", CONTENT), ("gzip", GZIP), ("zstd", ZSTD)])
def test_each_coding_is_taken_apart(coding: str, body: bytes) -> None:
    assert unpacked(body, coding) == CONTENT
    assert unpacked(packed(CONTENT, coding), coding) == CONTENT


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", GZIP[:-1]),
        ("gzip", GZIP + b"\n"),
        ("gzip", GZIP + GZIP),
        ("gzip", CONTENT),
        ("gzip", b""),
        ("zstd", ZSTD[:-1]),
        ("zstd", ZSTD + b"\n"),
        ("zstd", GZIP),
        ("zstd", b""),
        ("br", GZIP),
        ("gzip, gzip", gzip.compress(GZIP, mtime=0)),
    ],
)
def test_what_its_coding_does_not_explain_is_told(coding: str, body: bytes) -> None:
    with pytest.raises(Undecodable) as told:
        unpacked(body, coding)
    assert told.value.text.zh
    assert told.value.text.en


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_is_not_read_to_its_end(coding: str) -> None:
    with pytest.raises(Undecodable, match="太大"):
        unpacked(packed(b" " * (MOST_BYTES + 1), coding), coding)


def test_the_coding_is_read_as_it_is_written() -> None:
    assert coding_in(()) == "identity"
    assert coding_in((" GZip ",)) == "gzip"
    assert coding_in(("gzip", "zstd")) == "gzip, zstd"


def test_nothing_follows_the_end_of_the_last_line() -> None:
    assert [line.raw for line in lines_of(CONTENT)] == [line.raw for line in lines_of(CONTENT[:-1])]
    assert [line.content.value for line in lines_of(b'{"a":1}\r\n[]')] == [{"a": 1}, []]
    assert lines_of(b"") == ()


@pytest.mark.parametrize("line", [b"", b"{", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b'{"a":NaN}'])
def test_a_line_that_is_no_strict_json_says_why(line: bytes) -> None:
    assert [found.content.error is None for found in lines_of(b"{}\n" + line + b"\n{}\n")] == [
        True,
        False,
        True,
    ]
