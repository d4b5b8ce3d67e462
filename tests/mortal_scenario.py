"""A scenario that reports rides by upload and is killed at the n-th call of one of its methods, if one is named.

python mortal_scenario.py DATABASE ORDER, the order as JSON: discovery_url, key, rides, and perhaps part, method, nth.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from itertools import count
from typing import Any

from tanpuhui.reference_client.scenario import Identity, Scenario, Setup
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.spec.signing import SigningKey

PATIENCE_SECONDS = 120


def mortal(part: type, method: str, nth: int) -> type:
    """The part as it is, but for the call that the process does not survive."""
    calls, usual = count(1), getattr(part, method)

    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        if next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return usual(self, *arguments, **named)

    return type(part.__name__, (part,), {method: call})


def main(database: str, order: dict[str, Any]) -> None:
    """Loads, reports and waits; prints the records by state."""
    parts, key = ScenarioParts(), SigningKey.from_jwk(order["key"])
    if "part" in order:
        name = order["part"]
        replaced: dict[str, Any] = {name: mortal(getattr(parts, name), order["method"], order["nth"])}
        parts = replace(parts, **replaced)
    with Scenario(database, key=key, parts=parts) as scenario:
        scenario.connect(Setup(Identity(order["discovery_url"], "cli-1", key), "scn-1"))
        scenario.load(order["rides"])
        scenario.report("uploads")
        assert scenario.wait_idle(PATIENCE_SECONDS)
        sys.stdout.write(json.dumps(scenario.status().as_mapping()["records"]))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.stdin.read()))
