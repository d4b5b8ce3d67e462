"""The certificate of a clean run: an in-toto test-result statement that binds what the verdict rests on."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.certifying.coverage import left_out
from tanpuhui.conformance.certifying.envelope import Envelope
from tanpuhui.conformance.result import SELF_RUN, RunResult
from tanpuhui.conformance.verdict import Outcome
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.edition import edition
from tanpuhui.spec.requirement import requirements
from tanpuhui.spec.strict_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tanpuhui.spec.keys import SigningKey

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
VALID_MONTHS = 12
TRANSCRIPT, CHAIN = "transcript", "chain"
_SELF_SIGNED = (
    "自测：公钥随证书给出，只证明签发后未被改动，不证明签发者是谁",
    "Self-run: the public key comes with the certificate; it shows that nothing was altered, not who signed",
)


class NotCertifiable(ValueError):  # it is no error of the program
    """不能出证 / A run that is not clean and complete has no certificate."""


def certificate(
    result: RunResult, transcript: bytes, key: SigningKey, known_checks: Iterable[str], *, now: datetime
) -> Envelope:
    """The sealed statement of a clean and complete run."""
    if result.outcome is not Outcome.PASS:
        raise NotCertifiable(f"结论是{result.outcome.words.zh} / the outcome is {result.outcome.words.en}")
    if left_out(result, edition(result.header.edition), requirements()):
        raise NotCertifiable("计分的要求没有全部运行 / not every scored requirement was run")
    issued = now.replace(microsecond=0)
    statement = {
        "_type": STATEMENT,
        "subject": [subject(result)],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "PASSED",
            "configuration": _configuration(result, transcript),
            **tests(result, known_checks),
            **_circumstances(result, key, issued),
        },
    }
    return Envelope.sealing(json.dumps(statement, ensure_ascii=False, indent=1).encode(), key)


def subject(result: RunResult) -> dict[str, Any]:
    """What the certificate is about: the scenario by its name and the digest of its profile."""
    scenario = result.header.scenario
    digest = hashlib.sha256(canonical_json(dict(scenario))).hexdigest()
    return {"name": scenario["name"], "digest": {"sha256": digest}}


def tests(result: RunResult, known_checks: Iterable[str]) -> dict[str, Any]:
    """Every check of the kit stands in exactly one list, so that nothing left out can look like a pass."""
    by_outcome = {
        outcome: [verdict.check for verdict in result.verdicts if verdict.outcome is outcome]
        for outcome in Outcome
    }
    judged = {verdict.check for verdict in result.verdicts}
    return {
        "passedTests": by_outcome[Outcome.PASS],
        "warnedTests": [],
        "failedTests": by_outcome[Outcome.FAIL],
        "notApplicableTests": by_outcome[Outcome.NOT_APPLICABLE],
        "incompleteTests": by_outcome[Outcome.INCOMPLETE],
        "notRunTests": [check for check in known_checks if check not in judged],
    }


def bindings(result: RunResult) -> dict[str, str]:
    """The digests by which law, kit, bank and run configuration are named."""
    header = result.header
    bank = {"bank": str(header.bank["digest"])} if header.bank else {}
    return {"law": header.law_digest, "kit": header.kit_digest, **bank, "run-config": header.config_digest}


def file_digest(data: bytes) -> str:
    """The digest by which the transcript's file is named."""
    return hashlib.sha256(data).hexdigest()


def _configuration(result: RunResult, transcript: bytes) -> list[Mapping[str, Any]]:
    bound = [{"name": name, "digest": {"sha256": _bare(digest)}} for name, digest in bindings(result).items()]
    return [
        *bound,
        {
            "name": TRANSCRIPT,
            "digest": {"sha256": file_digest(transcript)},
            "annotations": {CHAIN: result.transcript_digest},
        },
    ]


def _circumstances(result: RunResult, key: SigningKey, now: datetime) -> dict[str, Any]:
    header = result.header
    note = {"zh": _SELF_SIGNED[0], "en": _SELF_SIGNED[1]} if header.evidence_class == SELF_RUN else None
    return {
        "environment": "mock",
        "evidenceClass": header.evidence_class,
        "scenario": dict(header.scenario),
        "edition": header.edition,
        "seed": header.seed,
        "runId": header.run_id,
        "startedAt": header.started_at,
        "issuedAt": instant_text(now),
        "validUntil": instant_text(months_later(now, VALID_MONTHS)),
        "software": {"name": "tanpuhui", "version": header.kit_version},
        "signer": {"publicKey": key.public_jwk(), **({"note": note} if note else {})},
    }


def months_later(start: datetime, months: int) -> datetime:
    """The same day so many months later; the end of a shorter month where there is no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


def _bare(digest: str) -> str:
    return digest.removeprefix("sha256:")
