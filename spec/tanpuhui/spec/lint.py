"""The law's own tests: its text, translation, data and editions hold together, or the faults are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.spec._fault import Fault, LawText
from tanpuhui.spec._lint_edition import edition_faults, editions
from tanpuhui.spec._lint_pair import number_faults, pair_faults, unique_faults
from tanpuhui.spec._lint_reference import citation_faults, encoding_faults, field_faults
from tanpuhui.spec._lint_sentence import heading_faults, hidden_faults, sentence_faults
from tanpuhui.spec.law import PARTS, law_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Fault", "law_texts", "lint"]

_READ = (".md", ".yaml")


def law_texts(root: Path | None = None) -> dict[str, str]:
    """The text and data files of the law by name: of the law in force, or of a copy below a folder."""
    files = law_files() if root is None else _files_below(root)
    return {name: data.decode(errors="replace") for name, data in files if name.endswith(_READ)}


def lint(texts: Mapping[str, str] | None = None) -> list[Fault]:
    """Every fault of the law, or of the texts given; none means that the law holds together."""
    law = LawText(law_texts() if texts is None else texts)
    found, faults = editions(law)
    retired = frozenset().union(*(edition.retired for edition in found.values()))
    for rule in (heading_faults, sentence_faults, hidden_faults, unique_faults, pair_faults):
        faults.extend(rule(law))
    faults.extend(number_faults(law, retired))
    for rule in (encoding_faults, citation_faults, field_faults):
        faults.extend(rule(law))
    faults.extend(edition_faults(law, found))
    return faults


def _files_below(root: Path) -> list[tuple[str, bytes]]:
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    named = [(path.relative_to(root).as_posix(), path) for path in paths]
    return [(name, path.read_bytes()) for name, path in named if name.split("/", 1)[0] in PARTS]
