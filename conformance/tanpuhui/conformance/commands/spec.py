"""`tph spec`: the law's own commands, and the matrix that ties it to checks and faults."""

from __future__ import annotations

import click

from tanpuhui.spec.cli import spec as of_the_law


@click.command()
def matrix() -> None:
    """要求 → 检查 → 缺陷的对照表（Markdown）/ Requirement → check → fault, as Markdown."""
    from tanpuhui.conformance.bank import faults_by_requirement  # loaded when asked for
    from tanpuhui.conformance.check import checks
    from tanpuhui.conformance.matrix import matrix as table
    from tanpuhui.spec.edition import current_edition
    from tanpuhui.spec.requirement import requirements

    law = requirements().values()
    click.echo(table(law, checks().values(), faults_by_requirement(), current_edition()), nl=False)


spec = click.Group("spec", commands={**of_the_law.commands, "matrix": matrix}, help=of_the_law.help)
