"""第 8 章 签名：每次发送都签、都新、都真 / Clause 8, signatures: every sending signed, fresh and authentic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.spec.digest import digest_matches
from tanpuhui.spec.keys import public_keys
from tanpuhui.spec.signature import SignatureRefused, Verified
from tanpuhui.spec.signing import REQUEST_TAG, verify_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene, Stand
    from tanpuhui.conformance.verdict import Observation

UNSIGNED = frozenset({"getDiscovery", "getJwks", "requestToken"})
FROM_INSTRUMENT = "（据平台当时的核验 / by the platform's own verification at the time）"


def signed_calls(scene: RecordedScene) -> tuple[Exchange, ...]:
    """The calls that the law wants signed."""
    return tuple(call for call in scene.calls() if call.operation not in UNSIGNED)


@check("SIG-001", "signs-every-call", scenes=EVERY)
def signs_every_call(evidence: Evidence) -> Iterator[Observation]:
    """带令牌的请求都有覆盖完整的签名 / Every call with a token bears a signature of full coverage."""
    for scene in evidence.scenes:
        for call in signed_calls(scene):
            refusal = _refusal(call, scene.stand)
            yield saw(
                "有效签名，覆盖规定的成分 / a valid signature over the components laid down",
                refusal or "有效 / valid",
                ok=refusal is None,
                at=call.seq,
            )


def _refusal(call: Exchange, stand: Stand | None) -> str | None:
    """Why the signature does not hold, None where it does; a digest that differs is SIG-002's matter."""
    if not call.request_intact or stand is None:
        word = str(call.observed.get("signature"))
        return None if word in {"ok", "digest-mismatch", "signature-expired"} else f"{word}{FROM_INSTRUMENT}"
    try:
        _verified(call, stand)
    except SignatureRefused as refused:
        return None if refused.code == "digest-mismatch" else f"{refused.zh} / {refused.en}"
    return None


def _verified(call: Exchange, stand: Stand) -> Verified:
    keys = public_keys(dict(stand.scenario_jwks))
    return verify_request(call.request, keys, now=None, tag=REQUEST_TAG, times=stand.times, token_bound=True)


@check("SIG-002", "digest-is-of-the-bytes-sent", scenes=EVERY)
def digest_is_of_the_bytes_sent(evidence: Evidence) -> Iterator[Observation]:
    """摘要与发出的字节一致 / The digest is that of the bytes sent."""
    for call in evidence.calls():
        stated = call.request.header_values("content-digest")
        if call.operation in UNSIGNED or not call.request.body:
            continue
        yield saw(
            "Content-Digest 与正文一致 / Content-Digest agrees with the body",
            _digest_words(call, stated),
            ok=_digest_holds(call, stated),
            at=call.seq,
        )


def _digest_holds(call: Exchange, stated: tuple[str, ...]) -> bool:
    if not call.body_intact:
        return call.observed.get("signature") != "digest-mismatch" and bool(stated)
    return len(stated) == 1 and digest_matches(stated[0], call.request.body)


def _digest_words(call: Exchange, stated: tuple[str, ...]) -> str:
    if not stated:
        return "没有 Content-Digest / there is no Content-Digest"
    return "一致 / it agrees" if _digest_holds(call, stated) else "不一致 / it differs"


@check("SIG-003", "nonce-is-fresh-every-time", scenes=EVERY)
def nonce_is_fresh_every_time(evidence: Evidence) -> Iterator[Observation]:
    """每次发送都用新随机数 / Every sending has a fresh nonce."""
    for scene in evidence.scenes:
        seen: set[str] = set()
        for call in signed_calls(scene):
            nonce = _nonce(call)
            if nonce is None:
                continue
            yield saw(
                "未用过的随机数 / a nonce not used before",
                "已用过 / used before" if nonce in seen else "未用过 / fresh",
                ok=nonce not in seen,
                at=call.seq,
            )
            seen.add(nonce)


def _nonce(call: Exchange) -> str | None:
    text = ", ".join(call.request.header_values("signature-input"))
    _, found, rest = text.partition(';nonce="')
    return rest.partition('"')[0] if found else None


def _created(call: Exchange) -> int | None:
    text = ", ".join(call.request.header_values("signature-input"))
    _, found, rest = text.partition(";created=")
    digits = rest.partition(";")[0]
    return int(digits) if found and digits.isdigit() else None


@check("SIG-004", "signs-by-the-platforms-time", scenes=("first_report", "truth", "clock_jump"))
def signs_by_the_platforms_time(evidence: Evidence) -> Iterator[Observation]:
    """按平台时间签名，被指过期后校正 / Signs by the platform's time and corrects its clock when told."""
    for scene in evidence.scenes:
        jumped = False
        for call in signed_calls(scene):
            if call.problem_code == "signature-expired":
                yield from () if call.slow else _corrected(call, scene)
                jumped = True
            elif scene.name != "clock_jump" or jumped:
                yield _in_time(call, scene)


def _corrected(refused: Exchange, scene: RecordedScene) -> Iterator[Observation]:
    later = [call for call in signed_calls(scene) if call.seq > refused.seq]
    following = next((call for call in later if call.operation == refused.operation), None)
    ok = following is not None and following.problem_code != "signature-expired"
    yield saw(
        "校正时钟后重发被接受 / corrects its clock, and the next sending is accepted",
        "已校正 / corrected" if ok else "没有校正或没有重发 / not corrected, or not sent again",
        ok=ok,
        at=refused.seq,
    )


def _in_time(call: Exchange, scene: RecordedScene) -> Observation:
    created, stand = _created(call), scene.stand
    ok = created is not None and stand is not None
    if ok and created is not None and stand is not None:
        apart = created - call.at.timestamp()
        ok = -stand.times.signature_past_seconds - 1 <= apart <= stand.times.signature_future_seconds + 1
    return saw(
        "created 在公布的窗口内 / created lies within the advertised window",
        "在窗口内 / it does" if ok else "不在窗口内 / it does not",
        ok=ok,
        at=call.seq,
    )


@check("SIG-006", "distrusts-a-broken-receipt", scenes=("broken_receipt", "upload_lost_answer"))
def distrusts_a_broken_receipt(evidence: Evidence) -> Iterator[Observation]:
    """回执无效视为未得到应答 / Takes a broken receipt for no answer."""
    for write in evidence.writes:
        for number, attempt in enumerate(write.attempts, start=1):
            if attempt.fault is not None and attempt.fault.kind == "break_receipt":
                again = len(write.attempts) > number
                yield saw(
                    "以同一幂等键重发 / sends again under the same key",
                    "已重发 / sent again" if again else "当作已确认 / took it for an acknowledgement",
                    ok=again,
                    at=attempt.seq,
                )
