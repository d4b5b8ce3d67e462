"""Signing what goes out and verifying what comes back (SIG-001 … SIG-006)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.steps import JSON, NDJSON
from tanpuhui.spec.signing import REQUEST_TAG, sign_request, verify_response

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.calling.steps import Call, FrozenFile
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import Headers, HttpRequest, HttpResponse
    from tanpuhui.spec.signing import PublicKeys, SigningKey, Verified


class Sealing:
    """The scenario's seal; each method is one part of it."""

    def __init__(self, key: SigningKey, chance: Chance) -> None:
        self.key = key
        self.chance = chance

    def public_jwks(self) -> list[dict[str, Any]]:
        """The keys by which the platform knows what this side signs."""
        return [self.key.public_jwk()]

    def headers(self, call: Call, token: str) -> Headers:
        """The fields of a request; the token goes nowhere else (AUT-005)."""
        fields = [
            ("accept", "application/json, application/problem+json"),
            ("authorization", f"Bearer {token}"),
        ]
        if call.body:
            fields.append(("content-type", JSON))
        if call.file:
            fields += _of_file(call.file)
        if call.idempotency_key:
            fields.append(("idempotency-key", f'"{call.idempotency_key}"'))
        return tuple(fields)

    def nonce(self) -> str:
        """Used once (SIG-003)."""
        return self.chance.token()

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        """The request with digest and signature, made anew for every sending."""
        return sign_request(request, self.key, created=created, nonce=self.nonce(), tag=REQUEST_TAG)

    def verify_receipt(
        self, answer: HttpResponse, request: HttpRequest, keys: PublicKeys, times: Times
    ) -> Verified:
        """Checks the platform's signature; it is bound to this very request, so no time window is needed."""
        return verify_response(answer, request, keys, now=None, times=times)


def _of_file(file: FrozenFile) -> Headers:
    """What is said of a body in a file; its digest was taken when it was frozen (SIG-002)."""
    coding = (("content-encoding", file.coding),) if file.coding else ()
    return (("content-type", NDJSON), *coding, ("content-digest", file.digest))
