"""Client assertions (RFC 7523), checked more strictly than any library does by default (AUT-001, AUT-002)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.mock_platform.state.tenant import Tenant

ALGORITHM = "ES256"
_COMPACT = re.compile(r"[A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{86}\Z")
_JTI = re.compile(r"[\x21-\x7e]{8,128}\Z")
_LATEST = 2**40
_TIMES = (("iat", None), ("exp", None), ("nbf", 0))


class AssertionRefused(Exception):
    """客户端断言未被接受 / Why a client assertion does not count."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.code = code


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    """An assertion that holds; that its id is fresh is for the store to say."""

    jti: str
    expires: int


def check_assertion(token: str, tenant: Tenant, now: datetime) -> ClientAssertion:
    """The assertion's id and end, when signature and every claim are as the law demands."""
    if not _COMPACT.match(token):
        raise AssertionRefused("form", "断言不是紧凑格式的 JWS", "the assertion is no compact JWS")
    header, claims = (_json_object(part) for part in token.split(".")[:2])
    _check_header(header)
    _check_signature(token, str(header["kid"]), tenant)
    _check_parties(claims, tenant)
    return _check_times(claims, tenant, now.timestamp())


def _json_object(part: str) -> dict[str, Any]:
    try:
        value = parse_json(urlsafe_b64decode(part.encode()), max_depth=8, max_string=2048)
    except (StrictJsonError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise AssertionRefused(
            "form", "断言的头部或声明不是严格的 JSON 对象", "header or claims are no strict JSON object"
        )
    return value


def _check_header(header: dict[str, Any]) -> None:
    if header.get("alg") != ALGORITHM:
        raise AssertionRefused("alg", "断言的 alg 应为 ES256", "the assertion's alg shall be ES256")
    if header.get("typ") != "JWT":
        raise AssertionRefused("typ", "断言的 typ 应为 JWT", "the assertion's typ shall be JWT")
    if not isinstance(header.get("kid"), str):
        raise AssertionRefused("kid", "断言应载明 kid", "the assertion shall name its kid")
    if "crit" in header:
        raise AssertionRefused("crit", "断言不应使用 crit", "the assertion shall not use crit")


def _check_signature(token: str, kid: str, tenant: Tenant) -> None:
    key = tenant.client_keys.get(kid)
    if key is None or not isinstance(key.public, EllipticCurvePublicKey):
        raise AssertionRefused("kid", "断言的密钥未登记", "the assertion's key is not registered")
    try:
        jws.deserialize_compact(token, ECKey.import_key(key.public), algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise AssertionRefused(
            "signature", "断言的签名无效", "the assertion's signature is invalid"
        ) from error


def _check_parties(claims: dict[str, Any], tenant: Tenant) -> None:
    client = tenant.profile.client_id
    if claims.get("iss") != client or claims.get("sub") != client:
        raise AssertionRefused(
            "client", "断言的 iss 和 sub 应为客户端标识", "iss and sub shall be the client id"
        )
    if claims.get("aud") != tenant.issuer:
        raise AssertionRefused(
            "aud", "断言的 aud 应为平台标识这一个字符串", "aud shall be the issuer, one string"
        )


def _check_times(claims: dict[str, Any], tenant: Tenant, now: float) -> ClientAssertion:
    issued, expires, not_before = (_seconds(claims.get(name, default)) for name, default in _TIMES)
    if not 0 < expires - issued <= tenant.times.assertion_life_seconds:
        raise AssertionRefused(
            "life", "断言有效期超过公布的上限", "the assertion lives longer than advertised"
        )
    newest = now + tenant.times.signature_future_seconds
    if max(issued, not_before) > newest or expires <= now:
        raise AssertionRefused(
            "expired", "断言尚未生效或已过期", "the assertion is not yet or no longer valid"
        )
    jti = claims.get("jti")
    if not isinstance(jti, str) or not _JTI.match(jti):
        raise AssertionRefused(
            "jti", "断言应有 8 至 128 个字符的 jti", "the assertion needs a jti of 8 to 128 characters"
        )
    return ClientAssertion(jti, expires)


def _seconds(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _LATEST:
        raise AssertionRefused("times", "断言的 iat 和 exp 应为整数秒", "iat and exp shall be whole seconds")
    return value
