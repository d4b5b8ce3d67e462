"""The one door to the bank: faulty scenarios, correct but unusual ones, and the reference itself, each ready to be judged."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, new_class
from typing import TYPE_CHECKING, Any, TypeVar

from tanpuhui.reference_client import rewriting, sins, unusual, witness
from tanpuhui.reference_client.calling.clock import PlatformClock
from tanpuhui.reference_client.calling.surroundings import Surroundings
from tanpuhui.reference_client.recipes.recipe import Recipe
from tanpuhui.reference_client.scenario import Scenario
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.serving import ScenarioServer
from tanpuhui.reference_client.sins.sin import Sin
from tanpuhui.reference_client.sins.sin import registered as registered_sins
from tanpuhui.reference_client.unusual.unusual import Unusual
from tanpuhui.reference_client.unusual.unusual import registered as registered_unusual
from tanpuhui.reference_client.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["SINS", "UNUSUAL", "Served", "Sin", "Unusual", "serving", "source_digest"]

W = TypeVar("W")
_SHELVES = (sins, unusual)


def _shelved() -> None:
    for shelf in _SHELVES:
        for module in iter_modules(shelf.__path__, f"{shelf.__name__}."):
            import_module(module.name)


_shelved()
SINS: Mapping[str, Sin] = MappingProxyType(registered_sins())
UNUSUAL: Mapping[str, Unusual] = MappingProxyType(registered_unusual())


@dataclass(frozen=True, slots=True)
class Served:
    """A scenario that listens on loopback; `fired` tells how often it acted otherwise than the reference."""

    base_url: str
    testbed_url: str
    testbed_token: str
    fired: Callable[[], int]


@contextmanager
def serving(name: str | None = None) -> Iterator[Served]:
    """The named scenario, or the reference itself, with a database of its own in memory."""
    kept: Mapping[str, Sin | Unusual] = {**SINS, **UNUSUAL}
    part = kept[name].part if name else None
    with serving_part(part) as served:
        yield served


@contextmanager
def serving_part(part: type[Any] | None) -> Iterator[Served]:
    """The reference scenario with one part in place of its own."""
    observer, token = Witness(), secrets.token_hex(16)
    parts, around = ScenarioParts(), Surroundings()
    if part is not None:
        bound = new_class(part.__name__, (part,), exec_body=lambda names: names.update(witness=observer))
        parts, around = _fitted(bound, parts, around)
    with (
        Scenario(parts=parts, around=around) as scenario,
        ScenarioServer(scenario, testbed_token=token) as server,
    ):
        yield Served(server.base_url, str(server.testbed_url), token, lambda: observer.count)


def source_digest() -> str:
    """Of every line that makes the bank what it is."""
    own = [Path(module) for module in (__file__, rewriting.__file__, witness.__file__)]
    shelved = (Path(place) for shelf in _SHELVES for place in shelf.__path__)
    digest = hashlib.sha256()
    for file in (*own, *(file for folder in shelved for file in sorted(folder.glob("*.py")))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"sha256:{digest.hexdigest()}"


def _fitted(
    part: type[Any], parts: ScenarioParts, around: Surroundings
) -> tuple[ScenarioParts, Surroundings]:
    """The scenario with the part in the place of what it was made from."""
    if issubclass(part, PlatformClock):
        return parts, replace(around, clock=part())
    if issubclass(part, Recipe):
        return replace(parts, recipes={**parts.recipes, part.scheme: part}), around
    client = _exchanged(parts.client, part)
    return replace(_exchanged(parts, part), client=client), around


def _exchanged(whole: W, part: type[Any]) -> W:
    for field in fields(whole):  # type: ignore[arg-type] # both wholes are dataclasses
        usual = getattr(whole, field.name)
        if isinstance(usual, type) and issubclass(part, usual):
            return replace(whole, **{field.name: part})  # type: ignore[type-var]
    return whole
