"""Every answer of the platform is as its interface document says: tests see it whatever they look for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jsonschema_rs

from tanpuhui.mock_platform.interface.routing import find_route
from tanpuhui.spec.document import document

if TYPE_CHECKING:
    import httpx


def checked(response: httpx.Response) -> httpx.Response:
    """The response, which has a status and a body that the interface document has for its operation."""
    path = re.sub(r"^/t/[^/]+", "", urlsplit(str(response.url)).path)
    schema = response_schema(response.request.method, path, response.status_code)
    errors = schema.iter_errors(response.json()) if schema else ()
    assert [str(error) for error in errors] == []
    assert response.headers["x-request-id"]
    return response


@cache
def response_schema(method: str, path: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    whole = document("platform")
    found = find_route(method, path).operation
    operation = None if found is None else whole["paths"][found.path][method.lower()]
    if operation is None:
        return None
    answer = operation["responses"][str(status)]
    answer = (
        whole["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer
    )
    (media,) = answer["content"].values()
    rooted = {"allOf": [media["schema"]], "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)
