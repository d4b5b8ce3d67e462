"""`tph mock`: the platform in the foreground, for developers who build against it."""

from __future__ import annotations

import json
import signal
import threading

import click

BANNER = """碳普惠平台（模拟）已启动。只用于开发和测试，不用于生产；只监听本机。
Mock carbon-inclusion platform. For development and tests only, not for production; loopback only.

  平台 / platform   {url}/t/<租户 tenant>
  控制 / control    {control_url}
  数据 / database   {db}

  新建租户 / create a tenant:
    curl -s {control_url}/tenants -H 'content-type: application/json' \\
      -d '{{"scenario":{{"scenario_id":"scn-demo","client_id":"demo","name":"demo","schemes":["PV"]}}}}'

  按 Ctrl+C 停止 / press Ctrl+C to stop"""


@click.command("mock")
@click.option(
    "--port", default=8800, show_default=True, help="平台端口，0 为任选 / port of the platform, 0 picks one"
)
@click.option(
    "--control-port",
    default=8801,
    show_default=True,
    help="控制端口，0 为任选 / port of the control interface, 0 picks one",
)
@click.option(
    "--db",
    type=click.Path(dir_okay=False),
    default=None,
    help="SQLite 文件或 postgresql://…；缺省只在内存 / SQLite file or postgresql://…; in memory by default",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="工作进程数，多于一个需要 PostgreSQL / worker processes; more than one need PostgreSQL",
)
def mock(port: int, control_port: int, db: str | None, workers: int) -> None:
    """启动模拟平台 / Start the mock platform."""
    from tanpuhui.mock_platform.serving import PlatformServer, settled_memory  # heavy: only when it runs
    from tanpuhui.mock_platform.state.database import is_shared, shown
    from tanpuhui.mock_platform.state.place import PlaceLost
    from tanpuhui.mock_platform.state.store import StoreUnavailable
    from tanpuhui.mock_platform.workers import Workers

    if workers > 1 and not is_shared(db):
        raise click.UsageError(
            "多个工作进程需要 --db postgresql://…；SQLite 只能由一个进程使用"
            " / several workers need --db postgresql://…; SQLite serves one process only"
        )
    stop = threading.Event()
    try:
        if db is None or workers == 1:
            server: PlatformServer | Workers = PlatformServer(db, port, control_port, ousted=stop.set)
        else:
            server = Workers(db, port, control_port, workers, ousted=stop.set)
    except StoreUnavailable as error:
        raise click.ClickException(str(error)) from None
    except OSError:
        raise click.ClickException(
            f"端口 {port} 或 {control_port} 已被占用；用 --port 0 --control-port 0 任选"
            f" / port {port} or {control_port} is in use; pick any with --port 0 --control-port 0"
        ) from None
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with server, settled_memory():
            click.echo(
                BANNER.format(
                    url=server.url, control_url=server.control_url, db=shown(db) if db else "内存 / memory"
                )
            )
            click.echo("READY " + json.dumps({"url": server.url, "control_url": server.control_url}))
            stop.wait()
    except PlaceLost as error:
        raise click.ClickException(str(error)) from None
