"""The conversation with the platform, without input or output: both clients drive this one protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tanpuhui.reference_client.calling.answers import Discovery, Receipt, TokenAnswer
from tanpuhui.reference_client.calling.errors import InvalidAnswer, Misconfigured, Refused, Text, Unanswered
from tanpuhui.reference_client.calling.notices import Answered, Sending, Waiting
from tanpuhui.reference_client.calling.outcome import Failure, Success, answer_json, json_as
from tanpuhui.reference_client.calling.problem import TOKEN_REFUSED, read_problem
from tanpuhui.reference_client.calling.steps import Call, Pause
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest
from tanpuhui.spec.signing import SignatureRefused, public_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tanpuhui.reference_client.calling.credentials import Token
    from tanpuhui.reference_client.calling.outcome import Outcome
    from tanpuhui.reference_client.calling.party import Party
    from tanpuhui.reference_client.calling.steps import Steps
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import HttpResponse
    from tanpuhui.spec.signing import PublicKeys, Verified

T = TypeVar("T")
_SUCCESS = range(200, 300)
WELL_KNOWN = "/.well-known/tanpuhui"
_AT_ONCE = frozenset({"token-invalid", "signature-expired", "nonce-replayed"})
"""What is cured by signing anew is sent anew at once, the first time it happens to a call."""


class Conversation:
    """What is known of the platform, and how to ask it anything."""

    def __init__(self, party: Party) -> None:
        self.party = party
        self.clock = party.around.clock
        self.notify = party.around.notify

    @property
    def discovery(self) -> Discovery | None:
        """What the platform advertised last."""
        return self.party.around.known.discovery

    @property
    def times(self) -> Times:
        """The time parameters in force: as advertised; until that is known, as the law proposes."""
        return self.discovery.times if self.discovery else default_times()

    def known(self) -> Steps[Discovery]:
        """The discovery document, which comes before everything else (API-002)."""
        return self.discovery or (yield from self.discover())

    def discover(self) -> Steps[Discovery]:
        """The discovery document, read afresh; the clock is set by it (SIG-004)."""
        call = Call("getDiscovery", "GET", self.party.identity.discovery_url)
        found = yield from self._until_answered(
            call, lambda: self._plainly(_request(call), json_as(Discovery))
        )
        if found.value.issuer + WELL_KNOWN != call.url:
            raise _foreign_issuer()
        self.clock.learn(found.value.now, found.asked, found.answered)
        self.party.around.known.discovery = found.value
        return found.value

    def fetch_keys(self) -> Steps[PublicKeys]:
        """The platform's public keys, read afresh."""
        discovery = yield from self.known()
        call = Call("getJwks", "GET", discovery.jwks_uri)
        found = yield from self._until_answered(call, lambda: self._plainly(_request(call), answer_json))
        keys = public_keys(found.value)
        self.party.around.known.keys = keys
        return keys

    def token(self) -> Steps[Token]:
        """The token in use, or a new one where there is none that is valid (AUT-003)."""
        usable = self.party.credentials.usable(self.clock.now())
        if usable is not None:
            return usable
        try:
            return (yield from self._new_token())
        except Refused as refused:
            if refused.problem.code != TOKEN_REFUSED:
                raise
        yield from self.discover()  # an assertion made by a wrong clock is refused too
        return (yield from self._new_token())

    def _new_token(self) -> Steps[Token]:
        discovery = yield from self.known()
        credentials = self.party.credentials
        call = Call("requestToken", "POST", discovery.token_endpoint)
        found = yield from self._until_answered(
            call,
            lambda: self._plainly(
                credentials.token_request(discovery, self.clock.now()), json_as(TokenAnswer)
            ),
        )
        return credentials.keep(found.value, found.asked + self.clock.offset)

    def call(self, call: Call, reader: Callable[[HttpResponse], T]) -> Steps[Success[T]]:
        """Makes a signed call until it is answered or refused for good (CAL-003, CAL-005)."""
        return (yield from self._until_answered(call, lambda: self._signed(call, reader)))

    def _until_answered(self, call: Call, attempt: Callable[[], Steps[Outcome[T]]]) -> Steps[Success[T]]:
        patience, cured = self.party.patience, set(_AT_ONCE)
        failures = call.failures
        while True:
            delay = patience.next_delay(failures + 1, self.times, None)
            self.notify(Sending(call, failures, delay))
            outcome = yield from attempt()
            if isinstance(outcome, Success):
                self.notify(Answered(call))
                return outcome
            failures += 1
            self.give_up(call, outcome, failures)
            if outcome.cause in cured:
                cured.remove(outcome.cause)
                continue
            delay = patience.next_delay(failures, self.times, outcome.retry_after)
            self.notify(Waiting(call, failures, delay, outcome.cause))
            yield Pause(delay)

    def give_up(self, call: Call, failure: Failure, failures: int) -> None:
        """Ends a call that was refused for good, or that lasts longer than its caller will wait (CAL-005)."""
        if failure.problem is not None and self.party.patience.is_permanent(failure.problem):
            self.notify(Answered(call, failure.cause))
            raise Refused(call.operation, failure.problem, failure.receipt)
        if self.party.attempts_max is not None and failures >= self.party.attempts_max:
            raise Unanswered(failure.cause)

    def _plainly(self, request: HttpRequest, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        asked = self.clock.local()
        answer = yield request
        if answer is None:
            return Failure("no-answer")
        if answer.status not in _SUCCESS:
            return self._failure(answer)
        return self._success(reader, Receipt(request, answer), asked)

    def _signed(self, call: Call, reader: Callable[[HttpResponse], T]) -> Steps[Outcome[T]]:
        yield from self.known()
        token = yield from self.token()
        sealing = self.party.sealing
        fields = sealing.headers(call, token.value)
        asked = self.clock.local()
        path = call.file.path if call.file else None
        bare = HttpRequest(call.method, call.url, fields, call.body, path)
        request = sealing.seal(bare, self.clock.now())
        answer = yield request
        if answer is None:
            return Failure("no-answer")
        verified = yield from self._verified(answer, request)
        if verified is None:
            wait = self.party.patience.retry_after(answer, self.clock.now())
            return Failure(f"receipt-invalid (HTTP {answer.status})", None, wait)
        if answer.status in _SUCCESS:
            return self._success(reader, Receipt(request, answer), asked)
        failure = replace(self._failure(answer), receipt=Receipt(request, answer))
        self._learn_from(failure, token, verified)
        return failure

    def _verified(self, answer: HttpResponse, request: HttpRequest) -> Steps[Verified | None]:
        """The receipt's signature, once more with fresh keys where it fails: keys are rotated (SIG-006)."""
        keys, fresh = self.party.around.known.keys, False
        while True:
            if keys is None:
                keys, fresh = (yield from self.fetch_keys()), True
            try:
                return self.party.sealing.verify_receipt(answer, request, keys, self.times)
            except SignatureRefused as refused:
                if fresh or refused.code == "signature-missing":
                    return None
                keys = None

    def _success(self, reader: Callable[[HttpResponse], T], receipt: Receipt, asked: datetime) -> Outcome[T]:
        try:
            value = reader(receipt.response)
        except InvalidAnswer as invalid:
            return Failure(f"answer-invalid ({invalid.what.en})")
        return Success(value, receipt, asked, self.clock.local())

    def _failure(self, answer: HttpResponse) -> Failure:
        problem = read_problem(answer)
        wait = self.party.patience.retry_after(answer, self.clock.now())
        return Failure(problem.code or f"HTTP {answer.status}", problem, wait)

    def _learn_from(self, failure: Failure, token: Token, verified: Verified) -> None:
        if failure.cause in {"token-invalid", "insufficient-scope"}:
            self.party.credentials.refuse(token.value)
        if failure.cause == "signature-expired":
            now = self.clock.local()
            self.clock.learn(verified.created, now, now)


def _request(call: Call) -> HttpRequest:
    return HttpRequest(call.method, call.url, (("accept", "application/json"),), call.body)


def _foreign_issuer() -> Misconfigured:
    return Misconfigured(
        Text(
            "发现文档的标识与其地址不符",
            "the issuer in the discovery document does not belong to its address",
        ),
        Text("核对发现文档地址", f"check the discovery address; it is the issuer followed by {WELL_KNOWN}"),
        "API-001",
    )
