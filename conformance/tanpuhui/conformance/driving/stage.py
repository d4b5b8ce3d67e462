"""What a scene is handed: a platform of its own, the scenario, invented data, and ways to wait without sleeping."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.driving.armoury import ArmedFault, laid_out, silent
from tanpuhui.conformance.driving.inventing import Inventing
from tanpuhui.conformance.driving.patience import Patience
from tanpuhui.conformance.driving.stand import Opening, OpenStand, open_stand
from tanpuhui.conformance.driving.watch import JournalEntry, Watch, broke, delivers
from tanpuhui.conformance.recording.reading import ARMED, CLOCK, FIRED
from tanpuhui.conformance.truth.links import ACTIVE, REVOKED, SUSPENDED, InventedLink
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import instant_text, parse_instant
from tanpuhui.spec.event import event_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.conformance.driving.instrument import TenantControl
    from tanpuhui.conformance.driving.props import Props
    from tanpuhui.conformance.recording.recorder import Recorder
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.measured import MeasuredSeries

_POLL_SECONDS = 1.0
_GLANCE_SECONDS = 0.2
_LINK_EVENTS = {ACTIVE: "link.resumed.v1", SUSPENDED: "link.suspended.v1", REVOKED: "link.revoked.v1"}


class SceneIncomplete(Exception):  # nothing of the kit is wrong when a scene ends so
    """场面未能演完 / Something that the scene waits for did not happen in time."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(slots=True, kw_only=True)
class Stage(Inventing):
    """One scene's stage; time on it is the platform's."""

    props: Props
    recorder: Recorder
    measured: MeasuredSeries | None = None
    _stand: OpenStand | None = None
    _watch: Watch | None = None
    _armed: tuple[ArmedFault, ...] = ()
    _patience: Patience = field(default_factory=Patience)

    @property
    def stand(self) -> OpenStand:
        """The open platform."""
        if self._stand is None:
            raise RuntimeError("the scene has not opened its platform yet")
        return self._stand

    @property
    def tenant(self) -> TenantControl:
        """The open platform's controls."""
        return self.stand.tenant

    @property
    def watch(self) -> Watch:
        """The open platform's journal."""
        if self._watch is None:
            raise RuntimeError("the scene has not opened its platform yet")
        return self._watch

    def open(
        self, world: World, *, limits: Mapping[str, Any] | None = None, times: Mapping[str, Any] | None = None
    ) -> None:
        """A fresh platform that lists the world's links, the scenario reset, its activities loaded."""
        advertised = {"late_window_days": self.late_window_days, **(times or {})}
        opening = Opening(self.now, world.links, limits or {}, advertised)
        self._stand = open_stand(self.props, self.recorder, self.rng, opening)
        self._watch = Watch(self.tenant, self.recorder, self.props.monotonic, self._stand.journal_from)
        if world.activities or world.devices:
            self.load(world)

    def load(self, world: World) -> None:
        """Write down what must come of the activities, then hand them over."""
        self.recorder.truth(world)
        self._patience.given(world)
        if world.devices:
            self.props.testbed.load_devices(world.devices)
        if world.activities:
            self.props.testbed.load(world.activities)

    def report(self, by: str | None = None) -> None:
        """Let the scenario report, in batches or by uploads; without other word as it likes."""
        self.recorder.note("report", at=instant_text(self.now), by=by or "")
        self._patience.asked(by)
        self.props.testbed.report(by)

    def settled(self) -> None:
        """Wait until the scenario has nothing left to do; silence or endless work ends the scene."""
        patience, silence = self._patience.longest(self.stand.times), self._patience.silence(self.stand.times)
        clock = self.props.monotonic
        begun = heard = clock()
        while True:
            status = self.props.testbed.status(_POLL_SECONDS)
            heard = clock() if self.watch.read() else heard
            if status.get("state") == "idle":
                self.watch.read_all()
                self.recorder.note("status", status=dict(status))
                return
            if clock() - begun > patience or clock() - heard > silence:
                self.recorder.note("status", status=dict(status))
                raise SceneIncomplete(_not_idle(clock() - begun))
            heard = clock() if self.watch.read(_GLANCE_SECONDS) else heard

    def arm(self, *faults: ArmedFault) -> None:
        """Lay out faults; those laid out before are gone."""
        self._armed = faults
        orders = laid_out(faults)
        self.recorder.note(ARMED, faults=orders)
        self.tenant.arm(orders)

    def expect_fired(self) -> None:
        """Every fault that was to strike has struck, or the scene shows nothing."""
        found = self.tenant.faults()
        self.recorder.note(FIRED, faults=[{"id": one["id"], "fired": one["fired"]} for one in found])
        missing = silent(self._armed, found)
        if missing:
            names = "、".join(missing)
            zh = f"故障 {names} 没有触发：场景方没有走到那一步"
            raise SceneIncomplete(Text(zh, f"fault {names} did not fire: the scenario never came that far"))

    def advance(self, **by: float) -> None:
        """Move the platform's clock, forward or back."""
        step = timedelta(**by)
        shown = self.tenant.clock(advance_seconds=step.total_seconds())
        self.now += step
        self.recorder.note(CLOCK, advanced_seconds=str(step.total_seconds()), now=shown)

    def clock(self) -> Callable[[], datetime]:
        """The platform's clock, read once and followed from here on."""
        shown, read_at = parse_instant(self.tenant.clock(scale=1)), self.props.monotonic()
        return lambda: shown + timedelta(seconds=self.props.monotonic() - read_at)

    def emit(self, kind: str, data: Mapping[str, Any], *, subject: str | None = None) -> Mapping[str, Any]:
        """Let something happen on the platform that it writes back; answers the event."""
        order = {
            "type": event_prefix() + kind,
            "data": dict(data),
            **({"subject": subject} if subject else {}),
        }
        event = self.tenant.emit(order)
        self.recorder.note("event", event=event)
        return event

    def change_link(self, link: InventedLink, status: str, effective_at: datetime) -> Mapping[str, Any]:
        """Announce that a link changed; what must come of it is the scene's to say."""
        data = {"link_id": link.link_id, "status": status, "effective_at": instant_text(effective_at)}
        return self.emit(_LINK_EVENTS[status], data, subject=link.link_id)

    def told(self, event: Mapping[str, Any], since: int | None = None) -> None:
        """Wait until the event was delivered once more, or once since then, whatever the scenario answered."""
        patience = self.stand.times.event_ack_seconds + 1
        what = Text(f"事件 {event['id']} 的投递", f"the delivery of event {event['id']}")
        self.seen(what, lambda entry: delivers(entry, str(event["id"])), patience, since)

    def seen(
        self,
        what: Text,
        wanted: Callable[[JournalEntry], bool],
        seconds: float,
        since: int | None = None,
    ) -> JournalEntry | None:
        """Wait for an exchange; None, with a note, where it does not come in time."""
        found = self.watch.until(wanted, seconds, since)
        if found is None:
            self.recorder.note("unseen", **what.as_mapping())
        return found

    def close(self) -> Mapping[str, Any]:
        """Read the rest of the journal and take the platform down; answers what it held at last."""
        if self._stand is None:
            return {}
        self.watch.read_all()
        state = self.tenant.state()
        self.tenant.close()
        if any(broke(entry) for entry in self.watch.entries):
            raise RuntimeError("the judge's own platform answered 500 without having been told to")
        return state


def _not_idle(waited_seconds: float) -> Text:
    return Text(
        f"等待被测场景空闲 {waited_seconds:.1f} 秒仍未空闲",
        f"the scenario was still not idle after {waited_seconds:.1f} s",
    )
