"""The house as text: one namespace, front doors, sizes and words that stay out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("spec", "mock_platform", "reference_client", "conformance")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room / "tanpuhui").rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def test_tanpuhui_is_a_namespace_without_a_package_file() -> None:
    assert [room for room in ROOMS if (ROOT / room / "tanpuhui" / "__init__.py").exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_tells_what_it_is_for_in_ten_lines(room: str) -> None:
    text = (ROOT / room / "README.md").read_text(encoding="utf-8").strip()
    assert 3 <= len(text.splitlines()) <= 14
    assert re.search(r"[一-鿿]", text.splitlines()[0]), "the first line is Chinese"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_idea(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 260
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_is_short(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [
        f"{f.name} {(f.end_lineno or 0) - f.lineno + 1}"
        for f in functions
        if (f.end_lineno or 0) - f.lineno > 44
    ]
    assert long == []


def test_only_the_boundary_of_a_run_catches_everything() -> None:
    broad = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"except (Base)?Exception\b", path.read_text(encoding="utf-8"))
    ]
    assert broad in ([], ["conformance/tanpuhui/conformance/run.py"])


def test_nothing_sleeps() -> None:
    assert [str(p) for p in SOURCES if re.search(r"\btime\.sleep\(", p.read_text(encoding="utf-8"))] == []
