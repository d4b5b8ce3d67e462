"""Cards: one cause is read once, the gravest first, and nothing is told twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.report.card import cards
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from conftest import ExchangeMaker, RunMaker

BLOCKED = Text("场面 truth：不可达", "scene truth: nobody answered")


def blocked(requirement: str) -> Verdict:
    return Verdict(f"{requirement}/is-met", requirement, (), Outcome.INCOMPLETE, reason=BLOCKED)


def failed(requirement: str, *observed: str) -> Verdict:
    seen = tuple(Observation(False, Text("甲", "a"), Text(words, words), 7) for words in observed)
    return Verdict(f"{requirement}/is-met", requirement, (), Outcome.FAIL, seen, len(seen))


def test_checks_that_share_a_cause_share_a_card(a_run: RunMaker) -> None:
    (card,) = cards(a_run(blocked("IND-001"), blocked("WRT-001"), blocked("CAL-004")))
    assert card.reason == BLOCKED
    assert (card.check, card.also) == ("IND-001/is-met", ("CAL-004/is-met", "WRT-001/is-met"))


def test_what_failed_comes_before_what_could_not_be_judged(a_run: RunMaker) -> None:
    told = cards(a_run(blocked("IND-001"), failed("WRT-001", "乙"), failed("CAL-004", "乙")))
    assert [card.check for card in told] == ["CAL-004/is-met", "WRT-001/is-met", "IND-001/is-met"]


def test_the_same_finding_is_told_once_and_many_are_counted(
    a_run: RunMaker, an_exchange: ExchangeMaker
) -> None:
    (once,) = cards(a_run(failed("CAL-004", "乙", "乙", "乙"), exchanges=[an_exchange(7)]))
    assert (len(once.findings), once.untold) == (1, 0)
    (many,) = cards(a_run(failed("CAL-004", *map(str, range(20)))))
    assert len(many.findings) + many.untold == 20
    assert many.untold > 10


def test_the_next_step_repeats_the_run_with_its_seed(a_run: RunMaker) -> None:
    (card,) = cards(a_run(failed("CAL-004", "乙")))
    assert card.commands == ("tph explain CAL-004", "tph check CAL-004/is-met --seed 20260302")
