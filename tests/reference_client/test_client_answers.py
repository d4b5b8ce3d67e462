"""Answers that no platform of ours gives: the client must neither believe them nor break."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Misconfigured, Unanswered
from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.reference_client.wire import ANSWER_MAX_BYTES
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.signing import SigningKey, sign_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ISSUER = "https://platform.example/t/x"
KEY, OWN = SigningKey.generate(), SigningKey.generate()
RECORDS = [{"record_id": "a-record-of-16-chars"}]


class Stage:
    """A platform of answers written by hand; the last answer of an operation is repeated."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.router = router
        self.pauses: list[float] = []
        self.says("GET", "/.well-known/tanpuhui", discovery())
        self.says("GET", "/jwks", {"keys": [KEY.public_jwk()]})
        self.says(
            "POST",
            "/oauth/token",
            {"access_token": "t", "token_type": "Bearer", "expires_in": 60, "scope": ""},
        )

    def says(
        self, method: str, path: str, *answers: Any, key: SigningKey | None = None, **fields: str
    ) -> respx.Route:
        left = list(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            said = left.pop(0) if len(left) > 1 else left[0]
            said = said if isinstance(said, HttpResponse) else said_json(said, **fields)
            return sent(signed(said, request, key or KEY) if "signature" in request.headers else said)

        return self.router.route(method=method, url__startswith=ISSUER + path).mock(side_effect=answer)

    def client(self, attempts_max: int = 3) -> ScenarioClient:
        identity = Identity(ISSUER + "/.well-known/tanpuhui", "cli-1", OWN)
        return ScenarioClient(operations_of(identity, attempts_max=attempts_max), wait=self.pauses.append)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with respx.mock(assert_all_called=False) as router:
        yield Stage(router)


def discovery(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": "x",
        "editions": [],
        "issuer": ISSUER,
        "problem_base": ISSUER,
        "limits": {},
    }
    said |= {
        "api_base": f"{ISSUER}/v1",
        "token_endpoint": f"{ISSUER}/oauth/token",
        "jwks_uri": f"{ISSUER}/jwks",
    }
    return said | {"now": instant_text(datetime.now(UTC)), "times": {}} | changes


def said_json(value: Any, status: int = 200, **fields: str) -> HttpResponse:
    named = [(name.replace("_", "-"), text) for name, text in fields.items()]
    return HttpResponse(
        status, headers_of([("content-type", "application/json"), *named]), json.dumps(value).encode()
    )


def signed(answer: HttpResponse, request: httpx.Request, key: SigningKey) -> HttpResponse:
    asked = HttpRequest(
        request.method, str(request.url), headers_of(request.headers.multi_items()), request.content
    )
    return sign_response(answer, asked, key, created=datetime.now(UTC))


def sent(answer: HttpResponse) -> httpx.Response:
    return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


def batch_answer(*record_ids: str, indexes: list[int] | None = None) -> dict[str, Any]:
    verdicts = [
        {"index": n, "record_id": name, "verdict": "accepted", "reasons": []}
        for n, name in zip(indexes or range(len(record_ids)), record_ids, strict=True)
    ]
    totals = {"submitted": 1, "accepted": 1, "duplicate": 0, "held": 0, "rejected": 0}
    return {
        "receipt_id": "r",
        "received_at": "2026-03-01T00:00:00+08:00",
        "totals": totals,
        "verdicts": verdicts,
    }


def submitted(stage: Stage) -> Callable[[], Any]:
    return lambda: stage.client().submit_batch(RECORDS, idempotency_key="a-key-of-sixteen")


@pytest.mark.parametrize(
    "garbage",
    [b"", b"<html>", b'{"links":[],"links":[]}', b'{"links":NaN}', b"\xff\xfe", b'{"links":{}}', b"[" * 100],
    ids=["empty", "html", "duplicate", "nan", "utf-16", "wrong-shape", "deep"],
)
def test_an_answer_that_cannot_be_read_counts_as_none_and_a_later_one_is_taken(
    stage: Stage, garbage: bytes
) -> None:
    broken = HttpResponse(200, (("content-type", "application/json"),), garbage)
    route = stage.says("GET", "/v1/links", broken, {"links": []})
    assert stage.client().links() == ()
    assert (route.call_count, len(stage.pauses)) == (2, 1)


@pytest.mark.parametrize("indexes", [[1], [0, 0], []])
def test_verdicts_that_do_not_match_the_records_one_by_one_count_as_no_answer(
    stage: Stage, indexes: list[int]
) -> None:
    wrong = batch_answer(*("x" for _ in indexes), indexes=indexes)
    route = stage.says("POST", "/v1/activity-batches", wrong, batch_answer("a-record-of-16-chars"))
    assert submitted(stage)().answer.totals.accepted == 1
    assert route.call_count == 2


def test_a_receipt_by_a_foreign_key_counts_as_no_answer(stage: Stage) -> None:
    route = stage.says("POST", "/v1/activity-batches", batch_answer("x"), key=SigningKey.generate())
    with pytest.raises(Unanswered, match="receipt-invalid"):
        submitted(stage)()
    assert route.call_count == 3


def test_a_refusal_without_a_receipt_is_not_believed(stage: Stage) -> None:
    forged = said_json({"type": "https://tanpuhui.example/problems/schema-violation"}, 422)
    route = stage.router.post(f"{ISSUER}/v1/activity-batches").mock(side_effect=[sent(forged)] * 3)
    with pytest.raises(Unanswered, match="HTTP 422"):
        submitted(stage)()
    assert route.call_count == 3


def test_a_rotated_key_is_fetched_before_a_receipt_is_doubted(stage: Stage) -> None:
    new = SigningKey.generate()
    with stage.client() as client:
        client.jwks()
        stage.says("GET", "/jwks", {"keys": [KEY.public_jwk(), new.public_jwk()]})
        stage.says("GET", "/v1/links", {"links": []}, key=new)
        assert client.links() == ()
    assert stage.pauses == []


def test_a_huge_retry_after_is_kept_to_the_second(stage: Stage) -> None:
    busy = said_json({"type": "https://tanpuhui.example/problems/maintenance"}, 503, retry_after="2592000")
    stage.says("GET", "/v1/links", busy, {"links": []})
    stage.client().links()
    assert stage.pauses == [2_592_000]


def test_an_answer_without_end_is_not_read_to_its_end(stage: Stage) -> None:
    endless = HttpResponse(200, (("content-type", "application/json"),), b" " * (ANSWER_MAX_BYTES + 1))
    stage.says("GET", "/jwks", endless)
    with pytest.raises(Unanswered, match="no-answer"):
        stage.client(1).jwks()


def test_a_redirect_is_not_followed(stage: Stage) -> None:
    elsewhere = stage.router.get("https://elsewhere.example/").mock(return_value=httpx.Response(200))
    stage.says("GET", "/jwks", HttpResponse(302, (("location", "https://elsewhere.example/"),)))
    with pytest.raises(Unanswered, match="HTTP 302"):
        stage.client(1).jwks()
    assert not elsewhere.called


def test_the_token_never_goes_to_a_next_page_elsewhere(stage: Stage) -> None:
    elsewhere = stage.router.get(url__startswith="https://elsewhere.example/").mock(
        return_value=httpx.Response(200)
    )
    stage.says("GET", "/v1/links", {"links": [], "next": "https://elsewhere.example/v1/links"})
    with pytest.raises(InvalidAnswer, match="API-007"):
        stage.client().links()
    assert not elsewhere.called


@pytest.mark.parametrize(
    "address", ["/t/x/v1/links?cursor=two", "?cursor=two", f"{ISSUER}/v1/links?cursor=two"]
)
def test_a_next_page_may_be_told_relative_to_the_one_before(stage: Stage, address: str) -> None:
    stage.says("GET", "/v1/links", {"links": [], "next": address}, {"links": []})
    assert list(stage.client().links()) == []
    assert "cursor=two" in str(stage.router.calls.last.request.url)


@pytest.mark.parametrize("address", ["//elsewhere.example/v1/links", "http:/v1/links"])
def test_a_relative_address_does_not_lead_elsewhere_either(stage: Stage, address: str) -> None:
    stage.says("GET", "/v1/links", {"links": [], "next": address})
    with pytest.raises(InvalidAnswer, match="API-007"):
        stage.client().links()


def test_pages_in_a_circle_come_to_an_end(stage: Stage) -> None:
    stage.says("GET", "/v1/links", {"links": [], "next": f"{ISSUER}/v1/links?cursor=same"})
    with pytest.raises(InvalidAnswer, match="API-007"):
        stage.client().links()


def test_a_document_of_another_issuer_is_not_taken(stage: Stage) -> None:
    stage.says("GET", "/.well-known/tanpuhui", discovery(issuer="https://elsewhere.example"))
    with pytest.raises(Misconfigured, match="API-001"):
        stage.client().discovery()


def test_an_assertion_refused_for_its_time_is_made_again_by_a_fresh_clock(stage: Stage) -> None:
    late = datetime.now(UTC) + timedelta(days=1)
    stage.says("GET", "/.well-known/tanpuhui", discovery(), discovery(now=instant_text(late)))
    refused = said_json({"error": "invalid_client"}, 401)
    stage.says(
        "POST", "/oauth/token", refused, {"access_token": "t", "token_type": "Bearer", "expires_in": 60}
    )
    with stage.client() as client:
        assert client.token().ends > late
