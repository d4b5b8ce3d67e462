"""Lines through the gate into one file a scheme, each record beside its row's number."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from tanpuhui.conformance.quality.finding import Refusals
from tanpuhui.conformance.quality.gate import Refusal, scheme_of
from tanpuhui.conformance.quality.lines import lines_of

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from tanpuhui.spec.limits import Limits

_BUFFER = 1 << 20


class Sorter:
    """Takes files of lines and keeps the sound ones by scheme; the others are counted by their reason."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._files: dict[str, BinaryIO] = {}
        self._open = ExitStack()
        self.refused: dict[Refusal, Refusals] = {}
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def paths(self) -> dict[str, Path]:
        """Where the records of each scheme are kept."""
        return {scheme: self._path(scheme) for scheme in sorted(self._files)}

    def take(self, path: Path) -> None:
        """Every line of one more file."""
        for line in lines_of(path, self._limits.line_max_bytes):
            self.rows += 1
            found = scheme_of(line, self._limits)
            if isinstance(found, Refusal):
                before = self.refused.get(found, Refusals(found.code, found.zh, found.en, 0, ()))
                self.refused[found] = before.with_one(self.rows)
            elif line is not None:
                self._file(found).write(b'{"row_number":%d,"record":%b}\n' % (self.rows, line))

    def _file(self, scheme: str) -> BinaryIO:
        if scheme not in self._files:
            self._files[scheme] = self._open.enter_context(self._path(scheme).open("wb", buffering=_BUFFER))
        return self._files[scheme]

    def _path(self, scheme: str) -> Path:
        return self._folder / f"{scheme.lower()}.ndjson"
