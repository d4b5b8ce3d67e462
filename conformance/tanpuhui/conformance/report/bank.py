"""The bank on a terminal: one row as each trial ends, and on a screen a line that tells how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.text import Text as Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from rich.console import Console

    from tanpuhui.conformance.trial import Trial, Tried


class BankTable:
    """Rows in the order in which trials end; what went wrong stands below a row where the kit judged wrongly."""

    def __init__(self, console: Console, trials: Sequence[Trial]) -> None:
        self._console = console
        self._status = console.status("") if console.is_terminal else None
        self._of, self._done = len(trials), 0
        self._widths = max(len(one.name) for one in trials), max(len(one.check or "") for one in trials)

    def __call__(self, tried: Tried) -> None:
        """One more row."""
        self._done += 1
        trial, ending = tried.trial, tried.ending
        mark, style = ("✔", "green") if ending.good else ("✘", "bold red")
        name, check = trial.name.ljust(self._widths[0]), (trial.check or "").ljust(self._widths[1])
        line = Line(f"{mark} ", style).append(f"{name}  {check}  ", "default")
        line.append(f"{ending.words}", style).append(f"  {tried.seconds:.1f} s", "dim")
        self._console.print(line, soft_wrap=True)
        for told in () if ending.good else tried.told:
            self._console.print(f"    {told}")
        self._tell_progress()

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        self._tell_progress()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status:
            self._status.stop()

    def _tell_progress(self) -> None:
        if self._status:
            self._status.update(f"[{self._done}/{self._of}] 缺陷库 / the fault bank")
