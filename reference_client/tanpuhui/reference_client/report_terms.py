"""What a person types about a file, as the readers take it."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tanpuhui.reference_client.exports.export import Source
    from tanpuhui.reference_client.exports.sheet import Terms

DRY_LINK = "lnk_dry-run-without-a-platform"
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_DISTRICT = re.compile(r"[0-9]{6}")


def source_of(file: Path, options: Mapping[str, Any]) -> Source:
    """Which file, and how to open it."""
    from tanpuhui.reference_client.exports.export import Source  # noqa: PLC0415  # costly to import

    return Source(file, options["scheme"], _encoding(options["encoding"]), options["format_"])


def terms_of(file: Path, options: Mapping[str, Any]) -> Terms:
    """What the file does not say of itself; a dry run needs no user."""
    from tanpuhui.reference_client.exports.sheet import CITY, Terms  # noqa: PLC0415  # costly to import

    columns = {"start": options["time_column"], "power": options["power_column"]}
    return Terms(
        link_id=options["link"],
        link_stand_in=DRY_LINK if options["dry_run"] else None,
        device_id=options["device"],
        device_prefix=options["device_prefix"],
        plant_id="pv-" + (re.sub(r"[^A-Za-z0-9_.-]", "-", file.stem)[:61] or "plant"),
        district_code=_district(options["district"] or CITY),
        zone=_zone(options["offset"]),
        shift_days=options["shift_days"],
        columns={name: column for name, column in columns.items() if column is not None}
        | dict(_pairs(options["column"], "--column")),
        units=_units(options["unit"]),
        capacity_kw=_capacity(options["capacity_kw"]),
        grid_connected_on=options["grid_connected_on"],
        interval_seconds=options["interval"],
    )


def _units(given: Iterable[str]) -> dict[str, str]:
    """Units by column or, where no column is named, by what they measure."""
    from tanpuhui.reference_client.exports.layout import plain_name, quantities, units  # noqa: PLC0415

    found: dict[str, str] = {}
    for text in given:
        column, joint, unit = text.rpartition("=")
        measures = [quantity for quantity in quantities() if plain_name(unit) in units(quantity)]
        if not measures:
            known = ", ".join(name for quantity in quantities() for name in units(quantity))
            raise click.BadParameter(f"应为下列之一 / one of {known}", param_hint="--unit")
        found[plain_name(column) if joint else measures[0]] = unit
    return found


def _pairs(given: Iterable[str], option: str) -> Iterable[tuple[str, str]]:
    for text in given:
        name, joint, value = text.partition("=")
        if not joint:
            raise click.BadParameter("应如 distance=骑行里程 / such as distance=骑行里程", param_hint=option)
        yield name, value


def _encoding(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        "".encode(name)
    except LookupError:  # Python knows no such encoding
        raise click.BadParameter(f"没有编码 {name} / no such encoding", param_hint="--encoding") from None
    return name


def _district(code: str) -> str:
    if _DISTRICT.fullmatch(code) is None:
        raise click.BadParameter(
            "应为六位数字，如 310115 / six digits, such as 310115", param_hint="--district"
        )
    return code


def _capacity(text: str | None) -> str | None:
    from tanpuhui.spec.quantity import InvalidQuantity, parse_decimal  # noqa: PLC0415

    try:
        if text is not None and parse_decimal(text) > 0:
            return text
    except InvalidQuantity as error:
        raise click.BadParameter(str(error), param_hint="--capacity-kw") from None
    if text is None:
        return None
    raise click.BadParameter("应大于零 / shall be above zero", param_hint="--capacity-kw")


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    found = _OFFSET.fullmatch(offset)
    if found is None:
        raise click.BadParameter("应如 +08:00 / such as +08:00", param_hint="--offset")
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-span if found[1] == "-" else span)
