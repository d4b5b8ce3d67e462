"""HTTP messages as plain values: what is signed, recorded and judged, without any HTTP library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers: TypeAlias = tuple[tuple[str, str], ...]


class RepeatedField(ValueError):
    """字段重复 / A single-valued field came more than once: no reader may choose one of them."""

    def __init__(self, name: str) -> None:
        super().__init__(f"字段“{name}”出现多次 / field {name!r} occurs more than once")
        self.name = name


def headers_of(pairs: Iterable[tuple[str, str]]) -> Headers:
    """Fields with lower-case names in their original order."""
    return tuple((name.lower(), value) for name, value in pairs)


class _Fields:
    """Reading and extending fields, the same for requests and responses."""

    __slots__ = ()
    headers: Headers

    def header(self, name: str) -> str | None:
        """The only value of a field, None where it is absent; a repeated field is refused."""
        values = self.header_values(name)
        if len(values) > 1:
            raise RepeatedField(name.lower())
        return values[0] if values else None

    def header_values(self, name: str) -> tuple[str, ...]:
        """Every value of a field in order."""
        wanted = name.lower()
        return tuple(value for present, value in self.headers if present == wanted)

    def with_headers(self, extra: Iterable[tuple[str, str]]) -> Self:
        """The same message with fields added at the end."""
        return replace(self, headers=self.headers + headers_of(extra))  # type: ignore[type-var]

    def without_headers(self, *names: str) -> Self:
        """The same message without the named fields."""
        gone = {name.lower() for name in names}
        kept = tuple(field for field in self.headers if field[0] not in gone)
        return replace(self, headers=kept)  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class HttpRequest(_Fields):
    """One request as sent, its address absolute."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse(_Fields):
    """One response as received."""

    status: int
    headers: Headers = ()
    body: bytes = b""
