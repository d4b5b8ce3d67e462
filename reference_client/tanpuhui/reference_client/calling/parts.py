"""What the client is made of; whoever wants one part to behave otherwise replaces that part alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.conversation import Conversation
from tanpuhui.reference_client.calling.credentials import Credentials
from tanpuhui.reference_client.calling.operations import Operations
from tanpuhui.reference_client.calling.party import Party
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.calling.surroundings import Surroundings

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.identity import Identity


@dataclass(frozen=True, slots=True)
class ClientParts:
    """The classes that make up a client."""

    patience: type[Patience] = Patience
    credentials: type[Credentials] = Credentials
    sealing: type[Sealing] = Sealing
    conversation: type[Conversation] = Conversation
    operations: type[Operations] = Operations


def operations_of(
    identity: Identity,
    *,
    parts: ClientParts | None = None,
    around: Surroundings | None = None,
    attempts_max: int | None = None,
) -> Operations:
    """A client's protocol, put together."""
    parts, around = parts or ClientParts(), around or Surroundings()
    party = Party(
        identity=identity,
        around=around,
        credentials=parts.credentials(identity, around.chance),
        sealing=parts.sealing(identity.key, around.chance),
        patience=parts.patience(around.chance.share),
        attempts_max=attempts_max,
    )
    return parts.operations(parts.conversation(party))
