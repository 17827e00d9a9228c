"""Reads a FEEL text into a syntax tree (grammar: DMN 10.3.1.2), by operator precedence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from . import nodes as n
from .cursor import Cursor
from .errors import FeelError, FeelSyntaxError
from .lexis import NameTable, is_name_start, skip_space
from .parse_control import CONTROL, SUM, read_function
from .temporal_text import parse_temporal
from .type_syntax import read_type

MAX_TEXT = 50_000
MAX_NEST = 200
MAX_CHAIN = 250
_OPERATORS = ("**", "<=", ">=", "!=", "=", "<", ">", "+", "-", "*", "/")
_PRECEDENCE = {"**": 6, "*": 5, "/": 5, "+": 4, "-": 4}
_COMPARISON = 3
_TESTS = ("<=", ">=", "!=", "<", ">", "=")
_WORDS = {"or": 1, "and": 2, "between": _COMPARISON, "in": _COMPARISON}
_Tree = TypeVar("_Tree", bound=n.Node)
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_expression(text: str, scope: NameTable, members: NameTable) -> n.Node:
    """Raises FeelSyntaxError with line and column."""
    return _whole(text, scope, members, lambda parser: parser.expression())


def parse_unary_tests(text: str, scope: NameTable, members: NameTable) -> n.UnaryTestList:
    """The content of a cell: `-`, tests separated by commas, or `not(...)` of them."""
    return _whole(text, scope, members, lambda parser: parser.cell())


def _whole(
    text: str, scope: NameTable, members: NameTable, read: Callable[[Parser], _Tree]
) -> _Tree:
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(f"the text is longer than {MAX_TEXT} characters", text, 1, 1)
    parser = Parser(text, scope, members)
    try:
        tree = read(parser)
    except RecursionError:
        raise parser.fail("the expression is nested too deep") from None
    if not parser.at_end():
        raise parser.unexpected("an operator or the end")
    return tree


class Parser(Cursor):
    """One text being read."""

    def __init__(self, text: str, scope: NameTable, members: NameTable) -> None:
        super().__init__(text, scope, members)
        self.nest = 0
        self.in_range_end = False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Between brackets: a new level, where `[` filters again."""
        saved, self.in_range_end = self.in_range_end, False
        self.nest += 1
        if self.nest > MAX_NEST:
            raise self.fail(f"the expression is nested more than {MAX_NEST} deep")
        try:
            yield
        finally:
            self.nest -= 1
            self.in_range_end = saved

    @contextmanager
    def scope(self, table: NameTable) -> Iterator[None]:
        self.scopes.append(table)
        try:
            yield
        finally:
            self.scopes.pop()

    def names(self, *names: str) -> AbstractContextManager[None]:
        return self.scope(NameTable(names))

    def expression(self) -> n.Node:
        with self.inside():
            return self.binary(1)

    def cell(self) -> n.UnaryTestList:
        start = self.at
        if self.text[start:].strip() in ("-", ""):
            self.at = len(self.text)
            return n.UnaryTestList(start, self.at, (), False)
        if self.word() == "not":
            try:
                self.move(start + 3)
                self.expect("(", "after 'not'")
                tests = self._tests()
                self.expect(")", "after the tests")
                if self.at_end():
                    return n.UnaryTestList(start, self.at, tests, True)
            except FeelSyntaxError:
                pass  # it may be an expression that begins with not(...): read it again as one
            self.at = start
        return n.UnaryTestList(start, len(self.text), self._tests(), False)

    def _tests(self) -> tuple[n.Node, ...]:
        tests = [self._test()]
        while self.take(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> n.Node:
        return self._comparison_test() or self.expression()

    def _comparison_test(self) -> n.Node | None:
        start = self.at
        for form in _TESTS:
            if self.take(form):
                point = self.binary(SUM)
                end = None if form in ("=", "!=") else point
                closed = form in ("<=", ">=", "=")
                return n.RangeLiteral(start, self.at, point, end, closed, closed, form)
        return None

    def _operator(self) -> tuple[str, int]:
        for operator in _OPERATORS:
            if self.sees(operator):
                return operator, _PRECEDENCE.get(operator, _COMPARISON)
        word = self.word()
        return word, _WORDS.get(word, 0)

    def binary(self, least: int, first: n.Node | None = None) -> n.Node:
        start = self.at if first is None else first.at
        left = self._unary() if first is None else first
        for _ in range(MAX_CHAIN):
            operator, precedence = self._operator()
            if precedence < least or not operator:
                return left
            self.move(self.at + len(operator))
            left = self._combine(start, left, operator, precedence)
        raise self.fail(f"more than {MAX_CHAIN} operators in a row")

    def _combine(self, start: int, left: n.Node, operator: str, precedence: int) -> n.Node:
        if operator == "between":
            low = self.binary(SUM)
            self.expect_word("and", "after the lower bound of 'between'")
            return n.Between(start, self.ended(), left, low, self.binary(SUM))
        if operator == "in":
            return n.In(start, self.ended(), left, self._in_tests())
        right = self.binary(precedence + 1)
        if operator in ("and", "or"):
            together = operator == "and"
            chain = isinstance(left, n.Junction) and left.conjunction is together
            first = left.operands if chain and isinstance(left, n.Junction) else (left,)
            return n.Junction(start, self.ended(), together, (*first, right))
        if precedence == _COMPARISON:
            return n.Comparison(start, self.ended(), operator, left, right)
        return n.Arithmetic(start, self.ended(), operator, left, right)

    def ended(self) -> int:
        """Where the last thing read ends, before the space that follows it."""
        return self.end

    def _in_tests(self) -> tuple[n.Node, ...]:
        test = self._comparison_test()
        if test is not None:
            return (test,)
        start = self.at
        if not self.sees("("):
            return (self.binary(SUM),)
        with self.inside():
            self.move(start + 1)
            first = self._test()
            is_test = isinstance(first, n.RangeLiteral)
            if self.sees("..") and not is_test:
                first = self._interval(start, first, False)
            else:
                tests = [first]
                while self.take(","):
                    tests.append(self._test())
                self.expect(")", "after the tests")
                if len(tests) > 1 or is_test:
                    return tuple(tests)
        return (self.binary(SUM, self._postfix(first)),)

    def _unary(self) -> n.Node:
        start = self.at
        if self.sees("-"):
            with self.inside():
                self.move(self.at + 1)
                return n.Negate(start, self.ended(), self._unary())
        return self._postfix()

    def _postfix(self, first: n.Node | None = None) -> n.Node:
        start = self.at if first is None else first.at
        left = self._primary() if first is None else first
        for _ in range(MAX_CHAIN):
            if self.sees(".") and not self.sees(".."):
                self.move(self.at + 1)
                name = self.name([self.members, *self.scopes], "the name of a member")
                left = n.Path(start, self.ended(), left, name)
            elif self.sees("[") and not self.in_range_end:
                with self.inside(), self.scope(self.members):
                    self.move(self.at + 1)
                    condition = self.expression()
                self.expect("]", "after the filter")
                left = n.Filter(start, self.ended(), left, condition)
            elif self.sees("("):
                left = self._call(start, left)
            elif self.word() == "instance":
                self.move(self.at + len("instance"))
                self.expect_word("of", "after 'instance'")
                left = n.InstanceOf(start, self.ended(), left, read_type(self))
            else:
                return left
        raise self.fail(f"more than {MAX_CHAIN} steps in a path")

    def _call(self, start: int, function: n.Node) -> n.Node:
        self.move(self.at + 1)
        arguments: list[n.Node] = []
        labels: list[str] = []
        with self.inside():
            while not self.sees(")"):
                label = self.label()
                if label is not None:
                    labels.append(label)
                arguments.append(self.expression())
                if len(labels) not in (0, len(arguments)):
                    raise self.fail("name all arguments of a call or none")
                if not self.take(","):
                    break
        self.expect(")", "after the arguments")
        if len(set(labels)) != len(labels):
            raise self.fail("an argument is given twice", start)
        names = tuple(labels) if labels else None
        return n.Call(start, self.ended(), function, tuple(arguments), names)

    def _primary(self) -> n.Node:  # noqa: PLR0911 - one return per kind of expression
        start = self.at
        if self.at_end():
            raise self.unexpected("an expression")
        char = self.text[start]
        if char == '"':
            string = self.string()
            return n.Literal(start, self.ended(), string)
        if char.isdigit() or char == ".":
            number = self.number()
            if number is not None:
                return n.Literal(start, self.ended(), number)
        if char == "@":
            return self._temporal(start)
        if char == "(":
            return self._bracketed(start)
        if char in "[]":
            return self._list_or_interval(start)
        if char == "{":
            return self._context(start)
        if is_name_start(char):
            return self._named(start)
        raise self.unexpected("an expression")

    def _named(self, start: int) -> n.Node:
        word = self.word()
        control = CONTROL.get(word)
        if control is not None:
            with self.inside():
                return control(self, start)
        if word == "function" and self.text.startswith("(", skip_space(self.text, start + 8)):
            with self.inside():
                return read_function(self, start)
        if word in _CONSTANTS and not any(t.match(self.text, start, word) for t in self.scopes):
            self.move(start + len(word))
            return n.Literal(start, self.ended(), _CONSTANTS[word])
        name = self.name(reversed(self.scopes), "an expression")
        return n.Name(start, self.ended(), name)

    def _temporal(self, start: int) -> n.Node:
        self.move(start + 1)
        if not self.sees('"'):
            raise self.unexpected("a date, time or duration in quotation marks after '@'")
        text = self.string()
        try:
            return n.Literal(start, self.ended(), parse_temporal(text))
        except FeelError as error:
            raise self.fail(str(error), start) from None

    def _bracketed(self, start: int) -> n.Node:
        with self.inside():
            self.move(start + 1)
            inner = self._comparison_test() or self.expression()
            if self.sees("..") and not isinstance(inner, n.RangeLiteral):
                return self._interval(start, inner, False)
        self.expect(")", "to close the bracket")
        return inner

    def _list_or_interval(self, start: int) -> n.Node:
        closed = self.sees("[")
        with self.inside():
            self.move(start + 1)
            if closed and self.take("]"):
                return n.ListLiteral(start, self.ended(), ())
            items = [self.expression()]
            if self.sees(".."):
                return self._interval(start, items[0], closed)
            if not closed:
                raise self.unexpected("'..' of an interval")
            while self.take(","):
                items.append(self.expression())
        self.expect("]", "to close the list")
        return n.ListLiteral(start, self.ended(), tuple(items))

    def _interval(self, start: int, low: n.Node, low_included: bool) -> n.Node:
        self.move(self.at + 2)
        self.in_range_end = True
        high = self.binary(SUM)
        self.in_range_end = False
        included = self.sees("]")
        if not (self.take("]") or self.take(")") or self.take("[")):
            raise self.unexpected("']' or ')' to close the interval")
        return n.RangeLiteral(start, self.ended(), low, high, low_included, included, "interval")

    def _context(self, start: int) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        with self.inside(), self.names():
            self.move(start + 1)
            while not self.sees("}"):
                key = self.label()
                if key is None:
                    raise self.unexpected("the key of a context entry")
                if any(key == known for known, _ in entries):
                    raise self.fail(f"the key {key!r} is given twice")
                entries.append((key, self.expression()))
                self.scopes[-1].add(key)
                self.members.add(key)
                if not self.take(","):
                    break
        self.expect("}", "to close the context")
        return n.ContextLiteral(start, self.ended(), tuple(entries))
