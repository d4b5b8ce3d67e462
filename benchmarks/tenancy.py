"""A tenant that takes given records: their links are active, their devices registered and calibrated."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.document import document
from tanpuhui.spec.indicator import schemes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.spec.signing import SigningKey

NOW = "2026-03-10T12:00:00+08:00"
LONG_AGO, LONG_AFTER = "2020-01-01T00:00:00+08:00", "2035-01-01T00:00:00+08:00"


def example(scheme: str) -> dict[str, Any]:
    """The interface document's own example of a record of this scheme."""
    media = document("platform")["paths"]["/v1/activity-batches"]["post"]["requestBody"]["content"]
    examples = media["application/json"]["examples"].values()
    records = (record for each in examples for record in each["value"]["records"])
    return dict(next(record for record in records if record["scheme"] == scheme))


def moved_in(
    control_url: str, key: SigningKey, records: Sequence[dict[str, Any]], limits: dict[str, int]
) -> str:
    """The discovery address of the new tenant."""
    world = {
        "now": NOW,
        "limits": limits,
        "scenario": {
            "scenario_id": "scn-1",
            "client_id": "cli-1",
            "name": "bench",
            "schemes": list(schemes()),
            "jwks": {"keys": [key.public_jwk()]},
        },
        "links": [
            {"link_id": link, "status": "active", "valid_from": LONG_AGO}
            for link in sorted({record["link_id"] for record in records})
        ],
        "devices": [_device(record) for record in records],
    }
    content = {"content-type": "application/json"}
    request = urllib.request.Request(f"{control_url}/tenants", json.dumps(world).encode(), content)
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["discovery_url"])


def _device(record: dict[str, Any]) -> dict[str, Any]:
    certificate = {"certificate_no": "bench-1", "issuer": "bench", "standard": "bench"}
    return {
        "device_id": record["device_id"],
        "kind": schemes()[record["scheme"]].device.kind,
        "scheme": record["scheme"],
        "model": "bench",
        "installed_at": LONG_AGO,
        "calibrations": [{**certificate, "valid_from": LONG_AGO, "valid_to": LONG_AFTER}],
    }
