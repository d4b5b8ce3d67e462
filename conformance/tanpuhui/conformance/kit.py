"""What this kit is: one digest over the code of the judge, of its instrument and of the law's arithmetic."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_PACKAGES = ("tanpuhui.conformance", "tanpuhui.mock_platform", "tanpuhui.spec")


@cache
def kit_digest() -> str:
    """Changes with any byte of the code that a verdict depends on."""
    listing = hashlib.sha256()
    for package in _PACKAGES:
        for name, data in sorted(_sources(files(package), package)):
            listing.update(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())
    return "sha256:" + listing.hexdigest()


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        place = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, place)
        elif entry.name.endswith(".py"):
            yield place, entry.read_bytes()
