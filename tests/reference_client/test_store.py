from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tanpuhui.reference_client.calling.errors import Misconfigured, Stopped
from tanpuhui.reference_client.keeping.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "scenario.db")


def test_what_was_put_is_there_after_a_restart(path: str) -> None:
    first = Store(path)
    first.put("name", "value")
    first.close()
    second = Store(path)
    assert second.get("name") == "value"
    second.close()


def test_every_commit_reaches_the_disk(path: str) -> None:
    store = Store(path)
    assert store.rows("PRAGMA synchronous")[0][0] == 2
    assert store.rows("PRAGMA journal_mode")[0][0] == "wal"
    store.close()


def test_a_change_that_fails_leaves_nothing_behind(path: str) -> None:
    store = Store(path)
    with pytest.raises(ZeroDivisionError):
        _fail_after_a_change(store)
    assert store.get("name") is None
    store.close()


def _fail_after_a_change(store: Store) -> None:
    with store.changing():
        store.put("name", "value")
        raise ZeroDivisionError


def test_two_processes_never_send_from_one_outbox(path: str) -> None:
    store = Store(path)
    program = "import sys; from tanpuhui.reference_client.keeping.store import Store; Store(sys.argv[1])"
    other = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    store.close()
    assert "正被另一个进程使用" in other.stderr
    assert "WRT-001" in other.stderr


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"notes\.txt"):
        Store(str(tmp_path / "notes.txt"))


def test_whoever_uses_a_closed_store_is_told_to_stop() -> None:
    store = Store()
    store.close()
    with pytest.raises(Stopped):
        store.get("name")
