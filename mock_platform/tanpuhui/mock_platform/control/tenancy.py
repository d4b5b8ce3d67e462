"""Tenants come, change and go."""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from tanpuhui.mock_platform.address import ForeignAddress, require_loopback
from tanpuhui.mock_platform.control.desk import body_of, json_response, misuse
from tanpuhui.mock_platform.control.register import enter_devices, sound_devices
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.clock import Clock
from tanpuhui.mock_platform.state.links import replace_links
from tanpuhui.mock_platform.state.tenant import Profile, Tenant
from tanpuhui.spec.business_time import InvalidInstant, instant_text, parse_instant
from tanpuhui.spec.indicator import schemes
from tanpuhui.spec.keys import UnusableKey
from tanpuhui.spec.limits import InvalidLimit, Limits, Times
from tanpuhui.spec.signing import SigningKey, public_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request

    from tanpuhui.mock_platform.control.desk import Desk
    from tanpuhui.mock_platform.interface.answer import Refused

    Belongings = Sequence[Mapping[str, Any]]

_APPROVED_SINCE = timedelta(days=365)


async def create_tenant(desk: Desk, request: Request) -> Response:
    """新建租户 / Create a tenant."""
    order = await body_of(request, "newTenant")
    tenants = desk.platform.tenants
    name = order.get("tenant") or f"t-{desk.platform.new_id()}"
    if tenants.get(name) is not None:
        raise _taken()
    tenant = _tenant(order, name, tenants.base_url, tenants.wall())
    belongings = _sound_links(order.get("links", [])), sound_devices(order.get("devices", []))
    if not await desk.platform.run(name, partial(_move_in, desk=desk, tenant=tenant, belongings=belongings)):
        raise _taken()
    for each in desk.staff:
        each.employ(name)
    desk.platform.deliveries.ring(name)  # whoever delivers elsewhere hears of the tenant
    discovery = f"{tenant.issuer}/.well-known/tanpuhui"
    return json_response({"tenant": name, "issuer": tenant.issuer, "discovery_url": discovery}, 201)


def _move_in(
    connection: Connection, *, desk: Desk, tenant: Tenant, belongings: tuple[Belongings, Belongings]
) -> bool:
    moved_in = desk.platform.tenants.add(connection, tenant)
    links, devices = belongings
    if moved_in:
        replace_links(connection, tenant.id, links)
        enter_devices(connection, tenant.id, devices, desk.platform.tenants.now(tenant))
    return moved_in


def _taken() -> Refused:
    return misuse(
        "同名租户已存在，请换名或先删除 / a tenant of this name exists; rename or delete it first", "/tenant"
    )


def _tenant(order: Mapping[str, Any], name: str, base_url: str, wall: datetime) -> Tenant:
    try:
        clock = Clock.starting(wall, parse_instant(order["now"]) if "now" in order else None)
        key = SigningKey.from_jwk(order["signing_jwk"]) if "signing_jwk" in order else SigningKey.generate()
        limits = Limits.from_mapping(_known(order.get("limits", {}), Limits, "/limits"))
        times = Times.from_mapping(_known(order.get("times", {}), Times, "/times"))
    except (UnusableKey, InvalidLimit, InvalidInstant) as error:
        raise misuse(str(error)) from None
    if key.algorithm != "ecdsa-p256-sha256":
        raise misuse(
            "平台密钥应为 P-256：令牌以 ES256 签名 / the platform's key shall be P-256: tokens bear ES256",
            "/signing_jwk",
        )
    row = {
        "tenant": name,
        "signing_jwk": key.private_jwk(),
        "cursor_secret": secrets.token_bytes(32),
        "limits": limits.as_mapping(),
        "times": times.as_mapping(),
        "scenario": _profile(order["scenario"], clock.at(wall)).as_mapping(),
        "clock": clock.as_mapping(),
        "revision": secrets.randbits(62),
    }
    return Tenant.from_row(row, base_url)


def _known(overrides: Mapping[str, Any], kind: type[Limits | Times], place: str) -> Mapping[str, Any]:
    unknown = set(overrides) - {each.name for each in fields(kind)}
    if unknown:
        raise misuse(
            "没有这个限值或时间参数，见 spec/limits.yaml / no such limit or time, see spec/limits.yaml", place
        )
    return overrides


