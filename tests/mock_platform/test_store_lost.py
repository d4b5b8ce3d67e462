"""The database goes away for a while: who asks is told to come again, and afterwards everything goes on."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from platform_uploader import Uploader, as_lines
from postgresql import Cluster

from tanpuhui.mock_platform.serving import PlatformServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'
MANY = 6_000


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def visitor(cluster: Cluster, enter_platform: Callable[[str], Actor]) -> Iterator[Actor]:
    with PlatformServer(cluster.new_database()) as platform:
        entered = enter_platform(platform.control_url)
        yield entered
        entered.control.close()
        entered.http.close()


def test_a_database_that_goes_away_and_comes_back(
    visitor: Actor, cluster: Cluster, pv_day: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    before, after = pv_day(), pv_day()
    visitor.verdicts(before)
    body = json.dumps({"records": [after]}).encode()
    sent = visitor.signed("POST", "/v1/activity-batches", body=body, key=KEY)
    cluster.kill()
    answers = [visitor.send(sent, receipt=False) for _ in range(3)]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(503, "maintenance")}
    assert answers[0].headers["retry-after"] == "1"
    assert visitor.control.get(f"/tenants/{visitor.tenant}/state").json()["code"] == "maintenance"
    cluster.start()
    assert visitor.submit(body=body, key=KEY).status_code == 200
    assert [each["verdict"] for each in visitor.verdicts(before, after)] == ["duplicate", "duplicate"]
    event = visitor.conduct("POST", "/events", type="notice.posted.v1", data={})
    assert visitor.get("/v1/events").json()["events"] == [event]
    assert caplog.text == ""


def test_a_key_that_was_held_when_the_database_went_away_is_given_back(
    visitor: Actor, cluster: Cluster, pv_day: Callable[..., Any]
) -> None:
    visitor.stand()
    visitor.arm({"kind": "delay", "operation": "submitBatch", "seconds": 2})
    body = json.dumps({"records": [pv_day()]}).encode()

    def send() -> int:
        sent = visitor.signed("POST", "/v1/activity-batches", body=body, key=KEY, token=token)
        return visitor.send(sent, receipt=False).status_code

    token = visitor.token()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(send)
        while visitor.fired() == [0]:
            continue
        cluster.kill()
        assert slow.result() == 503
    cluster.start()
    while (status := send()) in {409, 503}:
        continue
    assert status == 200


def test_a_job_goes_on_when_the_database_is_back(
    visitor: Actor, cluster: Cluster, ride: Callable[..., Any]
) -> None:
    uploader = Uploader(visitor)
    job = uploader.send(as_lines(*(ride() for _ in range(MANY)))).json()
    while not (judged := visitor.get(f"/v1/jobs/{job['job_id']}").json()["totals"]["submitted"]):
        continue
    cluster.kill()
    cluster.start()
    while visitor.control.get(f"/tenants/{visitor.tenant}/state").status_code == 503:
        continue
    ended = uploader.end_of(job["job_id"])
    assert judged < MANY
    assert (ended["state"], ended["totals"]["accepted"]) == ("succeeded", MANY)
    assert [each["index"] for each in uploader.verdicts(ended)] == list(range(MANY))
