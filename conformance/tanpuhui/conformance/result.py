"""What a run found, as one value and as one JSON document: the single input of every report and certificate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

import jsonschema_rs

from tanpuhui.conformance.verdict import Outcome, Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "tph-run/1"
SELF_RUN = "self-run"


class InvalidResult(ValueError):
    """不是有效的运行结果 / A text that is no result of a run."""


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What the run was: every input that a verdict could depend on."""

    run_id: str
    edition: str
    seed: int
    kit_version: str
    law_digest: str
    kit_digest: str
    bank: Mapping[str, Any] | None
    scenario: Mapping[str, Any]
    started_at: str
    evidence_class: str
    config_digest: str

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in results and at the head of a transcript."""
        return {
            "run_id": self.run_id,
            "edition": self.edition,
            "seed": self.seed,
            "kit_version": self.kit_version,
            "law_digest": self.law_digest,
            "kit_digest": self.kit_digest,
            "bank": dict(self.bank) if self.bank is not None else None,
            "scenario": dict(self.scenario),
            "started_at": self.started_at,
            "evidence_class": self.evidence_class,
            "config_digest": self.config_digest,
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        return cls(**{name: data[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class SceneResult:
    """How one scene went: played to its end, or why not."""

    name: str
    zh: str
    en: str
    outcome: Outcome
    happened: Text | None
    seconds: float

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in a result."""
        happened = self.happened.as_mapping() if self.happened else None
        return {
            "name": self.name,
            "zh": self.zh,
            "en": self.en,
            "outcome": self.outcome.value,
            "happened": happened,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        return cls(
            name=str(data["name"]),
            zh=str(data["zh"]),
            en=str(data["en"]),
            outcome=Outcome(data["outcome"]),
            happened=Text.from_mapping(data["happened"]) if data["happened"] else None,
            seconds=float(data["seconds"]),
        )


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run."""

    header: RunHeader
    verdicts: tuple[Verdict, ...]
    outcome: Outcome
    scenes: tuple[SceneResult, ...]
    transcript_digest: str

    def to_json(self) -> str:
        """The result document, members in a fixed order."""
        return json.dumps(
            {
                "format": FORMAT,
                "header": self.header.as_mapping(),
                "outcome": self.outcome.value,
                "transcript_digest": self.transcript_digest,
                "scenes": [scene.as_mapping() for scene in self.scenes],
                "verdicts": [verdict.as_mapping() for verdict in self.verdicts],
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads a result document; anything else is refused with the place that is wrong."""
        data = _checked(text)
        return cls(
            header=RunHeader.from_mapping(data["header"]),
            verdicts=tuple(Verdict.from_mapping(item) for item in data["verdicts"]),
            outcome=Outcome(data["outcome"]),
            scenes=tuple(SceneResult.from_mapping(item) for item in data["scenes"]),
            transcript_digest=str(data["transcript_digest"]),
        )


def _checked(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InvalidResult(f"运行结果不是 JSON（{error}）/ the result is no JSON ({error})") from error
    fault = next(_validator().iter_errors(data), None)
    if fault is not None:
        place = "/" + "/".join(str(step) for step in fault.instance_path)
        raise InvalidResult(
            f"运行结果在 {place} 处不合结构 / the result does not match its schema at {place}"
        )
    if not isinstance(data, dict):
        raise InvalidResult("运行结果应是 JSON 对象 / a result is a JSON object")
    return data


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = files("tanpuhui.conformance").joinpath("schemas", "run.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(schema))
