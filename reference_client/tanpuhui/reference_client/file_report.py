"""Reports a file: shows what would be sent, or sends it and waits for the verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.reference_client.calling.chance import Chance
from tanpuhui.reference_client.calling.errors import InvalidInput, Text, Unanswered
from tanpuhui.reference_client.counting import Counting
from tanpuhui.reference_client.foresight import Foresight
from tanpuhui.reference_client.glance import Glance
from tanpuhui.reference_client.intake import Intake
from tanpuhui.reference_client.keeping.linkbook import LinkBook
from tanpuhui.reference_client.keeping.outbox import Outbox
from tanpuhui.reference_client.keeping.store import Store
from tanpuhui.reference_client.outcome import Outcome, outcomes
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.sending.withholding import Circumstance
from tanpuhui.reference_client.summary import quantity_of, summary_of
from tanpuhui.spec.limits import default_times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.calling.errors import ScenarioError
    from tanpuhui.reference_client.exports.export import Reading
    from tanpuhui.reference_client.keeping.devicebook import DeviceBook
    from tanpuhui.reference_client.progress import Progress
    from tanpuhui.reference_client.recipes.recipe import Recipe
    from tanpuhui.reference_client.scenario import Scenario
    from tanpuhui.reference_client.sending.withholding import Withholding
    from tanpuhui.reference_client.summary import Summary
    from tanpuhui.spec.quality import RuleHit

Keep: TypeAlias = "Callable[[bytes], object]"
_TELL_EVERY = 1000
_LOOK_SECONDS = 0.2
_LOOK_SHARE = 20
"""Of so much time, one part at most goes into looking how far it is."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a file, and why it is not done, if it is not."""

    summary: Summary
    failure: ScenarioError | None


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a dry run takes for granted; without a ledger every device is in order."""

    now: datetime
    as_of: datetime | None = None
    devices: DeviceBook | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """How long the end is waited for (0: for ever), how records travel, and where those that went out are kept."""

    patience_seconds: float
    by: str
    keep: Keep


class _EveryLink(LinkBook):
    """Every user agreed."""

    def active(self, link_id: str, at: datetime) -> bool:  # noqa: ARG002
        return True


def dry_run(reading: Reading, assumed: Assumed, progress: Progress, keep: Keep) -> Summary:
    """What would be sent if every link were active; nothing leaves this machine.

    Without `as_of` it is the newest end in the file, but not later than now.
    """
    parts = ScenarioParts()
    recipe = parts.recipes[reading.scheme]()
    glance, counting = Glance(recipe, reading.terms.link_stand_in), Counting(quantity_of(reading.scheme))
    with Intake() as intake, Foresight(reading.scheme) as foresight:
        intake.fill(glance.watched(reading.drawn()))
        at, origin = _as_of(assumed, glance.newest)
        gate = parts.withholding(Circumstance(_EveryLink({}), default_times(), at, assumed.devices))
        for outcome, hits in _composed(intake, recipe, gate, progress):
            counting.take(outcome)
            if outcome.body is not None:
                keep(outcome.body)
                foresight.take(outcome, hits)
        foreseen = foresight.warts(progress.compared, users_known=glance.users_known)
    found = summary_of(reading, counting)
    return replace(found, as_of=at, as_of_origin=origin, warts=(*found.warts, *foreseen))


def _as_of(assumed: Assumed, newest: datetime | None) -> tuple[datetime, str]:
    """The time of a dry run, and where it is from."""
    if assumed.as_of is not None:
        return assumed.as_of, ""
    if newest is None or newest > assumed.now:
        return assumed.now, "（此刻 / now）"
    return newest, "（文件中最晚的结束时刻 / newest end in the file）"


def _composed(
    intake: Intake, recipe: Recipe[Any], gate: Withholding, progress: Progress
) -> Iterator[tuple[Outcome, Sequence[RuleHit]]]:
    """The records, each with the rules that the gate found it not to meet."""
    composing = ScenarioParts().composing(Outbox(Store()), {recipe.scheme: recipe}, Chance())
    for number, (activity, runs) in enumerate(intake.activities(), start=1):
        for entry in composing.entries(activity, {}, gate):
            yield Outcome(runs, entry.state, entry.reason, entry.detail, entry.body), gate.hits
        if number % _TELL_EVERY == 0:
            progress.composed(number, intake.count)


def send(scenario: Scenario, reading: Reading, intake: Intake, progress: Progress, ordered: Ordered) -> Sent:
    """Reports what was taken in from the file, and waits until it is settled."""
    session, counting = scenario.connected, Counting(quantity_of(reading.scheme))
    for count in intake.load(session.desk.outbox):
        progress.loaded(count, intake.count)
    scenario.report(ordered.by)
    _wait(scenario, ordered.patience_seconds, progress)
    failure = session.failure or (None if scenario.wait_idle(0) else Unanswered("waiting"))
    for origins in intake.origins():
        for outcome in outcomes(session.store, origins):
            counting.take(outcome)
            if outcome.alive:
                ordered.keep(outcome.body or b"")
    return Sent(summary_of(reading, counting), failure)


def _wait(scenario: Scenario, patience_seconds: float, progress: Progress) -> None:
    """Waits until nothing is left to do, telling how far it is."""
    started, pause = monotonic(), _LOOK_SECONDS
    while not scenario.wait_idle(pause):
        begun = monotonic()
        progress.look(scenario.connected.desk.outbox.counts())
        if patience_seconds and monotonic() - started > patience_seconds:
            return
        pause = max(_LOOK_SECONDS, _LOOK_SHARE * (monotonic() - begun))


def require_whole(reading: Reading) -> None:
    """Stops at lines that cannot become records: a gap in the data has to be meant (WRT-006)."""
    if not reading.refused:
        return
    refused = [wart for wart in reading.warts() if wart.kind.treatment == "refused"]
    shown = "".join(f"\n  {wart.words}: {wart.places}" for wart in refused)
    raise InvalidInput(
        Text(
            f"{reading.refused} 行不能成为记录",
            f"{reading.refused} lines cannot become records:{shown}",
        ),
        Text("改正这些行，或用 --skip-bad-lines 略过", "correct them, or leave them out by that option"),
        "WRT-006",
    )
