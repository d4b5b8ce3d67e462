"""What a scenario of the tests has: its link, its device, its records."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.document import document

LINK = "lnk_" + "a" * 22
DEVICE = "dev-pv-01"


def a_link(link_id: str = LINK, **changes: Any) -> dict[str, Any]:
    return {"link_id": link_id, "status": "active", "valid_from": "2026-01-01T00:00:00+08:00", **changes}


def a_device(**changes: Any) -> dict[str, Any]:
    return {
        "device_id": DEVICE,
        "kind": "inverter",
        "scheme": "PV",
        "model": "example",
        "installed_at": "2020-01-01T00:00:00+08:00",
        "calibrations": [a_certificate()],
        **changes,
    }


def a_certificate(**changes: Any) -> dict[str, Any]:
    return {
        "certificate_no": "example-1",
        "issuer": "example",
        "standard": "example",
        "valid_from": "2020-01-01T00:00:00+08:00",
        "valid_to": "2035-01-01T00:00:00+08:00",
        **changes,
    }


@cache
def an_example(scheme: str) -> dict[str, Any]:
    """The law's own example of a record of this scheme."""
    batch = document("platform")["paths"]["/v1/activity-batches"]["post"]["requestBody"]["content"]
    examples = batch["application/json"]["examples"].values()
    records = (record for example in examples for record in example["value"]["records"])
    return next(record for record in records if record["scheme"] == scheme)


def a_pv_day(**changes: Any) -> dict[str, Any]:
    """A PV day under a new id; members of `activity` are changed by name as well."""
    example = an_example("PV")
    inner = {name: changes.pop(name) for name in set(changes) & set(example["activity"])}
    made = {
        **example,
        "record_id": str(uuid.uuid4()),
        "link_id": LINK,
        "activity": example["activity"] | inner,
    }
    state = changes.get("device_state", made["device_state"])
    return {**made, **accounts_text(account(made | {"device_state": state})), **changes}


def a_ride(**changes: Any) -> dict[str, Any]:
    """A bike ride under a new id."""
    return {**an_example("BIKE"), "record_id": str(uuid.uuid4()), "link_id": LINK, **changes}
