"""However much an upload unpacks to, little of it is in memory at a time."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from platform_process import Process
    from platform_uploader import Uploader

UNPACKED = 50_000_000
ALLOWED = 40_000_000


def a_long_body() -> bytes:
    """Lines of nearly the greatest length that are no records, and do not shrink much."""
    chance = random.Random(1)  # noqa: S311  # a body, no secret
    return b"".join(base64.b64encode(chance.randbytes(12_000)) + b"\n" for _ in range(UNPACKED // 16_001))


def peak(process: Process) -> int:
    """The most memory that the process ever held, in bytes."""
    status = Path(f"/proc/{process.popen.pid}/status").read_text(encoding="ascii")
    found = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(found.split()[1]) * 1024


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_fifty_megabytes_are_judged_in_little_memory(
    mortal: tuple[Uploader, Process], packed: Any, coding: str
) -> None:
    uploader, process = mortal
    uploader.ended(packed[coding](b"x\n"), coding)
    before = peak(process)
    job = uploader.ended(packed[coding](a_long_body()), coding)
    assert job["totals"]["rejected"] == UNPACKED // 16_001
    assert peak(process) - before < ALLOWED


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_bomb_does_not_go_off(mortal: tuple[Uploader, Process], packed: Any, coding: str) -> None:
    uploader, process = mortal
    uploader.ended(packed[coding](b"x\n"), coding)
    before = peak(process)
    bomb = packed[coding](bytes(4 * UNPACKED))
    assert uploader.ended(bomb, coding)["problem"]["code"] == "limit-exceeded"
    assert peak(process) - before < ALLOWED
