"""第 8 章 调用与重发的缺陷 / Sins against clause 8, calling and sending again."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.conversation import Conversation
from tanpuhui.reference_client.calling.errors import Unanswered
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.reporting import SUBMIT, Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import Submission
    from tanpuhui.reference_client.calling.outcome import Failure
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.reference_client.calling.steps import Call
    from tanpuhui.reference_client.keeping.outbox import OpenBatch
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import Headers, HttpRequest, HttpResponse

THREE, CONFLICT, SERVER_ERROR = 3, 409, 500
KEY = "idempotency-key"


class SendingAgain(Witnessed, Sealing):
    """Knows a write that goes out once more, and sends something else."""

    @cached_property
    def sent(self) -> set[str]:
        """The keys that went out already."""
        return set()

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        """The first time as it should be, from then on otherwise."""
        key = request.header(KEY)
        if key is None or key not in self.sent:
            self.sent.update([key] if key else [])
            return super().seal(request, created)
        self.fired()
        return super().seal(self.otherwise(request), created)

    @abstractmethod
    def otherwise(self, request: HttpRequest) -> HttpRequest:
        """What goes out instead of the same again."""


@breaks("CAL-001", "every-write-has-a-key")
class SendsNoKey(Witnessed, Sealing):
    """写入不带幂等键 / Writes without an idempotency key."""

    def headers(self, call: Call, token: str) -> Headers:
        self.fired()
        return tuple(field for field in super().headers(call, token) if field[0] != KEY)


@breaks("CAL-001", "every-write-has-a-key")
class SendsAShortKey(Witnessed, Batching):
    """幂等键太短 / Uses keys of eight characters."""

    def idempotency_key(self) -> str:
        self.fired()
        return super().idempotency_key()[:8]


@breaks("CAL-001", "every-write-has-a-key")
class SendsABareKey(Witnessed, Sealing):
    """幂等键没有引号 / Writes its key without the quotes of a Structured Field String."""

    def headers(self, call: Call, token: str) -> Headers:
        self.fired()
        found = super().headers(call, token)
        return tuple((name, value.strip('"') if name == KEY else value) for name, value in found)


@breaks("CAL-002", "same-key-same-bytes", scene="lost_answer")
class SendsOtherBytesAgain(SendingAgain):
    """重发时重新编排正文 / Writes the body anew when it sends again."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        return replace(request, body=request.body.replace(b'","', b'", "'))


@breaks("CAL-002", "same-records-same-key")
class SendsAgainUnderANewKey(SendingAgain):
    """重发时换新幂等键 / Takes a new key when it sends again."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(KEY).with_headers(((KEY, f'"{self.chance.token()}"'),))


@breaks("CAL-003", "sends-until-acknowledged")
class GivesUpAfterALostAnswer(Witnessed, Conversation):
    """没有应答就放弃 / Gives a write up when no answer comes."""

    def give_up(self, call: Call, failure: Failure, failures: int) -> None:
        super().give_up(call, failure, failures)
        if call.operation == SUBMIT and failure.problem is None:
            self.fired()
            raise Unanswered(failure.cause)


@breaks("CAL-003", "sends-until-acknowledged", scene="back_off")
class TakesAServerErrorForFinal(Witnessed, Patience):
    """把 5xx 当作永久拒绝 / Takes a server error for a refusal for good."""

    def is_permanent(self, problem: Problem) -> bool:
        if problem.status < SERVER_ERROR:
            return super().is_permanent(problem)
        self.fired()
        return True


@breaks("CAL-004", "waits-as-long-as-told")
class IgnoresRetryAfter(Witnessed, Patience):
    """不理会 Retry-After / Ignores Retry-After and keeps to its own curve."""

    def next_delay(self, failures: int, times: Times, retry_after: float | None) -> float:
        if retry_after is not None:
            self.fired()
        return super().next_delay(failures, times, None)


@breaks("CAL-004", "waits-as-long-as-told")
class ReadsRetryAfterInSecondsOnly(Witnessed, Patience):
    """只认秒数形式的 Retry-After / Reads Retry-After in seconds only and misses a date."""

    def retry_after(self, answer: HttpResponse | None, now: datetime) -> float | None:
        values = answer.header_values("retry-after") if answer is not None else ()
        if not values or values[0].isdigit():
            return super().retry_after(answer, now)
        self.fired()
        return None


@breaks("CAL-005", "never-repeats-what-was-refused")
class SendsARefusedBatchAgain(Witnessed, Patience):
    """把被永久拒绝的批次原样再发 / Sends a batch again unchanged that was refused for good."""

    @cached_property
    def refused(self) -> set[str | None]:
        """The problems that it did not want to believe."""
        return set()

    def is_permanent(self, problem: Problem) -> bool:
        permanent = super().is_permanent(problem)
        if permanent and problem.code not in self.refused:
            self.fired()
            self.refused.add(problem.code)
            return False
        return permanent


@breaks("CAL-006", "acknowledged-records-rest")
class SendsAnAcknowledgedBatchAgain(Witnessed, Reporting):
    """已确认的批次再发一次 / Sends every acknowledged batch once more, to be sure."""

    def settle(self, batch: OpenBatch, done: Submission) -> None:  # noqa: ARG002
        self.fired()
        super().settle(batch, self.client.run(self.sending(batch)))


@breaks("CAL-007", "backs-off")
class RetriesAtOnce(Witnessed, Patience):
    """失败后立即重发 / Sends again at once."""

    def next_delay(self, failures: int, times: Times, retry_after: float | None) -> float:
        if retry_after is not None:
            return super().next_delay(failures, times, retry_after)
        self.fired()
        return 0.0


@breaks("CAL-007", "backs-off")
class NeverDoublesItsDelay(Witnessed, Patience):
    """重发间隔不加倍 / Keeps to the first delay and never doubles it."""

    def next_delay(self, failures: int, times: Times, retry_after: float | None) -> float:
        if failures > 1:
            self.fired()
        return super().next_delay(1, times, retry_after)


@breaks("CAL-003", "sends-until-acknowledged", scene="rate_limited")
class TakesInFlightForFinal(Witnessed, Patience):
    """把 409 处理中当作永久拒绝 / Takes a 409 in flight for a refusal for good."""

    def is_permanent(self, problem: Problem) -> bool:
        if problem.status != CONFLICT:
            return super().is_permanent(problem)
        self.fired()
        return True


@breaks("CAL-003", "sends-until-acknowledged", scene="back_off")
class GivesUpAfterThreeTries(Witnessed, Conversation):
    """试三次就放弃 / Gives a write up after three tries."""

    def give_up(self, call: Call, failure: Failure, failures: int) -> None:
        super().give_up(call, failure, failures)
        if call.operation == SUBMIT and failures >= THREE:
            self.fired()
            raise Unanswered(failure.cause)
