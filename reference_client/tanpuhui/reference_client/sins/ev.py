"""电动汽车的缺陷 / Sins of those who report electric cars."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.ev import EvRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting, with_activity
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.methodology import named
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tanpuhui.reference_client.keeping.outbox import Activity
    from tanpuhui.reference_client.recipes.ev import EvDayPart
    from tanpuhui.reference_client.recipes.recipe import Part, Recipe
    from tanpuhui.spec.ev_day import EvDay, Trip
    from tanpuhui.spec.methodology import Methodology, ParameterSet

EV, NORMAL = "EV", "N"
SUMMED = "sums-the-trips-of-a-day"
EXACTLY = "computes-exactly-and-rounds-down-last"
SIX_PLACES = Decimal("0.000001")
THOUSAND = 1000
EIGHT_HOURS = timedelta(hours=8)


@breaks("IND-006", SUMMED, scene="truth")
class TakesTheOdometersDifference(Witnessed, EvRecipe):
    """以里程表之差作为里程，缺口也算 / Takes the odometer's difference for the distance, gaps between trips and all."""

    def distance_km(self, day: EvDay) -> Decimal:
        difference = max(day.odometer_end_km - day.odometer_start_km, Decimal(0))
        if difference != day.distance_km:
            self.fired()
        return difference


@breaks("IND-006", SUMMED, scene="truth")
class CountsTripsByTheirEnd(Witnessed, EvRecipe):
    """跨零时的行程归到结束之日 / Counts a trip over midnight for the day in which it ended."""

    def day(self, trip: Trip) -> date:
        ended = business_day(trip.end)
        if ended != super().day(trip):
            self.fired()
        return ended

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        """Of the trips that it takes for the day's, wherever they began."""
        moved = tuple(replace(trip, start=max(trip.start, part.start)) for trip in part.trips)
        return super().summary(activity, replace(part, trips=moved))


@breaks("IND-006", SUMMED, scene="truth")
class CountsTripsInUtc(Witnessed, EvRecipe):
    """按 UTC 分日 / Divides the trips among days of UTC."""

    def day(self, trip: Trip) -> date:
        in_utc = trip.start.astimezone(UTC).date()
        if in_utc != super().day(trip):
            self.fired()
        return in_utc

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        """Of the trips that it takes for the day's."""
        shifted = (
            replace(trip, start=trip.start - EIGHT_HOURS, end=trip.end - EIGHT_HOURS) for trip in part.trips
        )
        return super().summary(activity, replace(part, trips=tuple(shifted)))


@breaks("IND-006", SUMMED, scene="truth")
class LeavesOutFaultyTrips(Witnessed, EvRecipe):
    """不计状态异常的行程 / Leaves trips in a faulty state out of the sum."""

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        whole = super().summary(activity, part)
        sound = tuple(trip for trip in part.trips if trip.state == NORMAL)
        if not sound or len(sound) == len(part.trips):
            return whole
        self.fired()
        return replace(super().summary(activity, replace(part, trips=sound)), device_state=whole.device_state)


@breaks("IND-006", SUMMED, scene="truth")
class TrustsTheOrderOfTheExport(Witnessed, EvRecipe):
    """按导出次序取日初里程表 / Takes the odometer of the trip that comes first in the export."""

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        day = super().summary(activity, part)
        shown = Decimal(part.trips[0].odometer_start_m) / THOUSAND
        if shown != day.odometer_start_km:
            self.fired()
        return replace(day, odometer_start_km=shown)


@breaks("IND-006", SUMMED, scene="first_report")
class CountsEveryDayAsOneTrip(Witnessed, EvRecipe):
    """行程次数一律写 1 / Says of every day that it had one trip."""

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        day = super().summary(activity, part)
        if day.trips != 1:
            self.fired()
        return replace(day, trips=1)


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class DividesWattHoursTwice(Rewriting):
    """电量多除了一次一千 / Divides watt-hours by a thousand twice."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != EV:
            return record
        told = decimal_text(Decimal(record["activity"]["energy_kwh"]) / THOUSAND, 3)
        return with_activity(record, energy_kwh=told)


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsMetresByCar(Rewriting):
    """行驶里程以米报送 / Tells the distance of cars in metres."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != EV:
            return record
        metres = decimal_text(Decimal(record["activity"]["distance_km"]) * THOUSAND, 3)
        return with_activity(record, distance_km=metres)


