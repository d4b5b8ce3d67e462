"""The transcript is a chain: what is written stays as it was, or reading says where it does not."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.recording.transcript import (
    TranscriptBroken,
    TranscriptWriter,
    read_transcript,
    transcript_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def _written(*notes: str, ended: bool = True) -> bytes:
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run={"run_id": "r"})
    for text in notes:
        writer.append("note", what="said", text=text)
    if ended:
        writer.append("end", scenes=0)
    return stream.getvalue()


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _broken(data: bytes) -> TranscriptBroken:
    with pytest.raises(TranscriptBroken) as caught:
        transcript_of(data)
    return caught.value


def test_what_was_written_is_read() -> None:
    transcript = transcript_of(_written("一", "two"))

    assert [entry.kind for entry in transcript.entries] == ["header", "note", "note", "end"]
    assert [entry["text"] for entry in transcript.entries[1:3]] == ["一", "two"]
    assert transcript.header["run"] == {"run_id": "r"}
    assert [entry.seq for entry in transcript.entries] == [0, 1, 2, 3]


def test_the_digest_stands_for_every_byte() -> None:
    assert transcript_of(_written("a")).digest == transcript_of(_written("a")).digest
    assert transcript_of(_written("a")).digest != transcript_of(_written("b")).digest


def test_a_changed_word_is_found_in_its_line() -> None:
    data = _written("ten kilograms").replace(b"ten kilograms", b"two kilograms")
    assert _broken(data).line == 2


def test_a_changed_word_with_a_new_hash_breaks_the_next_line() -> None:
    honest, forged = _lines(_written("ten")), _lines(_written("two"))
    assert _broken(b"".join([honest[0], forged[1], honest[2]])).line == 3


@pytest.mark.parametrize("missing", [1, 2])
def test_a_missing_line_is_found(missing: int) -> None:
    lines = _lines(_written("a", "b", "c"))
    assert _broken(b"".join(lines[:missing] + lines[missing + 1 :])).line == missing + 1


def test_swapped_lines_are_found() -> None:
    header, first, second, end = _lines(_written("a", "b"))
    assert _broken(header + second + first + end).line == 2


def test_a_transcript_that_was_cut_short_is_none() -> None:
    assert "截断" in _broken(_written("a", ended=False)).zh


def test_nothing_follows_the_end() -> None:
    assert _broken(_written("a") + _lines(_written("a"))[1]).line == 4


def test_the_header_stands_first_and_once() -> None:
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    for kind in ("header", "header", "end"):
        writer.append(kind)
    assert _broken(stream.getvalue()).line == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [(b"not json\n", "JSON"), (b'{"seq":0,"seq":0}\n', "JSON"), (b"[]\n", "JSON"), (b"", "空")],
)
def test_what_is_no_entry_is_told_with_its_line(line: bytes, reason: str) -> None:
    broken = _broken(line)
    assert broken.line == 1
    assert reason in broken.zh


def test_a_transcript_of_another_kind_is_refused_when_written() -> None:
    with pytest.raises(ValueError, match="no entry"):
        TranscriptWriter(io.BytesIO()).append("gossip")
    with pytest.raises(ValueError, match="no entry"):
        TranscriptWriter(io.BytesIO()).append("note", seq=7)


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out" / "transcript.jsonl"
    with TranscriptWriter.to_file(path) as writer:
        writer.append("header")
        writer.append("end")
    assert read_transcript(path).digest == writer.digest
    with pytest.raises(FileExistsError):
        TranscriptWriter.to_file(path)


def test_the_hash_is_of_canonical_json() -> None:
    first = json.loads(_lines(_written())[0])
    assert list(first) == sorted(first)
    assert first["prev"] == "sha256:" + "0" * 64
