"""A click group that imports a command when it is asked for, and lists its commands by reader."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """Commands are named as `module:attribute`, so that an answer costs only the imports it needs."""

    def __init__(self, *, sections: Mapping[str, Mapping[str, str]], **attrs: object) -> None:
        super().__init__(**attrs)  # type: ignore[arg-type] # click types its keywords one by one
        self._sections = sections
        self._places = {name: place for section in sections.values() for name, place in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command in the order in which a reader meets it."""
        return [*self._places, *(name for name in super().list_commands(ctx) if name not in self._places)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module now."""
        if cmd_name not in self._places:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._places[cmd_name].split(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._places[cmd_name]} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One heading per section; the words beside a name are the command's own first sentence."""
        for heading, section in self._sections.items():
            rows = [(name, self._sentence(ctx, name)) for name in section]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def _sentence(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(limit=120) if command else ""
