from __future__ import annotations

import pytest

from tanpuhui.reference_client.calling.answers import BatchAnswer, Discovery, LinkPage
from tanpuhui.reference_client.calling.errors import InvalidAnswer
from tanpuhui.reference_client.calling.reading import read

LINK = {
    "link_id": "lnk-1",
    "status": "active",
    "valid_from": "2026-03-01T00:00:00+08:00",
    "valid_to": None,
    "sequence": 3,
}


def test_unknown_members_are_ignored_at_every_level() -> None:
    page = read(LinkPage, {"links": [LINK | {"colour": {"deep": [1]}}], "weather": "fine"})
    assert page.links[0].sequence == 3
    assert page.next is None


def test_a_missing_member_is_named_by_its_place() -> None:
    with pytest.raises(InvalidAnswer, match="/links/1/status"):
        read(LinkPage, {"links": [LINK, {name: value for name, value in LINK.items() if name != "status"}]})


@pytest.mark.parametrize(
    "wrong", [{"sequence": "3"}, {"sequence": True}, {"valid_from": "yesterday"}, {"link_id": None}]
)
def test_a_member_of_another_type_is_an_invalid_answer(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidAnswer, match="/links/0/" + next(iter(wrong))):
        read(LinkPage, {"links": [LINK | wrong]})


@pytest.mark.parametrize("found", [None, [], "text", 3, {"links": {}}])
def test_what_is_no_object_is_an_invalid_answer(found: object) -> None:
    with pytest.raises(InvalidAnswer):
        read(LinkPage, found)


def test_limits_and_times_are_read_as_advertised_and_wrong_ones_are_refused() -> None:
    said = dict.fromkeys(("issuer", "api_base", "token_endpoint", "jwks_uri"), "https://platform.example")
    said |= {"now": "2026-03-01T00:00:00.250+08:00", "editions": [], "times": {"retry_first_seconds": 0.5}}
    found = read(Discovery, {**said, "limits": {"batch_max_records": 7}})
    assert (found.limits.batch_max_records, found.times.retry_first_seconds) == (7, 0.5)
    with pytest.raises(InvalidAnswer, match="/limits/batch_max_records"):
        read(Discovery, {**said, "limits": {"batch_max_records": 0}})


def test_optional_members_have_their_defaults() -> None:
    said = {"receipt_id": "r", "received_at": "2026-03-01T00:00:00+08:00", "verdicts": []}
    totals = dict.fromkeys(("submitted", "accepted", "duplicate", "held", "rejected"), 0)
    verdict = {"index": 0, "record_id": None, "verdict": "accepted"}
    found = read(BatchAnswer, {**said, "totals": totals, "verdicts": [verdict]})
    assert found.verdicts[0].reasons == ()
