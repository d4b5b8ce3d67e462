"""A PostgreSQL server of the tests' own: a new data folder, a Unix socket, no port, durable as in earnest."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg

if TYPE_CHECKING:
    from types import TracebackType

MISSING = (
    "找不到 PostgreSQL 的程序（initdb、postgres）：请运行 tools/ensure-postgresql.sh"
    " / PostgreSQL's programs (initdb, postgres) not found: run tools/ensure-postgresql.sh"
)
_OWNER = "postgres"
_MOST_STARTS = 50
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}


class Cluster:
    """The server's life: started, killed and started again on the same data, and removed with it."""

    def __init__(self) -> None:
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="tph-postgresql-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: psycopg.Connection | None = None

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, _OWNER, _OWNER)
        initdb = ("--auth=trust", f"--username={_OWNER}", "--encoding=UTF8", "--locale=C", "--no-sync")
        subprocess.run(
            self._command("initdb", f"--pgdata={self.folder / 'data'}", *initdb),
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        for _ in range(_MOST_STARTS):
            if self._started():
                return
        raise RuntimeError(f"PostgreSQL does not start in {self.folder}")

    def _started(self) -> bool:
        """Whether it came up: not while what is left of a killed server still holds the memory."""
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        command = self._command("postgres", f"-D{self.folder / 'data'}", f"-k{self.folder}", *settings)
        self._process = subprocess.Popen(
            command, cwd=self.folder, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        ready = [str(self._programs / "pg_isready"), "--quiet", f"--host={self.folder}"]
        while self._process.poll() is None:
            if subprocess.run(ready, check=False).returncode == 0:
                return True
        return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the server at once, whatever it is doing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            os.kill(self.postmaster, number)
            self._process.wait()
            self._process = None

    @property
    def postmaster(self) -> int:
        """The server's own process, whoever it runs as."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def url(self, database: str) -> str:
        """The address of a database of this server."""
        return f"postgresql://{_OWNER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{uuid.uuid4().hex}"
        self._maintain(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = url.partition("@/")[2].partition("?")[0]
        self._maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _maintain(self, statement: str) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(self.url("postgres"), autocommit=True)
        self._connection.execute(statement)

    def _command(self, program: str, *arguments: str) -> list[str]:
        """The command line; PostgreSQL refuses to run as root."""
        as_owner = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
        return [*as_owner, str(self._programs / program), *arguments]


def programs() -> Path:
    """The folder of PostgreSQL's programs: on the path, or where Debian keeps the newest."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    found = next((each for each in folders if (each / "postgres").exists()), None)
    if found is None:
        raise RuntimeError(MISSING)
    return found
