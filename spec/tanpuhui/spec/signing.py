"""The signature profile TPH-HS-1: who signs what on requests, answers and events (RFC 9421, RFC 9530)."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from http_message_signatures import HTTPMessageSignaturesException, HTTPMessageSigner

from tanpuhui.spec.digest import content_digest, content_digest_of, digest_matches_pieces
from tanpuhui.spec.keys import PublicKey, PublicKeys, SigningKey, public_keys
from tanpuhui.spec.message import Headers, HttpRequest, HttpResponse
from tanpuhui.spec.signature import (
    ALGORITHMS,
    RequestView,
    ResponseView,
    SignatureRefused,
    Verified,
    Wanted,
    invalid,
    verify_message,
)

if TYPE_CHECKING:
    from tanpuhui.spec.limits import Times

__all__ = [
    "EVENT_TAG",
    "LABEL",
    "REQUEST_TAG",
    "RESPONSE_TAG",
    "PublicKey",
    "PublicKeys",
    "SignatureRefused",
    "SigningKey",
    "Unsignable",
    "Verified",
    "content_digest",
    "public_keys",
    "sign_request",
    "sign_response",
    "verify_request",
    "verify_response",
]

LABEL = "tph"
REQUEST_TAG = "tph-request"
RESPONSE_TAG = "tph-response"
EVENT_TAG = "tph-event"

_SIGNATURE_FIELDS = ("signature-input", "signature")
_REQUEST_BINDING = (
    '"@method";req',
    '"@target-uri";req',
    f'"signature";req;key="{LABEL}"',
    f'"signature-input";req;key="{LABEL}"',
)

Message = TypeVar("Message", HttpRequest, HttpResponse)


class Unsignable(ValueError):
    """无法签名 / A message that cannot be signed: malformed, or an answer to a request without signature."""

    def __init__(self) -> None:
        super().__init__(
            "报文无法签名：地址、字段或所应答请求的签名格式不对（SIG-001、SIG-005）"
            " / cannot sign: address, fields or the signature of the request answered is malformed"
        )


def sign_request(
    request: HttpRequest,
    key: SigningKey,
    *,
    created: datetime,
    nonce: str,
    tag: str = REQUEST_TAG,
    life_seconds: float = 60,
) -> HttpRequest:
    """The request with digest and signature added; signed anew if it bore a signature.

    A digest that the request bears already is taken as it is, so that a large body is read once and not every time.
    """
    bare = _with_digest(request.without_headers(*_SIGNATURE_FIELDS), needed=request.has_body)
    optional = ("authorization", "content-digest", "content-type", "idempotency-key")
    covered = ("@method", "@target-uri", *(name for name in optional if bare.header(name) is not None))
    expires = created + timedelta(seconds=life_seconds)
    parameters = {"created": created, "expires": expires, "nonce": nonce, "tag": tag}
    return bare.with_headers(_signature_fields(RequestView(bare), key, covered, parameters))


def verify_request(
    request: HttpRequest,
    keys: PublicKeys,
    *,
    now: datetime | None,
    tag: str,
    times: Times,
    token_bound: bool,
) -> Verified:
    """Who signed the request and when; without `now` its age is not judged."""
    required = ["@method", "@target-uri"]
    required += ["authorization"] if token_bound else []
    required += ["content-digest", "content-type"] if request.has_body else []
    required += ["idempotency-key"] if request.header_values("idempotency-key") else []
    verified = verify_message(request, keys, Wanted(tag, LABEL, tuple(required)))
    if not verified.nonce:
        raise invalid("缺少随机数 nonce", "parameter nonce is missing")
    _compare_body(request)
    _compare_time(verified, now, times)
    return verified


def sign_response(
    response: HttpResponse, request: HttpRequest, key: SigningKey, *, created: datetime
) -> HttpResponse:
    """The response as a receipt: signed over status and body and bound to the request that it answers."""
    bare = _with_digest(response.without_headers(*_SIGNATURE_FIELDS), needed=True)
    parameters = {"created": created, "tag": RESPONSE_TAG}
    covered = _response_cover(bare, request)
    return bare.with_headers(_signature_fields(ResponseView(bare, request), key, covered, parameters))


def verify_response(
    response: HttpResponse, request: HttpRequest, keys: PublicKeys, *, now: datetime | None, times: Times
) -> Verified:
    """Who signed the receipt and when; without `now` its age is not judged."""
    wanted = Wanted(RESPONSE_TAG, LABEL, _response_cover(response, request))
    verified = verify_message(response, keys, wanted, request=request)
    _compare_body(response)
    _compare_time(verified, now, times)
    return verified


def _response_cover(response: HttpResponse, request: HttpRequest) -> tuple[str, ...]:
    content_type = ("content-type",) if response.header_values("content-type") else ()
    request_digest = ('"content-digest";req',) if request.header_values("content-digest") else ()
    return ("@status", *content_type, "content-digest", *_REQUEST_BINDING, *request_digest)


def _with_digest(message: Message, *, needed: bool) -> Message:
    if not needed or message.header_values("content-digest"):
        return message
    return message.with_headers((("content-digest", content_digest_of(message.pieces())),))


def _signature_fields(
    view: RequestView | ResponseView, key: SigningKey, covered: tuple[str, ...], parameters: dict[str, Any]
) -> Headers:
    algorithm = ALGORITHMS[key.algorithm]
    try:
        prepared = HTTPMessageSigner(signature_algorithm=algorithm).prepare(
            view,
            key_id=key.key_id,
            label=LABEL,
            include_alg=False,
            covered_component_ids=covered,
            use_existing_digest="content-digest" in covered,
            **parameters,
        )
    except (HTTPMessageSignaturesException, ValueError) as reason:
        raise Unsignable from reason
    value = base64.b64encode(algorithm(private_key=key.private).sign(prepared.signature_base)).decode()
    return (
        ("signature-input", f"{LABEL}={prepared.signature_params}"),
        ("signature", f"{LABEL}=:{value}:"),
    )


def _compare_body(message: HttpRequest | HttpResponse) -> None:
    digest = message.header("content-digest")
    if digest is not None and not digest_matches_pieces(digest, message.pieces()):
        raise SignatureRefused(
            "digest-mismatch",
            "内容摘要与正文不符，应为正文字节的 SHA-256",
            "Content-Digest does not match the body; it shall be the SHA-256 of its bytes",
        )


def _compare_time(verified: Verified, now: datetime | None, times: Times) -> None:
    if now is None:
        return
    oldest = now - timedelta(seconds=times.signature_past_seconds)
    newest = now + timedelta(seconds=times.signature_future_seconds)
    window = f"-{times.signature_past_seconds:g} s … +{times.signature_future_seconds:g} s"
    outlived = verified.expires is not None and verified.expires < now
    if outlived or not oldest <= verified.created <= newest:
        raise SignatureRefused(
            "signature-expired",
            f"签名时间不在窗口内（{window}）",
            f"signature time outside the window ({window})",
        )
