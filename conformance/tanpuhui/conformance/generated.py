"""The one door to Schemathesis: generated requests against a scenario's own interface, seeded and signed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests.auth
import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tanpuhui.spec.message import HttpRequest, HttpResponse

PHASES = ["examples", "coverage"]
METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"]
"""What else is tried on a path; TRACE and the like are answered before many servers' own code."""
REJECTIONS = ["400", "405", "413", "415", "422"]
"""How invalid content may be refused; a 401 or 409 would say nothing about the content."""
Sign = Callable[[HttpRequest], HttpRequest]


class GenerationFailed(RuntimeError):
    """The engine itself could not do its work; the run must not pass because of it."""


@dataclass(frozen=True, slots=True)
class GeneratedFailure:
    """What one engine check objected to: its name, the failure's class and stable code, title and message."""

    check: str
    kind: str
    code: str
    title: str


NO_ANSWER = GeneratedFailure("no_answer", "NoAnswer", "-", "没有应答 / no answer")


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """One generated request with its answer; `positive` tells whether the request kept the document."""

    operation: str
    phase: str
    positive: bool
    request: HttpRequest
    response: HttpResponse | None
    failures: tuple[GeneratedFailure, ...]


class _Signature(requests.auth.AuthBase):
    """Signs the final bytes: requests calls auth last, when body and fields are settled."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = self._sign(_outgoing(prepared))
        prepared.headers.update(dict(signed.headers))
        return prepared


def _outgoing(prepared: requests.PreparedRequest) -> HttpRequest:
    body = prepared.body or b""
    raw = body.encode() if isinstance(body, str) else bytes(body)
    headers = tuple((_text(name).lower(), _text(value)) for name, value in prepared.headers.items())
    return HttpRequest(method=prepared.method or "GET", url=prepared.url or "", headers=headers, body=raw)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@dataclass(frozen=True, slots=True)
class Target:
    """Whose interface it is, how requests to it are signed, and how long an answer may take."""

    base_url: str
    sign: Sign
    patience_seconds: float


def generate(document: Mapping[str, Any], target: Target, *, seed: int) -> Iterator[GeneratedCase]:
    """Plays every operation of the document against the target and yields each exchange.

    Deterministic for a seed: one worker, phases examples and coverage only, nothing cached between runs.
    A request without an answer is the target's failure; GenerationFailed tells of the engine's own.
    """
    _keep_out_of_the_users_folder()
    operations = {f"{m.upper()} {p}": op["operationId"] for p, m, op in _operations(document)}
    for event in from_schema(_schema(document, target, seed)).execute():
        if isinstance(event, events.ScenarioFinished):
            yield from _cases(event, operations)
        elif isinstance(event, events.FatalError):
            raise GenerationFailed(type(event.exception).__name__)
        elif isinstance(event, events.NonFatalError) and not isinstance(
            event.value, requests.RequestException
        ):
            raise GenerationFailed(type(event.value).__name__)


def _keep_out_of_the_users_folder() -> None:
    """The engine's generator keeps tables on disk, by default in the folder where the command was called."""
    if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        set_hypothesis_home_dir(Path(cache) / "tanpuhui" / "hypothesis")


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, Mapping) and "operationId" in operation:
                yield path, method, operation


def _schema(document: Mapping[str, Any], target: Target, seed: int) -> Any:
    settings = {
        "seed": seed,
        "cache": {"enabled": False},
        # the signature is put on last, so a generated one would only be overwritten and look like a bug
        "generation": {"with-security-parameters": False},
        "phases": {"coverage": {"unexpected-methods": METHODS}},
        "checks": {"negative_data_rejection": {"expected-statuses": REJECTIONS}},
    }
    schema = schemathesis.openapi.from_dict(dict(document), config=SchemathesisConfig.from_dict(settings))
    schema.config.update(base_url=target.base_url.rstrip("/"), request_timeout=target.patience_seconds)
    schema.config.phases.update(phases=PHASES)
    schema.config.generation.update(database="none")
    schema.auth.set_from_requests(_Signature(target.sign))
    return schema


def _cases(event: events.ScenarioFinished, operations: Mapping[str, str]) -> Iterator[GeneratedCase]:
    for case_id, interaction in event.recorder.interactions.items():
        case = event.recorder.cases[case_id].value
        yield GeneratedCase(
            operation=operations.get(case.operation.label, case.operation.label),
            phase=event.phase.name.lower(),
            positive=case.meta is None or case.meta.generation.mode.value == "positive",
            request=_request(interaction.request),
            response=_response(interaction.response),
            failures=_failures(interaction.response, event.recorder.checks.get(case_id, [])),
        )


def _headers(headers: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, values in headers.items() for value in values)


def _request(recorded: Any) -> HttpRequest:
    return HttpRequest(
        method=recorded.method,
        url=recorded.uri,
        headers=_headers(recorded.headers),
        body=recorded.body or b"",
    )


def _response(recorded: Any) -> HttpResponse | None:
    if recorded is None:
        return None
    return HttpResponse(
        status=recorded.status_code, headers=_headers(recorded.headers), body=recorded.content or b""
    )


def _failures(response: Any, nodes: Any) -> tuple[GeneratedFailure, ...]:
    if response is None:
        return (NO_ANSWER,)
    failed = (node for node in nodes if node.status == Status.FAILURE)
    return tuple(_failure(node.name, node.failure_info.failure) for node in failed)


def _failure(check: str, failure: Any) -> GeneratedFailure:
    return GeneratedFailure(check, type(failure).__name__, failure.code, failure.title)
