"""Event types are a closed list with one prefix."""

from __future__ import annotations

from tanpuhui.spec.event import event_prefix, event_types


def test_every_event_type_bears_the_prefix_a_version_and_words() -> None:
    assert event_types()
    for name, kind in event_types().items():
        assert name == kind.type
        assert name.startswith(event_prefix())
        assert name.rpartition(".")[2].startswith("v")
        assert all((kind.zh, kind.en, kind.data, kind.clause))


def test_a_link_suspension_carries_link_data() -> None:
    assert event_types()["cn.tanpuhui.link.suspended.v1"].data == "LinkEventData"
