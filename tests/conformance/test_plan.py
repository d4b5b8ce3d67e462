"""What is played and judged follows from edition, claims and selection; nothing to judge is an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.check import EVERY, check, checks
from tanpuhui.conformance.claims import MEASURED, UPLOADS
from tanpuhui.conformance.plan import Plan, RunConfig, ScenarioClaims, Selection, plan_for
from tanpuhui.conformance.scene import scene, scenes
from tanpuhui.conformance.scenes import PLAYING_ORDER
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.truth.measured import MeasuredSeries
from tanpuhui.spec.edition import edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.verdict import Observation

BOTH = frozenset({"PV", "BIKE"})
SCENES = Path(__file__).parents[2] / "conformance" / "tanpuhui" / "conformance" / "scenes"


def _names(plan: Plan) -> set[str]:
    return {played.name for played in plan.scenes}


def test_every_scene_on_disk_is_in_the_playing_order() -> None:
    assert {path.stem for path in SCENES.glob("*.py")} - {"__init__"} == set(PLAYING_ORDER)
    assert tuple(scenes()) == PLAYING_ORDER


def test_scenes_and_checks_speak_both_languages() -> None:
    for one in (*scenes().values(), *checks().values()):
        assert one.text.zh != one.text.en, one
        assert any("一" <= character <= "鿿" for character in one.text.zh), one


def test_a_plan_holds_every_check_of_the_edition_and_every_scene_that_applies() -> None:
    plan = plan_for("2026.1", BOTH)
    assert {one.requirement for one in plan.checks} >= {
        one.requirement for one in checks().values() if one.requirement in edition("2026.1").scored
    }
    assert _names(plan) == {name for name, one in scenes().items() if one.needs <= plan.claims}
    assert MEASURED not in _names(plan)


def test_the_measured_scene_needs_a_series() -> None:
    assert MEASURED not in _names(plan_for("2026.1", BOTH))
    assert MEASURED in _names(plan_for("2026.1", BOTH | {MEASURED}))
    assert MEASURED not in _names(plan_for("2026.1", {"BIKE", MEASURED}))


def test_uploads_are_judged_of_those_who_claim_them() -> None:
    without, claimed = plan_for("2026.1", BOTH), plan_for("2026.1", BOTH | {UPLOADS})
    assert _names(claimed) - _names(without) == {
        name for name, one in scenes().items() if UPLOADS in one.needs
    }
    of_uploads = [one for one in claimed.checks if one.requirement in {"WRT-010", "WRT-011", "WRT-012"}]
    assert len(of_uploads) >= 3
    for one in of_uploads:
        assert claimed.condition_of(one) is None
        told = without.condition_of(one)
        assert told is not None
        assert "uploads" in told.en


def test_a_requirement_selects_its_checks_and_their_scenes() -> None:
    plan = plan_for("2026.1", BOTH, Selection(ids=("CAL-004",)))
    assert {one.requirement for one in plan.checks} == {"CAL-004"}
    assert "rate_limited" in _names(plan)
    assert len(_names(plan)) < len(scenes())


def test_a_topic_and_a_single_check_select_too() -> None:
    assert {one.law.topic for one in plan_for("2026.1", BOTH, Selection(ids=("CAL",))).checks} == {"CAL"}
    one = "CAL-004/waits-as-long-as-told"
    assert [it.id for it in plan_for("2026.1", BOTH, Selection(ids=(one,))).checks] == [one]


def test_a_scene_selects_the_checks_that_look_at_it() -> None:
    plan = plan_for("2026.1", BOTH, Selection(scenes=("rate_limited",)))
    assert _names(plan) == {"rate_limited"}
    assert all(one.scenes == EVERY or "rate_limited" in one.scenes for one in plan.checks)


@pytest.mark.parametrize(
    "selection",
    [Selection(ids=("CAL-999",)), Selection(ids=("CAL-004", "nonsense")), Selection(scenes=("nowhere",))],
)
def test_a_selection_that_matches_nothing_is_refused(selection: Selection) -> None:
    with pytest.raises(Trouble, match="没有与"):
        plan_for("2026.1", BOTH, selection)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(Trouble, match="WALK"):
        plan_for("2026.1", {"WALK"})


def test_a_plan_is_made_again_from_what_a_transcript_says_of_it() -> None:
    for selection in (Selection(), Selection(ids=("CAL",)), Selection(scenes=("truth",))):
        plan = plan_for("2026.1", BOTH, selection)
        assert Plan.from_mapping(plan.as_mapping()) == plan


def test_a_recommendation_is_judged_and_does_not_count() -> None:
    plan = plan_for("2026.1", BOTH)
    assert all(plan.counts(one) == (one.requirement in edition("2026.1").scored) for one in plan.checks)


def test_a_check_of_no_requirement_or_no_scene_fails_at_once() -> None:
    def judge(_: Evidence) -> Iterator[Observation]:
        """看 / Looks."""
        yield from ()

    with pytest.raises(ValueError, match="no requirement"):
        check("CAL-999", "a", scenes=EVERY)(judge)
    with pytest.raises(ValueError, match="no such scene"):
        check("CAL-001", "a", scenes=("nowhere",))(judge)
    with pytest.raises(ValueError, match="slug"):
        check("CAL-001", "Not A Slug", scenes=EVERY)(judge)
    with pytest.raises(ValueError, match="twice"):
        scene("truth")(lambda _: None)


def test_a_configuration_shows_no_secret(tmp_path: Path) -> None:
    series = MeasuredSeries(tmp_path / "a.csv", "6.000", "2024-01-01", 900)
    config = RunConfig(
        "r",
        "2026.1",
        1,
        ScenarioClaims("场景", "1", ("PV",)),
        "http://t",
        tmp_path,
        "open-sesame",
        measured=series,
    )
    assert "sesame" not in repr(config)
    assert config.claims >= {"PV", MEASURED}
    assert UPLOADS not in config.claims
