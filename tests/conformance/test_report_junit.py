"""JUnit: what CI servers count, with nothing unjudged among the passes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tanpuhui.conformance.report.junit import junit
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from conftest import RunMaker

REASON = Text("没有可供判定的观察", "nothing was observed")


def told(requirement: str, outcome: Outcome, *seen: Observation) -> Verdict:
    return Verdict(f"{requirement}/is-met", requirement, (), outcome, seen, len(seen), REASON)


def suite_of(*verdicts: Verdict, a_run: RunMaker) -> ET.Element:
    suite = ET.fromstring(junit(a_run(*verdicts))).find("testsuite")  # noqa: S314  # our own document
    assert suite is not None
    return suite


def test_one_case_per_check_named_by_topic_and_id(a_run: RunMaker) -> None:
    suite = suite_of(a_run=a_run)
    cases = {(case.get("classname"), case.get("name")) for case in suite.iter("testcase")}
    assert ("CAL", "CAL-004/is-met") in cases
    assert len(cases) == len(a_run().result.verdicts) == int(suite.get("tests", ""))


@pytest.mark.parametrize(
    ("outcome", "element"),
    [
        (Outcome.FAIL, "failure"),
        (Outcome.INCOMPLETE, "error"),
        (Outcome.KIT_ERROR, "error"),
        (Outcome.NOT_APPLICABLE, "skipped"),
    ],
)
def test_only_what_does_not_apply_is_skipped(a_run: RunMaker, outcome: Outcome, element: str) -> None:
    suite = suite_of(told("CAL-004", outcome), a_run=a_run)
    marked = [(case.get("name"), child.tag) for case in suite.iter("testcase") for child in case]
    assert marked == [("CAL-004/is-met", element)]
    counted = {name: suite.get(name) for name in ("failures", "errors", "skipped")}
    expected = {"failure": "failures", "error": "errors", "skipped": "skipped"}[element]
    assert counted == {name: "1" if name == expected else "0" for name in counted}


def test_a_failure_tells_clause_expectation_observation_and_place(a_run: RunMaker) -> None:
    seen = Observation(False, Text("30 秒", "30 s"), Text("1 秒\x00", "1 s"), 41)
    failure = next(suite_of(told("CAL-004", Outcome.FAIL, seen), a_run=a_run).iter("failure"))
    assert failure.get("message") == "1 秒\ufffd / 1 s"
    for part in ("不应早于", "期望 expected: 30 秒", "transcript.jsonl #41", "tph explain CAL-004"):
        assert part in (failure.text or "")


def test_the_properties_come_first_and_name_the_evidence(a_run: RunMaker) -> None:
    suite = suite_of(a_run=a_run)
    assert suite[0].tag == "properties"
    told_of = {one.get("name"): one.get("value") for one in suite[0]}
    assert told_of["transcript"] == a_run().result.transcript_digest
    assert told_of["outcome"] == "pass"
