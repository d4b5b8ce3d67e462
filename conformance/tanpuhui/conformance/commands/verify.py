"""`tph verify`: judge a certificate and its evidence again, offline."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command()
@click.argument("certificate", type=_FILE)
@click.option(
    "--transcript",
    type=_FILE,
    metavar="FILE",
    help="运行记录，缺省在证书旁 / transcript, beside the certificate by default",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="所信任的公钥（PEM 或 JWK）/ the public key that you trust",
)
@click.pass_context
def verify(ctx: click.Context, certificate: Path, transcript: Path | None, key: Path | None) -> None:
    """离线核验证书：签名、证据、逐项复判 / Verify a certificate offline: signature, evidence, every verdict."""
    from datetime import UTC, datetime  # all of this is loaded when it is asked for

    from tanpuhui.conformance.certifying.signer import verifying_key
    from tanpuhui.conformance.certifying.verification import Kit, Presented, accepted
    from tanpuhui.conformance.certifying.verification import verify as examine
    from tanpuhui.conformance.kit import kit_digest
    from tanpuhui.spec.law import law_digest

    evidence = _evidence(transcript or certificate.with_name("transcript.jsonl"))
    presented = Presented(certificate.read_bytes(), evidence, verifying_key(key) if key else None)
    steps = examine(presented, Kit(law_digest(), kit_digest()), now=datetime.now(UTC))
    for step in steps:
        mark, colour = ("!", "yellow") if step.note else ("✔", "green") if step.ok else ("✘", "red")
        click.secho(f"{mark} {step.text}", fg=colour)
    good = accepted(steps)
    click.secho("认可 / accepted" if good else "不予认可 / refused", fg="green" if good else "red", bold=True)
    ctx.exit(0 if good else 1)


def _evidence(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(
            f"读不出运行记录 {path}（{error.strerror}）；用 --transcript 指定 / "
            f"cannot read the transcript; name it with --transcript"
        ) from error
