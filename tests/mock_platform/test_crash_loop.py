"""The crash loop in short: killed again and again while scenarios report, and every record counts once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOOP = Path(__file__).parents[2] / "benchmarks" / "crash_loop.py"


@pytest.mark.parametrize(
    "arguments", [("sqlite", "--kills", "4"), ("postgresql", "--kills", "4", "--server-kills", "1")]
)
def test_every_acknowledged_record_counts_once(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, str(LOOP), *arguments], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differences" in done.stdout
