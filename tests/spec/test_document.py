"""The interface documents are whole, valid, and say what the rest of the law says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import openapi_spec_validator
import pytest

from tanpuhui.spec.document import DocumentName, Operation, document, document_names, operations
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.element import schemes
from tanpuhui.spec.event import event_types
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.problem import problem_types, reasons
from tanpuhui.spec.requirement import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

PLATFORM = {
    "getDiscovery": "GET /.well-known/tanpuhui",
    "getJwks": "GET /jwks",
    "requestToken": "POST /oauth/token",
    "getScenario": "GET /v1/scenario",
    "listLinks": "GET /v1/links",
    "listMethodologies": "GET /v1/methodologies",
    "submitBatch": "POST /v1/activity-batches",
    "submitUpload": "POST /v1/uploads",
    "getJob": "GET /v1/jobs/{job_id}",
    "listJobResults": "GET /v1/jobs/{job_id}/results",
    "listRecords": "GET /v1/records",
    "getRecord": "GET /v1/records/{record_id}",
    "listEvents": "GET /v1/events",
    "registerDevice": "POST /v1/devices",
    "listDevices": "GET /v1/devices",
    "getDevice": "GET /v1/devices/{device_id}",
    "addCalibration": "POST /v1/devices/{device_id}/calibrations",
    "reportDeviceState": "POST /v1/devices/{device_id}/states",
    "getQualityReport": "GET /v1/quality-reports/{period}",
}
SCENARIO = {
    "receiveEvent": "POST /v1/events",
    "getHealth": "GET /v1/health",
    "listReportedRecords": "GET /v1/records",
    "listDaySummaries": "GET /v1/day-summaries",
}
TESTBED = {
    "resetScenario": "POST /reset",
    "loadActivities": "POST /activities",
    "loadDevices": "POST /devices",
    "triggerReport": "POST /reports",
    "getStatus": "GET /status",
}
WRITTEN = {"Batch", "BatchFrame", "DeviceRegistration", "CalibrationEntry", "DeviceStateEntry"}
CHINESE_THEN_ENGLISH = re.compile(r"(?s)[^/]*[\u4e00-\u9fff].* / [ -~]+")

each_document = pytest.mark.parametrize("name", document_names())
each_operation = pytest.mark.parametrize(
    "operation",
    [operation for name in document_names() for operation in operations(document(name))],
    ids=lambda operation: operation.operation_id,
)


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from nodes(inner)


def at(whole: dict[str, Any], reference: str) -> Any:
    found: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def schema_of(name: DocumentName, schema: str) -> jsonschema_rs.Draft202012Validator:
    rooted = {"$ref": f"#/components/schemas/{schema}", "components": document(name)["components"]}
    return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)


@each_document
def test_it_is_valid_openapi(name: DocumentName) -> None:
    openapi_spec_validator.validate(document(name))


@each_document
def test_it_bears_the_edition_of_the_law(name: DocumentName) -> None:
    assert document(name)["info"]["version"] == current_edition().name


@each_document
def test_every_reference_is_local_and_resolves(name: DocumentName) -> None:
    whole = document(name)
    places = [node["$ref"] for node in nodes(whole) if isinstance(node.get("$ref"), str)]
    assert places
    assert all(at(whole, place) for place in places)


@each_document
def test_nothing_is_left_to_derive(name: DocumentName) -> None:
    assert not [node for node in nodes(document(name)) if "x-derived" in node]


@each_document
def test_what_a_caller_changes_stays_with_the_caller(name: DocumentName) -> None:
    document(name)["paths"].clear()
    assert document(name)["paths"]


@each_document
def test_schemas_keep_clear_of_what_tools_read_differently(name: DocumentName) -> None:
    for node in nodes(document(name)["components"]["schemas"]):
        assert not {"exclusiveMinimum", "exclusiveMaximum"} & node.keys()
        assert not {"format", "pattern", "maxLength"} <= node.keys()


@pytest.mark.parametrize(
    ("name", "expected"), [("platform", PLATFORM), ("scenario", SCENARIO), ("testbed", TESTBED)]
)
def test_the_operations_are_the_ones_of_the_law(name: DocumentName, expected: dict[str, str]) -> None:
    found = {
        operation.operation_id: f"{operation.method} {operation.path}"
        for operation in operations(document(name))
    }
    assert found == expected


def test_operation_ids_are_unique_over_all_documents() -> None:
    ids = Counter(
        operation.operation_id for name in document_names() for operation in operations(document(name))
    )
    assert set(ids.values()) == {1}


@each_operation
def test_an_operation_names_requirements_that_exist(operation: Operation) -> None:
    assert operation.requirements
    assert set(operation.requirements) <= requirements().keys()
    assert len(set(operation.requirements)) == len(operation.requirements)


@each_operation
def test_an_operation_is_summarised_in_chinese_first(operation: Operation) -> None:
    assert CHINESE_THEN_ENGLISH.fullmatch(operation.summary)


@each_operation
def test_an_operation_says_what_other_methods_get(operation: Operation) -> None:
    assert 405 in operation.statuses


def test_everything_below_v1_is_signed_and_the_platform_asks_for_a_token() -> None:
    for operation in operations(document("platform")):
        wanted = ("platformToken", "messageSignature") if operation.path.startswith("/v1/") else ()
        assert operation.security == wanted
    for operation in operations(document("scenario")):
        assert operation.security == ("messageSignature",)


def test_every_scope_is_asked_for_somewhere() -> None:
    flows = document("platform")["components"]["securitySchemes"]["platformToken"]["flows"]
    asked = {scope for operation in operations(document("platform")) for scope in operation.scopes}
    assert asked == flows["clientCredentials"]["scopes"].keys()


def test_the_signature_is_no_parameter_that_a_generator_would_make_up() -> None:
    for name in document_names():
        for node in nodes(document(name)["paths"]):
            for parameter in node.get("parameters", []):
                assert "signature" not in str(parameter).lower()


def test_codes_limits_and_times_come_from_the_registries() -> None:
    schemas = document("platform")["components"]["schemas"]
    assert schemas["ProblemCode"]["enum"] == list(problem_types())
    assert schemas["ProblemUri"]["enum"] == [kind.uri for kind in problem_types().values()]
    assert schemas["ReasonCode"]["enum"] == list(reasons())
    assert schemas["Limits"]["required"] == list(default_limits().as_mapping())
    assert schemas["Times"]["required"] == list(default_times().as_mapping())


@each_document
def test_answers_and_events_leave_room_for_new_members(name: DocumentName) -> None:
    whole = document(name)
    closed = {
        key for key, schema in whole["components"]["schemas"].items() if "additionalProperties" in schema
    }
    records = {f"{code.capitalize()}Record" for code in schemes()}
    assert closed <= WRITTEN | records


def test_what_is_written_to_the_platform_has_no_room_for_unknown_members() -> None:
    """API-004, so that a misspelt member does not get lost."""
    whole = document("platform")
    written = [
        media["schema"]["$ref"]
        for media in (
            operation.get("requestBody", {}).get("content", {}).get("application/json")
            for path in whole["paths"].values()
            for operation in path.values()
        )
        if media
    ]
    assert {place.rpartition("/")[2] for place in written} == WRITTEN - {"BatchFrame"}
    assert all(at(whole, place)["additionalProperties"] is False for place in written)


@pytest.mark.parametrize("kind", event_types().values(), ids=lambda kind: kind.type)
def test_an_event_of_a_known_type_bears_the_data_of_that_type(kind: Any) -> None:
    event = {
        "specversion": "1.0", "id": "evt_1", "source": "https://tanpuhui.example", "type": kind.type,
        "time": "2026-03-01T10:15:00+08:00", "sequence": 1,
    }  # fmt: skip
    link = {"link_id": "lnk_1", "status": "suspended", "effective_at": "2026-03-01T10:15:00+08:00"}
    record = {"record_id": "rec_1", "verdict": "accepted", "reasons": []}
    right, wrong = (link, record) if kind.data == "LinkEventData" else (record, link)
    accepts = schema_of("scenario", "Event").is_valid
    assert accepts({**event, "data": right})
    assert accepts({**event, "data": {**right, "later": 1}, "traceparent": "00"})
    assert not accepts({**event, "data": wrong})
    assert accepts({**event, "type": "cn.tanpuhui.later.v9", "data": wrong})


def test_a_batch_is_judged_by_its_frame_whatever_its_records_hold() -> None:
    accepts = schema_of("platform", "BatchFrame").is_valid
    assert accepts({"records": [{"scheme": "?"}, 7]})
    assert not accepts({"records": []})
    assert not accepts({"records": [{}], "note": "x"})


@each_document
def test_every_description_is_in_chinese_first(name: DocumentName) -> None:
    for node in nodes(document(name)):
        words = node.get("description")
        assert not isinstance(words, str) or CHINESE_THEN_ENGLISH.fullmatch(words), words


@each_document
def test_no_words_have_slipped_out_of_their_quotes(name: DocumentName) -> None:
    assert not [key for node in nodes(document(name)) for key in node if " " in key or not key.isascii()]
