"""The operations of an interface document, as the rooms look them up by id."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it is, what it takes and answers, and which requirements it serves."""

    operation_id: str
    method: str
    path: str
    summary: str
    requirements: tuple[str, ...]
    request_media_types: tuple[str, ...]
    statuses: tuple[int, ...]
    security: tuple[str, ...]
    scopes: tuple[str, ...]


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation of a document, in its order."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item[method], document)


def _operation(path: str, method: str, found: Mapping[str, Any], document: Mapping[str, Any]) -> Operation:
    security = found.get("security", document.get("security", []))
    ask = {name: scopes for alternative in security for name, scopes in alternative.items()}
    return Operation(
        operation_id=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["summary"],
        requirements=tuple(found["x-requirements"]),
        request_media_types=tuple(found.get("requestBody", {}).get("content", ())),
        statuses=tuple(int(status) for status in found["responses"]),
        security=tuple(ask),
        scopes=tuple(chain.from_iterable(ask.values())),
    )
