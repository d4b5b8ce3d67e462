"""Rules for editions: the newest covers the text exactly, and what counts can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tanpuhui.spec._fault import Fault, LawText
from tanpuhui.spec.edition import Edition, edition_name, edition_order, read_edition
from tanpuhui.spec.requirement import BrokenLaw, read_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator


def editions(law: LawText) -> tuple[dict[str, Edition], list[Fault]]:
    """The editions of the law, oldest first, and those that cannot be read."""
    found: dict[str, Edition] = {}
    faults = []
    paths = [path for path in law.files if path.startswith("editions/")]
    for path in sorted(paths, key=lambda path: edition_order(edition_name(path))):
        try:
            found[path] = read_edition(yaml.safe_load(law.files[path]))
        except (KeyError, TypeError, AttributeError, yaml.YAMLError):
            faults.append(Fault(path, "版本文件的结构不对", "the edition is not structured as an edition"))
    return found, faults


def edition_faults(law: LawText, found: dict[str, Edition]) -> Iterator[Fault]:
    """Where the newest edition does not cover the text exactly, or an older one cites what is gone."""
    if not found:
        yield Fault("editions/", "没有可读的版本", "there is no readable edition")
        return
    path, newest = list(found.items())[-1]
    yield from _coverage(law, path, newest)
    yield from _scoring(law, path, newest)
    for old, older in found.items():
        for id_ in sorted((older.scored | older.not_scored.keys()) - law.ids - newest.retired):
            yield Fault(old, f"{id_} 既不在文本中，也未停用", f"{id_} is neither in the text nor retired")


def _coverage(law: LawText, path: str, edition: Edition) -> Iterator[Fault]:
    if f"editions/{edition.name}.yaml" != path:
        yield Fault(path, f"文件名与版本 {edition.name} 不同", f"edition {edition.name} is in another file")
    for id_ in sorted(law.ids - edition.scored - edition.not_scored.keys()):
        yield Fault(path, f"没有说明 {id_} 是否计入", f"does not say whether {id_} counts")
    for id_ in sorted(edition.scored & edition.not_scored.keys()):
        yield Fault(path, f"{id_} 既计入又不计入", f"{id_} both counts and does not")


def _scoring(law: LawText, path: str, edition: Edition) -> Iterator[Fault]:
    try:
        known = read_requirements(law.files)
    except BrokenLaw:
        return
    for id_ in sorted(edition.scored & known.keys()):
        if not known[id_].mandatory:
            yield Fault(path, f"{id_} 是推荐或允许，不能计入", f"{id_} does not bind and cannot count")
        if not known[id_].testable:
            yield Fault(path, f"{id_} 不可测，不能计入", f"{id_} is not testable and cannot count")
