"""The compiled operations judge a request as stock openapi-core does; where they may differ, the law is stricter."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.security.exceptions import SecurityProviderError
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from openapi_core.validation.request.exceptions import (
    ParameterValidationError,
    RequestBodyValidationError,
    SecurityValidationError,
)
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tanpuhui.mock_platform.interface.routing import find_route
from tanpuhui.mock_platform.interface.security import Providers
from tanpuhui.spec.document import document

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = {"Authorization": "Bearer t", "Signature": "tph=:AA==:"}
KEY = {"Idempotency-Key": '"0123456789abcdef"'}
BATCH = "/v1/activity-batches"
RECORD = "/v1/records/0123456789abcdef"
SOUND = {"records": [{"record_id": 1}]}

# method, path with query, fields, JSON body (None: no body)
REQUESTS: list[tuple[str, str, Mapping[str, str], Any]] = [
    ("GET", "/.well-known/tanpuhui", {}, None),
    ("GET", "/jwks", {}, None),
    ("POST", "/jwks", {}, None),
    ("GET", "/v1/scenario", TOKEN, None),
    ("GET", "/v1/scenario", {}, None),
    ("GET", "/v1/scenario", {"Authorization": "Basic x", "Signature": "s"}, None),
    ("GET", "/v1/scenario", {"Authorization": "Bearer ", "Signature": "s"}, None),
    ("GET", "/v1/scenario", {"Authorization": "bearer t", "Signature": "s"}, None),
    ("PUT", "/v1/scenario", TOKEN, None),
    ("GET", "/v1/scenario/", TOKEN, None),
    ("GET", "/v1/nowhere", TOKEN, None),
    ("GET", "/v1/links", TOKEN, None),
    ("GET", "/v1/links?limit=10", TOKEN, None),
    ("GET", "/v1/links?limit=0", TOKEN, None),
    ("GET", "/v1/links?limit=-1", TOKEN, None),
    ("GET", "/v1/links?limit=ten", TOKEN, None),
    ("GET", "/v1/links?limit=1.5", TOKEN, None),
    ("GET", "/v1/links?limit=", TOKEN, None),
    ("GET", "/v1/links?cursor=abc", TOKEN, None),
    ("GET", "/v1/links?cursor=", TOKEN, None),
    ("GET", "/v1/methodologies", TOKEN, None),
    ("GET", "/v1/records?business_day=2026-03-01", TOKEN, None),
    ("GET", "/v1/records?business_day=2026-02-30", TOKEN, None),
    ("GET", "/v1/records?business_day=today", TOKEN, None),
    ("GET", "/v1/records?business_day=2026-03-01&limit=x", TOKEN, None),
    ("GET", RECORD, TOKEN, None),
    ("GET", "/v1/records/short", TOKEN, None),
    ("GET", "/v1/records/0123456789abcde%21", TOKEN, None),
    ("DELETE", RECORD, TOKEN, None),
    ("GET", "/v1/events?after=3&limit=4", TOKEN, None),
    ("GET", "/v1/events?after=-3", TOKEN, None),
    ("GET", "/v1/events?after=x", TOKEN, None),
    ("POST", BATCH, TOKEN | KEY, SOUND),
    ("POST", BATCH, KEY, SOUND),
    ("POST", BATCH, TOKEN, SOUND),
    ("POST", BATCH, TOKEN | {"Idempotency-Key": "unquoted-0123456789"}, SOUND),
    ("POST", BATCH, TOKEN | {"Idempotency-Key": '"short"'}, SOUND),
    ("POST", BATCH, TOKEN | KEY, {"records": []}),
    ("POST", BATCH, TOKEN | KEY, {"records": "none"}),
    ("POST", BATCH, TOKEN | KEY, {"records": [1], "extra": True}),
    ("POST", BATCH, TOKEN | KEY, {}),
    ("POST", BATCH, TOKEN | KEY, []),
    ("POST", BATCH, TOKEN | KEY | {"Content-Type": "text/plain"}, SOUND),
    ("GET", BATCH, TOKEN, None),
]


class Asked:
    """A request in openapi-core's own protocol."""

    def __init__(self, method: str, target: str, fields: Mapping[str, str], value: Any) -> None:
        self.path, _, query = target.partition("?")
        self.method, self.host_url = method.lower(), ""
        self.body = None if value is None else json.dumps(value).encode()
        self.content_type = fields.get("Content-Type", "application/json" if self.body else "")
        pairs = parse_qsl(query, keep_blank_values=True)
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(pairs), header=Headers(list(fields.items())), cookie={}, path={}
        )


@cache
def stock() -> OpenAPI:
    """openapi-core as it comes, but for providers that look; batches are judged by their frame, as the law says."""
    whole = document("platform")
    body = whole["paths"][BATCH]["post"]["requestBody"]
    body["content"]["application/json"]["schema"] = body["x-judged-by"]
    return OpenAPI.from_dict(whole, config=Config(security_provider_factory=Providers()))


def judged_by_stock(asked: Asked) -> str:
    kinds = {
        PathNotFound: "not-found",
        OperationNotFound: "method-not-allowed",
        SecurityValidationError: "security",
        ParameterValidationError: "parameter",
        RequestBodyValidationError: "body",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        errors = list(stock().iter_request_errors(asked))
    found = [word for error in errors for kind, word in kinds.items() if isinstance(error, kind)]
    return next((word for word in kinds.values() if word in found), "sound")


def judged_by_compiled(asked: Asked) -> str:
    route = find_route(asked.method.upper(), asked.path)
    if route.operation is None:
        return "method-not-allowed" if route.allowed else "not-found"
    asked.parameters.path.update({name: unquote(value) for name, value in route.path_parameters.items()})
    if route.operation.bearer is not None:
        try:
            route.operation.bearer(asked.parameters)
        except SecurityProviderError:
            return "security"
    if route.operation.read(asked.parameters)[1]:
        return "parameter"
    schema = route.operation.bodies.get(asked.content_type)
    wrong = schema is None or not schema.is_valid(json.loads(asked.body or b"null"))
    return "body" if route.operation.bodies and wrong else "sound"


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: f"{each[0]} {each[1]}")
def test_both_judge_alike(request_: tuple[str, str, Mapping[str, str], Any]) -> None:
    assert judged_by_compiled(Asked(*request_)) == judged_by_stock(Asked(*request_))


@pytest.mark.parametrize("limit", ["%205", "%2B5", "1_0", "05"])
def test_the_compiled_ones_are_stricter_about_integers(limit: str) -> None:
    asked = ("GET", f"/v1/links?limit={limit}", TOKEN, None)
    assert (judged_by_compiled(Asked(*asked)), judged_by_stock(Asked(*asked))) == ("parameter", "sound")


def test_stock_alone_would_let_a_request_without_token_pass() -> None:
    bare = OpenAPI.from_dict(document("platform"))
    with pytest.warns(UserWarning, match="Unsupported scheme type"):
        assert list(bare.iter_request_errors(Asked("GET", "/v1/scenario", {"Signature": "s"}, None))) == []
