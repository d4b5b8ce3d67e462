from __future__ import annotations

from decimal import Decimal

import pytest

from tanpuhui.reference_client.exports.instant import moment
from tanpuhui.reference_client.exports.number import commas_of, figure
from tanpuhui.reference_client.exports.refusal import Refusal

NINE = "2026-03-09T01:05:00+00:00"


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        (["1,204.5", "88"], "thousands"),
        (["12,345,678"], "thousands"),
        (["1,204", "843", "2,311"], "thousands"),
        (["2,25", "3,110"], "decimal"),
        (["0,843", "1,204"], "decimal"),
        (["1.234,5"], "decimal"),
        (["1,204", "2,311"], "unclear"),
        (["1,204", "2311"], "unclear"),
        (["1,204", "843", "2311"], "unclear"),
        (["1,204.5", "2,25"], "unclear"),
    ],
)
def test_what_a_comma_means_is_told_by_its_column(column: list[str], meaning: str) -> None:
    assert commas_of(column) == meaning


def test_semicolons_between_cells_make_commas_decimal() -> None:
    assert commas_of(["1,204"], semicolons=True) == "decimal"


@pytest.mark.parametrize(
    ("text", "value", "repairs"),
    [
        ("2.2", "2.2", ()),
        ("1.66E-03", "0.00166", ()),
        ("１，２０４", "1204", ("full-width", "thousands-separator")),
        ("-12", "-12", ()),
    ],
)
def test_numbers_are_read_exactly(text: str, value: str, repairs: tuple[str, ...]) -> None:
    read = figure(text, "thousands")
    assert read is not None
    assert (read.value, read.repairs) == (Decimal(value), repairs)


def test_a_decimal_comma_is_put_right() -> None:
    read = figure("1.234,5", "decimal")
    assert read is not None
    assert (read.value, read.repairs) == (Decimal("1234.5"), ("decimal-comma",))


@pytest.mark.parametrize(("text", "unit"), [("2.2km", "km"), ("2.2 公里", "公里"), ("35度", "度")])
def test_a_unit_in_the_cell_is_kept_apart(text: str, unit: str) -> None:
    read = figure(text, "unclear")
    assert read is not None
    assert read.unit == unit


@pytest.mark.parametrize("text", ["", " ", "NaN", "null", "—", "N/A"])
def test_a_cell_may_say_that_there_is_nothing(text: str) -> None:
    assert figure(text, "unclear") is None
    assert moment(text, None) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("much", "number-invalid"),
        ("1e99", "number-invalid"),
        ("1_000", "number-invalid"),
        ("inf", "number-invalid"),
        ("1,204", "number-unclear"),
    ],
)
def test_what_is_no_number_is_refused(text: str, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        figure(text, "unclear")
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-09T09:05:00+08:00",
        "2026-03-09 01:05:00Z",
        "2026-03-09 01:05:00+00",
        "2026-03-09 09:05",
        "2026/3/9 9:05",
        "2026年3月9日 9时5分",
        "2026年03月09日09:05:00",
        "２０２６-03-09 09:05:00",
        "20260309090500",
        "1773018300",
        "1773018300000",
    ],
)
def test_one_instant_has_many_writings(text: str) -> None:
    read = moment(text, None)
    assert read is not None
    assert read.at.isoformat() == NINE


def test_twenty_four_is_midnight_of_the_next_day() -> None:
    read = moment("2026-03-09 24:00:00", None)
    assert read is not None
    assert (read.at.isoformat(), read.repairs) == ("2026-03-09T16:00:00+00:00", ("time-no-offset", "hour-24"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("09/03/2026 09:05", "time-unclear"),
        ("3/9/26 9:05", "time-unclear"),
        ("2026-02-30 09:05:00", "time-invalid"),
        ("2026-03-09 25:05:00", "time-invalid"),
        ("2026-03-09", "time-invalid"),
        ("yesterday", "time-invalid"),
        ("0000-00-00 00:00:00", "time-invalid"),
    ],
)
def test_a_time_that_leaves_doubt_is_refused(text: str, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        moment(text, None)
    assert refused.value.kind == kind


def test_a_date_alone_is_midnight_only_where_a_layout_says_so() -> None:
    read = moment("2026-03-09", None, date_alone=True)
    assert read is not None
    assert read.at.isoformat() == "2026-03-08T16:00:00+00:00"
