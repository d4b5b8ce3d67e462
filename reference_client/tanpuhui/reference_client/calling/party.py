"""Everything that one side of the conversation brings along, made once and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.credentials import Credentials
    from tanpuhui.reference_client.calling.identity import Identity
    from tanpuhui.reference_client.calling.patience import Patience
    from tanpuhui.reference_client.calling.sealing import Sealing
    from tanpuhui.reference_client.calling.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks, in which surroundings, with which credentials, seal and patience."""

    identity: Identity
    around: Surroundings
    credentials: Credentials
    sealing: Sealing
    patience: Patience
    attempts_max: int | None = None
