"""Errors that a user can act on: what happened, and what to do next, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from tanpuhui.conformance.exit_codes import ExitCode


@dataclass(slots=True, eq=False)
class Trouble(Exception):  # it is no error of the program
    """Something outside the kit is not as needed; carries its own exit code and advice."""

    zh: str
    en: str
    next_zh: str
    next_en: str
    exit_code: ExitCode = ExitCode.USAGE

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"

    def lines(self) -> tuple[str, ...]:
        """The message as the terminal shows it."""
        return (f"错误：{self.zh}\nError: {self.en}", f"下一步：{self.next_zh}\nNext: {self.next_en}")
