"""Commands on the law itself."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(name="spec")
def spec() -> None:
    """规范：自查与导出 / The law: check it, export it."""


@spec.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def lint(folder: Path | None) -> None:
    """自查规范（或 FOLDER 处的副本）是否一致 / Check that the law holds together."""
    from tanpuhui.spec.lint import law_texts  # loaded when asked for
    from tanpuhui.spec.lint import lint as faults_of

    texts = law_texts(folder)
    if not any(name.startswith("text/") for name in texts):
        raise click.UsageError(
            f"{folder} 下没有规范，应含 text 和 editions；请指向规范所在的文件夹 / "
            "no law below it; point at the folder that holds text and editions"
        )
    faults = faults_of(texts)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"规范有 {len(faults)} 处问题 / the law has {len(faults)} faults", err=True)
        raise SystemExit(1)
    click.echo(_summary(texts))


def _summary(texts: dict[str, str]) -> str:
    from tanpuhui.spec.requirement import read_requirements

    count = len(read_requirements(texts))
    return (
        f"规范一致：{count} 条要求，{len(texts)} 个文件 / "
        f"the law holds together: {count} requirements, {len(texts)} files"
    )


@spec.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def bundle(folder: Path) -> None:
    """导出自足的接口文档、记录结构和要求清单到 FOLDER / Export documents that other tools read."""
    from tanpuhui.spec.export import export_files  # loaded when asked for

    for name, content in export_files().items():
        _write(folder / name, content)
        click.echo(str(folder / name))


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            f"写不进 {path}（{error.strerror}）；请换一个文件夹 / cannot write there; choose another folder"
        ) from error
