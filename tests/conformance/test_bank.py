"""The bank's runner: it tells a sin that is caught from one that survives, and an honest scenario from both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tanpuhui.conformance.bank import (
    bank_figures,
    causes_of,
    chosen,
    faults_by_requirement,
    trials,
    tried,
    unproven,
)
from tanpuhui.conformance.check import checks
from tanpuhui.conformance.commands.bank import bank
from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.scene import scenes
from tanpuhui.conformance.trial import BankResult, Ending, Trial, Tried
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.reference_client.bank import serving_part
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY, SIZE = "CAL-001/every-write-has-a-key", "WRT-002/batch-keeps-the-advertised-size"
WORDS = Text("试", "a trial")


class Inert(Witnessed, Batching):
    """从不发作 / Never acts."""


class Harmless(Witnessed, Batching):
    """发作而无害 / Acts and does no harm."""

    def count_max(self) -> int:
        self.fired()
        return super().count_max()


class Keyless(Witnessed, Batching):
    """键太短 / Makes keys that are too short."""

    def idempotency_key(self) -> str:
        self.fired()
        return "short"


@pytest.fixture(scope="module")
def control_url() -> Iterator[str]:
    with PlatformServer() as server:
        yield server.control_url


@pytest.mark.parametrize(
    ("part", "check", "ending"),
    [
        (Inert, KEY, Ending.NOT_FIRED),
        (Harmless, KEY, Ending.SURVIVED),
        (Keyless, KEY, Ending.CAUGHT),
        (Keyless, SIZE, Ending.WRONG_REASON),
    ],
)
def test_a_faulty_scenario_is_caught_by_the_check_that_it_names(
    control_url: str, part: type, check: str, ending: Ending
) -> None:
    trial = Trial(part.__name__, WORDS, check, "first_report")
    assert tried(trial, serving_part(part), control_url).ending is ending


def seen(*, fired: int = 1, check: str | None = None, **outcomes: Outcome) -> Tried:
    trial = Trial("someone", WORDS, check, witnessed=True)
    return Tried(trial, fired, outcomes, {"first_report": Outcome.PASS}, 0.1)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCOMPLETE, Outcome.KIT_ERROR])
def test_nothing_but_a_clean_pass_clears_a_correct_scenario(outcome: Outcome) -> None:
    assert seen(one=Outcome.PASS, other=Outcome.NOT_APPLICABLE).ending is Ending.CLEARED
    assert seen(one=Outcome.PASS, other=outcome).ending is Ending.FALSE_ALARM


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [(Outcome.INCOMPLETE, Ending.CLEARED), (Outcome.FAIL, Ending.FALSE_ALARM)],
)
def test_where_some_scenes_are_played_a_check_that_saw_nothing_accuses_nobody(
    outcome: Outcome, ending: Ending
) -> None:
    trial = Trial("someone", WORDS, scenes=("uploads",))
    played = {"uploads": Outcome.PASS}
    assert Tried(trial, 1, {"one": Outcome.PASS, "other": outcome}, played, 0.1).ending is ending
    unfinished = {"uploads": Outcome.INCOMPLETE}
    assert Tried(trial, 1, {"one": Outcome.PASS}, unfinished, 0.1).ending is Ending.FALSE_ALARM


def test_an_unusual_scenario_that_was_not_unusual_proves_nothing() -> None:
    assert seen(fired=0, one=Outcome.PASS).ending is Ending.NOT_FIRED


def test_a_check_that_only_stays_undecided_has_caught_nothing() -> None:
    assert seen(check="one", one=Outcome.INCOMPLETE).ending is Ending.SURVIVED


def test_the_figures_name_every_blemish() -> None:
    result = BankResult.of(
        [seen(check="one", one=Outcome.FAIL), seen(check="one", one=Outcome.PASS), seen(one=Outcome.FAIL)]
    )
    assert not result.good
    assert result.as_mapping() == {
        "faults": 2,
        "caught": 1,
        "wrong_reason": [],
        "survivors": ["someone"],
        "not_fired": [],
        "correct": 1,
        "false_alarms": ["someone"],
    }
    assert bank_figures(result)["false_alarms"] == 1
    assert bank_figures(result)["digest"].startswith("sha256:")


def test_every_check_is_proven_by_a_sin() -> None:
    assert unproven() == ()


def test_every_sin_names_a_check_and_a_scene_in_which_it_shows() -> None:
    for trial in trials().values():
        known = checks().get(trial.check or "")
        assert (known is None) == (not trial.faulty)
        assert known is None or known.scenes == ("*",) or trial.scene in known.scenes


def test_every_unusual_scenario_names_scenes_that_there_are() -> None:
    for trial in trials().values():
        assert set(trial.played) <= set(scenes())


def test_sins_are_the_usual_causes_of_a_failure() -> None:
    assert "ignores-retry-after" in faults_by_requirement()["CAL-004"]
    assert Text("不理会 Retry-After", "Ignores Retry-After and keeps to its own curve.") in causes_of(
        "CAL-004"
    )


def test_a_name_that_the_bank_does_not_have_is_refused_with_advice() -> None:
    with pytest.raises(Trouble) as refused:
        chosen(["does-everything-wrong"])
    assert "tph bank --list" in "".join(refused.value.lines())


def test_the_command_lists_what_can_be_tried() -> None:
    done = CliRunner().invoke(bank, ["--list"])
    assert done.exit_code == ExitCode.PASS
    assert len(done.output.splitlines()) == len(trials())


def test_the_command_prints_one_json_object_and_nothing_else() -> None:
    done = CliRunner().invoke(bank, ["--json", "--only", "sends-a-short-key", "--jobs", "1"])
    assert done.exit_code == ExitCode.PASS
    assert json.loads(done.output) == {
        "faults": 1,
        "caught": 1,
        "wrong_reason": [],
        "survivors": [],
        "not_fired": [],
        "correct": 0,
        "false_alarms": [],
    }


def test_figures_for_a_certificate_are_those_of_the_whole_bank() -> None:
    done = CliRunner().invoke(bank, ["--only", "sends-a-short-key", "--out", "bank.json"])
    assert done.exit_code == ExitCode.USAGE
