"""Personal data are found and masked; identifiers and figures of the interface are not mistaken for them."""

from __future__ import annotations

import base64
import json
import random
import uuid
from typing import TYPE_CHECKING

import pytest

from tanpuhui.spec.privacy import Finding, Kind, find_personal_data, kinds, mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Callable

MATCHES = [(kind, text) for kind in kinds().values() for text in kind.matches]
OTHERS = [text for kind in kinds().values() for text in kind.others]


def test_the_law_names_the_kinds() -> None:
    assert set(kinds()) == {"mobile", "identity-card", "plate", "bank-card", "coordinates", "email"}
    assert all(kind.zh and kind.en and kind.matches and kind.others for kind in kinds().values())


@pytest.mark.parametrize(("kind", "text"), MATCHES, ids=[text for _, text in MATCHES])
def test_every_example_of_a_kind_is_found_alone_and_in_running_text(kind: Kind, text: str) -> None:
    for placed in (text, f"备注：{text}，请核对", json.dumps({"note": text}, ensure_ascii=False)):
        assert {finding.kind for finding in find_personal_data(placed)} == {kind.name}


@pytest.mark.parametrize("text", OTHERS)
def test_every_counter_example_is_left_alone(text: str) -> None:
    assert find_personal_data(text) == []
    assert mask_personal_data(text) == text


def test_masking_leaves_the_kind_in_the_place_of_the_data() -> None:
    text = "电话13800138000，邮箱a@example.com，电话13900139000"
    assert mask_personal_data(text) == "电话[已屏蔽:mobile]，邮箱[已屏蔽:email]，电话[已屏蔽:mobile]"
    assert find_personal_data(mask_personal_data(text)) == []


def test_a_finding_tells_where_and_never_what() -> None:
    assert find_personal_data("x 13800138000") == [Finding("mobile", 2, 13)]


def test_an_identity_number_is_not_taken_for_a_bank_card() -> None:
    both = "622201199001010055"
    assert all(kinds()[name].check(both) for name in ("identity-card", "bank-card"))
    assert [finding.kind for finding in find_personal_data(both)] == ["identity-card"]


def a_link_id(chance: random.Random) -> str:
    return "lnk_" + base64.urlsafe_b64encode(chance.randbytes(18)).decode()


def a_uuid7(chance: random.Random) -> str:
    millis = 1_772_294_400_000 + chance.randrange(10**9)
    return str(uuid.UUID(bytes=millis.to_bytes(6, "big") + b"\x70" + chance.randbytes(9)))


def a_quantity(chance: random.Random) -> str:
    return f"{chance.randrange(10**15)}.{chance.randrange(10**6):06}"


def a_time(chance: random.Random) -> str:
    return str(1_772_294_400 * 10 ** chance.choice((0, 3, 6, 9)) + chance.randrange(10**9))


def a_digest(chance: random.Random) -> str:
    return chance.choice((chance.randbytes(32).hex(), base64.b64encode(chance.randbytes(32)).decode()))


@pytest.mark.parametrize("made", [a_link_id, a_uuid7, a_quantity, a_time, a_digest])
def test_identifiers_figures_times_and_digests_are_not_personal_data(
    made: Callable[[random.Random], str],
) -> None:
    chance = random.Random(20260301)  # noqa: S311
    values = [made(chance) for _ in range(20_000)]
    assert find_personal_data(json.dumps(values)) == []
    assert find_personal_data("\n".join(values)) == []


@pytest.mark.parametrize(
    "text", ["1" * 300_000, "a" * 300_000, "a@" + "a." * 150_000, "4111 " * 60_000, "沪A" * 150_000]
)
def test_a_long_text_does_not_take_long(text: str) -> None:
    assert find_personal_data(text) == []


def test_many_findings_do_not_take_long() -> None:
    assert len(find_personal_data("13800138000," * 20_000)) == 20_000
