"""Shows how far a report is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import click

from tanpuhui.reference_client.calling.notices import Answered, Judging, Waiting
from tanpuhui.reference_client.keeping.outbox import BATCHED, READY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from tanpuhui.reference_client.calling.notices import Notice

_WORTH_TELLING_SECONDS = 0.5
_LINE_EVERY_SECONDS = 10.0


class Progress:
    """On standard error, so that the summary can be piped on."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._waiting = ""
        self._told = monotonic()

    def notice(self, notice: Notice) -> None:
        """Takes what the client tells."""
        if isinstance(notice, Answered):
            self._waiting = ""
        elif isinstance(notice, Judging):
            self._waiting = f"平台已判 {notice.judged}/{notice.of} / judged by the platform"
        elif isinstance(notice, Waiting) and notice.delay >= _WORTH_TELLING_SECONDS:
            seconds = f"{notice.delay:.0f} s"
            self._waiting = f"{notice.cause}：{seconds} 后重发 / sending again in {seconds}"
            if self._bar is None:
                click.echo(f"{notice.call.operation} {self._waiting}", err=True)

    def read(self, rows: int) -> None:
        """Shows how many rows were read; each is read twice."""
        self._show("读取（共两遍） / reading, two times through", rows, None)

    def loaded(self, count: int, of: int) -> None:
        """Shows how many activities lie in the outbox."""
        self._show("装入 / loading", count, of)

    def composed(self, count: int, of: int) -> None:
        """Shows how many activities were composed."""
        self._show("组成记录 / composing", count, of)

    def compared(self, count: int, of: int) -> None:
        """Shows how many of the rules that compare records were tried."""
        self._show("比较记录 / comparing, rules", count, of)

    def look(self, states: Mapping[str, int]) -> None:
        """Shows how many records were composed, are on their way, and are settled."""
        composed = sum(states.values())
        settled = composed - states.get(READY, 0) - states.get(BATCHED, 0)
        words = f"报送 / reporting：组成 composed {composed} · 已发 sent {composed - states.get(READY, 0)} · 了结 settled"
        self._show(words, settled, composed or None)

    def _show(self, words: str, done: int, of: int | None) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=words, completed=done, total=of, waiting=self._waiting)
        elif monotonic() - self._told >= _LINE_EVERY_SECONDS:
            self._told = monotonic()
            click.echo(f"{words} {done}{'' if of is None else f'/{of}'} {self._waiting}".rstrip(), err=True)

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
