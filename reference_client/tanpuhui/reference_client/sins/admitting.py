"""第 8 章 验签的缺陷 / Sins against clause 8: whom the scenario lets in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.reference_client.receiving.doorkeeper import Doorkeeper
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.signing import REQUEST_TAG, SignatureRefused, Verified, content_digest, verify_request

if TYPE_CHECKING:
    from tanpuhui.spec.message import HttpRequest, HttpResponse
    from tanpuhui.spec.signing import PublicKeys

WELL_SIGNED = "believes-only-what-is-well-signed"
ERRORS = 400
_KEY_ID = re.compile(r'keyid="([^"]+)"')


class Admitting(Witnessed, Doorkeeper):
    """Overlooks why some requests must not be let in, and tells."""

    def overlooked(self, request: HttpRequest) -> Verified:
        """As if it had been signed as it should be; its nonce is its own bytes."""
        self.fired()
        nonce = content_digest(request.body + repr(request.headers).encode())
        return Verified("", nonce, self.around.clock.now(), ())


@breaks("SIG-007", WELL_SIGNED)
class AdmitsTheUnsigned(Admitting):
    """接受未签名的请求 / Lets in requests without any signature."""

    def verify(self, request: HttpRequest) -> Verified:
        if request.header_values("signature"):
            return super().verify(request)
        return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsForeignKeys(Admitting):
    """接受他人密钥的签名 / Lets in what is signed with a key that it does not know."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused:
            if _key_id(request) in {None, *keys}:
                raise
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class NeverChecksTheValue(Admitting):
    """只看密钥号，不验签名值 / Looks at the key's name and never verifies the signature."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused as refused:
            if refused.code != "signature-invalid" or _key_id(request) not in keys:
                raise
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsOtherPurposes(Admitting):
    """不看签名的用途标签 / Does not look at what a signature was made for."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused:
            times = self.client.operations.conversation.times
            now = self.around.clock.now()
            verify_request(request, keys, now=now, tag=REQUEST_TAG, times=times, token_bound=False)
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsUncoveredBodies(Admitting):
    """签名不覆盖正文也接受 / Lets in requests whose signature leaves the body out."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused:
            super().verify_by(keys, replace(request, body=b"").without_headers("content-digest"))
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsTheAltered(Admitting):
    """不核对正文摘要 / Does not hold the body to its digest."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused as refused:
            if refused.code != "digest-mismatch":
                raise
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsTheExpired(Admitting):
    """不看签名时间 / Lets in requests that were signed long ago."""

    def verify_by(self, keys: PublicKeys, request: HttpRequest) -> Verified:
        try:
            return super().verify_by(keys, request)
        except SignatureRefused as refused:
            if refused.code != "signature-expired":
                raise
            return self.overlooked(request)


@breaks("SIG-007", WELL_SIGNED)
class AdmitsTheReplayed(Witnessed, Doorkeeper):
    """不查随机数是否用过 / Lets the same nonce in again."""

    def first_use(self, verified: Verified) -> bool:
        if not super().first_use(verified):
            self.fired()
        return True


@breaks("SIG-007", "receive-event-wants-a-good-signature")
class ReceivesFromAnybody(AdmitsTheUnsigned):
    """任何人都可投递事件 / Receives events from anybody."""


@breaks("SIG-007", "get-health-wants-a-good-signature")
class TellsItsHealthToAnybody(Witnessed, Reception):
    """健康检查不验签 / Tells its health to anybody who asks."""

    def health(self, request: HttpRequest, scenario_id: str, condition: str) -> HttpResponse:
        answer = super().health(request, scenario_id, condition)
        if answer.status < ERRORS:
            return answer
        self.fired()
        return json_answer(self.health_members(scenario_id, condition))


def _key_id(request: HttpRequest) -> str | None:
    found = _KEY_ID.search(",".join(request.header_values("signature-input")))
    return found[1] if found else None
