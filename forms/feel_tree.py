"""The part of FEEL that a browser evaluates, as JSON.

A tree is an array whose first element says what it is:

    ["value", literal]                 text, number, true, false, null
    ["name", key]
    ["list", item...]
    ["=" | "!=" | "<" | "<=" | ">" | ">=", left, right]
    ["and", operand...]  ["or", operand...]
    ["between", value, low, high]
    ["in", value, test...]             a test is a tree, ["range", low, high, low in, high in]
                                       or ["unary", operator, point]
    ["if", condition, then, otherwise]
    ["call", function, argument...]    not, count, contains, starts with, ends with,
                                       list contains, string length

Everything else (arithmetic, dates, paths, filters, loops) the server evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from dmn import FeelSyntaxError, nodes
from dmn.expression import all_functions, name_table
from dmn.lexis import NameTable
from dmn.parser import parse_expression

Tree: TypeAlias = list[Any]
_FUNCTIONS = {
    "not": 1,
    "count": 1,
    "contains": 2,
    "starts with": 2,
    "ends with": 2,
    "list contains": 2,
    "string length": 1,
}
_ORDERS = ("<", "<=", ">", ">=")
_MOST_DIGITS = 15
_DEEPEST = 50


class NotForBrowsers(Exception):
    """The expression is outside of the part of FEEL that a browser evaluates."""


def feel_tree(text: str, names: frozenset[str], given_or_not: frozenset[str]) -> Tree:
    """The tree of an expression that reads only `names`; of `given_or_not` it may only be asked
    whether they are null. Raises NotForBrowsers."""
    functions = all_functions(None)
    try:
        node = parse_expression(text, name_table((), functions), NameTable(()))
    except FeelSyntaxError as error:  # it calls a function of the host's
        raise NotForBrowsers(text) from error
    return _Trees(names, given_or_not).tree(node)


class _Trees:
    def __init__(self, names: frozenset[str], given_or_not: frozenset[str]) -> None:
        self.names = names
        self.given_or_not = given_or_not
        self.depth = 0

    def tree(self, node: nodes.Node) -> Tree:
        """Raises NotForBrowsers."""
        make = _TREES.get(type(node))
        self.depth += 1
        if make is None or self.depth > _DEEPEST:
            raise NotForBrowsers(type(node).__name__)
        found = make(self, node)
        self.depth -= 1
        return found

    def literal(self, node: nodes.Literal) -> Tree:
        value = node.value
        if isinstance(value, Decimal):
            return ["value", _number(value)]
        if value is None or isinstance(value, str | bool):
            return ["value", value]
        raise NotForBrowsers("a literal date")

    def name(self, node: nodes.Name) -> Tree:
        if node.name not in self.names:
            raise NotForBrowsers(node.name)
        return ["name", node.name]

    def negate(self, node: nodes.Negate) -> Tree:
        operand = node.operand
        if not isinstance(operand, nodes.Literal) or not isinstance(operand.value, Decimal):
            raise NotForBrowsers("arithmetic")
        return ["value", _number(-operand.value)]

    def comparison(self, node: nodes.Comparison) -> Tree:
        if node.operator in ("=", "!="):
            asked = self._asked_for_null(node.left, node.right)
            asked = asked or self._asked_for_null(node.right, node.left)
            if asked is not None:
                return [node.operator, ["name", asked], ["value", None]]
        return [node.operator, self.tree(node.left), self.tree(node.right)]

    def _asked_for_null(self, one: nodes.Node, other: nodes.Node) -> str | None:
        is_null = isinstance(other, nodes.Literal) and other.value is None
        if is_null and isinstance(one, nodes.Name) and one.name in self.given_or_not:
            return one.name
        return None

    def junction(self, node: nodes.Junction) -> Tree:
        return ["and" if node.conjunction else "or", *map(self.tree, node.operands)]

    def between(self, node: nodes.Between) -> Tree:
        return ["between", *map(self.tree, (node.value, node.low, node.high))]

    def within(self, node: nodes.In) -> Tree:
        return ["in", self.tree(node.value), *map(self._test, node.tests)]

    def _test(self, node: nodes.Node) -> Tree:
        if not isinstance(node, nodes.RangeLiteral):
            return self.tree(node)
        start = self.tree(node.start)
        if node.form in _ORDERS:
            return ["unary", node.form, start]
        if node.form != "interval" or node.end_point is None:
            raise NotForBrowsers("a range")
        return ["range", start, self.tree(node.end_point), node.start_included, node.end_included]

    def list(self, node: nodes.ListLiteral) -> Tree:
        return ["list", *map(self.tree, node.items)]

    def choice(self, node: nodes.If) -> Tree:
        return ["if", *map(self.tree, (node.condition, node.then, node.otherwise))]

    def call(self, node: nodes.Call) -> Tree:
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        if node.names is not None or _FUNCTIONS.get(name) != len(node.arguments):
            raise NotForBrowsers(name)
        return ["call", name, *map(self.tree, node.arguments)]


def _number(value: Decimal) -> int | float:
    """The number, if a browser's binary one is written with the same digits."""
    plain = int(value) if value == value.to_integral_value() else float(value)
    if len(value.as_tuple().digits) > _MOST_DIGITS or Decimal(str(plain)) != value:
        raise NotForBrowsers("a number with many digits")
    return plain


_TREES: Mapping[type[nodes.Node], Callable[[_Trees, Any], Tree]] = {
    nodes.Literal: _Trees.literal,
    nodes.Name: _Trees.name,
    nodes.Negate: _Trees.negate,
    nodes.Comparison: _Trees.comparison,
    nodes.Junction: _Trees.junction,
    nodes.Between: _Trees.between,
    nodes.In: _Trees.within,
    nodes.ListLiteral: _Trees.list,
    nodes.If: _Trees.choice,
    nodes.Call: _Trees.call,
}
