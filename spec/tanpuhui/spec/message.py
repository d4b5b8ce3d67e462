"""HTTP messages as plain values: what is signed, recorded and judged, without any HTTP library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Headers: TypeAlias = tuple[tuple[str, str], ...]
PIECE_BYTES = 256 * 1024
"""How much of a body in a file is held in memory at a time."""


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
    """One request as sent, its address absolute; a body too large for memory stays in a file that is not changed."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    body_file: Path | None = None

    @property
    def has_body(self) -> bool:
        """Whether there is anything to digest, wherever it is."""
        return bool(self.body) or self.body_file is not None

    def pieces(self) -> Iterator[bytes]:
        """The body from its beginning, one piece after the other."""
        return iter((self.body,)) if self.body_file is None else file_pieces(self.body_file)


@dataclass(frozen=True, slots=True)
class HttpResponse(_Fields):
    """One response as received."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def pieces(self) -> Iterator[bytes]:
        """The body as the only piece."""
        return iter((self.body,))


def file_pieces(path: Path) -> Iterator[bytes]:
    """What a file holds, without ever holding all of it."""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece
