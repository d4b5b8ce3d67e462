"""The report page: one file, verdict first, everything that the scenario sent harmless in it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.report.html import html
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import ExchangeMaker, RunMaker

KILOBYTE = 1024
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def failing(
    requirement: str, observed: str = "只等了 1 秒", times: int = 1, exchange: int | None = 7
) -> Verdict:
    seen = Observation(False, Text("至少等 30 秒", "at least 30 s"), Text(observed, "waited 1 s"), exchange)
    return Verdict(f"{requirement}/is-met", requirement, ("steady",), Outcome.FAIL, (seen,) * times, times)


def test_it_needs_nothing_else(a_run: RunMaker) -> None:
    page = html(a_run(failing("CAL-004")))
    assert re.findall(r"<(?:link|img|iframe|object|embed)\b|\bsrc=|@import|url\(", page) == []
    assert "default-src 'none'" in page


def test_only_its_own_script_may_run(a_run: RunMaker) -> None:
    page = html(a_run())
    script = page.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


def test_it_stays_small_even_when_nothing_is_met(a_run: RunMaker, an_exchange: ExchangeMaker) -> None:
    law = a_run().requirements
    everything = [failing(id_, times=25) for id_ in law if id_ in a_run().edition.scored]
    page = html(a_run(*everything, exchanges=[an_exchange(7, body=b'{"records":[' + b"1," * 250 + b"1]}")]))
    assert len(page.encode()) < 150 * KILOBYTE


def test_verdict_then_what_weakens_it_then_failures_then_clauses(a_run: RunMaker) -> None:
    page = html(a_run(failing("CAL-004")))
    parts = ["1 条要求不符合", "自测：", 'class="card fail"', 'id="IND-001"', "场面", "依据与核验"]
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)


def test_a_card_tells_clause_expectation_observation_evidence_and_next_step(
    a_run: RunMaker, an_exchange: ExchangeMaker
) -> None:
    page = html(a_run(failing("CAL-004"), exchanges=[an_exchange(7, status=503)]))
    card = page.partition("<article")[2].partition("</article>")[0]
    for told in (
        "不应早于 <code>Retry-After</code>",
        "至少等 30 秒",
        "只等了 1 秒",
        "503 maintenance",
        "curl -X POST",
    ):
        assert told in card
    assert "tph explain CAL-004" in card
    assert "tph check CAL-004/is-met" in card


def test_what_a_scenario_sent_cannot_become_markup(a_run: RunMaker, an_exchange: ExchangeMaker) -> None:
    nasty = "<script>alert(1)</script>"
    page = html(a_run(failing("CAL-004", observed=nasty), exchanges=[an_exchange(7, body=nasty.encode())]))
    assert nasty not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_partial_run_says_so_before_anything_else(a_run: RunMaker) -> None:
    page = html(a_run(without=["CAL-004", "WRT-001"]))
    assert "（部分检查）" in page
    assert page.index("部分检查：2 条计分要求未运行") < page.index("自测：")


def test_the_figures_of_the_bank_stand_there_or_are_missed(a_run: RunMaker) -> None:
    bank = {
        "digest": "sha256:" + "d" * 64,
        "faults": 40,
        "caught": 39,
        "unusual": 9,
        "false_alarms": 0,
        "survivors": ["x"],
    }
    assert "97.5 %" in html(a_run(bank=bank))
    assert "未附" in html(a_run())


def in_a_browser(page: str, tmp_path: Path, deeds: str = "", fragment: str = "") -> str:
    """The page's own DOM after its script ran; deeds are appended to that script."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert browser, "chromium is needed: run make browser"
    file = tmp_path / "index.html"
    file.write_text(re.sub(r"<meta http-equiv[^>]*>", "", page).replace("</script>", f"{deeds}</script>"))
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    )
    place = f"file://{file}{fragment}"
    command = [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", place]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


def visible(dom: str) -> set[str]:
    rows = re.findall(r'<details class="req"([^>]*)>', dom)
    return {re.search(r'id="([^"]+)"', row)[1] for row in rows if " hidden" not in row}  # type: ignore[index]


def test_filters_choose_by_verdict_topic_and_words(a_run: RunMaker, tmp_path: Path) -> None:
    page = html(a_run(failing("CAL-004"), failing("EVT-003")))
    click = "document.querySelector('.filters [data-outcome=fail]').click();"
    assert visible(in_a_browser(page, tmp_path, click)) == {"CAL-004", "EVT-003"}
    choose = "topic.value='CAL';topic.dispatchEvent(new Event('change'));"
    assert visible(in_a_browser(page, tmp_path, click + choose)) == {"CAL-004"}
    search_for = "search.value='幂等键';search.dispatchEvent(new Event('input'));"
    assert "CAL-001" in visible(in_a_browser(page, tmp_path, search_for))
    assert "EVT-003" not in visible(in_a_browser(page, tmp_path, search_for))


def test_a_link_opens_its_requirement_and_the_button_changes_the_language(
    a_run: RunMaker, tmp_path: Path
) -> None:
    dom = in_a_browser(html(a_run()), tmp_path, "document.getElementById('language').click();", "#CAL-004")
    assert '<html lang="en">' in dom
    assert re.search(r'<details class="req" id="CAL-004"[^>]* open', dom)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_page(a_run: RunMaker, outcome: Outcome) -> None:
    told = Verdict("CAL-004/is-met", "CAL-004", (), outcome, reason=Text("原因", "reason"))
    page = html(a_run(told))
    assert outcome.words.zh in page
    assert outcome.words.en in page
