"""Shows how far a report is: a bar on a terminal, plain lines about waiting elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

import click

from tanpuhui.reference_client.notices import Answered, Waiting

if TYPE_CHECKING:
    from types import TracebackType

    from tanpuhui.reference_client.notices import Notice

_WORTH_TELLING_SECONDS = 0.5


class Progress:
    """On standard error, so that the summary can be piped on."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._waiting = ""

    def notice(self, notice: Notice) -> None:
        """Takes what the client tells."""
        if isinstance(notice, Answered):
            self._waiting = ""
        elif isinstance(notice, Waiting) and notice.delay >= _WORTH_TELLING_SECONDS:
            seconds = f"{notice.delay:.0f} s"
            self._waiting = f"{notice.cause}：{seconds} 后重发 / sending again in {seconds}"
            if self._bar is None:
                click.echo(f"{notice.call.operation} {self._waiting}", err=True)

    def look(self, settled: int, total: int) -> None:
        """Shows how many records are settled."""
        if self._bar is not None:
            self._bar.update(self._task, completed=settled, total=total or None, waiting=self._waiting)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("报送 / reporting", total=None, waiting="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Any:
    from rich import progress  # noqa: PLC0415  # costly to import
    from rich.console import Console  # noqa: PLC0415

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[waiting]}"),
        console=Console(stderr=True),
        transient=True,
    )
