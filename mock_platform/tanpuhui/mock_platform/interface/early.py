"""Faults that strike before a request has any effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.interface.answer import Answer, Refused, problem_answer
from tanpuhui.mock_platform.interface.dress import http_date
from tanpuhui.mock_platform.state.tokens import revoke_token
from tanpuhui.spec.problem import problem_types

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.state.faults import Fault

_DEFAULT_WAIT = 2


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so long before going on with the request."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Cut the connection without an answer."""


def struck_early(
    connection: Connection, exchange: Exchange, fault: Fault, now: datetime
) -> Answer | Pause | Silence:
    """What becomes of the request instead of being performed at once."""
    if fault.kind == "delay":
        return Pause(float(fault.details["seconds"]))
    if fault.kind == "lose_request":
        return Silence()
    if fault.kind == "expire_token":
        if exchange.token is not None:
            revoke_token(connection, exchange.tenant, exchange.token.jti)
        return problem_answer(Refused("token-invalid"), exchange.request_id)
    return _scripted_answer(fault, exchange.request_id, now)


def _scripted_answer(fault: Fault, request_id: str, now: datetime) -> Answer:
    status = int(fault.details["status"])
    code = fault.details.get("problem") or _usual_problem(status)
    wait = fault.details.get("retry_after")
    headers = () if wait is None else (("retry-after", _retry_after(fault, now)),)
    return problem_answer(Refused(code, headers=headers), request_id, status=status)


def _retry_after(fault: Fault, now: datetime) -> str:
    wait = fault.details["retry_after"]
    if wait != "http-date":
        return str(wait)
    seconds = timedelta(seconds=fault.details.get("retry_after_seconds", _DEFAULT_WAIT))
    # an HTTP date has no fractions: the next whole second after the wait, so that it is never too short
    return http_date(now + seconds + timedelta(seconds=1) - timedelta(microseconds=1))


def _usual_problem(status: int) -> str:
    return next((kind.code for kind in problem_types().values() if kind.status == status), "internal")
