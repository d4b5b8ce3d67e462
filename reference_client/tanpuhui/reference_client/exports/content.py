"""What a file really is, whatever its name says: told by its first bytes, with what to do about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BEGINNING = 256
_BEFORE_TEXT = b"\xef\xbb\xbf \t\r\n"
_SHOWN = 16


@dataclass(frozen=True, slots=True)
class _Other:
    """Something that is no table of text, known by its first bytes."""

    begins: bytes
    name: Text
    action: Text


_SAVE = Text("在表格软件中另存为“CSV UTF-8”", "save it as “CSV UTF-8” in the spreadsheet program")
_UNPACK = Text("先解压", "unpack it first")
_EXPORT = Text("重新导出为 CSV 或 NDJSON", "export it again as CSV or NDJSON")
_NAMES = Text("第一行应是各不相同的列名", "the first line has to name the columns, each another name")
_OTHERS = (
    _Other(b"PK\x03\x04", Text("Excel 工作簿或 zip 压缩包", "an Excel workbook or a zip archive"), _SAVE),
    _Other(b"\xd0\xcf\x11\xe0", Text("Excel 97 工作簿", "an Excel 97 workbook"), _SAVE),
    _Other(b"\x1f\x8b", Text("gzip 压缩数据", "data compressed by gzip"), _UNPACK),
    _Other(b"\x28\xb5\x2f\xfd", Text("zstd 压缩数据", "data compressed by zstd"), _UNPACK),
    _Other(b"PAR1", Text("Parquet", "Parquet"), Text("用 --format parquet", "use --format parquet")),
    _Other(b"%PDF", Text("PDF", "a PDF"), _EXPORT),
    _Other(b"<", Text("网页或 XML", "a web page or XML"), _EXPORT),
    _Other(
        b"[",
        Text("JSON 数组", "a JSON array"),
        Text("改为每行一个对象的 NDJSON", "make it one object a line"),
    ),
    _Other(
        b"{",
        Text("JSON", "JSON"),
        Text("每行一个对象时用 --format ndjson", "use --format ndjson for one object a line"),
    ),
)


def require_text(path: Path, form: str) -> None:
    """Stops at an empty file, and at one that is something else than text in this format."""
    with path.open("rb") as file:
        begins = file.read(_BEGINNING)
    text = begins.lstrip(_BEFORE_TEXT)
    if not text:
        raise InvalidInput(
            Text(f"{path.name} 是空的", f"{path.name} is empty"),
            Text("重新导出；第一行应是列名", "export it again; the first line has to name the columns"),
            "IND-005",
        )
    for other in _OTHERS:
        if text.startswith(other.begins) and not (form == "ndjson" and other.begins == b"{"):
            raise InvalidInput(
                Text(
                    f"{path.name} 的内容是 {other.name.zh}，不是 {form.upper()}",
                    f"{path.name} holds {other.name.en}, not {form.upper()}",
                ),
                other.action,
                "IND-005",
            )


def require_header(columns: Sequence[str]) -> None:
    """Stops where the columns cannot be told apart; columns without a name are no matter."""
    again = [name for name, count in Counter(columns).items() if name and count > 1]
    if not any(columns):
        raise InvalidInput(Text("文件没有列名", "the file does not name its columns"), _NAMES, "IND-005")
    if again:
        shown = ", ".join(repr(name) for name in again[:_SHOWN])
        raise InvalidInput(
            Text(f"列名重复：{shown}", f"several columns are named {shown}"), _NAMES, "IND-005"
        )
    if any("\0" in name for name in columns):
        raise InvalidInput(
            Text(
                "列名中有 NUL 字符，文件像是 UTF-16 编码",
                "there are NULs in the header, as if it were UTF-16",
            ),
            Text(
                "用 --encoding utf-16-le 试读，或另存为 UTF-8",
                "try --encoding utf-16-le, or save it as UTF-8",
            ),
            "API-006",
        )
