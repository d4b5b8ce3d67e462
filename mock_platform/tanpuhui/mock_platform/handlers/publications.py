"""What the platform publishes: discovery, keys, the scenario's registration, methodologies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.interface.answer import Answer, json_answer
from tanpuhui.mock_platform.interface.operations import operations
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.problem import problem_base
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call

TITLE = "碳普惠平台（模拟，不用于生产） / Carbon-inclusion platform (mock, not for production)"


def get_discovery(call: Call) -> Answer:
    """读取发现文档 / Read the discovery document."""
    issuer, edition = call.tenant.issuer, current_edition()
    body: dict[str, Any] = {
        "title": TITLE,
        "editions": [{"edition": edition.name, "status": edition.status}],
        "issuer": issuer,
        "api_base": f"{issuer}/v1",
        "token_endpoint": issuer + _path_of("requestToken"),
        "jwks_uri": issuer + _path_of("getJwks"),
        "now": call.now.astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
        "limits": call.tenant.limits.as_mapping(),
        "times": call.tenant.times.as_mapping(),
        "problem_base": problem_base(),
    }
    return Answer(200, dump_json(body, fractions=True))


def get_jwks(call: Call) -> Answer:
    """读取平台公钥 / Read the platform's public keys."""
    return json_answer({"keys": [call.tenant.key.public_jwk()]})


def get_scenario(call: Call) -> Answer:
    """读取本场景的登记 / Read the scenario's own registration."""
    profile = call.tenant.profile
    return json_answer(
        {
            "scenario_id": profile.scenario_id,
            "name": profile.name,
            "schemes": list(profile.schemes),
            "callback_url": profile.callback_url,
            "status": "approved",
            "approval": dict(profile.approval),
        }
    )


def list_methodologies(_: Call) -> Answer:
    """列出方法学与参数集 / List methodologies and parameter sets."""
    return json_answer({"methodologies": [each.as_mapping() for each in methodologies()]})


def _path_of(operation_id: str) -> str:
    return next(operation.path for operation in operations() if operation.id == operation_id)
