"""Front door to the interface documents: self-contained OpenAPI 3.1 for platform, scenario and testbed."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any, Literal, get_args

from tanpuhui.spec._bundle import bundled
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.operation import Operation, operations

__all__ = ["DocumentName", "Operation", "document", "document_names", "operations"]

DocumentName = Literal["platform", "scenario", "testbed"]


def document_names() -> tuple[DocumentName, ...]:
    """The documents that the law has."""
    return get_args(DocumentName)


def document(name: DocumentName) -> dict[str, Any]:
    """The interface document of that name; the copy is the caller's to change."""
    return deepcopy(_document(name))


@cache
def _document(name: DocumentName) -> dict[str, Any]:
    shared = law_yaml("openapi/components.yaml")["components"]
    return bundled(law_yaml(f"openapi/{name}.yaml"), shared)
