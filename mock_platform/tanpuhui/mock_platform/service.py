"""Serves one request from arrival to answer in one transaction, committed before the answer goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform import journal
from tanpuhui.mock_platform.answer import Answer, Refused, problem_answer
from tanpuhui.mock_platform.call import Call
from tanpuhui.mock_platform.dress import dressed
from tanpuhui.mock_platform.early import Pause, Silence, struck_early
from tanpuhui.mock_platform.faults import BEFORE_EFFECT, ON_SUCCESS, any_armed
from tanpuhui.mock_platform.gate import admit
from tanpuhui.mock_platform.idempotency import Key, keep, key_of, replayed
from tanpuhui.mock_platform.intake import given_parameters, read_body, read_parameters, require_sound_fields
from tanpuhui.mock_platform.routes import HANDLERS
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.exchange import Exchange
    from tanpuhui.mock_platform.tenants import Tenants
    from tanpuhui.spec.message import HttpResponse


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes back to the scenario: a response, or nothing at all."""

    response: HttpResponse | None


class Service:
    """Serves requests; the only thing it keeps in memory is which keys are in flight."""

    def __init__(self, tenants: Tenants, new_id: Callable[[], str]) -> None:
        self._tenants = tenants
        self._new_id = new_id
        self._in_flight: dict[tuple[str, ...], str] = {}

    def begin(self, connection: Connection, exchange: Exchange) -> Outcome | Pause:
        """Judge and perform the request, or say how long a fault makes it wait first."""
        try:
            self._admit(connection, exchange)
        except Refused as refused:
            return self._close(connection, exchange, problem_answer(refused, exchange.request_id))
        exchange.faults_armed = any_armed(connection, exchange.tenant.id, exchange.operation.id)
        fault = exchange.struck(connection, BEFORE_EFFECT)
        if fault is None:
            return self.finish(connection, exchange)
        early = struck_early(connection, exchange, fault, self._tenants.now(exchange.tenant))
        if isinstance(early, Pause):
            self._claim(exchange)
            return early
        return self._close(connection, exchange, None if isinstance(early, Silence) else early)

    def finish(self, connection: Connection, exchange: Exchange) -> Outcome:
        """Perform the admitted request."""
        if self._tenants.get(exchange.tenant.id) is None:  # removed while the request waited
            return Outcome(None)
        try:
            answer = self._performed(connection, exchange)
        except Refused as refused:
            return self._close(connection, exchange, problem_answer(refused, exchange.request_id))
        finally:
            self._release(exchange)
        if answer.problem is None:
            exchange.struck(connection, ON_SUCCESS)
        return self._close(connection, exchange, answer)

    def fail(self, connection: Connection, exchange: Exchange) -> Outcome:
        """Answer a request that could not be served for a mistake of our own; nothing of it took effect."""
        exchange.fault = None
        return self._close(connection, exchange, problem_answer(Refused("internal"), exchange.request_id))

    def _admit(self, connection: Connection, exchange: Exchange) -> None:
        allowed = exchange.route.allowed
        if not allowed:
            raise Refused("not-found")
        if exchange.route.operation is None:
            raise Refused("method-not-allowed", headers=(("allow", ", ".join(allowed)),))
        require_sound_fields(exchange)
        admit(connection, exchange)

    def _performed(self, connection: Connection, exchange: Exchange) -> Answer:
        operation = exchange.operation
        parameters, key_sound = read_parameters(operation, given_parameters(exchange))
        body = read_body(operation, exchange)
        if not key_sound:
            raise Refused("idempotency-key-missing")
        now = self._tenants.now(exchange.tenant)
        call = Call(connection, exchange, now, self._new_id, parameters, body)
        key = key_of(exchange) if operation.keyed else None
        return HANDLERS[operation.id](call) if key is None else self._once(call, key)

    def _once(self, call: Call, key: Key) -> Answer:
        first = replayed(call.connection, key, call.now)
        if first is not None:
            return first
        mine = call.exchange.request_id
        if self._in_flight.get(key.place, mine) != mine:
            raise Refused("idempotency-key-in-flight", headers=(("retry-after", "1"),))
        answer = HANDLERS[call.exchange.operation.id](call)
        until = call.now + timedelta(days=call.tenant.times.idempotency_keep_days)
        keep(call.connection, key, answer, until)
        return answer

    def _claim(self, exchange: Exchange) -> None:
        key = key_of(exchange)
        if key is not None:
            self._in_flight.setdefault(key.place, exchange.request_id)

    def _release(self, exchange: Exchange) -> None:
        key = key_of(exchange)
        if key is not None and self._in_flight.get(key.place) == exchange.request_id:
            del self._in_flight[key.place]

    def _close(self, connection: Connection, exchange: Exchange, answer: Answer | None) -> Outcome:
        tenant, fault = exchange.tenant.id, exchange.fault
        now = self._tenants.now(exchange.tenant)
        response = None if answer is None else dressed(answer, exchange, now)
        lost = response is None or exchange.abandoned or (fault is not None and fault.kind == "lose_answer")
        entry = {
            "kind": "exchange",
            "direction": "inbound",
            "at": instant_text(exchange.at),
            "answered_at": instant_text(now),
            "operation": exchange.operation_id,
            **journal.exchanged(exchange.request, response),
            "lost": lost,
            "fault": fault.id if fault else None,
            "problem": answer.problem if answer else None,
            "observed": exchange.observed,
        }
        n = journal.write(connection, tenant, entry)
        if fault is not None:
            journal.note(connection, tenant, "fault_fired", now, **fault.as_note(), exchange=n)
        return Outcome(None if lost else response)
