"""Every request, answer and problem of the interface documents has an example, and every example is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs
import pytest

from tanpuhui.spec.accounting import account
from tanpuhui.spec.document import DocumentName, document, document_names
from tanpuhui.spec.element import schemes
from tanpuhui.spec.event import event_types
from tanpuhui.spec.problem import MEDIA_TYPE, problem_type, problem_types
from tanpuhui.spec.quality import rules
from tanpuhui.spec.quantity import parse_decimal
from tanpuhui.spec.record_schema import record_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = dict[str, Any]


class Body(NamedTuple):
    """One body that an operation takes (status None) or answers."""

    name: DocumentName
    operation: str
    status: int | None
    media_type: str
    content: Node


def resolved(whole: Node, part: Node) -> Node:
    found: Any = whole
    for step in part["$ref"].removeprefix("#/").split("/") if "$ref" in part else ():
        found = found[step]
    return found if "$ref" in part else part


def bodies_of(name: DocumentName) -> Iterator[Body]:
    whole = document(name)
    for operation in (operation for path in whole["paths"].values() for operation in path.values()):
        answers = {int(status): resolved(whole, answer) for status, answer in operation["responses"].items()}
        for status, holder in [(None, operation.get("requestBody", {})), *answers.items()]:
            for media_type, content in holder.get("content", {}).items():
                yield Body(name, operation["operationId"], status, media_type, content)


BODIES = [body for name in document_names() for body in bodies_of(name)]
PROBLEMS = [body for body in BODIES if body.media_type == MEDIA_TYPE]
each_body = pytest.mark.parametrize(
    "body", BODIES, ids=lambda body: f"{body.operation}-{body.status or 'request'}"
)


def values(body: Body) -> list[Any]:
    return [example["value"] for example in body.content["examples"].values()]


def validator(name: DocumentName, schema: Node) -> jsonschema_rs.Draft202012Validator:
    rooted = {"allOf": [schema], "components": document(name)["components"]}
    return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)


def nodes(part: Any) -> Iterator[Node]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from nodes(inner)


def all_example_nodes() -> Iterator[Node]:
    for body in BODIES:
        yield from nodes(values(body))


@each_body
def test_it_has_examples_and_they_keep_its_schema(body: Body) -> None:
    validate = validator(body.name, body.content["schema"]).validate
    assert values(body)
    for value in values(body):
        validate(value)


@each_body
def test_each_example_is_introduced_in_chinese_first(body: Body) -> None:
    for example in body.content["examples"].values():
        chinese, _, english = example["summary"].partition(" / ")
        assert not chinese.isascii()
        assert english


@pytest.mark.parametrize("name", document_names())
def test_errors_are_problems_except_what_oauth_says_otherwise(name: DocumentName) -> None:
    others = {
        (b.operation, b.status) for b in bodies_of(name) if (b.status or 0) >= 400 and b not in PROBLEMS
    }
    assert others <= {("requestToken", 400), ("requestToken", 401)}


@pytest.mark.parametrize("body", PROBLEMS, ids=lambda body: f"{body.operation}-{body.status}")
def test_each_problem_stands_under_its_registered_status(body: Body) -> None:
    for code, value in zip(body.content["examples"], values(body), strict=True):
        kind = problem_type(code)
        assert (value["code"], value["type"], value["status"]) == (code, kind.uri, kind.status)
        assert body.status == kind.status
        assert value["retryable"] is kind.retryable


def test_every_registered_problem_is_answered_somewhere() -> None:
    assert {code for body in PROBLEMS for code in body.content["examples"]} == problem_types().keys()


def test_the_records_in_the_examples_claim_what_the_formula_gives() -> None:
    records = [node for node in all_example_nodes() if {"activity", "reduction_kg"} <= node.keys()]
    assert {record["scheme"] for record in records} == schemes().keys()
    for record in records:
        accounts = account(record)
        for claim in ("baseline_kg", "scenario_kg", "reduction_kg"):
            assert parse_decimal(record[claim]) == getattr(accounts, claim)


def test_the_verdicts_in_the_examples_add_up() -> None:
    receipts = [node for node in all_example_nodes() if {"verdicts", "totals"} <= node.keys()]
    assert receipts
    for receipt in receipts:
        words = [verdict["verdict"] for verdict in receipt["verdicts"]]
        assert [verdict["index"] for verdict in receipt["verdicts"]] == list(range(len(words)))
        counted = {word: words.count(word) for word in ("accepted", "duplicate", "held", "rejected")}
        assert receipt["totals"] == {"submitted": len(words), **counted}


def test_the_totals_of_the_jobs_in_the_examples_add_up() -> None:
    jobs = [node for node in all_example_nodes() if {"job_id", "totals"} <= node.keys()]
    assert {"queued", "running", "partially_succeeded", "failed"} <= {job["state"] for job in jobs}
    for job in jobs:
        totals = dict(job["totals"])
        assert totals.pop("submitted") == sum(totals.values())


def test_the_pages_of_a_jobs_verdicts_follow_on_each_other() -> None:
    (body,) = (b for b in BODIES if (b.operation, b.status) == ("listJobResults", 200))
    indexes = [verdict["index"] for page in values(body) for verdict in page["verdicts"]]
    assert indexes == list(range(len(indexes)))


def test_each_line_of_an_uploads_example_is_a_record_of_the_law() -> None:
    (body,) = (b for b in BODIES if (b.operation, b.status) == ("submitUpload", None))
    lines = [line for value in values(body) for line in value.splitlines()]
    assert lines
    for line in lines:
        record_validator().validate(json.loads(line))


def test_the_day_summaries_in_the_examples_add_up() -> None:
    sums = [node for node in all_example_nodes() if {"records", "reduction_kg"} <= node.keys()]
    assert sums
    for each in sums:
        assert each["records"] == each["accepted"] + each["held"] + each["rejected"]


def test_the_quality_rules_in_the_examples_are_in_the_catalogue() -> None:
    named = {node["rule"] for node in all_example_nodes() if isinstance(node.get("rule"), str)}
    assert named
    assert named <= {rule.id for rule in rules()}


def test_the_scenario_is_shown_an_event_of_a_type_that_it_does_not_know() -> None:
    (body,) = (body for body in BODIES if (body.operation, body.status) == ("receiveEvent", None))
    types = {value["type"] for value in values(body)}
    assert types & event_types().keys()
    assert types - event_types().keys()


@pytest.mark.parametrize("name", document_names())
def test_examples_of_fields_parameters_and_schemas_keep_their_schema(name: DocumentName) -> None:
    components = document(name)["components"]
    fields = [*components.get("headers", {}).values(), *components.get("parameters", {}).values()]
    for field in fields:
        validator(name, field["schema"]).validate(field["example"])
    for schema in nodes(components["schemas"]):
        for example in schema["examples"] if isinstance(schema.get("examples"), list) else ():
            validator(name, schema).validate(example)
