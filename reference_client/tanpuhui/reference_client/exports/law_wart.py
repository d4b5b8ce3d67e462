"""Warts that the law itself finds: rules, exclusions and reasons, in the law's own words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.words import Text
from tanpuhui.reference_client.exports.wart import WartKind
from tanpuhui.spec.exclusion import CLAUSE as _EXCLUSION_CLAUSE
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.problem import problem_types, reasons
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.exports.wart import Treatment
    from tanpuhui.spec.rule import Rule
    from tanpuhui.spec.set_rule import SetRule

_REASON_OF = {
    "link": "link-not-active",
    "exclusion": "activity-excluded",
    "device": "device-not-registered",
    "rule": "quality-rule",
    "not-ended": "record-future",
    "late": "record-late",
}
_NEXT = {
    "record-late": Text(
        "期限已过的不能补报；试看旧数据用 --as-of 或 --shift-days",
        "too late to be reported; to try out old data use --as-of or --shift-days",
    ),
    "methodology-not-effective": Text(
        "核对日期；试看旧数据用 --shift-days 平移到方法学有效之后",
        "check the dates; to try out old data move them by --shift-days to where a methodology is in force",
    ),
    "record-future": Text("结束之后再报送", "report it once it has ended"),
    "schema-violation": Text(
        "在业务系统中更正后重新导出", "correct it in the business system and export again"
    ),
    "link-not-active": Text("核对用户的授权", "check the user's authorisation"),
    "device-not-registered": Text(
        "用 --devices 给出设备台账，先登记设备及其校验",
        "name the ledger with --devices, so that devices and their calibration are registered first",
    ),
}


@dataclass(frozen=True, slots=True)
class _Named:
    """Something in the law that has an id, with the requirement that it serves."""

    id: str
    clause: str
    words: Text


def kind_of(reason: str, detail: str | None, treatment: Treatment) -> tuple[WartKind, str]:
    """The kind for a reason and what it names: a rule, an exclusion, a code, or a place in the record."""
    named = detail or ""
    known = _named().get(named)
    if known is not None:
        return WartKind(known.id, treatment, known.clause, known.words, None), ""
    code = _code(reason, named)
    place = "" if named == code else named
    found = reasons().get(code) or problem_types().get(code)
    if found is None:
        return WartKind(code, treatment, "", Text(code, code), None), place
    shown = ("（{detail}）", " ({detail})") if place else ("", "")
    words = Text(found.zh + shown[0], found.en + shown[1])
    return WartKind(code, treatment, found.clause, words, _NEXT.get(code)), place


def _code(reason: str, named: str) -> str:
    """The registered code; a place in the record means that its schema is not met."""
    if named in reasons() or named in problem_types():
        return named
    return "schema-violation" if named.startswith("/") else _REASON_OF.get(reason, reason)


@cache
def _named() -> Mapping[str, _Named]:
    """Rules and exclusions by id."""
    found = [
        _Named(rule.id, rule.clause, _filled(rule, {name: f"{value:f}" for name, value in bound.items()}))
        for rule, bound in ((rule, rule.bound(default_times())) for rule in row_rules())
    ]
    found += [_Named(rule.id, rule.clause, _filled(rule, rule.figures)) for rule in set_rules()]
    found += [
        _Named(exclusion.id, _EXCLUSION_CLAUSE, Text(exclusion.reason_zh, exclusion.reason_en))
        for methodology in methodologies()
        for exclusion in methodology.exclusions
    ]
    return {named.id: named for named in found}


def _filled(rule: Rule | SetRule, figures: Mapping[str, str]) -> Text:
    return Text(rule.title_zh.format_map(figures), rule.title_en.format_map(figures))
