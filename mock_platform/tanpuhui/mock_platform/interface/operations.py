"""The operations of `platform.yaml`, compiled once: openapi-core's parts without its walk on each request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
from jsonschema_path import SchemaPath
from openapi_core.casting.schemas import oas31_schema_casters_factory
from openapi_core.casting.schemas.exceptions import CastError
from openapi_core.deserializing.exceptions import DeserializeError
from openapi_core.deserializing.styles import StyleDeserializersFactory, style_deserializers
from openapi_core.schema.parameters import get_style_and_explode
from openapi_core.validation.request.exceptions import (
    InvalidParameter,
    MissingRequiredParameter,
    ParameterValidationError,
)

from tanpuhui.mock_platform.interface.security import Providers
from tanpuhui.spec.document import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openapi_core.datatypes import RequestParameters
    from openapi_core.deserializing.styles.deserializers import StyleDeserializer
    from openapi_core.security.providers import BaseProvider

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
ABSENT: Final = object()
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})\Z")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter with its reader and its schema."""

    name: str
    location: str
    required: bool
    style: StyleDeserializer
    schema: jsonschema_rs.Draft202012Validator
    default: Any

    def read(self, given: RequestParameters) -> Any:
        """The value, the default or ABSENT; openapi-core's own errors otherwise."""
        place = given[self.location]
        if self.name not in place:
            if self.required:
                raise MissingRequiredParameter(self.name, self.location)
            return self.default
        if self.style.schema_type == "integer" and not _INTEGER.match(place[self.name]):
            raise InvalidParameter(self.name, self.location)
        try:
            value = self.style.deserialize(place)
        except (DeserializeError, CastError) as error:
            raise InvalidParameter(self.name, self.location) from error
        if not self.schema.is_valid(value):
            raise InvalidParameter(self.name, self.location)
        return value


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it takes, and whom it asks for which scopes (None: it is public)."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, jsonschema_rs.Draft202012Validator]
    bearer: BaseProvider | None
    scopes: frozenset[str]

    @property
    def keyed(self) -> bool:
        """Whether a call bears an idempotency key."""
        return any(parameter.name.lower() == "idempotency-key" for parameter in self.parameters)

    def read(self, given: RequestParameters) -> tuple[dict[str, Any], list[ParameterValidationError]]:
        """The parameters' values by name, and what is wrong with the others."""
        values: dict[str, Any] = {}
        errors: list[ParameterValidationError] = []
        for parameter in self.parameters:
            try:
                values[parameter.name] = parameter.read(given)
            except ParameterValidationError as error:
                errors.append(error)
        return values, errors


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the platform's interface document."""
    return tuple(_Compiler(document("platform")).operations())


class _Compiler:
    """Takes a document apart as openapi-core would, operation by operation."""

    def __init__(self, whole: dict[str, Any]) -> None:
        self._spec = SchemaPath.from_dict(whole)
        self._components = whole["components"]
        self._readers = StyleDeserializersFactory(oas31_schema_casters_factory, style_deserializers)

    def operations(self) -> Iterator[Operation]:
        for path, item in (self._spec / "paths").str_items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item / method)

    def _operation(self, path: str, method: str, place: SchemaPath) -> Operation:
        bearer, scopes = self._security(place)
        return Operation(
            id=(place / "operationId").read_str(),
            method=method.upper(),
            path=path,
            parameters=tuple(self._parameter(entry) for entry in place / "parameters")
            if "parameters" in place
            else (),
            bodies=dict(self._bodies(place / "requestBody")) if "requestBody" in place else {},
            bearer=bearer,
            scopes=scopes,
        )

    def _parameter(self, place: SchemaPath) -> Parameter:
        name, schema = (place / "name").read_str(), place / "schema"
        style, explode = get_style_and_explode(place)
        return Parameter(
            name=name,
            location=(place / "in").read_str(),
            required=(place / "required").read_bool(default=False),
            style=self._readers.create(self._spec, schema, style, explode, name=name),
            schema=self._compiled(schema),
            default=(schema / "default").read_value() if "default" in schema else ABSENT,
        )

    def _bodies(self, place: SchemaPath) -> Iterator[tuple[str, jsonschema_rs.Draft202012Validator]]:
        judged_by = place / "x-judged-by" if "x-judged-by" in place else None
        for media_type, media in (place / "content").str_items():
            yield media_type.lower(), self._compiled(judged_by or media / "schema")

    def _security(self, place: SchemaPath) -> tuple[BaseProvider | None, frozenset[str]]:
        source = place if "security" in place else self._spec
        schemes = self._spec / "components" / "securitySchemes"
        for alternative in source / "security":
            for name in alternative.str_keys():
                if (schemes / name / "type").read_str() == "oauth2":
                    return Providers().create(schemes / name), frozenset((alternative / name).read_value())
        return None, frozenset()

    def _compiled(self, schema: SchemaPath) -> jsonschema_rs.Draft202012Validator:
        with schema.resolve() as resolved:
            rooted = {"allOf": [resolved.contents], "components": self._components}
        return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)


@cache
def known_scopes() -> tuple[str, ...]:
    """The scopes that the law knows, in its order."""
    schemes = document("platform")["components"]["securitySchemes"].values()
    flows = [scheme["flows"]["clientCredentials"] for scheme in schemes if scheme["type"] == "oauth2"]
    return tuple(scope for flow in flows for scope in flow["scopes"])
