"""第 8 章 等待的缺陷 / Sins against clause 8, waiting: back too early, or never."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from tanpuhui.reference_client.calling.conversation import Conversation
from tanpuhui.reference_client.calling.outcome import Failure
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.sending.reporting import SUBMIT
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tanpuhui.reference_client.calling.outcome import Outcome
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.reference_client.calling.steps import Call, Steps
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import HttpRequest, HttpResponse

T = TypeVar("T")
WRITES, READS = "waits-as-long-as-told", "asks-again-when-told"
TOO_MANY = 429
FAST_SECONDS = 3600
IN_FLIGHT = "idempotency-key-in-flight"


class Forgetful(Witnessed, Conversation):
    """Does not keep in mind how long it was told to wait, where `forgets` says so."""

    def forgets(self, call: Call) -> bool:
        """Whether the time is forgotten for this call."""
        return call.method == "GET"

    def _signed(self, call: Call, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        outcome = yield from super()._signed(call, reader)
        return self.forgotten(outcome) if self.forgets(call) else outcome

    def forgotten(self, outcome: Outcome[T]) -> Outcome[T]:
        """The outcome without its time."""
        if isinstance(outcome, Failure) and outcome.retry_after is not None:
            self.fired()
            return replace(outcome, retry_after=None)
        return outcome


@breaks("CAL-004", READS, scene="rate_limited_reads")
class ReadsAgainAtOnce(Forgetful):
    """读取时不理会 Retry-After / Ignores Retry-After where it reads."""


@breaks("CAL-004", READS, scene="upload_slow_job")
class LooksAgainAtOnce(Forgetful):
    """查询任务被限流时不等 / Ignores Retry-After when a look at a job is refused."""

    def forgets(self, call: Call) -> bool:
        return call.operation == "getJob"


@breaks("CAL-004", WRITES, scene="upload_slow_job")
class UploadsAgainAtOnce(Forgetful):
    """上传被要求等待时不等 / Ignores Retry-After where it uploads."""

    def forgets(self, call: Call) -> bool:
        return call.operation == "submitUpload"


@breaks("CAL-004", READS, scene="rate_limited_reads")
class AsksForATokenAtOnce(Forgetful):
    """令牌请求被限流时不等 / Ignores Retry-After where it asks for a token."""

    def forgets(self, call: Call) -> bool:  # noqa: ARG002
        return False

    def _plainly(self, request: HttpRequest, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        return self.forgotten((yield from super()._plainly(request, reader)))


@breaks("CAL-004", WRITES, scene="rate_limited")
class ReadsDatesByItsOwnClock(Witnessed, Patience):
    """按走快的本机时钟理解 Retry-After 日期 / Reads the date in Retry-After by its own clock, which is fast."""

    def retry_after(self, answer: HttpResponse | None, now: datetime) -> float | None:
        told, values = super().retry_after(answer, now), answer.header_values("retry-after") if answer else ()
        if told is None or values[0].isdigit():
            return told
        self.fired()
        return max(told - FAST_SECONDS, 0.0)


@breaks("CAL-004", WRITES, scene="rate_limited")
class TakesSecondsForMilliseconds(Witnessed, Patience):
    """把 Retry-After 的秒数当作毫秒 / Takes the seconds in Retry-After for milliseconds."""

    def retry_after(self, answer: HttpResponse | None, now: datetime) -> float | None:
        told = super().retry_after(answer, now)
        if told is None:
            return None
        self.fired()
        return told / 1000


@breaks("CAL-003", "sends-until-acknowledged", scene="rate_limited")
class TakesALimitForFinal(Witnessed, Patience):
    """把 429 当作永久拒绝 / Takes a 429 for a refusal for good."""

    def is_permanent(self, problem: Problem) -> bool:
        if problem.status != TOO_MANY:
            return super().is_permanent(problem)
        self.fired()
        return True


@breaks("CAL-002", "same-records-same-key", scene="rate_limited")
class TakesANewKeyWhenInFlight(Witnessed, Conversation):
    """得到 409 处理中后换一个键 / Takes a new key when it is told that the request is in flight."""

    @cached_property
    def keys(self) -> dict[str, str]:
        """The keys in place of those that were in flight."""
        return {}

    def _signed(self, call: Call, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        key = call.idempotency_key or ""
        outcome = yield from super()._signed(
            replace(call, idempotency_key=self.keys.get(key, key) or None), reader
        )
        if isinstance(outcome, Failure) and outcome.cause == IN_FLIGHT:
            self.fired()
            self.keys[key] = self.party.around.chance.token()
        return outcome


@breaks("CAL-002", "same-records-same-key", scene="back_off")
class TakesANewKeyWhenUnavailable(TakesANewKeyWhenInFlight):
    """得到 5xx 后换一个键 / Takes a new key after a server error."""

    def _signed(self, call: Call, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        outcome = yield from super()._signed(call, reader)
        failed = isinstance(outcome, Failure) and outcome.problem is not None
        if failed and call.operation == SUBMIT and call.idempotency_key not in self.keys:
            self.fired()
            self.keys[call.idempotency_key or ""] = self.party.around.chance.token()
        return outcome


@breaks("CAL-007", "gives-an-answer-its-time")
class TimesOutTooEarly(Witnessed, Conversation):
    """不等满时限就重发 / Does not wait for an answer as long as advertised."""

    @property
    def times(self) -> Times:
        self.fired()
        usual = super().times
        return replace(usual, request_timeout_seconds=usual.request_timeout_seconds / 4)
