"""Opens a platform for one scene: a tenant of its own, the scenario reset and registered there, all of it noted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.json_call import CallFailed
from tanpuhui.conformance.driving.testbed import Identity
from tanpuhui.conformance.recording.reading import TENANT
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.limits import Limits, Times
from tanpuhui.spec.message import HttpRequest

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from tanpuhui.conformance.driving.instrument import TenantControl
    from tanpuhui.conformance.driving.props import Props
    from tanpuhui.conformance.recording.recorder import Recorder

BRISK: Mapping[str, Any] = {
    "request_timeout_seconds": 3,
    "retry_first_seconds": 0.05,
    "retry_max_seconds": 0.2,
    "event_ack_seconds": 2,
    "event_retry_seconds": [0.1, 0.2, 0.4, 0.8, 1.6],
    "job_poll_seconds": 1,
}
"""Times as the judge's platform advertises them, so that days of waiting pass in seconds."""

MODEST: Mapping[str, Any] = {"upload_max_bytes": 1_000_000}
"""Limits as the judge's platform advertises them: no more than its journal holds whole."""

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Opening:
    """What a scene wants its platform to be."""

    now: datetime
    links: Sequence[Mapping[str, Any]]
    limits: Mapping[str, Any]
    times: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenStand:
    """A platform that is open for one scene, and the scenario as it is known there.

    The journal up to `journal_from` holds the judge's own readings: the scenario knew no address by then.
    """

    tenant: TenantControl
    journal_from: int
    identity: Identity
    base_url: str
    limits: Limits
    times: Times


def open_stand(props: Props, recorder: Recorder, rng: Random, opening: Opening) -> OpenStand:
    """Tenant, reset, registration: afterwards the scenario may call, and has not called yet."""
    name = token(rng, 12).lower()
    wanted = {
        "now": instant_text(opening.now),
        "signing_jwk": props.platform_key.private_jwk(),
        "limits": {**MODEST, **opening.limits},
        "times": {**BRISK, **opening.times},
        "scenario": {
            "scenario_id": f"scn-{name}",
            "client_id": f"cli-{name}",
            "name": props.scenario["name"],
            "schemes": list(props.schemes),
        },
        "links": list(opening.links),
    }
    tenant = props.control.open_tenant(wanted)
    recorder.masker.mint(issuer=tenant.issuer)
    discovery = _fetched(props, tenant.discovery_url)
    platform_jwks = _fetched(props, discovery["jwks_uri"])
    _, journal_from = tenant.journal(0, 0)
    identity = Identity(props.run_id, tenant.discovery_url, f"cli-{name}", f"scn-{name}")
    jwks, base_url = _registered(props.testbed.reset(identity), props.scenario.get("base_url"))
    _register(tenant, base_url, jwks)
    _note(recorder, tenant, identity, (base_url, jwks), (discovery, platform_jwks))
    limits, times = Limits.from_mapping(discovery["limits"]), Times.from_mapping(discovery["times"])
    return OpenStand(tenant, journal_from, identity, base_url, limits, times)


def _registered(answer: Mapping[str, Any], configured: str | None) -> tuple[Mapping[str, Any], str]:
    jwks, base_url = answer.get("jwks"), answer.get("base_url") or configured
    if not isinstance(jwks, Mapping) or not isinstance(base_url, str):
        raise BadReset(
            Text("测试台的 reset 应答缺少 jwks 或 base_url", "the testbed's reset lacks jwks or base_url")
        )
    return jwks, base_url.rstrip("/")


def _register(tenant: TenantControl, base_url: str, jwks: Mapping[str, Any]) -> None:
    try:
        tenant.register(callback_url=base_url, jwks=jwks)
    except CallFailed as failed:
        text = Text(
            "平台不接受场景方的地址或公钥：地址应在本机回环上，公钥应是 JWK",
            "the platform does not accept the scenario's address (loopback only) or keys (JWK)",
        )
        raise BadReset(text) from failed


class BadReset(RuntimeError):
    """重置的应答不可用 / The scenario's testbed did not say what is needed to register it."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def _fetched(props: Props, url: str) -> dict[str, Any]:
    answer = props.wire.send(HttpRequest("GET", url), timeout=_PATIENCE_SECONDS)
    if answer.status != HTTPStatus.OK:  # HTTP
        raise CallFailed("平台 (platform)", f"GET {url}", answer.status, (HTTPStatus.OK,))
    return dict(json.loads(answer.body))


def _note(
    recorder: Recorder,
    tenant: TenantControl,
    identity: Identity,
    scenario: tuple[str, Mapping[str, Any]],
    platform: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> None:
    (base_url, scenario_jwks), (discovery, platform_jwks) = scenario, platform
    recorder.note(
        TENANT,
        issuer=tenant.issuer,
        api_base=discovery["api_base"],
        scenario_id=identity.scenario_id,
        client_id=identity.client_id,
        base_url=base_url,
        limits=discovery["limits"],
        times=discovery["times"],
        platform_jwks=platform_jwks,
        scenario_jwks=scenario_jwks,
    )
