"""What a person sees of `tph spec`: one line when the law holds, the faults when it doesn't."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from tanpuhui.spec.cli import spec
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.law import law_digest, law_files
from tanpuhui.spec.requirement import requirements

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(spec, [str(argument) for argument in arguments])


def test_a_law_that_holds_together_gets_one_line() -> None:
    result = run("lint")
    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert f"规范一致：{len(requirements())} 条要求" in result.output


def test_a_broken_law_gets_its_faults_and_exit_code_1(tmp_path: Path) -> None:
    for name, data in law_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data.replace(b"{ #WRT-003 }", b"{ #WRT-004 }"))
    result = run("lint", tmp_path)
    assert result.exit_code == 1
    assert "锚点与编号 WRT-003 不同 / the anchor is not WRT-003" in result.stdout
    assert "规范有 2 处问题 / the law has 2 faults" in result.stderr


def test_a_folder_that_holds_no_law_is_a_usage_error(tmp_path: Path) -> None:
    result = run("lint", tmp_path)
    assert result.exit_code == 2
    assert "请指向规范所在的文件夹" in result.output


def test_the_bundle_holds_documents_that_need_nothing_else(tmp_path: Path) -> None:
    assert run("bundle", tmp_path / "out").exit_code == 0
    for name in ("platform", "scenario", "testbed"):
        text = (tmp_path / f"out/openapi/{name}.json").read_text(encoding="utf-8")
        assert json.loads(text)["openapi"].startswith("3.1")
        assert '"$ref": "components.yaml' not in text
    assert "oneOf" in json.loads((tmp_path / "out/record.schema.json").read_bytes())


def test_the_bundle_lists_every_requirement_and_whether_it_counts(tmp_path: Path) -> None:
    run("bundle", tmp_path)
    table = json.loads((tmp_path / "requirements.json").read_bytes())
    assert (table["edition"], table["law_digest"]) == (current_edition().name, law_digest())
    counted = {row["id"] for row in table["requirements"] if row["scored"]}
    assert counted == current_edition().scored
    assert all(row["scored"] or row["not_scored_reason"] for row in table["requirements"])


def test_a_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = run("bundle", tmp_path / "taken" / "below")
    assert result.exit_code == 1
    assert "请换一个文件夹" in result.output
