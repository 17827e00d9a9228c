"""The syntax tree of a FEEL text. `at` is the offset of the text the node came from."""

from __future__ import annotations

from dataclasses import dataclass

from .values import Value


@dataclass(frozen=True, slots=True)
class Node:
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`names` is None for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`operator` is one of + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`operator` is one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """A chain of `and` (conjunction) or of `or`."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """An interval, or with another `form` the unary `(< 10)` whose point is `start`."""

    start: Node
    end_point: Node | None
    start_included: bool
    end_included: bool
    form: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source` or, when `upto` is there, `name in source..upto`."""

    name: str
    source: Node
    upto: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written: `number`, `list<string>`, `context<a: number>`, a name of the model."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`body` is None for an external function."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class UnaryTestList(Node):
    """The content of a decision table cell; no tests mean `-`, which is always met."""

    tests: tuple[Node, ...]
    negated: bool
