"""What the scenario is made of; one that behaves otherwise replaces one part by a subclass."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.parts import ClientParts
from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.receiving.doorkeeper import Doorkeeper
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.recipes.bus import BusRecipe
from tanpuhui.reference_client.recipes.ev import EvRecipe
from tanpuhui.reference_client.recipes.home import HomeRecipe
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.recipes.rail import RailRecipe
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sending.registering import Registering
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sending.settling import Settling
from tanpuhui.reference_client.sending.uploading import Uploading
from tanpuhui.reference_client.sending.withholding import Withholding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.recipes.recipe import Recipe

_ALL: tuple[type[Recipe[Any]], ...] = (RailRecipe, BusRecipe, BikeRecipe, EvRecipe, HomeRecipe, PvRecipe)
RECIPES: Mapping[str, type[Recipe[Any]]] = MappingProxyType({recipe.scheme: recipe for recipe in _ALL})


@dataclass(frozen=True, slots=True)
class ScenarioParts:
    """The classes that make up a scenario, each with the methods that decide how it behaves."""

    client: ClientParts = field(default_factory=ClientParts)
    recipes: Mapping[str, type[Recipe[Any]]] = field(default_factory=lambda: RECIPES)
    composing: type[Composing] = Composing
    withholding: type[Withholding] = Withholding
    batching: type[Batching] = Batching
    uploading: type[Uploading] = Uploading
    settling: type[Settling] = Settling
    inbox: type[Inbox] = Inbox
    doorkeeper: type[Doorkeeper] = Doorkeeper
    registering: type[Registering] = Registering
    reporting: type[Reporting] = Reporting
    reception: type[Reception] = Reception
    reported: type[Reported] = Reported
