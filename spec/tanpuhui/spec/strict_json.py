"""JSON without second meanings (API-006): what two readers could read differently is refused."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

from tanpuhui.spec.plain_json import LARGEST_INTEGER, Doubt, plain_text, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JsonErrorCode: TypeAlias = Literal["invalid-json", "limit-exceeded"]

_LONGEST_INTEGER = len(str(-LARGEST_INTEGER))
_LONGEST_FRACTION = 40
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")
_FRACTION = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTAINERS = (dict, list, tuple)


class StrictJsonError(ValueError):
    """不是严格的 JSON / Why bytes are refused; it never quotes them."""

    def __init__(self, code: JsonErrorCode, zh: str, en: str, offset: int | None = None) -> None:
        place_zh, place_en = (
            ("", "") if offset is None else (f"（第 {offset} 字节处）", f" (at byte {offset})")
        )
        super().__init__(f"{zh}{place_zh} / {en}{place_en}")
        self.code: JsonErrorCode = code
        self.zh = zh + place_zh
        self.en = en + place_en
        self.offset = offset


def parse_json(data: bytes, *, max_depth: int = 32, max_string: int = 1024) -> Any:
    """The value of strict JSON; whole numbers are int, fractions Decimal."""
    try:
        return plain_value(data, max_depth, max_string)
    except Doubt:
        return _parsed(data, max_depth, max_string)


def _parsed(data: bytes, max_depth: int, max_string: int) -> Any:
    """The value read with every rule in sight: whatever the quick way is not sure of."""
    text = _decoded(data)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode())
        raise StrictJsonError("invalid-json", "不是合法的 JSON", "not valid JSON", offset) from None
    except RecursionError:
        raise _too_deep(max_depth) from None
    for depth, level in enumerate(_levels(value), start=1):
        if depth > max_depth and any(isinstance(item, _CONTAINERS) for item in level):
            raise _too_deep(max_depth)
        _check_strings([item for item in level if isinstance(item, str)], max_string)
    return value


def dump_json(value: Any, *, fractions: bool = False) -> bytes:
    """Compact UTF-8; quantities travel as decimal strings, so fractions are refused unless asked for."""
    return _written(value, fractions=fractions, sort_keys=False)


def canonical_json(value: Any) -> bytes:
    """The one spelling of a value, with sorted keys, to compute digests over."""
    return _written(value, fractions=False, sort_keys=True)


def _decoded(data: bytes) -> str:
    if data.startswith(_BYTE_ORDER_MARKS):
        raise StrictJsonError("invalid-json", "不应有字节序标记", "a byte-order mark is not allowed", 0)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJsonError("invalid-json", "不是 UTF-8", "not UTF-8", error.start) from None


def _too_deep(max_depth: int) -> StrictJsonError:
    return StrictJsonError(
        "limit-exceeded", f"嵌套超过 {max_depth} 层", f"nested more than {max_depth} levels deep"
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("invalid-json", "对象中有重复的成员", "an object has duplicate members")
    return members


def _whole(text: str) -> int:
    if len(text) > _LONGEST_INTEGER or abs(value := int(text)) > LARGEST_INTEGER:
        raise StrictJsonError("invalid-json", "整数超出 ±(2^53-1)", "an integer is beyond ±(2^53-1)")
    return value


def _fraction(text: str) -> Decimal:
    if len(text) > _LONGEST_FRACTION or not _FRACTION.fullmatch(text) or math.isinf(float(text)):
        raise StrictJsonError(
            "invalid-json", "数超出双精度范围或过长", "a number is out of range or too long"
        )
    return Decimal(text)


def _refuse_constant(_: str) -> NoReturn:
    raise StrictJsonError("invalid-json", "不应有非有限数", "non-finite numbers are not allowed")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_whole, parse_float=_fraction, parse_constant=_refuse_constant
)


def _levels(value: Any) -> Iterator[list[Any]]:
    """What lies at each depth, from the value itself downwards; names of members lie beside their values."""
    level = [value]
    while level:
        yield level
        containers = [item for item in level if isinstance(item, _CONTAINERS)]
        level = [child for container in containers for child in _children(container)]


def _children(container: Any) -> Iterable[Any]:
    return (*container, *container.values()) if isinstance(container, dict) else container


def _check_strings(strings: list[str], max_string: int) -> None:
    if max(map(len, strings), default=0) > max_string:
        raise StrictJsonError(
            "limit-exceeded",
            f"字符串超过 {max_string} 个字符",
            f"a string is longer than {max_string} characters",
        )
    text = "".join(strings)
    if not text.isascii() and any(_SURROGATE.search(string) for string in strings):
        raise StrictJsonError("invalid-json", "字符串中有孤立的代理项", "a string has a lone surrogate")
    if "\0" in text:
        raise StrictJsonError("invalid-json", "字符串中有 U+0000", "a string has U+0000")


def _written(value: Any, *, fractions: bool, sort_keys: bool) -> bytes:
    try:
        return plain_text(value, sort_keys=sort_keys)
    except Doubt:
        return _spelt(value, fractions=fractions, sort_keys=sort_keys)


def _spelt(value: Any, *, fractions: bool, sort_keys: bool) -> bytes:
    text = json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=sort_keys,
        default=_refuse_quantity,
    )
    if not fractions:
        for level in _levels(value):
            if any(issubclass(kind, float) for kind in set(map(type, level))):
                _refuse_quantity(level)
    return text.encode("utf-8")


def _refuse_quantity(_: object) -> NoReturn:
    raise TypeError(
        "只可写字符串、整数和布尔值，量值写成十进制字符串 / write quantities as decimal strings (IND-001)"
    )
