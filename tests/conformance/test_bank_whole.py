"""The whole bank: every sin is caught for its own reason, and nothing correct is accused."""

from __future__ import annotations

import pytest

from tanpuhui.conformance.bank import hold, trials

pytestmark = [pytest.mark.bank, pytest.mark.timeout(2400)]


def test_the_kit_catches_every_sin_and_accuses_nobody_else() -> None:
    result = hold(tuple(trials().values()))
    told = [f"{one.trial.name} {one.ending}: {one.told}" for one in result.tried if not one.ending.good]
    assert result.good, "\n".join(told)
    figures = result.as_mapping()
    assert figures["caught"] == figures["faults"] >= 300
    assert figures["correct"] >= 20
