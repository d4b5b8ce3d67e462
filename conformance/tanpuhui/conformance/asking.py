"""From the configuration file and the command line to what a run is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tanpuhui.conformance.config import DEFAULT_TOKEN_ENV, EXAMPLE, Settings
from tanpuhui.conformance.kit import kit_digest
from tanpuhui.conformance.plan import RunConfig, ScenarioClaims, Selection
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.truth.measured import MeasuredSeries
from tanpuhui.spec.edition import UnknownEdition, current_edition, edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DAY_SECONDS = 86_400
_COUNTS = ("faults", "caught", "unusual", "false_alarms")
DEFAULT_OUT = Path("tph-report")


_EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; what is None is left to the file."""

    edition: str | None = None
    seed: int | None = None
    out: Path | None = None
    scenario_url: str | None = None
    testbed_url: str | None = None
    name: str | None = None
    version: str | None = None
    schemes: tuple[str, ...] = ()
    measured: Path | None = None
    bank: Path | None = None
    selection: Selection = _EVERYTHING


@dataclass(frozen=True, slots=True)
class Chosen:
    """What neither file nor command line settles: fresh ids and seeds, and the environment."""

    new_id: Callable[[], str]
    new_seed: Callable[[], int]
    environment: Mapping[str, str]


def run_config(settings: Settings, asked: Asked, chosen: Chosen) -> RunConfig:
    """The run's configuration; the command line outranks the file, and what is missing is named at once."""
    testbed_url = asked.testbed_url or settings.get("testbed", "url")
    claims = _claims(settings, asked)
    _require_told(claims, testbed_url)
    return RunConfig(
        run_id=chosen.new_id(),
        edition=_edition(asked.edition or settings.get("", "edition")),
        seed=_seed(settings, asked, chosen),
        scenario=claims,
        testbed_url=_url("testbed.url", testbed_url),
        out_dir=asked.out or settings.path("", "out") or DEFAULT_OUT,
        testbed_token=chosen.environment.get(settings.get("testbed", "token_env") or DEFAULT_TOKEN_ENV)
        or None,
        control_url=settings.get("platform", "control_url"),
        selection=asked.selection,
        measured=_measured(settings, asked.measured),
        bank=_bank(asked.bank or settings.path("", "bank")),
    )


def _claims(settings: Settings, asked: Asked) -> ScenarioClaims:
    base_url = asked.scenario_url or settings.get("scenario", "base_url")
    return ScenarioClaims(
        name=asked.name or settings.get("scenario", "name") or "",
        version=asked.version or settings.get("scenario", "version") or "",
        schemes=asked.schemes or tuple(settings.get("scenario", "schemes") or ()),
        base_url=_url("scenario.base_url", base_url) if base_url else None,
        uploads=bool(settings.get("scenario", "uploads")),
    )


def _require_told(claims: ScenarioClaims, testbed_url: str | None) -> None:
    told = {
        "testbed.url": testbed_url,
        "scenario.name": claims.name,
        "scenario.version": claims.version,
        "scenario.schemes": claims.schemes,
    }
    missing = [name for name, value in told.items() if not value]
    if missing:
        raise Trouble(
            f"配置不完整，缺少 {'、'.join(missing)}",
            f"the configuration lacks {', '.join(missing)}",
            f"写入 tph.toml，例如：\n{EXAMPLE}",
            "put it into tph.toml as above, or on the command line",
        )


def _edition(name: str | None) -> str:
    try:
        return edition(name).name if name else current_edition().name
    except UnknownEdition as error:
        zh, _, en = str(error).partition(" / ")
        raise Trouble(zh, en, "改用可选的版本", "use one of the known editions") from error


def _seed(settings: Settings, asked: Asked, chosen: Chosen) -> int:
    told = asked.seed if asked.seed is not None else settings.get("", "seed")
    return int(told) if told is not None else chosen.new_seed()


def _url(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise Trouble(
            f"{name} 不是 http(s) 地址",
            f"{name} is no http(s) address",
            f'写成 {name} = "http://主机:端口/路径"',
            f'write {name} = "http://host:port/path"',
        )
    return url.rstrip("/")


def _measured(settings: Settings, path: Path | None) -> MeasuredSeries | None:
    path = path or settings.path("measured", "path")
    if path is None:
        return None
    told = {key: value for key, value in settings.tables.get("measured", {}).items() if key != "path"}
    missing = [key for key in ("capacity_kw", "grid_connected_on", "interval_seconds") if key not in told]
    if missing:
        raise Trouble(
            f"实测数据缺少说明：[measured] 中没有 {'、'.join(missing)}",
            f"the measured series is not described: [measured] lacks {', '.join(missing)}",
            "在 tph.toml 的 [measured] 中写明装机容量、并网日期和采样间隔",
            "state capacity, date of grid connection and interval in [measured] of tph.toml",
        )
    _require_readable(path)
    _require_sensible(told)
    interval = int(told.pop("interval_seconds"))
    return MeasuredSeries(path=path, interval_seconds=interval, **{key: str(it) for key, it in told.items()})


def _require_sensible(told: Mapping[str, Any]) -> None:
    interval = told["interval_seconds"]
    wrong = "interval_seconds" if interval <= 0 or _DAY_SECONDS % interval else ""
    if not _is_date(told["grid_connected_on"]):
        wrong = "grid_connected_on"
    if Decimal(str(told["capacity_kw"])) <= 0:
        wrong = "capacity_kw"
    if wrong:
        raise Trouble(
            f"[measured] 的 {wrong} 不可用",
            f"{wrong} in [measured] cannot be used",
            "容量应为正数；日期写成 2016-07-01；采样间隔为整除一日的秒数，如 900",
            "a positive capacity; dates as 2016-07-01; an interval in seconds that divides a day, such as 900",
        )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _require_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise Trouble(
            f"读不出实测数据文件 {path}（{error.strerror}）",
            f"cannot read the measured series {path} ({error.strerror})",
            "检查 --measured 或 [measured] path",
            "check --measured or [measured] path",
        ) from error


def _bank(path: Path | None) -> Mapping[str, Any] | None:
    """The figures that `tph bank` wrote with this very kit, None where none are named."""
    if path is None:
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        figures = {"digest": str(told["digest"]), **{name: int(told[name]) for name in _COUNTS}}
        survivors, measured_with = [str(name) for name in told["survivors"]], told["kit"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_figures(path, "读不出", "cannot read") from error
    if measured_with != kit_digest():
        raise _no_figures(path, "不是本工具测得：", "another kit measured")
    return {**figures, "survivors": survivors}


def _no_figures(path: Path, zh: str, en: str) -> Trouble:
    return Trouble(
        f"{zh}缺陷库结果 {path}",
        f"{en} the figures of the fault bank in {path}",
        "用 tph bank --out 重新生成",
        "make them anew with tph bank --out",
    )
