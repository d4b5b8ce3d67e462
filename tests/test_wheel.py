"""The built wheel works in a clean environment, even beside foreign packages of the rooms' names."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, cwd=ROOT)
    return next(out.glob("tanpuhui-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=True)
    pip = (home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "dev.lock", cwd=home)
    run(*pip, "--no-deps", wheel, cwd=home)
    return home / "bin"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A directory whose own packages bear our rooms' names."""
    for name in ("spec", "conformance", "mock_platform", "reference_client", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('the wrong package')\n")
    return tmp_path


def test_the_wheel_holds_the_law_and_one_top_level_name(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"tanpuhui"}
    assert "tanpuhui/spec/law/openapi/platform.yaml" in names
    assert "tanpuhui/spec/law/text/zh/09-写入与回写.md" in names or any(
        name.startswith("tanpuhui/spec/law/text/zh/09-") for name in names
    )


def test_the_installed_command_reads_its_own_law(installed: Path, hostile: Path) -> None:
    assert "CAL-004" in run(installed / "tph", "explain", "CAL-004", cwd=hostile)
    run(installed / "tph", "spec", "lint", cwd=hostile)


def test_the_installed_kit_certifies_its_reference(installed: Path, hostile: Path) -> None:
    run(installed / "tph", "demo", "--out", "report", cwd=hostile)
    verdict = json.loads((hostile / "report" / "run.json").read_text(encoding="utf-8"))["outcome"]
    assert verdict == "pass"
    run(installed / "tph", "verify", "report/certificate.dsse.json", cwd=hostile)
