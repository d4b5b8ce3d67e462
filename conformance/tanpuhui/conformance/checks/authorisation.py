"""第 7 章 授权：令牌如何取得、使用和更换 / Clause 7, authorisation: how tokens are obtained, used and renewed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.recording.write import write_operations

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.token_request import TokenRequest
    from tanpuhui.conformance.verdict import Observation

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RENEWAL_MARGIN = 0.25
"""A token may be renewed in the last quarter of its life."""


@check("AUT-001", "proves-itself-with-es256", scenes=EVERY)
def proves_itself_with_es256(evidence: Evidence) -> Iterator[Observation]:
    """以客户端凭证和 ES256 断言取令牌 / Obtains tokens by client credentials and an ES256 assertion."""
    for request in evidence.token_requests:
        header = _members(request.assertion_header.value)
        right_form = request.form.get("grant_type") == "client_credentials"
        right_form = right_form and request.form.get("client_assertion_type") == ASSERTION_TYPE
        ok = right_form and header.get("alg") == "ES256" and isinstance(header.get("kid"), str)
        yield saw(
            "client_credentials，ES256 断言带 kid / client_credentials with an ES256 assertion that has a kid",
            f"grant_type={_word(request.form.get('grant_type'))} alg={_word(header.get('alg'))}",
            ok=ok,
            at=request.exchange.seq,
        )


@check("AUT-002", "assertion-is-for-this-platform-short-lived-and-used-once", scenes=EVERY)
def assertion_is_narrow(evidence: Evidence) -> Iterator[Observation]:
    """断言只给本平台、短期、一次性 / The assertion is for this platform, short-lived and used once."""
    for scene in evidence.scenes:
        seen: set[str] = set()
        for request in scene.token_requests:
            claims = _members(request.assertion_claims.value)
            problems = list(_departures(claims, scene, seen))
            seen.add(str(claims.get("jti")))
            yield saw(
                "aud 为平台标识，有效期不超过公布值，jti 未用过"
                " / aud is the issuer, life within the advertised, jti unused",
                "；".join(problems) or "均符合 / as expected",
                ok=not problems,
                at=request.exchange.seq,
            )


def _departures(claims: Mapping[str, Any], scene: RecordedScene, seen: set[str]) -> Iterator[str]:
    if scene.stand is None or claims.get("aud") != scene.stand.issuer:
        yield "aud 不是平台标识 (aud is not the issuer)"
    life = _number(claims.get("exp")) - _number(claims.get("iat"))
    if scene.stand is None or not 0 < life <= scene.stand.times.assertion_life_seconds:
        yield "有效期过长或缺失 (life too long or missing)"
    if not isinstance(claims.get("jti"), str) or claims["jti"] in seen:
        yield "jti 缺失或重复 (jti missing or repeated)"
    if claims.get("iss") != claims.get("sub"):
        yield "iss 与 sub 不同 (iss differs from sub)"


@check("AUT-003", "keeps-a-token-while-it-is-valid", scenes=EVERY)
def keeps_a_token_while_it_is_valid(evidence: Evidence) -> Iterator[Observation]:
    """有效期内复用令牌 / Reuses a token while it is valid."""
    for scene in evidence.scenes:
        issued = [request for request in scene.token_requests if request.token]
        for earlier, later in itertools.pairwise(issued):
            needed = _worn_out(earlier, later) or _refused_between(scene, earlier, later)
            yield saw(
                "旧令牌临近到期或被拒后才取新令牌 / a new token only when the old one is near its end or refused",
                "旧令牌仍有效 / the old token was still valid" if not needed else "确有需要 / it was needed",
                ok=needed,
                at=later.exchange.seq,
            )
        if issued and len(_bearing(scene, issued[-1])) > 1:
            yield saw(
                "一个令牌用于多次调用 / one token serves several calls",
                f"用于 {len(_bearing(scene, issued[-1]))} 次调用 / served several calls",
                ok=True,
                at=issued[-1].exchange.seq,
            )


def _worn_out(earlier: TokenRequest, later: TokenRequest) -> bool:
    life = timedelta(seconds=earlier.expires_in or 0)
    return later.exchange.at >= earlier.exchange.at + life * (1 - RENEWAL_MARGIN)


def _refused_between(scene: RecordedScene, earlier: TokenRequest, later: TokenRequest) -> bool:
    between = (call for call in _bearing(scene, earlier) if call.seq < later.exchange.seq)
    return any(call.problem_code == "token-invalid" for call in between)


def _bearing(scene: RecordedScene, request: TokenRequest) -> list[Exchange]:
    return [call for call in scene.calls() if _token(call) == request.token]


def _token(call: Exchange) -> str | None:
    values = call.request.header_values("authorization")
    return values[0].partition(" ")[2] if values else None


@check("AUT-004", "replaces-a-refused-token", scenes=("token_ends",))
def replaces_a_refused_token(evidence: Evidence) -> Iterator[Observation]:
    """令牌被拒后换新令牌重发 / After a refused token, sends again with a new one."""
    for scene in evidence.scenes:
        calls = scene.calls()
        for refused in (call for call in calls if call.problem_code == "token-invalid" and not call.slow):
            later = [call for call in calls if call.seq > refused.seq]
            reused = any(_token(call) == _token(refused) for call in later)
            again = any(_same_request(refused, call) and _token(call) != _token(refused) for call in later)
            yield saw(
                "换用新令牌重发同一请求，不再用旧令牌 / the same request again under a new token, never the old one",
                _renewal_words(reused=reused, again=again),
                ok=again and not reused,
                at=refused.seq,
            )


def _renewal_words(*, reused: bool, again: bool) -> str:
    if reused:
        return "又用了被拒的令牌 / the refused token was used again"
    return "已换新令牌重发 / sent again under a new token" if again else "没有重发 / not sent again"


def _same_request(one: Exchange, other: Exchange) -> bool:
    if one.operation in write_operations():
        keys = [call.request.header_values("idempotency-key") for call in (one, other)]
        return keys[0] == keys[1] and bool(keys[0])
    return (one.request.method, one.operation) == (other.request.method, other.operation)


@check("AUT-005", "keeps-the-token-in-its-field", scenes=EVERY)
def keeps_the_token_in_its_field(evidence: Evidence) -> Iterator[Observation]:
    """令牌只在 Authorization 字段 / The token appears in the Authorization field only."""
    for scene in evidence.scenes:
        tokens = [request.token for request in scene.token_requests if request.token]
        for call in scene.calls() if tokens else ():
            if call.operation != "requestToken" and call.request.header_values("authorization"):
                place = next((place for token in tokens if (place := _elsewhere(call, token))), None)
                yield saw(
                    "令牌不在别处 / the token is nowhere else",
                    f"令牌出现在{place} / the token was found elsewhere" if place else "没有 / it is not",
                    ok=place is None,
                    at=call.seq,
                )


def _elsewhere(call: Exchange, token: str) -> str | None:
    if token in call.request.url:
        return "地址"
    if token.encode() in call.request.body:
        return "正文"
    others = (value for name, value in call.request.headers if name != "authorization")
    return "其他字段" if any(token in value for value in others) else None


def _members(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int) else 0.0


def _word(value: object) -> str:
    return value if isinstance(value, str) and value.replace("_", "").isalnum() and len(value) <= 40 else "?"  # noqa: PLR2004
