"""The result as JUnit XML, which every CI server reads: one test case per check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tanpuhui.conformance.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.conformance.report.source import ReportSource

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {
    Outcome.FAIL: "failure",
    Outcome.INCOMPLETE: "error",
    Outcome.KIT_ERROR: "error",
    Outcome.NOT_APPLICABLE: "skipped",
}


def junit(source: ReportSource) -> bytes:
    """The document; only what does not apply is skipped, so that nothing unjudged looks like a pass."""
    result = source.result
    verdicts = result.verdicts
    seconds = sum(scene.seconds for scene in result.scenes)
    counts = {
        "tests": str(len(verdicts)),
        "failures": str(_count(verdicts, "failure")),
        "errors": str(_count(verdicts, "error")),
        "skipped": str(_count(verdicts, "skipped")),
        "time": f"{seconds:.3f}",
    }
    root = ET.Element("testsuites", {"name": "tanpuhui", **counts})
    suite = ET.SubElement(
        root,
        "testsuite",
        {"name": f"tanpuhui {result.header.edition}", **counts, "timestamp": result.header.started_at},
    )
    _properties(suite, source)
    for verdict in verdicts:
        _case(suite, source, verdict)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _properties(suite: ET.Element, source: ReportSource) -> None:
    header = source.result.header
    listed = ET.SubElement(suite, "properties")
    told = {
        "outcome": source.result.outcome.value,
        "scenario": f"{header.scenario['name']} {header.scenario['version']}",
        "run": header.run_id,
        "seed": str(header.seed),
        "kit": header.kit_version,
        "law": header.law_digest,
        "transcript": source.result.transcript_digest,
    }
    for name, value in told.items():
        ET.SubElement(listed, "property", {"name": name, "value": _writable(value)})


def _case(suite: ET.Element, source: ReportSource, verdict: Verdict) -> None:
    topic = source.requirements[verdict.requirement].topic
    case = ET.SubElement(suite, "testcase", {"classname": topic, "name": verdict.check, "time": "0"})
    element = _ELEMENTS.get(verdict.outcome)
    if element is None:
        return
    failing = [observation for observation in verdict.observations if not observation.ok]
    first = str(failing[0].observed) if failing else str(verdict.reason or verdict.outcome.words)
    marked = ET.SubElement(case, element, {"message": _writable(first)})
    if element != "skipped":
        marked.set("type", verdict.outcome.value)
    marked.text = _writable(_told(source, verdict))


def _told(source: ReportSource, verdict: Verdict) -> str:
    law = source.requirements[verdict.requirement]
    lines = [f"{law.id} {law.zh}", law.en]
    for observation in verdict.observations:
        if not observation.ok:
            lines += [f"期望 expected: {observation.expected}", f"观察 observed: {observation.observed}"]
            lines += (
                [f"证据 evidence: transcript.jsonl #{observation.exchange}"]
                if observation.exchange is not None
                else []
            )
    lines += [f"原因 reason: {verdict.reason}"] if verdict.reason else []
    return "\n".join([*lines, f"下一步 next: tph explain {law.id}"])


def _count(verdicts: Iterable[Verdict], element: str) -> int:
    return sum(_ELEMENTS.get(verdict.outcome) == element for verdict in verdicts)


def _writable(text: str) -> str:
    """XML 1.0 cannot hold control characters, whatever the scenario answered."""
    return _UNWRITABLE.sub("\ufffd", text)
