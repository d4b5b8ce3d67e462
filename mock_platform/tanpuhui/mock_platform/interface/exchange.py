"""One request while it is served, with everything that was observed about it on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.state.faults import strike

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.operations import Operation
    from tanpuhui.mock_platform.interface.routing import Route
    from tanpuhui.mock_platform.state.faults import Fault
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.mock_platform.state.tokens import AccessToken
    from tanpuhui.spec.message import HttpRequest


@dataclass(slots=True)
class Exchange:
    """Arrival, address and findings of one request; it becomes an entry of the journal."""

    tenant: Tenant
    request: HttpRequest
    route: Route
    at: datetime
    request_id: str
    oversized: bool = False
    abandoned: bool = False
    claimed: bool = False
    faults_armed: bool = False
    token: AccessToken | None = None
    fault: Fault | None = None
    observed: dict[str, Any] = field(default_factory=dict)

    def struck(self, connection: Connection, kinds: frozenset[str]) -> Fault | None:
        """The fault of these kinds that strikes now; no exchange is struck twice."""
        if self.fault is not None or not self.faults_armed:
            return None
        self.fault = strike(connection, self.tenant.id, self.operation.id, kinds)
        return self.fault

    @property
    def operation(self) -> Operation:
        """The operation of a request that was admitted."""
        if self.route.operation is None:
            raise LookupError("only an admitted request has an operation")
        return self.route.operation

    @property
    def operation_id(self) -> str | None:
        """The operation's id, None where the address names none."""
        return self.route.operation.id if self.route.operation else None
