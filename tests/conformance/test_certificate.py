"""The certificate: bound to everything the verdict rests on, verifiable without this kit, given only when clean."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tanpuhui.conformance.certifying.certificate import NotCertifiable, certificate, months_later
from tanpuhui.conformance.certifying.envelope import Envelope, NoEnvelope
from tanpuhui.conformance.certifying.signer import own_key, own_key_path, signing_key, verifying_key
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Outcome, Verdict
from tanpuhui.spec.keys import SigningKey

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import RunMaker

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
KEY = SigningKey.generate("ed25519")
EVIDENCE = b'{"kind":"header"}\n'


def sealed(a_run: RunMaker, *verdicts: Verdict, **how: Any) -> dict[str, Any]:
    result = a_run(*verdicts, **how).result
    known = [*(one.check for one in result.verdicts), "WRT-009/ordered-by-time"]
    return json.loads(certificate(result, EVIDENCE, KEY, known, now=NOW).to_json())


def opened(envelope: dict[str, Any]) -> dict[str, Any]:
    return json.loads(base64.b64decode(envelope["payload"]))


def test_anyone_can_check_the_signature_with_an_ed25519_library_alone(a_run: RunMaker) -> None:
    envelope = sealed(a_run)
    payload = base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload
    x = opened(envelope)["predicate"]["signer"]["publicKey"]["x"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "="))
    public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)
    with pytest.raises(InvalidSignature):
        public.verify(
            base64.b64decode(envelope["signatures"][0]["sig"]), signed.replace(b"PASSED", b"passed")
        )


def test_it_is_an_in_toto_test_result(a_run: RunMaker) -> None:
    statement = opened(sealed(a_run))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert statement["predicate"]["result"] == "PASSED"
    assert statement["subject"][0]["name"] == "浦东示范光伏"


def test_it_binds_law_kit_bank_transcript_and_run(a_run: RunMaker) -> None:
    bank = {"digest": "sha256:" + "d" * 64, "faults": 1, "caught": 1, "unusual": 0, "false_alarms": 0}
    listed = opened(sealed(a_run, bank=bank))["predicate"]["configuration"]
    bound = {one["name"]: one["digest"]["sha256"] for one in listed}
    assert bound["transcript"] == hashlib.sha256(EVIDENCE).hexdigest()
    assert {name: digest[0] for name, digest in bound.items() if name != "transcript"} == {
        "law": "a",
        "kit": "b",
        "bank": "d",
        "run-config": "c",
    }


def test_every_known_check_stands_in_exactly_one_list(a_run: RunMaker) -> None:
    spared = Verdict("IND-006/is-met", "IND-006", (), Outcome.NOT_APPLICABLE)
    predicate = opened(sealed(a_run, spared))["predicate"]
    assert predicate["notApplicableTests"] == ["IND-006/is-met"]
    assert predicate["notRunTests"] == ["WRT-009/ordered-by-time"]
    assert predicate["failedTests"] == predicate["incompleteTests"] == []
    assert len(predicate["passedTests"]) == len(a_run().result.verdicts) - 1


def test_it_says_that_it_is_a_self_run_and_when_it_ends(a_run: RunMaker) -> None:
    predicate = opened(sealed(a_run))["predicate"]
    assert predicate["evidenceClass"] == "self-run"
    assert "不证明签发者" in predicate["signer"]["note"]["zh"]
    assert (predicate["issuedAt"], predicate["validUntil"]) == (
        "2026-03-02T12:00:00+08:00",
        "2027-03-02T12:00:00+08:00",
    )


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCOMPLETE, Outcome.KIT_ERROR])
def test_what_is_not_clean_is_not_certified(a_run: RunMaker, outcome: Outcome) -> None:
    with pytest.raises(NotCertifiable):
        sealed(a_run, Verdict("CAL-004/is-met", "CAL-004", (), outcome))


def test_what_is_not_complete_is_not_certified(a_run: RunMaker) -> None:
    with pytest.raises(NotCertifiable):
        sealed(a_run, without=["CAL-004"])


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-11-22", "2027-11-22"), ("2028-02-29", "2029-02-28"), ("2026-12-31", "2027-12-31")],
)
def test_twelve_months_end_on_the_same_day(start: str, end: str) -> None:
    assert months_later(datetime.fromisoformat(start), 12) == datetime.fromisoformat(end)


def test_months_reach_over_the_turn_of_a_year() -> None:
    assert months_later(datetime(2026, 10, 31), 4) == datetime(2027, 2, 28)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b'{"payload":"!","payloadType":"x","signatures":[{"keyid":"","sig":""}]}']
)
def test_anything_else_is_no_envelope(text: bytes) -> None:
    with pytest.raises(NoEnvelope):
        Envelope.from_json(text)


def test_the_own_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = own_key_path({"XDG_CONFIG_HOME": str(tmp_path)})
    made = own_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert own_key(path).key_id == made.key_id
    path.chmod(0o640)
    with pytest.raises(Trouble, match="can be read by others"):
        own_key(path)


def test_keys_are_read_as_pem_and_as_jwk(tmp_path: Path) -> None:
    own_key(pem := tmp_path / "key.pem")
    key = signing_key(pem)
    (jwk := tmp_path / "key.jwk").write_text(json.dumps(key.private_jwk()))
    (public := tmp_path / "public.jwk").write_text(json.dumps(key.public_jwk()))
    assert {signing_key(jwk).key_id, verifying_key(public).key_id, verifying_key(jwk).key_id} == {key.key_id}


@pytest.mark.parametrize(
    "content", ["", "hello", "{}", '{"kty":"OKP"}', json.dumps(SigningKey.generate().private_jwk())]
)
def test_another_kind_of_key_is_refused(tmp_path: Path, content: str) -> None:
    (path := tmp_path / "key").write_text(content)
    with pytest.raises(Trouble, match="Ed25519"):
        signing_key(path)
    with pytest.raises(Trouble, match="Ed25519"):
        verifying_key(path)
