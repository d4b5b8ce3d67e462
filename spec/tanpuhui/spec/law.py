"""Finds the law's own files, in a checkout or in an installed wheel, so that no room types a rule twice."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS = (
    "text",
    "openapi",
    "editions",
    "indicators",
    "methodologies",
    "quality",
    "vectors",
    "problems.yaml",
    "limits.yaml",
    "events.yaml",
    "privacy.yaml",
)


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C loader where built
    """YAML without silent overwriting: a rule that is written twice is a mistake in the law."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value]
        repeated = {key for key in keys if keys.count(key) > 1}
        if repeated:
            raise yaml.constructor.ConstructorError(
                problem=f"repeated keys {sorted(repeated)}", problem_mark=node.start_mark
            )
        return dict(super().construct_mapping(node, deep=deep))


@cache
def _root() -> Path:
    here = Path(__file__).resolve()
    carried = here.parent / "law"
    return carried if carried.is_dir() else here.parents[2]


def law_text(rel: str) -> str:
    """The text of one file of the law, named relative to the law's folder."""
    return (_root() / rel).read_text(encoding="utf-8")


@cache
def law_yaml(rel: str) -> Any:
    """One YAML file of the law, parsed once; the result is shared and not to be changed."""
    return parse_yaml(law_text(rel))


def parse_yaml(text: str) -> Any:
    """The value of safe YAML in which no key occurs twice."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  # a subclass of the safe loader


def law_files() -> list[tuple[str, bytes]]:
    """Every file of the law with its bytes, in the order of their names."""
    root = _root()
    found = [path for part in PARTS for path in _files_below(root / part)]
    return sorted((path.relative_to(root).as_posix(), path.read_bytes()) for path in found)


def _files_below(place: Path) -> list[Path]:
    candidates = [place] if place.is_file() else list(place.rglob("*"))
    return [path for path in candidates if path.is_file() and not path.name.startswith(".")]


def law_names(part: str) -> list[str]:
    """The names of the files in one folder of the law, in order."""
    return sorted(path.relative_to(_root()).as_posix() for path in _files_below(_root() / part))


@cache
def law_digest() -> str:
    """One figure that changes with any byte of the law."""
    return digest_of(law_files())


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """The digest of the files' `sha256sum` listing, so that a person can compute it with a shell."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files)
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()
