"""The reference scenario: load activities, report them, heed the platform's events, survive a crash.

    with Scenario("outbox.db") as scenario:
        scenario.connect(Setup(Identity(discovery_url, client_id, scenario.key), scenario_id))
        scenario.load(activities)
        scenario.report()
        scenario.wait_idle(60)

A process that is killed at any point is started again with the same file and goes on by itself.
"""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from tanpuhui.reference_client.activity import required_activities
from tanpuhui.reference_client.calling.errors import Misconfigured, Text
from tanpuhui.reference_client.calling.identity import Identity
from tanpuhui.reference_client.calling.surroundings import Known, Surroundings
from tanpuhui.reference_client.keeping.store import Store
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.sending.reporting import BY_BATCHES
from tanpuhui.reference_client.session import Session, Setup
from tanpuhui.reference_client.status import nothing_yet
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from tanpuhui.reference_client.status import Status

__all__ = ["Identity", "Scenario", "Session", "Setup", "Surroundings"]

_KEY, _DISCOVERY, _CLIENT, _SCENARIO = "key", "discovery-url", "client-id", "scenario-id"


class Scenario:
    """One database, one key, and at any time one platform."""

    def __init__(
        self,
        path: str = ":memory:",
        *,
        key: SigningKey | None = None,
        parts: ScenarioParts | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self._path, self._parts = path, parts or ScenarioParts()
        self._around = around or Surroundings()
        self._lock = RLock()
        self._store = Store(path)
        self.key = key or self._kept_key() or SigningKey.generate()
        self._keep_key()
        self.session = self._resumed()

    def connect(self, setup: Setup) -> None:
        """Works with that platform from now on, going on where the same connection was left."""
        with self._lock:
            known = self._kept_setup()
            if known is not None and _named(known) != _named(setup):
                raise Misconfigured(
                    Text(
                        "该数据库属于另一个平台或客户端", "the database belongs to another platform or client"
                    ),
                    Text("换一个 --db 文件，或先重置", "take another --db file, or reset first"),
                    "WRT-001",
                )
            if self.session is None:
                self._keep_setup(setup)
                self.session = self._session(setup)

    def reset(self, setup: Setup) -> None:
        """Forgets everything but the key, and works with that platform; nothing is sent yet."""
        with self._lock:
            self._end()
            self._store = Store(self._path)
            self._store.forget()
            self._keep_key()
            self._keep_setup(setup)
            self.session = self._session(setup)

    def load(self, activities: Iterable[Mapping[str, Any]]) -> None:
        """Takes in what the business system holds, all of it or, where something is malformed, nothing."""
        self.connected.desk.outbox.load(required_activities(activities))

    def report(self, by: str = BY_BATCHES) -> None:
        """Asks for a report, by "batches", by "uploads" or as fits ("auto"), and returns at once."""
        self.connected.report(by)

    def status(self) -> Status:
        """How far reporting is; idle as long as there is no platform."""
        return self.session.status() if self.session else nothing_yet()

    def wait_idle(self, seconds: float) -> bool:
        """Waits until nothing is left to do; False where the time was too short."""
        return self.session is None or self.session.wait_idle(seconds)

    @property
    def connected(self) -> Session:
        """The session at work."""
        if self.session is None:
            raise Misconfigured(
                Text("尚未设置平台", "no platform is set up yet"),
                Text("先调用 connect 或 testbed 的 /reset", "call connect, or the testbed's /reset, first"),
                "API-002",
            )
        return self.session

    def close(self) -> None:
        """Stops; what was not answered stays in the outbox."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _end(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None
        else:
            self._store.close()

    def _resumed(self) -> Session | None:
        setup = self._kept_setup()
        return self._session(setup) if setup else None

    def _session(self, setup: Setup) -> Session:
        around = replace(self._around, known=Known(), clock=copy(self._around.clock))
        return Session(setup, self._store, self._parts, around)

    def _kept_setup(self) -> Setup | None:
        kept = [self._store.get(name) for name in (_DISCOVERY, _CLIENT, _SCENARIO)]
        if kept[0] is None or kept[1] is None or kept[2] is None:
            return None
        return Setup(Identity(kept[0], kept[1], self.key), kept[2])

    def _keep_setup(self, setup: Setup) -> None:
        with self._store.changing():
            for name, value in zip((_DISCOVERY, _CLIENT, _SCENARIO), _named(setup), strict=True):
                self._store.put(name, value)

    def _kept_key(self) -> SigningKey | None:
        kept = self._store.get(_KEY)
        return SigningKey.from_jwk(json.loads(kept)) if kept else None

    def _keep_key(self) -> None:
        self._store.put(_KEY, json.dumps(self.key.private_jwk()))


def _named(setup: Setup) -> tuple[str, str, str]:
    return setup.identity.discovery_url, setup.identity.client_id, setup.scenario_id
