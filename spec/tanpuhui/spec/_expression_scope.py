"""What an expression may name, and the Python text that stands for it while a closure is being generated."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

Kind = Literal["decimal", "integer", "text", "date", "instant"]
NUMBERS = frozenset({"decimal", "integer"})


class ExpressionError(ValueError):
    """规则表达式不合语法 / An expression of the law is outside the restricted grammar."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{name}：{zh} / {name}: {en}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Term:
    """Python text of a value, the conditions under which it is not NULL, and its kind."""

    code: str
    kind: Kind
    guards: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        """Python text that is true exactly where the value is not NULL."""
        return " and ".join(self.guards) or "True"


def guards_of(*terms: Term) -> tuple[str, ...]:
    """The conditions of several terms in order, each once."""
    return tuple(dict.fromkeys(guard for term in terms for guard in term.guards))


@dataclass(slots=True)
class Scope:
    """Columns and parameters that may be named; constants and loads that the generated text refers to."""

    name: str
    columns: Mapping[str, Kind]
    params: Mapping[str, Decimal | int | str]
    constants: dict[str, Any] = field(default_factory=dict)
    loads: dict[str, str] = field(default_factory=dict)

    def refuse(self, zh: str, en: str) -> ExpressionError:
        """The error that names the expression's owner."""
        return ExpressionError(self.name, zh, en)

    def column(self, name: str) -> Term:
        """The term of a column; a column may always be NULL."""
        kind = self.columns.get(name)
        if kind is None:
            raise self.refuse(f"没有列 {name}", f"there is no column {name}")
        variable = self.loads.setdefault(name, f"v{len(self.loads)}")
        return Term(variable, kind, (f"{variable} is not None",))

    def param(self, name: str) -> Term:
        """The term of a parameter."""
        if name not in self.params:
            raise self.refuse(f"没有参数 :{name}", f"there is no parameter :{name}")
        return self.constant(self.params[name])

    def constant(self, value: Decimal | int | str) -> Term:
        """The term of a fixed value."""
        if isinstance(value, Decimal):
            return Term(self.keep(value), "decimal")
        return Term(repr(value), "text" if isinstance(value, str) else "integer")

    def keep(self, value: object) -> str:
        """A name in the generated text for an object that has no text of its own."""
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def only(self, node: exp.Expr, *allowed: str) -> None:
        """Refuse a node that carries more than the grammar knows."""
        extra = sorted(key for key, value in node.args.items() if value and key not in allowed)
        if extra:
            raise self.refuse(
                f"{node.key} 不支持 {'、'.join(extra)}",
                f"{node.key} with {', '.join(extra)} is not in the grammar",
            )
