"""The tenant's clock: moved, frozen, scaled, and everything goes by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.mock_platform.state.clock import Clock, instant, micros

if TYPE_CHECKING:
    from tests.mock_platform.conftest import Actor

WALL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
THERE = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_clock_runs_from_where_it_was_set() -> None:
    clock = Clock.starting(WALL, THERE)
    assert clock.at(WALL + 5 * SECOND) == THERE + 5 * SECOND


def test_a_frozen_clock_stands_and_goes_on_from_there() -> None:
    frozen = Clock.starting(WALL, THERE).moved(WALL + SECOND, {"freeze": True})
    assert frozen.at(WALL + 9 * SECOND) == THERE + SECOND
    thawed = frozen.moved(WALL + 9 * SECOND, {"freeze": False})
    assert thawed.at(WALL + 10 * SECOND) == THERE + 2 * SECOND


def test_a_scaled_clock_runs_faster_from_now_on() -> None:
    fast = Clock.starting(WALL, THERE).moved(WALL + SECOND, {"scale": 100})
    assert fast.at(WALL + 3 * SECOND) == THERE + 201 * SECOND
    assert fast.wall_seconds(THERE + 301 * SECOND, WALL + 3 * SECOND) == 1


def test_a_frozen_clock_never_reaches_what_is_ahead() -> None:
    frozen = Clock(WALL, THERE, frozen=True)
    assert frozen.wall_seconds(THERE + SECOND, WALL) is None
    assert frozen.wall_seconds(THERE, WALL) == 0


def test_a_clock_survives_its_row() -> None:
    clock = Clock.starting(WALL, THERE).moved(
        WALL, {"advance_seconds": 0.000001, "scale": 0.5, "freeze": True}
    )
    assert Clock.from_mapping(clock.as_mapping()) == clock


def test_instants_are_numbers_to_the_microsecond() -> None:
    late = datetime(2099, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert instant(micros(late)) == late


def test_the_tenants_clock_is_moved_over_the_wire(actor: Actor) -> None:
    actor.conduct("POST", "/clock", set="2026-05-01T00:00:00+08:00", freeze=True)
    assert actor.conduct("POST", "/clock", advance_seconds=1.5) == {"now": "2026-05-01T00:00:01.500000+08:00"}
    assert actor.journal()[-1] == {
        "n": actor.journal()[-1]["n"],
        "kind": "note",
        "what": "clock",
        "at": "2026-05-01T00:00:01.500000+08:00",
        "scale": 1.0,
        "frozen": True,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"set": "yesterday"},
        {"set": "2150-01-01T00:00:00Z"},
        {"scale": 0},
        {"advance": 1},
        {"advance_seconds": "1"},
    ],
)
def test_a_move_that_makes_no_sense_is_refused(actor: Actor, change: dict[str, Any]) -> None:
    response = actor.control.post(f"/tenants/{actor.tenant}/clock", json=change)
    assert (response.status_code, response.json()["code"]) == (422, "schema-violation")
