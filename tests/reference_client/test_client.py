"""The typed calls against a real platform, with what it can do to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import Refused
from tanpuhui.reference_client.client import ScenarioClient, operations_of
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.spec.indicator import schemes
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD_ID = "0199c1f0-3a5b-7d10-8c44-5b1f0e9d7a21"


@pytest.fixture
def record(ride: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    recipe, activity = BikeRecipe(), ride()
    return recipe.record(activity, recipe.parts(activity)[0], RECORD_ID)


def test_every_operation_has_a_typed_call(
    client: ScenarioClient, tenant: Any, record: dict[str, Any]
) -> None:
    assert client.discovery().issuer + "/.well-known/tanpuhui" == tenant.discovery_url
    assert len(client.jwks()) == 1
    assert client.token().value.count(".") == 2
    assert client.scenario().approval.valid_to is None or client.scenario().status == "approved"
    assert [link.status for link in client.links()] == ["active"]
    assert {found.scheme for found in client.methodologies()} == schemes().keys()
    done = client.submit_batch([record], idempotency_key="a-key-of-sixteen")
    assert done.answer.totals.accepted == 1
    assert client.record(RECORD_ID)["verdict"] == "accepted"
    assert [found["record_id"] for found in client.records("2026-03-09")] == [RECORD_ID]
    assert client.events(0).events == ()


def test_the_first_call_of_all_is_discovery(client: ScenarioClient, tenant: Any) -> None:
    client.scenario()
    entries = [
        entry["operation"] for entry in tenant.conduct("GET", "/journal")["entries"] if "operation" in entry
    ]
    assert entries[:3] == ["getDiscovery", "requestToken", "getScenario"]


def test_one_token_serves_many_calls(client: ScenarioClient, tenant: Any) -> None:
    for _ in range(4):
        client.scenario()
    assert len(tenant.exchanges("requestToken")) == 1


def test_a_refused_token_is_replaced_and_the_call_made_again(client: ScenarioClient, tenant: Any) -> None:
    tenant.arm({"kind": "expire_token", "operation": "listLinks"})
    assert client.links()
    tokens = [dict(each["request"]["headers"])["authorization"] for each in tenant.exchanges("listLinks")]
    assert len(tenant.exchanges("requestToken")) == 2
    assert len(tokens) == len(set(tokens)) == 2


def test_a_token_is_renewed_when_its_life_is_over(client: ScenarioClient, tenant: Any) -> None:
    client.scenario()
    tenant.conduct("POST", "/clock", advance_seconds=50)
    client.scenario()
    assert len(tenant.exchanges("requestToken")) == 1
    tenant.conduct("POST", "/clock", advance_seconds=3600)
    client.scenario()
    assert len(tenant.exchanges("requestToken")) == 2


@pytest.mark.parametrize("jump", [-86_400, -300, 300, 86_400])
def test_a_clock_that_jumped_is_corrected_by_the_platform_s_signed_answer(
    client: ScenarioClient, tenant: Any, jump: int
) -> None:
    client.scenario()
    tenant.conduct("POST", "/clock", advance_seconds=jump)
    assert client.scenario().scenario_id == "scn-1"
    problems = [each["problem"] for each in tenant.exchanges("getScenario")]
    assert "signature-expired" in problems
    assert problems[-1] is None
    client.scenario()
    assert len(tenant.exchanges("getScenario")) == len(problems) + 1


def test_a_lost_answer_and_a_broken_receipt_lead_to_the_same_bytes_under_the_same_key(
    client: ScenarioClient, tenant: Any, record: dict[str, Any]
) -> None:
    tenant.arm(
        {"kind": "lose_answer", "operation": "submitBatch"},
        {"kind": "break_receipt", "operation": "submitBatch"},
        {"kind": "answer", "operation": "submitBatch", "status": 503, "problem": "maintenance"},
    )
    done = client.submit_batch([record], idempotency_key="a-key-of-sixteen")
    tries = [each["request"] for each in tenant.exchanges("submitBatch")]
    fields = [dict(each["headers"]) for each in tries]
    assert done.answer.totals.accepted == 1
    assert len(tries) == 4
    assert len({each["body_b64"] for each in tries}) == 1
    assert {each["idempotency-key"] for each in fields} == {'"a-key-of-sixteen"'}
    assert len({each["signature-input"] for each in fields}) == 4
    assert tenant.stored() == 1


def test_unknown_members_in_answers_change_nothing(client: ScenarioClient, tenant: Any) -> None:
    tenant.arm(
        *({"kind": "unknown_members", "operation": name} for name in ("getDiscovery", "listLinks", "getJwks"))
    )
    assert len(client.links()) == 1


def test_a_permanent_refusal_is_told_once_in_words(
    client: ScenarioClient, tenant: Any, record: dict[str, Any]
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 403, "problem": "insufficient-scope"})
    with pytest.raises(Refused) as refused:
        client.submit_batch([record], idempotency_key="a-key-of-sixteen")
    assert len(tenant.exchanges("submitBatch")) == 1
    assert refused.value.problem.code == "insufficient-scope"
    assert all(
        word in str(refused.value) for word in ("令牌权限不足", "Token lacks the scope", "AUT-006", "→")
    )


def test_a_key_that_is_not_registered_is_told_in_words(tenant: Any) -> None:
    tenant.key = SigningKey.generate()
    with (
        ScenarioClient(operations_of(tenant.identity)) as stranger,
        pytest.raises(Refused, match="公钥") as refused,
    ):
        stranger.scenario()
    assert (refused.value.operation, refused.value.requirement) == ("requestToken", "AUT-001")


def test_lists_are_read_to_their_last_page(new_tenant: Callable[..., Any], link: Callable[..., Any]) -> None:
    names = [f"lnk_{n:022d}" for n in range(5)]
    tenant = new_tenant(limits={"page_max_items": 2}, links=[link(name) for name in names])
    with ScenarioClient(operations_of(tenant.identity)) as client:
        assert [found.link_id for found in client.links()] == names
    assert len(tenant.exchanges("listLinks")) == 3


def test_a_receipt_proves_what_was_acknowledged(client: ScenarioClient, record: dict[str, Any]) -> None:
    receipt = client.submit_batch([record], idempotency_key="a-key-of-sixteen").receipt
    assert json.loads(receipt.request.body)["records"] == [record]
    keys, times = client.jwks(), client.discovery().times
    sealing = client.operations.conversation.party.sealing
    assert sealing.verify_receipt(receipt.response, receipt.request, keys, times).key_id in keys
