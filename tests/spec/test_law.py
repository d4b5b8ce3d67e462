"""The law is found, read once and summed up in one figure, from a checkout as from a wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from tanpuhui.spec.law import PARTS, digest_of, law_digest, law_files, law_text, law_yaml, parse_yaml

CHECKOUT = Path(__file__).parents[2]


def test_the_wheel_carries_exactly_the_parts_of_the_law() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {f"spec/{part}": f"tanpuhui/spec/law/{part}" for part in PARTS}


def test_every_part_of_the_law_has_files_in_the_order_of_their_names() -> None:
    names = [name for name, _ in law_files()]
    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == set(PARTS)
    assert not [name for name in names if Path(name).suffix in {".py", ".pyc"}]


def test_a_file_of_the_law_is_read_as_it_stands() -> None:
    assert dict(law_files())["limits.yaml"] == law_text("limits.yaml").encode()
    assert law_yaml("limits.yaml") is law_yaml("limits.yaml")


def test_the_digest_is_that_of_the_sha256sum_listing() -> None:
    """`printf a > x; printf b > y; sha256sum x y | sha256sum`"""
    listing = "sha256:7ab74c951934791b51756c0e45fde1a7c8d8d2a8f71dfc222df04ff9fafb3cfe"
    assert digest_of([("x", b"a"), ("y", b"b")]) == listing
    assert law_digest() == digest_of(law_files())


@pytest.mark.parametrize("other", [[("x", b"a")], [("x", b"ab"), ("y", b"")], [("y", b"a"), ("x", b"b")]])
def test_the_digest_changes_with_names_bytes_and_boundaries(other: list[tuple[str, bytes]]) -> None:
    assert digest_of(other) != digest_of([("x", b"a"), ("y", b"b")])


def test_a_rule_written_twice_is_a_mistake() -> None:
    with pytest.raises(yaml.YAMLError, match="repeated keys"):
        parse_yaml("limit: 1\nother: 2\nlimit: 3\n")
    with pytest.raises(yaml.YAMLError, match="repeated keys"):
        parse_yaml("- {a: 1, a: 1}\n")


def test_the_law_cannot_run_code() -> None:
    with pytest.raises(yaml.YAMLError):
        parse_yaml("!!python/object/apply:os.getcwd []")
