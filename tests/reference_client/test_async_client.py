"""The asynchronous client is the same protocol: same calls, same requests, same outcome."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import Refused
from tanpuhui.reference_client.client import AsyncScenarioClient, ScenarioClient, operations_of
from tanpuhui.reference_client.recipes.bike import BikeRecipe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TROUBLE = (
    {"kind": "lose_answer", "operation": "submitBatch"},
    {"kind": "expire_token", "operation": "listLinks"},
    {"kind": "break_receipt", "operation": "getScenario"},
    {"kind": "answer", "operation": "listEvents", "status": 429, "problem": "rate-limited"},
)


def asynchronously(tenant: Any, use: Callable[[AsyncScenarioClient], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with AsyncScenarioClient(operations_of(tenant.identity)) as client:
            return await use(client)

    return asyncio.run(run())


def said(tenant: Any) -> list[tuple[str, int | None, str | None]]:
    """What went over the wire."""
    entries = (entry for entry in tenant.conduct("GET", "/journal")["entries"] if entry["kind"] == "exchange")
    return [(each["operation"], (each["response"] or {}).get("status"), each["problem"]) for each in entries]


def test_both_clients_say_the_same(new_tenant: Callable[..., Any], ride: Callable[..., Any]) -> None:
    recipe, activity = BikeRecipe(), ride()
    record = recipe.record(activity, recipe.parts(activity)[0], "a-record-id-of-both")
    one, other = new_tenant(), new_tenant()
    for tenant in (one, other):
        tenant.arm(*TROUBLE)

    with ScenarioClient(operations_of(one.identity)) as client:
        first = [client.discovery().limits, len(client.jwks()), client.token().value != "", client.scenario()]
        first += [client.links(), client.methodologies(), client.events(), client.records()]
        first += [client.submit_batch([record], idempotency_key="a-key-of-sixteen").answer.totals]
        first += [client.record("a-record-id-of-both")["verdict"]]

    async def use(client: AsyncScenarioClient) -> list[Any]:
        found = [
            (await client.discovery()).limits,
            len(await client.jwks()),
            (await client.token()).value != "",
        ]
        found += [await client.scenario(), await client.links(), await client.methodologies()]
        found += [await client.events(), await client.records()]
        found += [(await client.submit_batch([record], idempotency_key="a-key-of-sixteen")).answer.totals]
        return [*found, (await client.record("a-record-id-of-both"))["verdict"]]

    assert asynchronously(other, use) == first
    assert said(other) == said(one)
    assert one.fired() == other.fired() == [1, 1, 1, 1]


def test_a_refusal_is_raised_on_the_event_loop_too(tenant: Any) -> None:
    with pytest.raises(Refused, match="没有该资源"):
        asynchronously(tenant, lambda client: client.record("a-record-that-is-not"))
