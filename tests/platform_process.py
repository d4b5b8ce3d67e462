"""`tph mock` in a process of its own, which can be killed and started again on the same ports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

COMMAND = "from tanpuhui.mock_platform.cli import mock; mock()"
ANY = ("0", "--control-port", "0")


class Process:
    """One life of the platform."""

    def __init__(self, db: str, *ports: str) -> None:
        options = ["--db", db, "--port", *(ports or ANY)]
        self.popen = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *options], stdout=subprocess.PIPE, text=True
        )
        assert self.popen.stdout is not None
        ready = next(line for line in self.popen.stdout if line.startswith("READY "))
        addresses = json.loads(ready.removeprefix("READY "))
        self.control_url = addresses["control_url"]
        port, control = (addresses[name].rsplit(":", 1)[1] for name in ("url", "control_url"))
        self.ports = (port, "--control-port", control)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.popen.terminate()
        self.popen.communicate()

    def kill(self) -> None:
        """End it at once, as a power switch would."""
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.communicate()

    def workers(self) -> list[int]:
        """The processes of the workers, the first of them first; the one that keeps track of resources is none."""
        children = Path(f"/proc/{self.popen.pid}/task").glob("*/children")
        pids = [pid for listed in children for pid in listed.read_text(encoding="ascii").split()]
        return sorted(int(pid) for pid in pids if b"spawn_main" in _command_of(pid))


def _command_of(pid: str) -> bytes:
    """What a process was started with; nothing for one that has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
