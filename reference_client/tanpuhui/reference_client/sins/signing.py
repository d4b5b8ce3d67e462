"""第 8 章 签名的缺陷 / Sins against clause 8, signatures."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.clock import PlatformClock
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.signing import EVENT_TAG, SignatureRefused, Verified, content_digest, sign_request

if TYPE_CHECKING:
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import HttpRequest, HttpResponse
    from tanpuhui.spec.signing import PublicKeys


@breaks("SIG-001", "signs-every-call")
class SignsNothing(Witnessed, Sealing):
    """不签名 / Does not sign its calls."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:  # noqa: ARG002
        self.fired()
        return request


@breaks("SIG-001", "signs-every-call")
class SignsWritesOnly(Witnessed, Sealing):
    """只签写入请求 / Signs its writes and nothing else."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if request.body:
            return super().seal(request, created)
        self.fired()
        return request


@breaks("SIG-001", "signs-every-call")
class LeavesTheTokenUncovered(Witnessed, Sealing):
    """签名不覆盖 authorization / Signs without covering the token."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        return _added_after_signing(self, request, created, "authorization")


@breaks("SIG-001", "signs-every-call")
class LeavesTheKeyUncovered(Witnessed, Sealing):
    """签名不覆盖 idempotency-key / Signs without covering the idempotency key."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if request.header("idempotency-key") is None:
            return super().seal(request, created)
        self.fired()
        return _added_after_signing(self, request, created, "idempotency-key")


@breaks("SIG-001", "signs-every-call")
class LeavesTheBodyUncovered(Witnessed, Sealing):
    """签名不覆盖 content-digest / Signs without covering the digest of the body."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if not request.body:
            return super().seal(request, created)
        self.fired()
        signed = super().seal(replace(request, body=b""), created)
        digest = (("content-digest", content_digest(request.body)),)
        return replace(signed, body=request.body).with_headers(digest)


@breaks("SIG-002", "digest-is-of-the-bytes-sent")
class DigestsOtherBytes(Witnessed, Sealing):
    """对另一份字节计算摘要 / Takes the digest of other bytes than it sends."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if not request.body:
            return super().seal(request, created)
        self.fired()
        digest = content_digest(request.body + b"\n")
        return super().seal(request.with_headers((("content-digest", digest),)), created)


@breaks("SIG-003", "nonce-is-fresh-every-time")
class UsesEachNonceTwice(Witnessed, Sealing):
    """每个随机数用两次 / Uses each nonce twice."""

    @cached_property
    def spare(self) -> list[str]:
        """The nonce that was used once."""
        return []

    def nonce(self) -> str:
        if self.spare:
            self.fired()
            return self.spare.pop()
        self.spare.append(super().nonce())
        return self.spare[0]


@breaks("SIG-004", "signs-by-the-platforms-time", scene="first_report")
class SignsByItsOwnClock(Witnessed, Sealing):
    """按走偏的本机时钟填写签名时间 / Signs by its own clock, which is wrong."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        return super().seal(request, created - timedelta(hours=8))


@breaks("SIG-004", "signs-by-the-platforms-time", scene="clock_jump")
class NeverCorrectsItsClock(Witnessed, PlatformClock):
    """只对一次时，被指过期也不校正 / Sets its clock once and never corrects it when told."""

    @cached_property
    def told(self) -> list[datetime]:
        """The platform's word, taken once for each platform."""
        return []

    def learn(self, told: datetime, asked: datetime, answered: datetime) -> None:
        if self.told:
            self.fired()
        else:
            self.told.append(told)
            super().learn(told, asked, answered)


@breaks("SIG-006", "distrusts-a-broken-receipt")
class TrustsABrokenReceipt(Witnessed, Sealing):
    """不验证回执 / Trusts a receipt whose signature is broken."""

    def verify_receipt(
        self, answer: HttpResponse, request: HttpRequest, keys: PublicKeys, times: Times
    ) -> Verified:
        try:
            return super().verify_receipt(answer, request, keys, times)
        except SignatureRefused:
            self.fired()
            return Verified(key_id="", nonce="", created=datetime.now(UTC), covered=())


@breaks("SIG-001", "signs-every-call")
class SignsForAnotherPurpose(Witnessed, Sealing):
    """签名的用途标签写错 / Signs its calls with the tag of another purpose."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        self.fired()
        return sign_request(request, self.key, created=created, nonce=self.nonce(), tag=EVENT_TAG)


@breaks("SIG-002", "digest-is-of-the-bytes-sent")
class DigestsBySha512(Witnessed, Sealing):
    """摘要只用 SHA-512 / States a SHA-512 digest and no SHA-256."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if not request.body:
            return super().seal(request, created)
        self.fired()
        value = base64.b64encode(hashlib.sha512(request.body).digest()).decode()
        return super().seal(request.with_headers((("content-digest", f"sha-512=:{value}:"),)), created)


@breaks("SIG-003", "nonce-is-fresh-every-time", scene="lost_answer")
class SendsTheSameSignatureAgain(Witnessed, Sealing):
    """重发时不重新签名 / Sends a write again with the signature that it had."""

    @cached_property
    def sealed(self) -> dict[str, HttpRequest]:
        """What was sealed under each key and not sent again yet."""
        return {}

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        key = request.header("idempotency-key")
        if key in self.sealed:
            self.fired()
            return self.sealed.pop(key)
        signed = super().seal(request, created)
        return self.sealed.setdefault(key, signed) if key else signed


def _added_after_signing(sealing: Sealing, request: HttpRequest, created: datetime, name: str) -> HttpRequest:
    """Signed without a field that goes out all the same."""
    signed = Sealing.seal(sealing, request.without_headers(name), created)
    return signed.with_headers((name, value) for value in request.header_values(name))
