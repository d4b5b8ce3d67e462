"""`tph`: quick to answer, Chinese first, never a traceback for what a user did."""

from __future__ import annotations

import ast
import gettext
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tanpuhui.conformance.catalogue import LOCALES
from tanpuhui.conformance.cli import SECTIONS, tph

COMMANDS = [name for section in SECTIONS.values() for name in section]
HEAVY = {
    "httpx",
    "rich",
    "cryptography",
    "sqlalchemy",
    "schemathesis",
    "jinja2",
    "yaml",
    "starlette",
    "joserfc",
}
CATALOGUE = LOCALES / "zh" / "LC_MESSAGES"


def asked(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    script = "from tanpuhui.conformance.cli import main; main()"
    command = [sys.executable, "-P", "-c", script, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60, check=False
    )


def test_help_lists_every_command_in_both_languages() -> None:
    help_text = CliRunner().invoke(tph, ["--help"]).output
    for name in COMMANDS:
        (line,) = [line for line in help_text.splitlines() if line.startswith(f"  {name}  ")]
        assert " / " in line
    assert "退出码" in help_text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_both_languages(name: str) -> None:
    done = CliRunner().invoke(tph, [name, "--help"])
    assert done.exit_code == 0
    assert " / " in done.output


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, json\nfrom tanpuhui.conformance.cli import tph\n"
        "tph.main(['--help'], standalone_mode=False)\nprint(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert loaded & HEAVY == set()


def test_slips_are_answered_in_chinese_unless_english_is_asked_for() -> None:
    assert "没有选项 '--sead'" in asked("check", "--sead", "1").stderr
    assert "No such option '--sead'" in asked("check", "--sead", "1", LANGUAGE="en").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("certify", "--config", "/"),
        (
            "certify",
            "--key",
            "/nowhere",
            "--testbed-url",
            "http://x",
            "--name",
            "n",
            "--software-version",
            "1",
            "--scheme",
            "PV",
        ),
        (
            "certify",
            "--testbed-url",
            "http://x",
            "--name",
            "n",
            "--software-version",
            "1",
            "--scheme",
            "BOAT",
        ),
        ("check", "--testbed-url", "::::"),
        ("check", "\x00"),
        ("explain", ""),
        ("verify", "/"),
        ("verify", "/dev/null"),
        ("verify", __file__),
        ("list", "--everything"),
        ("demo", "--measured", "/nowhere.csv"),
        ("doctor", "--seed", "many"),
        ("spec", "lint", "/nowhere"),
    ],
)
def test_nothing_that_a_user_types_ends_in_a_traceback(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(tph, arguments, env={"XDG_CONFIG_HOME": str(tmp_path)})
    assert done.exit_code == 2, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_refused_command_leaves_an_earlier_report_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("an earlier report")
    told = ("--testbed-url", "http://x", "--name", "n", "--software-version", "1", "--scheme", "BOAT")
    done = CliRunner().invoke(
        tph, ["certify", "--out", str(tmp_path), *told], env={"XDG_CONFIG_HOME": str(tmp_path)}
    )
    assert done.exit_code == 2
    assert (tmp_path / "index.html").exists()


def test_no_colour_without_a_terminal() -> None:
    assert "\x1b[" not in asked("explain", "CAL-004").stdout


@pytest.mark.parametrize(
    ("option", "expected"), [((), "CAL-004"), (("--checks",), "CAL-004/"), (("--scenes",), "first_report")]
)
def test_list_names_what_can_be_asked_for(option: tuple[str, ...], expected: str) -> None:
    done = CliRunner().invoke(tph, ["list", *option])
    assert done.exit_code == 0
    assert expected in done.output


def test_the_matrix_ties_each_requirement_to_checks_and_faults() -> None:
    done = CliRunner().invoke(tph, ["spec", "matrix"])
    rows = {line.split()[1]: line for line in done.output.splitlines()[2:]}
    assert "`CAL-004/waits-as-long-as-told`" in rows["CAL-004"]
    assert "`ignores-retry-after`" in rows["CAL-004"]
    assert "不可测" in rows["SIG-008"]
    assert [id_ for id_, row in rows.items() if "no check yet" in row] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (CATALOGUE / "messages.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    phrases = [
        line
        for line in (CATALOGUE / "messages.po").read_text(encoding="utf-8").splitlines()
        if line.startswith("msg")
    ]
    written = [ast.literal_eval(line.partition(" ")[2]) for line in phrases]
    pairs = [(one, other) for one, other in zip(written[::2], written[1::2], strict=False) if one]
    singular = [pair for pair in pairs if pair[0] in _simple_ids(phrases)]
    assert len(singular) > 30
    assert [pair for pair in singular if compiled.gettext(pair[0]) != pair[1]] == []


def test_every_phrase_of_the_catalogue_is_one_of_clicks() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(click.__file__).parent.glob("*.py"))
    phrases = (CATALOGUE / "messages.po").read_text(encoding="utf-8").splitlines()
    assert [
        one for one in _simple_ids(phrases) if one and repr(one)[1:-1] not in source and one not in source
    ] == []


def _simple_ids(phrases: list[str]) -> set[str]:
    """The phrases without a plural, read from the catalogue's lines."""
    found = [line for line in phrases if line.startswith(("msgid ", "msgid_plural "))]
    plural = {found[place - 1] for place, line in enumerate(found) if line.startswith("msgid_plural")}
    return {ast.literal_eval(line[6:]) for line in found if line.startswith("msgid ") and line not in plural}
