"""少见的接收方式 / Unusual ways of receiving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.waiting import Waiter
from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

SLOW_SECONDS = 0.3


@keeps_the_law_in("unknown_members", "link_changes", "event_order", "event_attacks")
class TakesItsTimeWithinBounds(Witnessed, Inbox):
    """确认连通事件得慢，但在时限之内 / Acknowledges events about links slowly, yet in time."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        self.fired()
        super().apply_link(connection, event)
        Waiter()(SLOW_SECONDS)


@keeps_the_law_in("health", "server_contract")
class SaysMoreOfItsHealth(Witnessed, Reception):
    """健康检查多说几项 / Says more of its health than it must."""

    def health_members(self, scenario_id: str, condition: str) -> dict[str, Any]:
        self.fired()
        return super().health_members(scenario_id, condition) | {"region": "shanghai", "queue": 0}
