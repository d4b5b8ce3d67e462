"""Whether JSON has the shape that an interface document gives it, and where it has not."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.document import document
from tanpuhui.spec.event import event_types
from tanpuhui.spec.problem import PlaceError

if TYPE_CHECKING:
    import jsonschema_rs

    from tanpuhui.spec.document import DocumentName

_PLACES_MAX = 20


def faults(name: DocumentName, component: str, value: Any) -> tuple[PlaceError, ...]:
    """The places where the value departs from a component of the document; none where it fits."""
    validator = _validator(name, component)
    if validator.is_valid(value):
        return ()
    return tuple(map(_place, islice(validator.iter_errors(value), _PLACES_MAX)))


def event_faults(value: Any) -> tuple[PlaceError, ...]:
    """The places where an event departs from the schema of its type; unknown types have a wide one."""
    name = value.get("type") if isinstance(value, dict) else None
    kind = event_types().get(name) if isinstance(name, str) else None
    found = faults("scenario", kind.data.removesuffix("Data") if kind else "OtherEvent", value)
    if not found and type(value["sequence"]) is not int:
        return (PlaceError("/sequence", "type", "应为整数 / shall be an integer"),)
    return found


def activity_faults(value: Any) -> tuple[PlaceError, ...]:
    """The places where an activity departs from the schema of its scheme."""
    by_scheme = _schemas("testbed")["Activity"]["discriminator"]["mapping"]
    scheme = value.get("scheme") if isinstance(value, dict) else None
    place = by_scheme.get(scheme, "Activity") if isinstance(scheme, str) else "Activity"
    return faults("testbed", place.rsplit("/", 1)[-1], value)


@cache
def _schemas(name: DocumentName) -> dict[str, Any]:
    schemas: dict[str, Any] = document(name)["components"]["schemas"]
    return schemas


@cache
def _validator(name: DocumentName, component: str) -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # noqa: PLC0415  # costly to import

    whole = {"$ref": f"#/components/schemas/{component}", "components": {"schemas": _schemas(name)}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _place(error: jsonschema_rs.ValidationError) -> PlaceError:
    kind: Any = error.kind
    place = "".join(f"/{step}" for step in error.instance_path)
    if kind.name == "required":
        return PlaceError(f"{place}/{kind.property}", "missing", "缺少 / missing")
    return PlaceError(place, kind.name, "不符合接口文档的结构 / not as the interface document says")
