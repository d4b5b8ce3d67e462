"""What every control operation needs: the platform, the tenant in question, a body as specified."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import yaml
from starlette.responses import Response

from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.spec.problem import PlaceError
from tanpuhui.spec.strict_json import StrictJsonError, dump_json, parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from tanpuhui.mock_platform.rounds import Rounds
    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.state.tenant import Tenant

_LONGEST_STRING = 4 * 1024 * 1024
_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """Where control operations are carried out, and who works for every tenant."""

    platform: Platform
    staff: Sequence[Rounds]

    async def tenant(self, request: Request) -> Tenant:
        """The tenant that the address names."""
        found = await self.platform.find(request.path_params["tenant"])
        if found is None:
            raise Refused(
                "not-found",
                detail="没有这个租户，可用 POST /tenants 新建 / no such tenant; create it by POST /tenants",
            )
        return found


async def body_of(request: Request, name: str) -> Any:
    """The request's body, strict JSON that matches the schema of that name in `bodies.yaml`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused("unsupported-media-type")
    try:
        value = parse_json(await request.body(), max_string=_LONGEST_STRING)
    except StrictJsonError as error:
        raise Refused(error.code, detail=f"{error.zh} / {error.en}") from None
    errors = [
        place_of(error)
        for error, _ in zip(_schema(name).iter_errors(value), range(_MOST_ERRORS), strict=False)
    ]
    if errors:
        raise Refused("schema-violation", errors)
    return _plain(value)


def misuse(detail: str, pointer: str = "") -> Refused:
    """A body that matches its schema and still makes no sense."""
    return Refused("schema-violation", [PlaceError(pointer, "value", detail)], detail=detail)


def json_response(value: Any, status: int = 200) -> Response:
    """A control answer."""
    return Response(dump_json(value, fractions=True), status, media_type="application/json")


@cache
def _schema(name: str) -> jsonschema_rs.Draft202012Validator:
    text = files("tanpuhui.mock_platform.control").joinpath("bodies.yaml").read_text(encoding="utf-8")
    schemas = yaml.safe_load(text)
    return jsonschema_rs.Draft202012Validator(
        {**schemas[name], "$defs": schemas["$defs"]}, validate_formats=True
    )


def _plain(value: Any) -> Any:
    """The same value with fractions as floats: nothing here is accounted."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def place_of(error: jsonschema_rs.ValidationError, below: str = "") -> PlaceError:
    """The place that a schema error names."""
    pointer = below + "".join(f"/{step}" for step in error.instance_path)
    return PlaceError(pointer, error.kind.name, "见控制接口的结构 / see the schemas of the control interface")
