"""`tph`: the one command, from which every room's commands are reached."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import click

from tanpuhui.conformance.catalogue import speak_chinese_first
from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.lazy_group import LazyGroup
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_COMMANDS = "tanpuhui.conformance.commands"
SECTIONS = {
    "认证 / Certify": {
        "certify": f"{_COMMANDS}.certify:certify",
        "check": f"{_COMMANDS}.check:check",
        "doctor": f"{_COMMANDS}.doctor:doctor",
        "verify": f"{_COMMANDS}.verify:verify",
    },
    "查阅 / Look up": {
        "quality": f"{_COMMANDS}.quality:quality",
        "explain": f"{_COMMANDS}.explain:explain",
        "list": f"{_COMMANDS}.listing:listing",
        "spec": f"{_COMMANDS}.spec:spec",
    },
    "运行 / Run": {
        "demo": f"{_COMMANDS}.demo:demo",
        "mock": "tanpuhui.mock_platform.cli:mock",
        "scenario": "tanpuhui.reference_client.cli:scenario",
        "bank": f"{_COMMANDS}.bank:bank",
    },
}


_EXIT_CODES = (
    "退出码 / exit codes: 0 符合 pass · 1 不符合 fail · 2 用法 usage · "
    "3 未判定或不可达 incomplete or unreachable · 4 工具错误 kit error"
)


class Tph(LazyGroup):
    """The group that turns every foreseen trouble into two languages and its exit code."""

    def main(  # type: ignore[override]  # click overloads it by the literal value of standalone_mode
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run a command; the process ends with the code that the command's outcome has."""
        speak_chinese_first()
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except click.Abort:
            click.echo("已中止 / Aborted", err=True)
            code = ExitCode.INCOMPLETE
        except Trouble as trouble:
            click.echo("\n".join(trouble.lines()), err=True)
            code = trouble.exit_code
        if standalone_mode:
            sys.exit(int(code) if isinstance(code, int) else ExitCode.PASS)
        return code


@click.command(
    cls=Tph,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_EXIT_CODES,
)
@click.version_option(__version__, "-V", "--version", prog_name="tph", help="显示版本 / Show the version.")
def tph() -> None:
    """碳普惠减排场景数据交互规范：判定与工具 / Carbon-inclusion data exchange: the judge and its tools."""


def _kit_error(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Own up to a defect of the kit without its values: a message or a frame could hold a secret."""
    places = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(trace)[-6:]
    ]
    lines = (
        f"工具错误：{kind.__name__}。这不是被测场景的问题，请附上以下位置报告。",
        f"Kit error: {kind.__name__}. The scenario under test is not to blame; please report these places.",
        *places,
    )
    click.echo("\n".join(lines), err=True)
    raise SystemExit(int(ExitCode.KIT_ERROR))


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `tph` script."""
    sys.excepthook = _kit_error
    tph.main(args=arguments, prog_name="tph")
