"""Rules for the places that cite requirements: prose, comments and data fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from tanpuhui.spec._fault import Fault, LawText
from tanpuhui.spec._lint_sentence import ID

if TYPE_CHECKING:
    from collections.abc import Iterator

_CITATION = re.compile(r"(?<![A-Za-z0-9-])(?!SHA-)[A-Z]{3}-\d{3}(?![0-9A-Za-z-])")
_CITING = ("clause", "x-requirements")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader where it is built


def citation_faults(law: LawText) -> Iterator[Fault]:
    """Ids anywhere in the law, in text or data, that are no requirement's."""
    for path, text in sorted(law.files.items()):
        if path.startswith("editions/"):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            for id_ in _CITATION.findall(line):
                if id_ not in law.ids:
                    yield Fault(f"{path}:{number}", f"没有要求 {id_}", f"there is no requirement {id_}")


def encoding_faults(law: LawText) -> Iterator[Fault]:
    """Files that are not UTF-8, which show by the mark of what could not be decoded."""
    for path in sorted(path for path, text in law.files.items() if "\ufffd" in text):
        yield Fault(path, "不是 UTF-8 文本", "not UTF-8 text")


def field_faults(law: LawText) -> Iterator[Fault]:
    """Data fields that cite a requirement and hold something else, and data that cannot be read."""
    for path, text in sorted(law.files.items()):
        if path.endswith(".yaml"):
            try:
                yield from _cited(yaml.compose(text, Loader=_Loader), path)
            except yaml.YAMLError as error:
                reason = str(error).splitlines()[0]
                yield Fault(path, f"不是可读的 YAML：{reason}", f"not readable as YAML: {reason}")


def _cited(node: yaml.Node | None, path: str) -> Iterator[Fault]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _cited(item, path)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in _CITING:
                yield from _not_ids(value, path)
            else:
                yield from _cited(value, path)


def _not_ids(value: yaml.Node, path: str) -> Iterator[Fault]:
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    for item in items:
        if not (isinstance(item, yaml.ScalarNode) and ID.fullmatch(item.value)):
            place = f"{path}:{item.start_mark.line + 1}"
            yield Fault(place, "此处应为要求编号", "a requirement id is expected here")
