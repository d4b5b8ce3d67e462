"""`tph.toml`, the capability file of a scenario, read strictly: a slip is named with line and suggestion."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tanpuhui.conformance.trouble import Trouble

DEFAULT_FILE = "tph.toml"
DEFAULT_TOKEN_ENV = "TPH_TESTBED_TOKEN"  # noqa: S105  # the name of a variable
EXAMPLE = """\
[scenario]
name = "示例分布式光伏"
version = "1.0.0"
schemes = ["PV"]
uploads = false
base_url = "http://127.0.0.1:8081"

[testbed]
url = "http://127.0.0.1:8081/testbed"
"""
_TEXT, _WHOLE, _NUMBER, _LIST = "文本 text", "整数 whole number", "数 number", "文本列表 list of texts"
_FLAG = "真假值 boolean"
_KEYS: Mapping[str, Mapping[str, str]] = {
    "": {"edition": _TEXT, "seed": _WHOLE, "out": _TEXT, "bank": _TEXT},
    "scenario": {"name": _TEXT, "version": _TEXT, "schemes": _LIST, "base_url": _TEXT, "uploads": _FLAG},
    "testbed": {"url": _TEXT, "token_env": _TEXT},
    "platform": {"control_url": _TEXT},
    "measured": {
        "path": _TEXT,
        "capacity_kw": _NUMBER,
        "grid_connected_on": _TEXT,
        "interval_seconds": _WHOLE,
        "time_column": _TEXT,
        "power_column": _TEXT,
        "watts_per_unit": _NUMBER,
        "utc_offset_hours": _NUMBER,
    },
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says: table by table, and where it lies, because its paths are relative to it."""

    folder: Path = Path()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, table: str, key: str) -> Any:
        """A setting, None where the file is silent."""
        return self.tables.get(table, {}).get(key)

    def path(self, table: str, key: str) -> Path | None:
        """A setting that names a file."""
        text = self.get(table, key)
        return self.folder / text if text is not None else None


def read_settings(path: Path | None) -> Settings:
    """The named file; without a name the usual one if it is there."""
    if path is None:
        usual = Path(DEFAULT_FILE)
        return read_settings(usual) if usual.is_file() else Settings()
    text = _text(path)
    try:
        document = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise Trouble(
            f"{path} 不是有效的 TOML：{error}",
            f"{path} is no valid TOML: {error}",
            '修正该行；文本要加引号，例如 name = "…"',
            'fix that line; texts are quoted, as in name = "…"',
        ) from error
    return Settings(path.parent, _tables(path, text, document))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise Trouble(
            f"读不出配置文件 {path}（{why}）",
            f"cannot read the configuration {path} ({why})",
            f"检查路径，或新建 {DEFAULT_FILE}，例如：\n{EXAMPLE}",
            f"check the path, or make a {DEFAULT_FILE} like the one above",
        ) from error


def _tables(path: Path, text: str, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    place = _Place(path, text)
    top = {key: value for key, value in document.items() if not isinstance(value, Mapping)}
    tables = {"": top, **{key: dict(value) for key, value in document.items() if isinstance(value, Mapping)}}
    for table, entries in tables.items():
        if table not in _KEYS:
            raise place.unknown(table, (*_KEYS, *_KEYS[""]), place.line_of_table(table))
        for key, value in entries.items():
            _check(place, table, key, value)
    return tables


def _check(place: _Place, table: str, key: str, value: Any) -> None:
    line = place.line_of_key(table, key)
    if (table, key) == ("testbed", "token"):
        raise place.token_in_file(line)
    if key not in _KEYS[table]:
        raise place.unknown(
            key, tuple(_KEYS[table]) + tuple(name for name in _KEYS if name and not table), line
        )
    if not _is(_KEYS[table][key], value):
        raise place.wrong_kind(key, _KEYS[table][key], line)


def _is(kind: str, value: Any) -> bool:
    if kind == _WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == _NUMBER:
        return (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, str) and bool(_DECIMAL.fullmatch(value))
        )
    if kind == _FLAG:
        return isinstance(value, bool)
    if kind == _LIST:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str) and bool(value.strip())


_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class _Place:
    """The file as written, to name the line of a slip; values are never quoted."""

    path: Path
    text: str

    def line_of_table(self, table: str) -> int:
        return self._first(rf"^\s*\[\s*{re.escape(table)}\s*[\].]", 0)

    def line_of_key(self, table: str, key: str) -> int:
        return self._first(
            rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", self.line_of_table(table) if table else 0
        )

    def _first(self, pattern: str, after: int) -> int:
        lines = self.text.splitlines()
        return next(
            (number for number, line in enumerate(lines, 1) if number > after and re.match(pattern, line)),
            after or 1,
        )

    def unknown(self, name: str, known: tuple[str, ...], line: int) -> Trouble:
        near = get_close_matches(name, [one for one in known if one], n=1)
        choices = "、".join(one for one in known if one)
        zh, en = (
            (f"是否想写 {near[0]}？", f"did you mean {near[0]}?")
            if near
            else (f"可用：{choices}", f"known: {choices}")
        )
        return Trouble(
            f"{self.path} 第 {line} 行：不认识 {name}", f"{self.path} line {line}: unknown {name}", zh, en
        )

    def wrong_kind(self, key: str, kind: str, line: int) -> Trouble:
        zh, en = kind.split(" ", 1)
        return Trouble(
            f"{self.path} 第 {line} 行：{key} 应为{zh}",
            f"{self.path} line {line}: {key} should be a {en}",
            "修正该行",
            "fix that line",
        )

    def token_in_file(self, line: int) -> Trouble:
        return Trouble(
            f"{self.path} 第 {line} 行：令牌不应写在文件里",
            f"{self.path} line {line}: a token does not belong in a file",
            f"删去该行，用环境变量 {DEFAULT_TOKEN_ENV} 传递（或以 token_env 指定变量名）",
            f"delete it; pass the token in the variable {DEFAULT_TOKEN_ENV} (or name another by token_env)",
        )
