"""The door to the bank: every scenario in it is served ready to be judged, and bears witness to what it does."""

from __future__ import annotations

import pytest

from tanpuhui.reference_client.bank import SINS, UNUSUAL, serving, serving_part, source_digest
from tanpuhui.reference_client.calling.clock import PlatformClock
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.wire import SyncWire
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.message import HttpRequest, HttpResponse


def asked(method: str, url: str, token: str | None = None) -> HttpResponse:
    headers = (("authorization", f"Bearer {token}"),) if token else ()
    with SyncWire() as wire:
        answer = wire.send(HttpRequest(method, url, headers), timeout=5)
    assert answer is not None
    return answer


def test_the_bank_has_a_sin_for_every_requirement_that_counts_in_this_edition() -> None:
    assert current_edition().scored <= {sin.requirement for sin in SINS.values()}
    assert len(SINS) >= 45


def test_there_are_correct_scenarios_to_measure_false_alarms_by() -> None:
    assert len(UNUSUAL) >= 5
    assert not set(UNUSUAL) & set(SINS)


def test_every_scenario_says_in_both_languages_what_it_does() -> None:
    for one in (*SINS.values(), *UNUSUAL.values()):
        assert one.text.zh
        assert one.text.en


def test_the_reference_is_served_and_has_nothing_to_confess() -> None:
    with serving() as served:
        assert asked("GET", f"{served.base_url}/v1/health").status == 503  # no platform is set up yet
        assert served.fired() == 0


def test_the_testbed_is_for_those_who_have_the_token() -> None:
    with serving("ignores-links") as served:
        assert asked("POST", f"{served.testbed_url}/reset").status == 401
        assert asked("POST", f"{served.testbed_url}/reset", served.testbed_token).status == 415


def test_a_scenario_that_the_bank_does_not_have_is_not_served() -> None:
    with pytest.raises(KeyError), serving("does-everything-wrong"):
        pass


class Talkative(Witnessed, Batching):
    """总在作证 / Bears witness as soon as it is made."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type] # handed on as they came
        self.fired()


def test_each_serving_has_a_witness_of_its_own() -> None:
    with serving_part(Talkative) as one, serving_part(Talkative) as other:
        assert (one.fired(), other.fired()) == (0, 0)
    Talkative(None, None)
    assert one.fired() == 0


@pytest.mark.parametrize("replaced", [Batching, Sealing, BikeRecipe, PlatformClock])
def test_a_part_takes_the_place_of_what_it_was_made_from(replaced: type) -> None:
    class Bent(Witnessed, replaced):  # type: ignore[misc] # one of several
        """弯的 / Bent."""

    with serving_part(Bent) as served:
        assert served.fired() == 0


def test_a_sin_against_a_requirement_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="WRT-999"):

        @breaks("WRT-999", "whatever")
        class _Sinless(Witnessed):
            """无罪 / Sinless."""


def test_a_sin_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Silent"):

        @breaks("WRT-001", "whatever")
        class Silent(Witnessed):
            pass


def test_two_scenarios_may_not_share_a_name() -> None:
    name = next(iter(UNUSUAL.values())).part.__name__
    with pytest.raises(ValueError, match="twice"):
        keeps_the_law_in("first_report")(type(name, (Witnessed,), {"__doc__": "同名 / The same name."}))


def test_the_digest_stands_for_the_whole_bank() -> None:
    assert source_digest() == source_digest()
    assert source_digest().startswith("sha256:")
