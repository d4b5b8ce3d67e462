"""Own commands as processes of their own: started, waited for until they say READY, and always ended."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Thread
from typing import IO, TYPE_CHECKING

from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_READY = "READY "
_PATIENCE_SECONDS = 30.0
_GRACE_SECONDS = 10.0
_ENTRY = "from tanpuhui.conformance.cli import main; main()"


@contextmanager
def started(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """One `tph` command that serves; yields what it announced and ends it whatever happens."""
    command = [sys.executable, "-P", "-c", _ENTRY, *arguments]
    with subprocess.Popen(  # noqa: S603  # our own command
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=dict(environment),
    ) as process:
        try:
            yield _announced(process, arguments)
        finally:
            _end(process)


def _announced(process: subprocess.Popen[str], arguments: Sequence[str]) -> Mapping[str, str]:
    answers: Queue[Mapping[str, str] | None] = Queue()
    assert process.stdout is not None  # noqa: S101  # it was asked for
    Thread(target=_listen, args=(process.stdout, answers), daemon=True).start()
    try:
        announced = answers.get(timeout=_PATIENCE_SECONDS)
    except Empty:
        announced = None
    if announced is None:
        name = " ".join(("tph", *arguments))
        raise Trouble(
            f"{name} 没有启动",
            f"{name} did not start",
            f"单独运行 {name} 查看原因",
            f"run {name} by itself to see why",
            ExitCode.KIT_ERROR,
        )
    return announced


def _listen(stream: IO[str], answers: Queue[Mapping[str, str] | None]) -> None:
    """Read to the end, so that the process never waits for a reader."""
    for line in stream:
        if line.startswith(_READY):
            answers.put(json.loads(line.removeprefix(_READY)))
    answers.put(None)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
