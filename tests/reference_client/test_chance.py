from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from tanpuhui.reference_client.calling.chance import Chance

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_record_id_is_a_uuid_of_version_7() -> None:
    made = uuid.UUID(Chance().time_ordered_id(AT))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(AT.timestamp() * 1000)


def test_later_ids_sort_later() -> None:
    chance = Chance()
    ids = [chance.time_ordered_id(AT + timedelta(milliseconds=n)) for n in range(100)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 100


def test_nonces_and_keys_differ_and_are_long_enough() -> None:
    chance = Chance()
    tokens = {chance.token() for _ in range(100)}
    assert {len(token) for token in tokens} == {32}
    assert len(tokens) == 100
