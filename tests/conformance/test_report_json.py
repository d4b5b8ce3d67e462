"""run.json: the result for programs, by its own schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tanpuhui.conformance.report.run_json import run_json
from tanpuhui.conformance.result import InvalidResult, RunResult

if TYPE_CHECKING:
    from conftest import RunMaker


def schema() -> Any:
    return json.loads(
        files("tanpuhui.conformance").joinpath("schemas", "run.schema.json").read_text(encoding="utf-8")
    )


def test_it_matches_its_schema_and_reads_back_the_same(a_run: RunMaker) -> None:
    source = a_run()
    text = run_json(source)
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))
    assert RunResult.from_json(text) == source.result


def test_the_schema_is_itself_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("member", ["outcome", "verdicts", "header", "transcript_digest"])
def test_a_result_without_a_member_is_refused(a_run: RunMaker, member: str) -> None:
    document = json.loads(run_json(a_run()))
    del document[member]
    with pytest.raises(InvalidResult):
        RunResult.from_json(json.dumps(document))
