"""The parts of a running platform, put together once and handed to whoever needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.bell import Bell
from tanpuhui.mock_platform.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.mock_platform.service import Service
    from tanpuhui.mock_platform.store import Store
    from tanpuhui.mock_platform.tenants import Tenants


@dataclass(frozen=True, slots=True)
class Platform:
    """Store, tenants and service, and the bells that tell of new entries and new deliveries."""

    store: Store
    tenants: Tenants
    service: Service
    new_id: Callable[[], str]
    wire: Wire = field(default_factory=Wire)
    entries: Bell = field(default_factory=Bell)
    deliveries: Bell = field(default_factory=Bell)
