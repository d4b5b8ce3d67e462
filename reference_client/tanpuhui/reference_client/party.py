"""Everything that one side of the conversation brings along, made once and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanpuhui.reference_client.credentials import Credentials
    from tanpuhui.reference_client.identity import Identity
    from tanpuhui.reference_client.patience import Patience
    from tanpuhui.reference_client.sealing import Sealing
    from tanpuhui.reference_client.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks, in which surroundings, with which credentials, seal and patience."""

    identity: Identity
    around: Surroundings
    credentials: Credentials
    sealing: Sealing
    patience: Patience
    attempts_max: int | None = None
