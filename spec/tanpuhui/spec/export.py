"""The law as files that other tools read: self-contained interface documents, record schema, requirements."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.document import document, document_names
from tanpuhui.spec.edition import Edition, current_edition
from tanpuhui.spec.indicator import record_schema
from tanpuhui.spec.law import law_digest
from tanpuhui.spec.requirement import Requirement, requirements

if TYPE_CHECKING:
    from collections.abc import Mapping


def export_files() -> Mapping[str, bytes]:
    """The files by name; they are derived from the law and say by its digest from which one."""
    files: dict[str, object] = {f"openapi/{name}.json": document(name) for name in document_names()}
    files["record.schema.json"] = record_schema()
    files["requirements.json"] = requirement_table()
    return {name: _json(content) for name, content in files.items()}


def requirement_table() -> dict[str, Any]:
    """Edition, digest of the law, and every requirement with whether it counts."""
    edition = current_edition()
    listed = [_row(requirement, edition) for requirement in requirements().values()]
    return {
        "edition": edition.name,
        "status": edition.status,
        "law_digest": law_digest(),
        "requirements": listed,
    }


def _row(requirement: Requirement, edition: Edition) -> dict[str, Any]:
    scored = requirement.id in edition.scored
    return asdict(requirement) | {
        "scored": scored,
        "not_scored_reason": edition.not_scored.get(requirement.id),
    }


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
