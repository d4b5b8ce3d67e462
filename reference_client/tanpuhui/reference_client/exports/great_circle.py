"""The straight line between two places: never more than was ridden, so that an estimate claims too little."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt
from typing import TYPE_CHECKING

from tanpuhui.reference_client.exports.refusal import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

# The smallest radius of curvature of WGS 84: with it the line is not too long anywhere.
_RADIUS_M = 6_335_439
_LONGITUDE_MAX, _LATITUDE_MAX = 180, 90

Place = tuple["Decimal", "Decimal"]


def straight_metres(start: Place, end: Place) -> int:
    """Whole metres between two places given as longitude and latitude."""
    for longitude, latitude in (start, end):
        if abs(longitude) > _LONGITUDE_MAX or abs(latitude) > _LATITUDE_MAX or not (longitude or latitude):
            raise Refusal("number-invalid")
    (lon1, lat1), (lon2, lat2) = ((radians(lon), radians(lat)) for lon, lat in (start, end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return floor(2 * _RADIUS_M * asin(min(1.0, sqrt(half))))
