"""Chance that repeats: everything invented in a run follows from its seed, on every machine and in every order."""

from __future__ import annotations

import hashlib
import string
from random import Random

_LETTERS = string.ascii_letters


def chance(seed: int, name: str) -> Random:
    """A generator of its own for each name, so that one scene's drawings never shift another's."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return Random(int.from_bytes(digest[:16]))  # noqa: S311  # invented data, no secrets  # invented data, no secrets


def token(rng: Random, length: int) -> str:
    """Random letters and no digits, so that no identifier looks like a phone number."""
    return "".join(rng.choice(_LETTERS) for _ in range(length))
