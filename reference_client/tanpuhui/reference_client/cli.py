"""`tph scenario`: the reference scenario at work, for developers and for tests."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import click

from tanpuhui.reference_client.report_command import report

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def scenario() -> None:
    """参考场景：提供接口、报送文件 / The reference scenario: serves its interface, reports files."""


scenario.add_command(report)


@scenario.command()
@click.option("--port", default=0, show_default=True, help="端口，0 为任选 / port, 0 picks one")
@click.option("--db", type=_FILE, help="SQLite 文件，缺省只在内存 / SQLite file, in memory by default")
@click.option("--key", type=_FILE, help="私钥文件，缺省自行生成 / private key, by default made up")
@click.option("--base-url", help="对外公布的基地址，缺省为本机地址 / public base, by default this machine")
@click.option("--testbed/--no-testbed", default=True, help="提供测试台（仅限测试环境） / offer the testbed")
@click.option(
    "--testbed-token-env", help="存放测试台口令的环境变量 / variable that holds the testbed's token"
)
def serve(port: int, db: Path | None, testbed_token_env: str | None, **options: Any) -> None:
    """运行参考场景，直到中断 / Serve the reference scenario until interrupted."""
    from tanpuhui.reference_client.calling.errors import ScenarioError
    from tanpuhui.reference_client.connecting import read_key  # costly to import
    from tanpuhui.reference_client.scenario import Scenario

    token = _token(testbed_token_env)
    try:
        key = read_key(options["key"]) if options["key"] else None
        with Scenario(str(db) if db else ":memory:", key=key) as found:
            _serve(found, port, token, options)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from None


@scenario.command("key")
@click.argument("file", type=_FILE)
def key_command(file: Path) -> None:
    """生成私钥文件并打印要登记的公钥 / Make a private key and print the public one to register."""
    from tanpuhui.reference_client.calling.errors import ScenarioError
    from tanpuhui.reference_client.connecting import make_key  # costly to import

    try:
        made = make_key(file)
    except ScenarioError as error:
        raise click.UsageError(str(error)) from None
    click.echo(json.dumps({"keys": [made.public_jwk()]}))


def _serve(found: Any, port: int, token: str | None, options: dict[str, Any]) -> None:
    from tanpuhui.reference_client.serving import ScenarioServer

    try:
        server = ScenarioServer(
            found,
            port,
            with_testbed=options["testbed"],
            testbed_token=token,
            base_url=options["base_url"],
        )
    except OSError:
        raise click.UsageError(f"端口 {port} 不可用 / port {port} is not available") from None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with server:
        click.echo(
            "参考场景已启动，只监听本机；按 Ctrl+C 停止 / The scenario is up, loopback only; Ctrl+C ends it"
        )
        click.echo("READY " + json.dumps({"base_url": server.base_url, "testbed_url": server.testbed_url}))
        stop.wait()


def _token(variable: str | None) -> str | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise click.UsageError(f"环境变量 {variable} 没有值 / variable {variable} is not set")
    return value
