"""Verifies a certificate offline: signature, evidence, law and kit, and every verdict judged again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.certifying.agreement import Refused, bound, require_same_run, require_same_verdicts
from tanpuhui.conformance.certifying.certificate import CHAIN, PREDICATE, STATEMENT, TRANSCRIPT, file_digest
from tanpuhui.conformance.certifying.coverage import left_out
from tanpuhui.conformance.certifying.envelope import Envelope, NoEnvelope
from tanpuhui.conformance.judging import result_of
from tanpuhui.conformance.recording.transcript import Transcript, TranscriptBroken, transcript_of
from tanpuhui.conformance.run import guarded
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.edition import edition
from tanpuhui.spec.keys import PublicKey, UnusableKey
from tanpuhui.spec.requirement import requirements
from tanpuhui.spec.strict_json import canonical_json, parse_json

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.conformance.result import RunResult


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at; a note neither proves nor refuses."""

    ok: bool
    text: Text
    note: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """By what the certificate is judged again: the digests of this installation."""

    law_digest: str
    kit_digest: str


@dataclass(frozen=True, slots=True)
class Presented:
    """What was handed in: the certificate, its transcript, and the key of the supposed signer, if known."""

    certificate: bytes
    transcript: bytes
    key: PublicKey | None = None


def verify(presented: Presented, kit: Kit, *, now: datetime) -> tuple[Step, ...]:
    """What was looked at, in order; the last step refuses where the certificate does not hold."""
    steps: list[Step] = []
    try:
        steps.extend(_steps(presented, kit, now))
    except Refused as refusal:
        steps.append(Step(ok=False, text=refusal.text))
    return tuple(steps)


def accepted(steps: tuple[Step, ...]) -> bool:
    """Nothing was refused."""
    return all(step.ok for step in steps)


def _steps(presented: Presented, kit: Kit, now: datetime) -> Iterator[Step]:
    envelope, statement = _opened(presented.certificate)
    yield _signature(envelope, statement, presented.key)
    predicate = _predicate(statement)
    yield _validity(predicate, now)
    transcript = _transcript(presented.transcript, bound(predicate))
    yield _yes(
        f"运行记录完整：{len(transcript.entries)} 条，散列相连",
        f"transcript intact: {len(transcript.entries)} chained entries",
    )
    yield from _differences(predicate, kit)
    result = _judged_again(transcript)
    require_same_run(statement, predicate, result)
    yield _yes("证书与运行记录说的是同一次运行", "certificate and transcript tell of the same run")
    count = require_same_verdicts(predicate, result)
    yield _yes(
        f"离线复判 {count} 项检查，结论逐项一致", f"judged {count} checks again offline; every verdict agrees"
    )


def _opened(data: bytes) -> tuple[Envelope, Mapping[str, Any]]:
    try:
        envelope = Envelope.from_json(data)
        return envelope, envelope.statement()
    except NoEnvelope as error:
        text = Text.both(str(error))
        raise Refused(text.zh, text.en) from error


def _signature(envelope: Envelope, statement: Mapping[str, Any], known: PublicKey | None) -> Step:
    key = known or _enclosed_key(statement)
    if not envelope.signed_by(key):
        raise Refused(
            "签名无效：证书被改动，或不是该密钥所签",
            "the signature is invalid: altered, or made with another key",
        )
    if known is None:
        zh = "签名有效，但用的是证书自带的公钥：未被改动，签发者未经证实（可用 --key 指定公钥）"
        en = (
            "signature valid by the enclosed key: unaltered, but the signer is unproven (name a key by --key)"
        )
        return Step(ok=True, text=Text(zh, en), note=True)
    return _yes(f"签名有效，密钥 {key.key_id}", f"signature valid, key {key.key_id}")


def _enclosed_key(statement: Mapping[str, Any]) -> PublicKey:
    try:
        return PublicKey.from_jwk(statement["predicate"]["signer"]["publicKey"])
    except (KeyError, TypeError, UnusableKey) as error:
        raise Refused(
            "证书没有附公钥，请用 --key 指定", "no public key is enclosed; name one with --key"
        ) from error


def _predicate(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    predicate = statement.get("predicate")
    kinds = (statement.get("_type"), statement.get("predicateType"))
    if kinds != (STATEMENT, PREDICATE) or not isinstance(predicate, Mapping):
        raise Refused("不是测试结果声明", "it is no test-result statement")
    if predicate.get("result") != "PASSED":
        raise Refused("证书没有写明通过", "it does not say that the run passed")
    return predicate


def _validity(predicate: Mapping[str, Any], now: datetime) -> Step:
    try:
        issued, until = parse_instant(predicate["issuedAt"]), parse_instant(predicate["validUntil"])
    except (KeyError, InvalidInstant) as error:
        raise Refused(
            "证书没有写明签发与有效时间", "it does not say when it was issued and how long it is valid"
        ) from error
    if not issued <= now < until:
        raise Refused(
            f"证书不在有效期内（{predicate['issuedAt']} 至 {predicate['validUntil']}）",
            f"it is not valid now ({predicate['issuedAt']} to {predicate['validUntil']})",
        )
    return _yes(f"在有效期内，至 {predicate['validUntil']}", f"valid until {predicate['validUntil']}")


def _transcript(data: bytes, named: Mapping[str, Any]) -> Transcript:
    try:
        transcript = transcript_of(data)
    except TranscriptBroken as error:
        raise Refused(
            f"运行记录第 {error.line} 行：{error.zh}", f"transcript line {error.line}: {error.en}"
        ) from error
    if transcript.digest != named.get(CHAIN):
        raise Refused("运行记录不是证书所指的那一份", "this is not the transcript that the certificate names")
    if file_digest(data) != named.get(TRANSCRIPT):
        line = len(transcript.entries)
        raise Refused(
            f"运行记录第 {line} 行之后的字节被改动", f"bytes after transcript line {line} were altered"
        )
    return transcript


def _rewritten_line(data: bytes) -> int:
    """Where the file says the same in other bytes: the first line not written as the kit writes lines."""
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line or canonical_json(parse_json(line, max_depth=64, max_string=len(data))) != line:
            return number
    return len(lines)


def _differences(predicate: Mapping[str, Any], kit: Kit) -> Iterator[Step]:
    named = bound(predicate)
    for name, zh, here in (("law", "规范", kit.law_digest), ("kit", "工具", kit.kit_digest)):
        there = f"sha256:{named.get(name)}"
        if there == here:
            yield _yes(f"{zh}与签发时相同", f"the {name} is the one it was issued by")
        else:
            zh_text = f"{zh}与签发时不同：签发时 {there}，本机 {here}"
            yield Step(
                ok=True, text=Text(zh_text, f"the {name} differs: issued by {there}, here {here}"), note=True
            )


def _judged_again(transcript: Transcript) -> RunResult:
    try:
        result = result_of(transcript, guarded)
        missing = left_out(result, edition(result.header.edition), requirements())
    except (Trouble, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Refused("运行记录的内容无法复判", "what the transcript holds cannot be judged again") from error
    if missing:
        names = "、".join(missing)
        raise Refused(f"计分的要求没有全部运行：{names}", f"not every scored requirement was run: {names}")
    return result


def _yes(zh: str, en: str) -> Step:
    return Step(ok=True, text=Text(zh, en))
