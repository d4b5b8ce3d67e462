"""What an operation is given: an admitted request, a transaction and the tenant's time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.state.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one operation."""

    connection: Connection
    exchange: Exchange
    now: datetime
    new_id: Callable[[], str]
    parameters: Mapping[str, Any]
    body: Any
    forethought: Any = None

    @property
    def tenant(self) -> Tenant:
        """Whose platform is called."""
        return self.exchange.tenant
