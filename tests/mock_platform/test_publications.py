"""What the platform publishes, and that its table of handlers is the interface document's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from tanpuhui.mock_platform.handlers.routes import HANDLERS
from tanpuhui.mock_platform.interface.operations import operations
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.document import document
from tanpuhui.spec.document import operations as documented
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def test_every_documented_operation_has_its_handler() -> None:
    assert set(HANDLERS) == {each.operation_id for each in documented(document("platform"))}
    assert set(HANDLERS) == {each.id for each in operations()}


def test_discovery_advertises_addresses_limits_and_times(actor: Actor) -> None:
    found = httpx.get(f"{actor.issuer}/.well-known/tanpuhui").json()
    assert found["issuer"] == actor.issuer
    assert found["token_endpoint"] == f"{actor.issuer}/oauth/token"
    assert found["limits"] == default_limits().as_mapping()
    assert found["times"] == default_times().as_mapping()
    assert len(found["now"]) == len("2026-03-02T06:00:00.125+08:00")


def test_discovery_advertises_what_the_tenant_was_given(new_actor: Callable[..., Actor]) -> None:
    actor = new_actor(limits={"page_max_items": 7}, times={"retry_first_seconds": 0.25})
    found = httpx.get(f"{actor.issuer}/.well-known/tanpuhui").json()
    assert (found["limits"]["page_max_items"], found["times"]["retry_first_seconds"]) == (7, 0.25)


def test_the_date_field_and_discovery_show_the_tenants_time(actor: Actor) -> None:
    actor.freeze()
    response = httpx.get(f"{actor.issuer}/.well-known/tanpuhui")
    assert abs((parse_instant(response.json()["now"]) - actor.now()).total_seconds()) < 0.001
    assert response.headers["date"].startswith("Sun, 01 Mar 2026 22:00:")


def test_jwks_holds_no_private_part(actor: Actor) -> None:
    (key,) = httpx.get(f"{actor.issuer}/jwks").json()["keys"]
    assert "d" not in key
    assert key["alg"] == "ES256"


def test_the_registration_is_shown(actor: Actor) -> None:
    shown = actor.get("/v1/scenario").json()
    assert shown["scenario_id"] == "scn-1"
    assert shown["schemes"] == ["PV", "BIKE"]
    assert shown["status"] == "approved"


def test_the_methodologies_of_the_law_are_listed(actor: Actor) -> None:
    listed = actor.get("/v1/methodologies").json()["methodologies"]
    assert [each["code"] for each in listed] == [each.code for each in methodologies()]
