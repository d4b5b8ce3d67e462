"""What the scenario is made of; one that behaves otherwise replaces one part by a subclass."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.batching import Batching
from tanpuhui.reference_client.composing import Composing
from tanpuhui.reference_client.doorkeeper import Doorkeeper
from tanpuhui.reference_client.inbox import Inbox
from tanpuhui.reference_client.parts import ClientParts
from tanpuhui.reference_client.reception import Reception
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.reporting import Reporting
from tanpuhui.reference_client.settling import Settling
from tanpuhui.reference_client.withholding import Withholding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.recipes.recipe import Recipe

RECIPES: Mapping[str, type[Recipe[Any]]] = MappingProxyType({"PV": PvRecipe, "BIKE": BikeRecipe})


@dataclass(frozen=True, slots=True)
class ScenarioParts:
    """The classes that make up a scenario, each with the methods that decide how it behaves."""

    client: ClientParts = field(default_factory=ClientParts)
    recipes: Mapping[str, type[Recipe[Any]]] = field(default_factory=lambda: RECIPES)
    composing: type[Composing] = Composing
    withholding: type[Withholding] = Withholding
    batching: type[Batching] = Batching
    settling: type[Settling] = Settling
    inbox: type[Inbox] = Inbox
    doorkeeper: type[Doorkeeper] = Doorkeeper
    reporting: type[Reporting] = Reporting
    reception: type[Reception] = Reception
