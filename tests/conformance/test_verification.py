"""`tph verify`: whoever holds certificate and transcript can judge again, and no byte can change unnoticed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tanpuhui.conformance.certifying.envelope import Envelope
from tanpuhui.conformance.certifying.verification import Kit, Presented, Step, accepted, verify
from tanpuhui.conformance.cli import tph
from tanpuhui.conformance.kit import kit_digest
from tanpuhui.conformance.recording.transcript import transcript_of
from tanpuhui.spec.keys import SigningKey
from tanpuhui.spec.law import law_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

pytestmark = pytest.mark.timeout(300)
KIT = Kit(law_digest(), kit_digest())
STRANGER = SigningKey.generate("ed25519")


@pytest.fixture(scope="module")
def presented(certified: Path) -> Presented:
    return Presented(
        (certified / "certificate.dsse.json").read_bytes(), (certified / "transcript.jsonl").read_bytes()
    )


def looked_at(presented: Presented, kit: Kit = KIT, later: timedelta = timedelta()) -> tuple[Step, ...]:
    return verify(presented, kit, now=datetime.now(UTC) + later)


def words(steps: tuple[Step, ...]) -> str:
    return "\n".join(str(step.text) for step in steps)


def resealed(presented: Presented, change: Callable[[dict[str, Any]], object]) -> Presented:
    """A forger's certificate: changed, and signed anew with a key of the forger's own."""
    statement = json.loads(Envelope.from_json(presented.certificate).payload)
    statement["predicate"]["signer"]["publicKey"] = STRANGER.public_jwk()
    change(statement["predicate"])
    envelope = Envelope.sealing(json.dumps(statement).encode(), STRANGER)
    return replace(presented, certificate=envelope.to_json().encode())


def test_a_true_certificate_is_accepted(presented: Presented) -> None:
    steps = looked_at(presented)
    assert accepted(steps), words(steps)
    assert "逐项一致" in words(steps)
    assert "签发者未经证实" in words(steps)


def test_with_a_trusted_key_the_signer_is_known(presented: Presented, certified: Path) -> None:
    enclosed = Envelope.from_json(presented.certificate).statement()["predicate"]["signer"]["publicKey"]
    (certified / "trusted.jwk").write_text(json.dumps(enclosed))
    (certified / "stranger.jwk").write_text(json.dumps(STRANGER.public_jwk()))
    for file, code in (("trusted.jwk", 0), ("stranger.jwk", 1)):
        arguments = ["verify", str(certified / "certificate.dsse.json"), "--key", str(certified / file)]
        done = CliRunner().invoke(tph, arguments)
        assert done.exit_code == code, done.output
    assert "未经证实" not in done.output


def test_one_changed_byte_anywhere_is_refused_with_its_line(presented: Presented) -> None:
    evidence, rng = presented.transcript, Random(20260302)  # noqa: S311
    for place in [0, len(evidence) - 1, *(rng.randrange(len(evidence)) for _ in range(60))]:
        changed = evidence[:place] + bytes([evidence[place] ^ 1]) + evidence[place + 1 :]
        steps = looked_at(replace(presented, transcript=changed))
        line = evidence[:place].count(b"\n") + 1
        assert not accepted(steps)
        assert any(f"第 {number} 行" in words(steps) for number in (line, line + 1)), words(steps)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'"kind":"header"', b'"kind": "header"', 1),
        lambda text: text + b"\n",
        lambda text: text[:-1],
        lambda text: text.replace(b"\n", b"\r\n"),
    ],
    ids=["a space", "an empty line", "no last line end", "other line ends"],
)
def test_the_same_in_other_bytes_is_refused_too(
    presented: Presented, change: Callable[[bytes], bytes]
) -> None:
    steps = looked_at(replace(presented, transcript=change(presented.transcript)))
    assert not accepted(steps)
    assert "行" in words(steps)


def test_a_removed_last_entry_is_refused(presented: Presented) -> None:
    shorter = b"\n".join(presented.transcript.split(b"\n")[:-2]) + b"\n"
    assert "截断" in words(looked_at(replace(presented, transcript=shorter)))


def test_a_changed_certificate_is_refused(presented: Presented) -> None:
    envelope = Envelope.from_json(presented.certificate)
    changed = replace(envelope, payload=envelope.payload.replace(b'"seed": ', b'"seed": 1'))
    steps = looked_at(replace(presented, certificate=changed.to_json().encode()))
    assert "签名无效" in words(steps)


def claim_a_pass(predicate: dict[str, Any]) -> None:
    predicate["passedTests"].append(
        predicate["notRunTests"].pop() if predicate["notRunTests"] else "WRT-009/made-up"
    )


def hide_a_check(predicate: dict[str, Any]) -> None:
    predicate["passedTests"].pop()


def rename_the_scenario(predicate: dict[str, Any]) -> None:
    predicate["scenario"] = {**predicate["scenario"], "version": "2.0"}


def bind_another_law(predicate: dict[str, Any]) -> None:
    next(one for one in predicate["configuration"] if one["name"] == "law")["digest"]["sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (claim_a_pass, "结论不同"),
        (hide_a_check, "结论不同"),
        (rename_the_scenario, "scenario"),
        (bind_another_law, "law"),
        (lambda predicate: predicate.update(seed=-1), "seed"),
        (lambda predicate: predicate.update(result="WARNED"), "没有写明通过"),
        (lambda predicate: predicate.pop("validUntil"), "有效"),
        (lambda predicate: predicate.update(configuration="none"), "不是证书所指"),
    ],
)
def test_a_forged_certificate_is_refused_however_well_it_is_signed(
    presented: Presented, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    steps = looked_at(resealed(presented, change))
    assert not accepted(steps)
    assert told in words(steps)


@pytest.mark.parametrize("later", [timedelta(days=-1), timedelta(days=366)])
def test_outside_its_time_it_is_refused(presented: Presented, later: timedelta) -> None:
    assert "不在有效期内" in words(looked_at(presented, later=later))


def test_another_law_or_kit_is_named(presented: Presented) -> None:
    steps = looked_at(presented, Kit("sha256:" + "0" * 64, "sha256:" + "1" * 64))
    assert accepted(steps)
    assert "规范与签发时不同" in words(steps)
    assert "sha256:" + "1" * 64 in words(steps)


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b'{"payload":1}'])
def test_what_is_no_certificate_is_refused_without_a_crash(presented: Presented, text: bytes) -> None:
    assert not accepted(looked_at(replace(presented, certificate=text)))


def test_a_well_chained_transcript_of_nonsense_is_refused_without_a_crash(presented: Presented) -> None:
    from io import BytesIO  # noqa: PLC0415

    from tanpuhui.conformance.recording.transcript import TranscriptWriter  # noqa: PLC0415

    stream = BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run={}, plan={"edition": 5})
    writer.append("end")
    nonsense = stream.getvalue()

    def bind(predicate: Mapping[str, Any]) -> None:
        import hashlib  # noqa: PLC0415

        bound = next(one for one in predicate["configuration"] if one["name"] == "transcript")
        bound["digest"]["sha256"] = hashlib.sha256(nonsense).hexdigest()
        bound["annotations"]["chain"] = transcript_of(nonsense).digest

    steps = looked_at(replace(resealed(presented, bind), transcript=nonsense))
    assert "无法复判" in words(steps)
