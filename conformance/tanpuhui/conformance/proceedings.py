"""A run from its configuration to its report folder: what `certify`, `check` and `demo` have in common."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.certifying.certificate import NotCertifiable, certificate
from tanpuhui.conformance.check import checks
from tanpuhui.conformance.driving.json_call import CallFailed
from tanpuhui.conformance.exit_codes import ExitCode, exit_code_for
from tanpuhui.conformance.plan import plan_for
from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.recording.transcript import Transcript, transcript_of
from tanpuhui.conformance.report.html import html
from tanpuhui.conformance.report.junit import junit
from tanpuhui.conformance.report.run_json import run_json
from tanpuhui.conformance.report.source import ReportSource
from tanpuhui.conformance.report.terminal import Progress, summary
from tanpuhui.conformance.report_folder import ReportFolder
from tanpuhui.conformance.run import run
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Outcome
from tanpuhui.conformance.wire import Unreachable
from tanpuhui.spec.edition import edition
from tanpuhui.spec.requirement import requirements

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rich.console import Console

    from tanpuhui.conformance.plan import RunConfig
    from tanpuhui.conformance.result import RunResult
    from tanpuhui.spec.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Proceedings:
    """Where a run is told of, by whose clock, and with which key a clean one is certified, if at all."""

    console: Console
    now: Callable[[], datetime]
    key: SigningKey | None = None

    def conduct(self, config: RunConfig) -> ExitCode:
        """Run, report, certify; the exit code is the outcome's."""
        plan_for(
            config.edition, config.claims, config.selection
        )  # refuses before an earlier report gives way
        folder = ReportFolder(config.out_dir)
        folder.prepare()
        result = self._run(config)
        evidence = folder.transcript.read_bytes()
        certified = self._certified(result, evidence, folder)
        source = _source(result, transcript_of(evidence), _verify_command(folder) if certified else None)
        folder.write(folder.page, html(source).encode())
        folder.write(folder.junit, junit(source))
        folder.write(folder.result, run_json(source).encode())
        summary(self.console, source)
        self._tell(folder, source)
        return exit_code_for(result.outcome)

    def _run(self, config: RunConfig) -> RunResult:
        progress = Progress(self.console)
        try:
            return run(config, progress, now=self.now)
        except (Unreachable, CallFailed) as error:
            zh, _, en = str(error).partition(" / ")
            raise Trouble(
                zh, en, "用 tph doctor 查看原因", "see why with tph doctor", ExitCode.INCOMPLETE
            ) from error
        finally:
            progress.close()

    def _certified(self, result: RunResult, evidence: bytes, folder: ReportFolder) -> bool:
        if self.key is None or result.outcome is not Outcome.PASS:
            return False
        try:
            sealed = certificate(result, evidence, self.key, checks(), now=self.now())
        except NotCertifiable:
            return False
        folder.write(folder.certificate, sealed.to_json().encode())
        return True

    def _tell(self, folder: ReportFolder, source: ReportSource) -> None:
        self.console.print(f"  报告 report       {folder.page}", soft_wrap=True)
        self.console.print(f"  证据 evidence     {folder.transcript}", soft_wrap=True)
        if source.verify:
            self.console.print(f"  证书 certificate  {folder.certificate}", soft_wrap=True)
            self.console.print(f"  核验 verify       {source.verify}", soft_wrap=True)


def _source(result: RunResult, transcript: Transcript, verify: str | None) -> ReportSource:
    return ReportSource(
        result=result,
        requirements=requirements(),
        edition=edition(result.header.edition),
        exchanges={exchange.seq: exchange for exchange in Evidence.of(transcript).exchanges},
        titles={check.id: check.text for check in checks().values()},
        verify=verify,
    )


def _verify_command(folder: ReportFolder) -> str:
    return f"tph verify {shlex.quote(str(folder.certificate))}"
