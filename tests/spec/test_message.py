"""Messages keep what crossed the wire: order, repetition and bytes."""

from __future__ import annotations

import pytest

from tanpuhui.spec.message import HttpRequest, HttpResponse, RepeatedField, headers_of

ANSWER = HttpResponse(200, headers_of([("Date", "now"), ("Vary", "a"), ("vary", "b")]), b"{}")


def test_fields_have_lower_case_names_in_their_original_order() -> None:
    assert ANSWER.headers == (("date", "now"), ("vary", "a"), ("vary", "b"))


def test_a_field_is_found_whatever_the_case_of_its_name() -> None:
    assert (ANSWER.header("DATE"), ANSWER.header("age")) == ("now", None)


def test_no_reader_may_choose_one_of_repeated_values() -> None:
    with pytest.raises(RepeatedField, match="vary") as refused:
        ANSWER.header("Vary")
    assert refused.value.name == "vary"
    assert ANSWER.header_values("Vary") == ("a", "b")


def test_adding_and_removing_fields_makes_another_message() -> None:
    request = HttpRequest("GET", "https://p.example/")
    longer = request.with_headers([("Accept", "*/*")])
    assert (longer.header("accept"), request.headers) == ("*/*", ())
    assert longer.without_headers("ACCEPT") == request
    assert ANSWER.without_headers("vary").headers == (("date", "now"),)
