"""少见的发送方式 / Unusual ways of sending."""

from __future__ import annotations

import base64
from datetime import UTC, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.credentials import Credentials, Token
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.signature import ALGORITHMS
from tanpuhui.spec.signing import LABEL, REQUEST_TAG, SigningKey, content_digest, sign_request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import Link, TokenAnswer
    from tanpuhui.reference_client.calling.steps import Call
    from tanpuhui.reference_client.keeping.outbox import OpenBatch
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import Headers, HttpRequest

KEPT_SHARE = 0.8
IN_BATCHES = (
    "first_report",
    "truth",
    "small_batches",
    "lost_answer",
    "lost_request_and_delay",
    "rate_limited",
    "back_off",
    "refused",
    "too_large",
    "verdicts",
    "token_ends",
    "broken_receipt",
    "link_changes",
)
SIGNED = (
    "first_report",
    "small_batches",
    "lost_answer",
    "token_ends",
    "broken_receipt",
    "device_faults",
    "uploads",
)
ASKED = (
    "first_report",
    "small_batches",
    "lost_answer",
    "rate_limited_reads",
    "unknown_members",
    "link_changes",
)
COVERED = ("idempotency-key", "content-type", "content-digest", "authorization")


@keeps_the_law_in(*IN_BATCHES)
class SendsOneRecordABatch(Witnessed, Batching):
    """每批只发一条 / Sends one record a batch."""

    def count_max(self) -> int:
        self.fired()
        return 1


@keeps_the_law_in("first_report", "lost_answer", "back_off", "refused", "device_faults", "uploads")
class UsesTheLongestKeys(Witnessed, Batching):
    """幂等键用满 64 个字符 / Uses idempotency keys of 64 characters, the longest allowed."""

    def idempotency_key(self) -> str:
        self.fired()
        return super().idempotency_key() + super().idempotency_key()


@keeps_the_law_in(*IN_BATCHES, "rate_limited_reads", "upload_slow_job")
class WaitsLongerThanTold(Witnessed, Patience):
    """等得比要求的更久 / Waits half as long again as it is told."""

    def next_delay(self, failures: int, times: Times, retry_after: float | None) -> float:
        self.fired()
        return 1.5 * super().next_delay(failures, times, retry_after)


@keeps_the_law_in("first_report", "small_batches", "token_ends", "clock_jump")
class RenewsItsTokenEarly(Witnessed, Credentials):
    """令牌剩五分之一有效期时即换新 / Renews its token in the last fifth of its life."""

    def keep(self, answer: TokenAnswer, asked: datetime) -> Token:
        self.fired()
        life = timedelta(seconds=answer.expires_in)
        self.token = Token(answer.access_token, asked + KEPT_SHARE * life)
        return self.token


@keeps_the_law_in(*SIGNED)
class SendsFieldsOfItsOwn(Witnessed, Sealing):
    """多带无害的字段 / Sends harmless fields of its own."""

    def headers(self, call: Call, token: str) -> Headers:
        self.fired()
        own = (("accept-language", "zh-CN, en;q=0.5"), ("x-trace", self.chance.token()))
        return (*super().headers(call, token), *own)


@keeps_the_law_in(*SIGNED)
class SignsInAnotherOrder(Witnessed, Sealing):
    """签名成分与参数换个次序，不写 expires / Signs components and parameters in another order, without an end."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        digest = (("content-digest", content_digest(request.body)),) if request.body else ()
        whole = request.with_headers(digest)
        lines = [(name, value) for name in COVERED for value in whole.header_values(name)]
        lines += [("@target-uri", whole.url), ("@method", whole.method)]
        params = self._params([name for name, _ in lines], created)
        base = "\n".join(f'"{name}": {value}' for name, value in [*lines, ("@signature-params", params)])
        signer = ALGORITHMS[self.key.algorithm](private_key=self.key.private)
        value = base64.b64encode(signer.sign(base.encode())).decode()
        return whole.with_headers(
            (("signature-input", f"{LABEL}={params}"), ("signature", f"{LABEL}=:{value}:"))
        )

    def _params(self, names: Sequence[str], created: datetime) -> str:
        covered = " ".join(f'"{name}"' for name in names)
        seconds = int(created.astimezone(UTC).timestamp())
        return (
            f'({covered});tag="{REQUEST_TAG}";nonce="{self.nonce()}"'
            f';keyid="{self.key.key_id}";created={seconds}'
        )


@keeps_the_law_in(*ASKED)
class AsksMoreThanItMust(Witnessed, Reporting):
    """报送前另读场景信息、方法学和已报记录 / Reads its profile, the methodologies and its records before each report."""

    def links(self) -> Sequence[Link]:
        self.fired()
        self.client.scenario()
        self.client.methodologies()
        self.client.records()
        return super().links()


@keeps_the_law_in(*ASKED)
class DiscoversBeforeEveryBatch(Witnessed, Reporting):
    """每批之前重读发现文档 / Reads the discovery document again before every batch."""

    def deliver(self, batch: OpenBatch) -> None:
        self.fired()
        self.discover()
        super().deliver(batch)


@keeps_the_law_in(*SIGNED)
class SignsWithEd25519(Witnessed, Sealing):
    """报文用 Ed25519 密钥签名 / Signs its messages with an Ed25519 key."""

    def public_jwks(self) -> list[dict[str, Any]]:
        return [*super().public_jwks(), _ed25519().public_jwk()]

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        return sign_request(request, _ed25519(), created=created, nonce=self.nonce())


@cache
def _ed25519() -> SigningKey:
    return SigningKey.generate("ed25519")
