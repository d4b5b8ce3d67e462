"""What happened in a run, as an append-only chain of lines: the only thing that checks ever read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from tanpuhui.spec.strict_json import StrictJsonError, canonical_json, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

FORMAT = "tph-transcript/1"
KINDS = frozenset({"header", "scene", "truth", "exchange", "note", "end"})
CHAIN_START = "sha256:" + "0" * 64
_LONGEST_TEXT = 64 * 1024 * 1024
_OWN = frozenset({"seq", "prev", "hash", "kind"})


class TranscriptBroken(ValueError):
    """记录不完整或被改动 / The transcript is cut short or altered; names the line."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(f"运行记录第 {line} 行：{zh} / transcript line {line}: {en}")
        self.line, self.zh, self.en = line, zh, en


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its place in the chain, its kind, and its members."""

    seq: int
    kind: str
    digest: str
    members: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.members[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A member that may be absent."""
        return self.members.get(name, default)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A complete, verified chain of entries."""

    entries: tuple[Entry, ...]

    @property
    def header(self) -> Entry:
        """What the run was."""
        return self.entries[0]

    @property
    def digest(self) -> str:
        """The last hash of the chain stands for every byte of it."""
        return self.entries[-1].digest


class TranscriptWriter:
    """Appends entries; each line reaches the file before the next thing happens."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._seq = 0
        self.digest = CHAIN_START

    @classmethod
    def to_file(cls, path: Path) -> Self:
        """A new file; an existing one is never continued or overwritten."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path.open("xb"))

    def append(self, kind: str, **members: Any) -> int:
        """Writes one entry and returns its number."""
        if kind not in KINDS or not _OWN.isdisjoint(members):
            raise ValueError(f"{kind!r} with {sorted(members)} is no entry of a transcript")
        body = {"seq": self._seq, "prev": self.digest, "kind": kind, **members}
        self.digest = _hash(body)
        self._stream.write(canonical_json({**body, "hash": self.digest}) + b"\n")
        self._stream.flush()
        self._seq += 1
        return self._seq - 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


def read_transcript(path: Path) -> Transcript:
    """Reads and verifies a whole transcript; whatever is missing or altered raises TranscriptBroken."""
    return transcript_of(path.read_bytes())


def transcript_of(data: bytes) -> Transcript:
    """The same for bytes already read."""
    entries = tuple(_linked(data))
    if not entries:
        raise TranscriptBroken(1, "记录是空的", "the transcript is empty")
    last = entries[-1]
    if last.kind != "end":
        raise TranscriptBroken(
            len(entries), "缺少结尾，记录被截断", "there is no end entry; it was cut short"
        )
    return Transcript(entries)


def _linked(data: bytes) -> Iterator[Entry]:
    previous = CHAIN_START
    ended = False
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n") if data else (), start=1):
        if ended:
            raise TranscriptBroken(number, "结尾之后还有内容", "something follows the end entry")
        entry = _entry(number, line, previous)
        if (entry.kind == "header") != (number == 1):
            raise TranscriptBroken(
                number, "头应在且只在第一行", "the header stands in the first line and only there"
            )
        previous, ended = entry.digest, entry.kind == "end"
        yield entry


def _entry(number: int, line: bytes, previous: str) -> Entry:
    body = _object(number, line)
    claimed = body.pop("hash", None)
    if body.get("prev") != previous or body.get("seq") != number - 1:
        raise TranscriptBroken(number, "与上一行不相连", "it does not continue the line before")
    if claimed != _hash(body):
        raise TranscriptBroken(number, "内容与摘要不符，曾被改动", "content and hash differ; it was altered")
    if body.get("kind") not in KINDS:
        raise TranscriptBroken(number, "种类不认识", "its kind is not known")
    return Entry(
        seq=number - 1,
        kind=body["kind"],
        digest=claimed,
        members={name: value for name, value in body.items() if name not in _OWN},
    )


def _object(number: int, line: bytes) -> dict[str, Any]:
    try:
        body = parse_json(line, max_depth=64, max_string=_LONGEST_TEXT)
    except StrictJsonError as error:
        raise TranscriptBroken(
            number, f"不是严格的 JSON（{error.zh}）", f"no strict JSON ({error.en})"
        ) from error
    if not isinstance(body, dict):
        raise TranscriptBroken(number, "不是 JSON 对象", "no JSON object")
    return body


def _hash(body: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical_json(body)).hexdigest()
