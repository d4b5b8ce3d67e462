"""Serves one request from arrival to answer in one transaction, committed before the answer goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.handlers.routes import FORETHOUGHT, HANDLERS
from tanpuhui.mock_platform.interface.answer import Answer, Refused, problem_answer
from tanpuhui.mock_platform.interface.call import Call
from tanpuhui.mock_platform.interface.dress import dressed
from tanpuhui.mock_platform.interface.early import Pause, Silence, struck_early
from tanpuhui.mock_platform.interface.gate import admit
from tanpuhui.mock_platform.interface.idempotency import Key, claim, keep, key_of, release, replayed
from tanpuhui.mock_platform.interface.preparation import Content, prepare
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.faults import BEFORE_EFFECT, ON_SUCCESS, any_armed
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.interface.preparation import Prepared
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.mock_platform.state.tenants import Tenants
    from tanpuhui.spec.message import HttpResponse

_QUEUE_SECONDS = "1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes back to the scenario: a response, or nothing at all."""

    response: HttpResponse | None


@dataclass(frozen=True, slots=True)
class Changed:
    """The tenant is another than the request was prepared for; None: it has moved out."""

    tenant: Tenant | None


class Service:
    """Serves requests; it keeps nothing in memory."""

    def __init__(self, tenants: Tenants, new_id: Callable[[], str], worker: int) -> None:
        self._tenants = tenants
        self._new_id = new_id
        self._worker = worker

    def prepare(self, exchange: Exchange) -> Prepared:
        """Find out what the request says by itself; this needs no transaction."""
        prepared = prepare(exchange, self._tenants.now(exchange.tenant))
        content = prepared.content
        think = FORETHOUGHT.get(exchange.operation_id or "")
        if think is None or not isinstance(content, Content):
            return prepared
        return replace(prepared, forethought=think(exchange.tenant, content.body, prepared.now))

    def begin(
        self, connection: Connection, exchange: Exchange, prepared: Prepared
    ) -> Outcome | Pause | Changed:
        """Judge and perform the request, or say how long a fault makes it wait first."""
        now_living = self._tenants.get(exchange.tenant.id)
        if now_living is not exchange.tenant:
            return Changed(now_living)
        try:
            admit(connection, exchange, prepared)
        except Refused as refused:
            return self._close(connection, exchange, problem_answer(refused, exchange.request_id))
        exchange.faults_armed = any_armed(connection, exchange.tenant.id, exchange.operation.id)
        fault = exchange.struck(connection, BEFORE_EFFECT)
        if fault is None:
            return self.finish(connection, exchange, prepared)
        early = struck_early(connection, exchange, fault, self._tenants.now(exchange.tenant))
        if isinstance(early, Pause):
            self._claim(connection, exchange)
            return early
        return self._close(connection, exchange, None if isinstance(early, Silence) else early)

    def finish(self, connection: Connection, exchange: Exchange, prepared: Prepared) -> Outcome:
        """Perform the admitted request."""
        if self._tenants.get(exchange.tenant.id) is None:  # removed while the request waited
            return Outcome(None)
        self._release(connection, exchange)
        try:
            answer = self._performed(connection, exchange, prepared)
        except Refused as refused:
            return self._close(connection, exchange, problem_answer(refused, exchange.request_id))
        if answer.problem is None:
            exchange.struck(connection, ON_SUCCESS)
        return self._close(connection, exchange, answer)

    def fail(self, connection: Connection, exchange: Exchange) -> Outcome:
        """Answer a request that could not be served for a mistake of our own; nothing of it took effect."""
        exchange.fault = None
        self._release(connection, exchange)
        return self._close(connection, exchange, problem_answer(Refused("internal"), exchange.request_id))

    def turn_away(self, exchange: Exchange) -> Outcome:
        """Answer a request that finds the queue full; nothing is kept of it, not even in the journal."""
        busy = Refused("rate-limited", headers=(("retry-after", _QUEUE_SECONDS),))
        answer = problem_answer(busy, exchange.request_id)
        return Outcome(dressed(answer, exchange, self._tenants.now(exchange.tenant)))

    def _performed(self, connection: Connection, exchange: Exchange, prepared: Prepared) -> Answer:
        operation, content = exchange.operation, prepared.content
        if not isinstance(content, Content):
            raise content or Refused("internal")
        if not content.key_sound:
            raise Refused("idempotency-key-missing")
        call = Call(
            connection,
            exchange,
            prepared.now,
            self._new_id,
            content.parameters,
            content.body,
            prepared.forethought,
        )
        key = key_of(exchange) if operation.keyed else None
        return HANDLERS[operation.id](call) if key is None else self._once(call, key)

    def _once(self, call: Call, key: Key) -> Answer:
        first = replayed(call.connection, key, call.now)
        if first is not None:
            return first
        answer = HANDLERS[call.exchange.operation.id](call)
        keep(call.connection, key, answer, _kept_until(call.tenant, call.now))
        return answer

    def _claim(self, connection: Connection, exchange: Exchange) -> None:
        key, until = key_of(exchange), _kept_until(exchange.tenant, exchange.at)
        exchange.claimed = key is not None and claim(connection, key, self._worker, until)

    def _release(self, connection: Connection, exchange: Exchange) -> None:
        key = key_of(exchange) if exchange.claimed else None
        if key is not None:
            release(connection, key)

    def _close(self, connection: Connection, exchange: Exchange, answer: Answer | None) -> Outcome:
        tenant, fault = exchange.tenant.id, exchange.fault
        now = self._tenants.now(exchange.tenant)
        response = None if answer is None else dressed(answer, exchange, now)
        lost = response is None or exchange.abandoned or (fault is not None and fault.kind == "lose_answer")
        told = {
            "direction": "inbound",
            "at": instant_text(exchange.at),
            "answered_at": instant_text(now),
            "operation": exchange.operation_id,
            "lost": lost,
            "fault": fault.id if fault else None,
            "problem": answer.problem if answer else None,
            "observed": exchange.observed,
        }
        n = journal.write(connection, tenant, journal.exchanged(exchange.request, response, told))
        if fault is not None:
            journal.note(connection, tenant, "fault_fired", now, **fault.as_note(), exchange=n)
        return Outcome(None if lost else response)


def _kept_until(tenant: Tenant, now: datetime) -> datetime:
    return now + timedelta(days=tenant.times.idempotency_keep_days)
