"""Verifies one HTTP message signature (RFC 9421) whatever its profile, and says in plain words why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519

from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.structured_field import MalformedField, Member, parse_dictionary, parse_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.spec.keys import Algorithm, Public, PublicKeys

Identity: TypeAlias = tuple[str, frozenset[tuple[str, Any]]]
RefusalCode: TypeAlias = Literal[
    "signature-missing", "signature-invalid", "signature-expired", "digest-mismatch"
]

ALGORITHMS: dict[Algorithm, type[Any]] = {"ecdsa-p256-sha256": ECDSA_P256_SHA256, "ed25519": ED25519}
SINGLE_FIELDS = (
    "signature",
    "signature-input",
    "content-digest",
    "content-type",
    "authorization",
    "idempotency-key",
)


class SignatureRefused(Exception):
    """签名未通过 / Why a signature does not count; the code is one of the registry of problems."""

    def __init__(self, code: RefusalCode, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.code: RefusalCode = code
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signature of a message is looked for, and what it has to cover."""

    tag: str | None = None
    label: str | None = None
    components: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds: whose, when, and over what; an absent nonce is empty."""

    key_id: str
    nonce: str
    created: datetime
    covered: tuple[str, ...]
    expires: datetime | None = None


class _Lines:
    """Fields line by line, as the library wants to see them."""

    __slots__ = ("pairs",)

    def __init__(self, message: HttpRequest | HttpResponse) -> None:
        self.pairs = message.headers

    def items(self) -> tuple[tuple[str, str], ...]:
        return self.pairs


class RequestView:
    """A request as the library wants to see it."""

    __slots__ = ("headers", "method", "url")

    def __init__(self, request: HttpRequest) -> None:
        self.method, self.url, self.headers = request.method, request.url, _Lines(request)


class ResponseView:
    """A response, with the request that it answers, as the library wants to see it."""

    __slots__ = ("headers", "request", "status_code")

    def __init__(self, response: HttpResponse, request: HttpRequest | None) -> None:
        self.status_code, self.headers = response.status, _Lines(response)
        self.request = RequestView(request) if request is not None else None


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: time is judged afterwards, and by the caller's time."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:  # noqa: ARG002
        for name in ("created", "expires"):
            if name in sig_input.params:
                self._parse_integer_timestamp(sig_input.params[name], name)  # type: ignore[no-untyped-call]


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, keys: PublicKeys) -> None:
        self.keys = keys

    def resolve_public_key(self, key_id: str) -> Public | None:
        return self.keys[key_id].public if key_id in self.keys else None


def verify_message(
    message: HttpRequest | HttpResponse,
    keys: PublicKeys,
    wanted: Wanted,
    *,
    request: HttpRequest | None = None,
) -> Verified:
    """The one wanted signature, verified over the fields; body and time are the caller's to judge."""
    announced = _announced(message, wanted)
    key = keys.get(announced.parameters.get("keyid", ""))
    if key is None:
        raise invalid("签名所用密钥未登记", "the signing key is not known")
    _require_covered(announced, wanted)
    verifier = _Verifier(signature_algorithm=ALGORITHMS[key.algorithm], key_resolver=_Keys(keys))
    view = RequestView(message) if isinstance(message, HttpRequest) else ResponseView(message, request)
    tag = announced.parameters.get("tag")
    try:
        (result,) = verifier.verify(view, max_age=None, expect_tag=tag, require_components=wanted.components)
    except (HTTPMessageSignaturesException, ValueError) as refusal:
        raise invalid(
            "签名值与密钥、报文或参数不符", "it does not fit the key, the message or its parameters"
        ) from refusal
    return _verified(result)


def invalid(zh: str, en: str) -> SignatureRefused:
    """A signature that is there and does not hold."""
    return SignatureRefused("signature-invalid", f"消息签名无效：{zh}", f"message signature invalid: {en}")


@dataclass(frozen=True, slots=True)
class _Announced:
    """What a signature says of itself before anything is verified."""

    parameters: dict[str, Any]
    covered: tuple[Identity, ...]


def _announced(message: HttpRequest | HttpResponse, wanted: Wanted) -> _Announced:
    if not message.header_values("signature") and not message.header_values("signature-input"):
        raise SignatureRefused("signature-missing", "缺少消息签名", "message signature missing")
    for name in SINGLE_FIELDS:
        if len(message.header_values(name)) > 1:
            raise invalid(f"字段 {name} 出现多次", f"field {name} occurs more than once")
    chosen = [
        (label, member)
        for label, member in _announcements(message.header("signature-input") or "").items()
        if wanted.tag is None or member[1].get("tag") == wanted.tag
    ]
    if len(chosen) != 1 or (wanted.label is not None and chosen[0][0] != wanted.label):
        raise invalid(
            f"应恰有一个签名 label={wanted.label or '*'} tag={wanted.tag or '*'}",
            f"expected exactly one signature with label={wanted.label or '*'} tag={wanted.tag or '*'}",
        )
    components, parameters = chosen[0][1]
    return _Announced(parameters, tuple((name, frozenset(extra.items())) for name, extra in components))


def _announcements(field: str) -> dict[str, Member]:
    """Signature-Input as labels with inner lists; a repeated label or any other shape is refused."""
    try:
        announcements = parse_dictionary(field)
    except MalformedField:
        announcements = {}
    if not announcements or not all(isinstance(value, list) for value, _ in announcements.values()):
        raise invalid("字段 signature-input 格式不对", "field signature-input is malformed")
    return announcements


def _require_covered(announced: _Announced, wanted: Wanted) -> None:
    missing = [component for component in wanted.components if _identity(component) not in announced.covered]
    if missing:
        raise invalid(f"未覆盖 {'、'.join(missing)}", f"it does not cover {', '.join(missing)}")


@cache
def _identity(component: str) -> Identity:
    """A component without the order of its parameters, which carries no meaning (RFC 9421, 2)."""
    if not component.startswith('"'):
        return component, frozenset()
    name, parameters = parse_item(component)
    return name, frozenset(parameters.items())


def _verified(result: VerifyResult) -> Verified:
    parameters: dict[str, Any] = result.parameters
    if "created" not in parameters:
        raise invalid("缺少参数 created", "parameter created is missing")
    expires = parameters.get("expires")
    return Verified(
        key_id=parameters["keyid"],
        nonce=parameters.get("nonce", ""),
        created=datetime.fromtimestamp(parameters["created"], UTC),
        covered=tuple(_plain(component) for component in list(result.covered_components)[:-1]),
        expires=None if expires is None else datetime.fromtimestamp(expires, UTC),
    )


def _plain(component: str) -> str:
    """A component as people write it: quoted only where it has parameters."""
    return component if ";" in component else component.strip('"')
