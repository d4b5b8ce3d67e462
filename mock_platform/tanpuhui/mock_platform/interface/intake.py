"""Reads a request by the rules of its operation and refuses what is not as specified."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import parse_qsl, urlsplit

from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers as FieldValues
from werkzeug.datastructures import ImmutableMultiDict

from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.mock_platform.interface.arrival import NDJSON
from tanpuhui.mock_platform.interface.idempotency import HEADER
from tanpuhui.mock_platform.state.spool import Coding
from tanpuhui.spec.problem import PlaceError
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jsonschema_rs import ValidationError
    from openapi_core.validation.request.exceptions import ParameterValidationError

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.interface.operations import Operation

JSON = "application/json"
SINGLE = (
    "host",
    "content-type",
    "content-length",
    "content-encoding",
    "content-digest",
    "authorization",
    "signature",
    "signature-input",
    HEADER,
)
_MOST_ERRORS = 20
_HARMLESS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")


def require_sound_fields(exchange: Exchange) -> None:
    """Refuse fields and bodies beyond the limits, and repeated fields that have one value."""
    request, limits = exchange.request, exchange.tenant.limits
    longest = max((len(name) + len(value) for name, value in request.headers), default=0)
    if exchange.oversized or longest > limits.header_max_bytes:
        raise Refused("limit-exceeded")
    repeated = [name for name in SINGLE if len(request.header_values(name)) > 1]
    if repeated:
        errors = [
            PlaceError(f"/header/{name}", "repeated", "字段只应出现一次 / the field shall occur once")
            for name in repeated
        ]
        raise Refused("parameter-invalid", errors)


def given_parameters(exchange: Exchange) -> RequestParameters:
    """The request's parameters as openapi-core takes them; a malformed or repeated one is refused."""
    try:
        query = urlsplit(exchange.request.url).query
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=bool(query), errors="strict", max_num_fields=32
        )
    except ValueError:
        raise Refused("parameter-invalid", [_place("/query", "form")]) from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refused("parameter-invalid", [_place("/query", "repeated")])
    fields = FieldValues(list(exchange.request.headers))
    path = dict(exchange.route.path_parameters)
    return RequestParameters(query=ImmutableMultiDict(pairs), header=fields, cookie={}, path=path)


def read_parameters(operation: Operation, given: RequestParameters) -> tuple[dict[str, Any], bool]:
    """The parameters' values, and whether the idempotency key is sound; anything else wrong is refused."""
    declared = {parameter.name for parameter in operation.parameters if parameter.location == "query"}
    if set(given.query) - declared:
        raise Refused("parameter-invalid", [_place("/query", "unknown")])
    values, errors = operation.read(given)
    others = [error for error in errors if error.name.lower() != HEADER]
    if others:
        raise Refused("parameter-invalid", [_parameter_place(error) for error in others])
    return values, not errors


def read_body(operation: Operation, exchange: Exchange) -> Any:
    """The body's JSON value, strict and as the operation's schema demands; of an upload its coding, else None."""
    if NDJSON in operation.bodies:
        return _content_of(exchange, NDJSON, get_args(Coding))
    if JSON not in operation.bodies:
        return None
    _content_of(exchange, JSON, ("identity",))
    limits = exchange.tenant.limits
    try:
        value = parse_json(
            exchange.request.body, max_depth=limits.json_max_depth, max_string=limits.string_max_chars
        )
    except StrictJsonError as error:
        raise Refused(error.code, detail=f"{error.zh} / {error.en}") from None
    errors = [
        _schema_place(error) for error in islice(operation.bodies[JSON].iter_errors(value), _MOST_ERRORS)
    ]
    if errors:
        raise Refused("schema-violation", errors)
    return value


def _content_of(exchange: Exchange, wanted: str, codings: Sequence[str]) -> str:
    """The coding of a body, which shall be of the wanted type and coded in one of these ways."""
    media_type, *parameters = (exchange.request.header("content-type") or "").split(";")
    plain = [part.strip().lower() for part in parameters]
    coding = (exchange.request.header("content-encoding") or "identity").strip().lower()
    if media_type.strip().lower() != wanted or set(plain) - {"charset=utf-8"} or coding not in codings:
        raise Refused("unsupported-media-type")
    return coding


def _schema_place(error: ValidationError) -> PlaceError:
    steps = [str(step) for step in error.instance_path]
    kind: Any = error.kind
    if kind.name == "required":
        steps.append(kind.property)
    elif kind.name == "additionalProperties":
        steps.extend(name for name in kind.unexpected[:1] if _HARMLESS.match(name))
    return _place("".join(f"/{step}" for step in steps), kind.name)


def _parameter_place(error: ParameterValidationError) -> PlaceError:
    return _place(f"/{error.location}/{error.name}", "value")


def _place(pointer: str, code: str) -> PlaceError:
    return PlaceError(pointer, code, "不符合接口文档 / not as the interface document says")
