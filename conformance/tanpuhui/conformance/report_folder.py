"""The folder that a run leaves behind: what lies in it under which name, and nothing else of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

TRANSCRIPT_FILE = "transcript.jsonl"


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """The names of the files of one report."""

    path: Path

    @property
    def page(self) -> Path:
        """The report for people."""
        return self.path / "index.html"

    @property
    def junit(self) -> Path:
        """The report for CI servers."""
        return self.path / "junit.xml"

    @property
    def result(self) -> Path:
        """The result for programs."""
        return self.path / "run.json"

    @property
    def transcript(self) -> Path:
        """The evidence."""
        return self.path / TRANSCRIPT_FILE

    @property
    def certificate(self) -> Path:
        """There only after a clean run."""
        return self.path / "certificate.dsse.json"

    def prepare(self) -> None:
        """An earlier report of ours gives way, so that no file of another run lies beside this one's."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for file in (self.page, self.junit, self.result, self.transcript, self.certificate):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, file: Path, content: bytes) -> None:
        """Write one file."""
        try:
            file.write_bytes(content)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> Trouble:
        return Trouble(
            f"写不进报告文件夹 {self.path}（{error.strerror}）",
            f"cannot write to the report folder {self.path} ({error.strerror})",
            "用 --out 指定另一个文件夹",
            "name another folder with --out",
            ExitCode.USAGE,
        )
