"""`tph list`: what can be named on a command line."""

from __future__ import annotations

import click


@click.command(name="list")
@click.option(
    "--requirements",
    "kind",
    flag_value="requirements",
    default="requirements",
    help="要求（缺省）/ requirements (default)",
)
@click.option("--checks", "kind", flag_value="checks", help="检查 / checks")
@click.option("--scenes", "kind", flag_value="scenes", help="场面 / scenes")
def listing(kind: str) -> None:
    """列出要求、检查或场面 / List requirements, checks or scenes."""
    for row in {"requirements": _requirements, "checks": _checks, "scenes": _scenes}[kind]():
        click.echo("  ".join(row).rstrip())


def _requirements() -> list[tuple[str, ...]]:
    from tanpuhui.spec.edition import current_edition  # loaded when asked for
    from tanpuhui.spec.requirement import requirements

    scored = current_edition().scored
    return [
        (
            one.id,
            "计分" if one.id in scored else "    ",
            _wide(one.role, 3),
            _wide(one.verb, 2),
            f"{one.title_zh} / {one.title_en}",
        )
        for one in requirements().values()
    ]


def _checks() -> list[tuple[str, ...]]:
    from tanpuhui.conformance.check import checks  # loaded when asked for

    width = max(len(name) for name in checks())
    return [(one.id.ljust(width), str(one.text)) for one in checks().values()]


def _scenes() -> list[tuple[str, ...]]:
    from tanpuhui.conformance.scene import scenes  # loaded when asked for

    width = max(len(name) for name in scenes())
    return [(one.name.ljust(width), str(one.text)) for one in scenes().values()]


def _wide(text: str, characters: int) -> str:
    """A Chinese word padded with full-width blanks, so that columns stand straight."""
    return text.ljust(characters, "\u3000")