@breaks("DEV-001", "names-device-and-state", scene="truth")
class TellsTheStateOfTheLastTrip(Witnessed, EvRecipe):
    """只看最后一次行程的状态 / Tells the state of the day's last trip alone."""

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        day = super().summary(activity, part)
        last = max(part.trips, key=lambda trip: trip.start).state
        if last != day.device_state:
            self.fired()
        return replace(day, device_state=last)


@breaks("WRT-006", "reports-everything-due", scene="truth")
class DropsDaysThatEarnNothing(Witnessed, Composing):
    """不报没有减排量的日子 / Leaves out days of cars that earn nothing."""

    def parts(self, recipe: Recipe[Any], activity: Activity) -> Sequence[Part]:
        return [part for part in super().parts(recipe, activity) if self._earns(recipe, activity, part)]

    def _earns(self, recipe: Recipe[Any], activity: Activity, part: Part) -> bool:
        record = recipe.record(activity.content, part, "")
        if record["scheme"] != EV or Decimal(record["reduction_kg"]) > 0:
            return True
        self.fired()
        return False


@breaks("WRT-007", "reports-nothing-else-and-nothing-twice", scene="first_report")
class ReportsEveryTrip(Witnessed, EvRecipe):
    """一次行程一条记录 / Makes a record of every trip in place of one a day."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[EvDayPart]:
        self.fired()
        return [
            replace(part, name=f"{part.name}-{number}", trips=(trip,))
            for part in super().parts(activity)
            for number, trip in enumerate(part.trips)
        ]


@breaks("ACC-001", "pins-what-was-in-force", scene="first_report")
class KeepsTheOldFactorsOfCars(Witnessed, EvRecipe):
    """电动汽车仍用旧参数集 / Goes on with the old parameters of cars."""

    def methodology(self, part: EvDayPart) -> tuple[Methodology, ParameterSet]:
        methodology, parameters = super().methodology(part)
        oldest = methodology.parameter_sets[0]
        if oldest != parameters:
            self.fired()
        return methodology, oldest


@breaks("ACC-002", EXACTLY, scene="truth")
class RoundsTheEmissionHalfUp(Witnessed, EvRecipe):
    """情景排放四舍五入 / Rounds the scenario's emission half up."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        if record["device_state"] != NORMAL:
            return found
        exact = Decimal(record["activity"]["energy_kwh"]) * _factors(record)["ef_grid"]
        rounded = f"{exact.quantize(SIX_PLACES, ROUND_HALF_UP):f}"
        if rounded != found["scenario_kg"]:
            self.fired()
        return found | {"scenario_kg": rounded}


@breaks("ACC-002", EXACTLY, scene="truth")
class ComputesCarsInFloats(Witnessed, EvRecipe):
    """电动汽车的减排量用浮点数计算 / Computes the reductions of cars in binary floats."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        if record["device_state"] != NORMAL or Decimal(found["reduction_kg"]) == 0:
            return found
        told, factors = record["activity"], _factors(record)
        driven = float(told["distance_km"]) * float(factors["ef_ice"])
        taken = float(told["energy_kwh"]) * float(factors["ef_grid"])
        floating = f"{math.floor((driven - taken) * 1e6) / 1e6:.6f}"
        if floating != found["reduction_kg"]:
            self.fired()
        return found | {"reduction_kg": floating}


def _factors(record: Mapping[str, Any]) -> Mapping[str, Decimal]:
    _, parameters = named(record["methodology"], record["methodology_version"], record["parameter_set"])
    return parameters.values