def _profile(order: Mapping[str, Any], now: datetime) -> Profile:
    approval = order.get("approval") or {
        "number": "模拟〔2026〕1号",
        "valid_from": instant_text(now - _APPROVED_SINCE),
        "valid_to": None,
    }
    return Profile(
        scenario_id=order["scenario_id"],
        client_id=order["client_id"],
        name=order["name"],
        schemes=_sound_schemes(order["schemes"]),
        callback_url=sound_callback(order.get("callback_url")),
        jwks=order.get("jwks", {"keys": []}),
        approval=approval,
    )


def _sound_schemes(names: Sequence[str]) -> tuple[str, ...]:
    if set(names) - set(schemes()):
        known = ", ".join(schemes())
        raise misuse(
            f"没有这个场景类型，可选：{known} / no such scheme, choose from: {known}", "/scenario/schemes"
        )
    return tuple(names)


def sound_callback(url: str | None) -> str | None:
    """The callback address, if this mock may send to it."""
    try:
        return None if url is None else require_loopback(url)
    except ForeignAddress as error:
        raise misuse(str(error), "/callback_url") from None


def _sound_links(links: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if len({link["link_id"] for link in links}) != len(links):
        raise misuse("连通号重复 / a link id occurs twice", "/links")
    try:
        for link in links:
            parse_instant(link["valid_from"])
            parse_instant(link.get("valid_to") or link["valid_from"])
    except InvalidInstant as error:
        raise misuse(str(error), "/links") from None
    return links


async def remove_tenant(desk: Desk, request: Request) -> Response:
    """删除租户及其一切 / Remove a tenant with all that it has."""
    tenant = await desk.tenant(request)
    for each in desk.staff:
        await each.dismiss(tenant.id)
    await desk.platform.run(tenant.id, partial(desk.platform.tenants.remove, tenant=tenant.id))
    for bell in desk.platform.bells.values():
        bell.ring(tenant.id)
    return Response(status_code=204)


async def change_scenario(desk: Desk, request: Request) -> Response:
    """修改场景登记 / Change the scenario's registration."""
    tenant, order = await desk.tenant(request), await body_of(request, "changedScenario")
    changes: dict[str, Any] = {name: order[name] for name in ("jwks",) if name in order}
    if "callback_url" in order:
        changes["callback_url"] = sound_callback(order["callback_url"])
    if "schemes" in order:
        changes["schemes"] = _sound_schemes(order["schemes"])
    await desk.platform.run(tenant.id, partial(_register, desk=desk, name=tenant.id, changes=changes))
    desk.platform.deliveries.ring(tenant.id)
    desk.platform.entries.ring(tenant.id)
    changed = replace(tenant.profile, **changes)
    return json_response({"scenario_id": changed.scenario_id, "callback_url": changed.callback_url})


def _register(connection: Connection, *, desk: Desk, name: str, changes: Mapping[str, Any]) -> None:
    tenants = desk.platform.tenants
    tenant = tenants.get(name)
    if tenant is not None:
        profile = replace(tenant.profile, **changes)
        tenants.change(connection, replace(tenant, profile=profile, client_keys=public_keys(profile.jwks)))
        journal.note(connection, name, "scenario_changed", tenants.now(tenant), members=sorted(changes))


async def replace_all_links(desk: Desk, request: Request) -> Response:
    """替换全部连通，不发事件 / Replace all links without any event."""
    tenant, order = await desk.tenant(request), await body_of(request, "links")
    links = _sound_links(order["links"])
    await desk.platform.run(tenant.id, partial(_relink, desk=desk, tenant=tenant, links=links))
    desk.platform.entries.ring(tenant.id)
    return json_response({"links": len(links)})


def _relink(
    connection: Connection, *, desk: Desk, tenant: Tenant, links: Sequence[Mapping[str, Any]]
) -> None:
    replace_links(connection, tenant.id, links)
    journal.note(connection, tenant.id, "links_replaced", desk.platform.tenants.now(tenant), links=len(links))
