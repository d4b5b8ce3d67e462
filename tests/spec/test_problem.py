"""Every error is one of a closed registry and tells the other side what to do."""

from __future__ import annotations

import pytest

from tanpuhui.spec.problem import PlaceError, code_of, problem_body, problem_type, problem_types, reasons


@pytest.mark.parametrize("code", problem_types())
def test_every_problem_is_an_error_with_words_in_both_languages(code: str) -> None:
    kind = problem_type(code)
    assert 400 <= kind.status < 600
    assert all((kind.zh, kind.en, kind.action_zh, kind.action_en, kind.clause))
    assert code_of(kind.uri) == code


@pytest.mark.parametrize("reason", reasons().values(), ids=lambda reason: reason.code)
def test_every_reason_has_words_in_both_languages_and_a_clause(reason: object) -> None:
    assert all(getattr(reason, name) for name in ("code", "zh", "en", "clause"))


def test_an_address_outside_the_registry_has_no_code() -> None:
    known = problem_type("internal").uri
    assert [code_of(uri) for uri in ("about:blank", "internal", known + "x", "")] == [None] * 4


def test_an_unregistered_code_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        problem_body("made-up", instance="urn:uuid:1")


def test_a_problem_names_the_faulty_places_and_never_quotes_them() -> None:
    places = [PlaceError("/records/0/scheme", "enum", "应为 PV 或 BIKE / expected PV or BIKE")]
    body = problem_body("schema-violation", instance="urn:uuid:1", detail="1 处不符 / 1 place", errors=places)
    assert (body["status"], body["retryable"], body["instance"]) == (422, False, "urn:uuid:1")
    assert body["errors"] == [
        {"pointer": "/records/0/scheme", "code": "enum", "detail": "应为 PV 或 BIKE / expected PV or BIKE"}
    ]


def test_a_problem_without_detail_says_what_to_do_next() -> None:
    body = problem_body("rate-limited", instance="urn:uuid:1")
    assert body["title"] == "请求过于频繁 / Too many requests"
    assert "Retry-After" in body["detail"]
    assert "errors" not in body
