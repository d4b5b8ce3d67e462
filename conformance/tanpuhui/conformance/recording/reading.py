"""From the entries of a transcript to recorded scenes: the one place that knows how a scene is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.exchange import Exchange, Fault, exchange_of
from tanpuhui.conformance.recording.recorded_scene import RecordedScene, Stand
from tanpuhui.conformance.truth.expected import World, joined
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.spec.limits import Limits, Times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tanpuhui.conformance.recording.transcript import Entry

BEGIN, END = "begin", "end"
TENANT, ARMED, FIRED, CLOCK = "tenant", "armed", "fired", "clock"


def recorded_scenes(entries: Iterable[Entry]) -> Iterator[RecordedScene]:
    """The scenes of a transcript in the order in which they were played."""
    by_scene: dict[str, list[Entry]] = {}
    for entry in entries:
        if (name := entry.get("scene")) is not None:
            by_scene.setdefault(name, []).append(entry)
    for name, own in by_scene.items():
        yield _scene(name, own)


def _scene(name: str, entries: list[Entry]) -> RecordedScene:
    end = next((it for it in entries if it.kind == "scene" and it["event"] == END), None)
    notes = tuple(it for it in entries if it.kind == "note")
    faults = {fault.id: fault for note in notes if note["what"] == ARMED for fault in _faults(note)}
    stand = next((_stand(note) for note in notes if note["what"] == TENANT), None)
    patience = stand.times.request_timeout_seconds if stand else float("inf")
    return RecordedScene(
        name=name,
        outcome=Outcome(end["outcome"]) if end else Outcome.INCOMPLETE,
        happened=_happened(end),
        seconds=int(end["milliseconds"]) / 1000 if end else 0.0,
        stand=stand,
        exchanges=_by_arrival(
            [exchange_of(it, faults, patience) for it in entries if it.kind == "exchange"], notes
        ),
        notes=notes,
        world=joined(World.from_mapping(it.members) for it in entries if it.kind == "truth"),
        state=end["state"] if end else {},
        faults=faults,
        fired={
            fault["id"]: fault["fired"] for note in notes if note["what"] == FIRED for fault in note["faults"]
        },
    )


def _by_arrival(exchanges: list[Exchange], notes: tuple[Entry, ...]) -> tuple[Exchange, ...]:
    """A journal is in the order of answers; as long as nobody moved the clock, arrival is known too."""
    if any(note["what"] == CLOCK for note in notes):
        return tuple(exchanges)
    return tuple(sorted(exchanges, key=lambda exchange: exchange.at))


def _happened(end: Entry | None) -> Text | None:
    if end is None:
        return Text("场景未演完，记录中断", "the scene did not end; the record breaks off")
    return Text.from_mapping(end["happened"]) if end["happened"] else None


def _faults(note: Entry) -> Iterator[Fault]:
    for armed in note["faults"]:
        params = {name: value for name, value in armed.items() if name not in {"id", "kind", "operation"}}
        yield Fault(armed["id"], armed["kind"], armed.get("operation"), params)


def _stand(note: Entry) -> Stand:
    return Stand(
        issuer=note["issuer"],
        api_base=note["api_base"],
        scenario_id=note["scenario_id"],
        client_id=note["client_id"],
        base_url=note["base_url"],
        limits=Limits.from_mapping(note["limits"]),
        times=Times.from_mapping(_numbers(note["times"])),
        platform_jwks=note["platform_jwks"],
        scenario_jwks=note["scenario_jwks"],
    )


def _numbers(times: Mapping[str, Any]) -> dict[str, Any]:
    """Fractions are written as text in a transcript; as numbers they are what was advertised."""
    return {
        name: [float(item) for item in value] if isinstance(value, list) else float(value)
        for name, value in times.items()
    }
