"""Makes events that must not be believed, and events that cannot be read."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.attack import Attack
from tanpuhui.conformance.truth.links import SUSPENDED
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.event import MEDIA_TYPE, event_prefix
from tanpuhui.spec.message import HttpRequest
from tanpuhui.spec.signing import EVENT_TAG, REQUEST_TAG, content_digest, sign_request

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.spec.limits import Limits

Event = dict[str, Any]
Bend = Callable[[bytes, "Limits"], bytes]
"""Makes of a valid event's bytes something that no strict reader takes."""

PATH = "/v1/events"
_MARGIN_SECONDS = 30
_LONG_AGO = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Forger:
    """Makes requests around one kind of event: a link was suspended long ago."""

    stage: Stage

    def event(self, link_id: str, sequence: int, **members: Any) -> Event:
        """A valid event, with other members where asked for."""
        now = self.stage.now
        return {
            "specversion": "1.0",
            "id": f"evt_{token(self.stage.rng, 24)}",
            "source": self.stage.tenant.issuer,
            "type": f"{event_prefix()}link.{SUSPENDED}.v1",
            "subject": link_id,
            "time": instant_text(now),
            "datacontenttype": "application/json",
            "sequence": sequence,
            "data": {"link_id": link_id, "status": SUSPENDED, "effective_at": instant_text(now - _LONG_AGO)},
            **members,
        }

    def forged(self, link_id: str, sequence: int, used_nonce: str) -> Iterator[Attack]:
        """Valid events, were it not for their signature."""
        times = self.stage.stand.times
        long_ago = {"created_offset_seconds": -times.signature_past_seconds - _MARGIN_SECONDS}
        to_come = {"created_offset_seconds": times.signature_future_seconds + _MARGIN_SECONDS}
        for name, label, problem, sign in (
            ("unsigned", "没有签名 / without a signature", "signature-missing", {"key": "none"}),
            ("foreign-key", "他人的密钥 / signed with another key", "signature-invalid", {"key": "foreign"}),
            ("altered", "签名后改动正文 / altered after signing", "digest-mismatch", {"tamper": True}),
            ("stale", "签名时间太早 / signed too long ago", "signature-expired", long_ago),
            ("future", "签名时间在未来 / signed in the future", "signature-expired", to_come),
            ("replayed", "随机数已用过 / a nonce used before", "nonce-replayed", {"nonce": used_nonce}),
        ):
            message = {"event": self.event(link_id, sequence), "sign": sign}
            yield Attack(name, Text.both(label), message, (problem,))
        for name, label, signed in self._misused(link_id, sequence):
            yield Attack(name, Text.both(label), signed, ("signature-invalid",))

    def _misused(self, link_id: str, sequence: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Signatures of the right key for something else."""
        request = self._request(json.dumps(self.event(link_id, sequence)).encode())
        yield (
            "other-tag",
            "用途标签不对 / signed for another purpose",
            _raw(self._signed(request, REQUEST_TAG)),
        )
        elsewhere = self._signed(replace(request, url=f"{request.url}?to=elsewhere"), EVENT_TAG)
        yield "other-target", "为另一地址而签 / signed for another address", _raw(elsewhere)
        bare = self._signed(HttpRequest("POST", request.url), EVENT_TAG)
        extra = (*request.headers, ("content-digest", content_digest(request.body)))
        uncovered = replace(bare.with_headers(extra), body=request.body)
        yield "body-not-covered", "签名未覆盖正文 / the body is not covered", _raw(uncovered)

    def unreadable(self, link_id: str, sequence: int) -> Iterator[Attack]:
        """Properly signed requests whose content is not as specified; each bears a canary."""
        for name, label, problem, bend in _UNREADABLE:
            canary = token(self.stage.rng, 20)
            raw = json.dumps(self.event(link_id, sequence, canary=canary), separators=(",", ":")).encode()
            message = {"body_b64": _b64(bend(raw, self.stage.stand.limits))}
            yield Attack(name, Text.both(label), message, (problem,), canary)
        yield from self._malformed(link_id, sequence)

    def _malformed(self, link_id: str, sequence: int) -> Iterator[Attack]:
        canary = token(self.stage.rng, 20)
        whole = self.event(link_id, sequence, canary=canary)
        nameless = {name: value for name, value in whole.items() if name != "id"}
        yield Attack(
            "no-id", Text.both("缺少 id / without an id"), {"event": nameless}, ("schema-violation",), canary
        )
        empty = {**whole, "data": {"canary": canary}}
        yield Attack(
            "no-data",
            Text.both("已知类型的内容不全 / a known type without its data"),
            {"event": empty},
            ("schema-violation",),
            canary,
        )
        plain = {"event": whole, "headers": [["content-type", "text/plain"]]}
        yield Attack(
            "media-type",
            Text.both("媒体类型不对 / another media type"),
            plain,
            ("unsupported-media-type",),
            canary,
        )

    def _request(self, body: bytes) -> HttpRequest:
        return HttpRequest(
            "POST", f"{self.stage.stand.base_url}{PATH}", (("content-type", MEDIA_TYPE),), body
        )

    def _signed(self, request: HttpRequest, tag: str) -> HttpRequest:
        nonce, key = token(self.stage.rng, 24), self.stage.props.platform_key
        return sign_request(request, key, created=self.stage.now, nonce=nonce, tag=tag)


def _raw(request: HttpRequest) -> dict[str, Any]:
    """A request that is sent to the event receiver as it is."""
    headers = [list(field) for field in request.headers]
    return {"body_b64": _b64(request.body), "headers": headers, "sign": {"key": "none"}, "method": "POST"}


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def _with(member: bytes) -> Bend:
    """The object with one more member at its end."""
    return lambda raw, _: raw[:-1] + b"," + member + b"}"


def _twice_within(raw: bytes, _: Limits) -> bytes:
    return raw.replace(b'"data":{', b'"data":{"link_id":"lnk_another-one-altogether",', 1)


def _deep(raw: bytes, limits: Limits) -> bytes:
    nested = b"[" * limits.json_max_depth + b"]" * limits.json_max_depth
    return _with(b'"figure":' + nested)(raw, limits)


def _long(raw: bytes, limits: Limits) -> bytes:
    return _with(b'"figure":"' + b"a" * (limits.string_max_chars + 1) + b'"')(raw, limits)


_UNREADABLE: tuple[tuple[str, str, str, Bend], ...] = (
    ("duplicate-member", "重复成员 / a member twice", "invalid-json", _with(b'"specversion":"1.0"')),
    ("nested-duplicate", "深处的重复成员 / a member twice further down", "invalid-json", _twice_within),
    (
        "byte-order-mark",
        "字节序标记 / a byte-order mark",
        "invalid-json",
        lambda raw, _: b"\xef\xbb\xbf" + raw,
    ),
    ("not-a-number", "非有限数 / a non-finite number", "invalid-json", _with(b'"figure":NaN')),
    ("not-utf-8", "不是 UTF-8 / not UTF-8", "invalid-json", lambda raw, _: raw.replace(b"evt_", b"evt_\xff")),
    ("too-deep", "嵌套太深 / nested too deep", "limit-exceeded", _deep),
    ("too-long", "字符串太长 / a string too long", "limit-exceeded", _long),
    (
        "too-large",
        "正文太大 / a body too large",
        "limit-exceeded",
        lambda raw, it: raw + b" " * it.event_max_bytes,
    ),
)
