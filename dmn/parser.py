"""Reads a FEEL text into a syntax tree (grammar: DMN 10.3.1.2), by operator precedence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from . import nodes as n
from .cursor import Cursor
from .errors import FeelError, FeelSyntaxError
from .lexis import NameTable, is_name_start, skip_space
from .temporal_text import parse_temporal
from .type_syntax import read_type

MAX_TEXT = 50_000
MAX_NEST = 200
MAX_CHAIN = 250
_OPERATORS = ("**", "<=", ">=", "!=", "=", "<", ">", "+", "-", "*", "/")
_PRECEDENCE = {"**": 6, "*": 5, "/": 5, "+": 4, "-": 4}
_COMPARISON, _SUM = 3, 4
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
    def _inside(self) -> Iterator[None]:
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
    def _scope(self, table: NameTable) -> Iterator[None]:
        self.scopes.append(table)
        try:
            yield
        finally:
            self.scopes.pop()

    def _names(self, *names: str) -> AbstractContextManager[None]:
        return self._scope(NameTable(names))

    def expression(self) -> n.Node:
        with self._inside():
            return self._binary(1)

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
                point = self._binary(_SUM)
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

    def _binary(self, least: int, first: n.Node | None = None) -> n.Node:
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
            low = self._binary(_SUM)
            self.expect_word("and", "after the lower bound of 'between'")
            return n.Between(start, self._end(), left, low, self._binary(_SUM))
        if operator == "in":
            return n.In(start, self._end(), left, self._in_tests())
        right = self._binary(precedence + 1)
        if operator in ("and", "or"):
            together = operator == "and"
            chain = isinstance(left, n.Junction) and left.conjunction is together
            first = left.operands if chain and isinstance(left, n.Junction) else (left,)
            return n.Junction(start, self._end(), together, (*first, right))
        if precedence == _COMPARISON:
            return n.Comparison(start, self._end(), operator, left, right)
        return n.Arithmetic(start, self._end(), operator, left, right)

    def _end(self) -> int:
        return len(self.text[: self.at].rstrip())

    def _in_tests(self) -> tuple[n.Node, ...]:
        test = self._comparison_test()
        if test is not None:
            return (test,)
        start = self.at
        if not self.sees("("):
            return (self._binary(_SUM),)
        with self._inside():
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
        return (self._binary(_SUM, self._postfix(first)),)

    def _unary(self) -> n.Node:
        start = self.at
        if self.sees("-"):
            with self._inside():
                self.move(self.at + 1)
                return n.Negate(start, self._end(), self._unary())
        return self._postfix()

    def _postfix(self, first: n.Node | None = None) -> n.Node:
        start = self.at if first is None else first.at
        left = self._primary() if first is None else first
        for _ in range(MAX_CHAIN):
            if self.sees(".") and not self.sees(".."):
                self.move(self.at + 1)
                name = self.name([self.members, *self.scopes], "the name of a member")
                left = n.Path(start, self._end(), left, name)
            elif self.sees("[") and not self.in_range_end:
                with self._inside(), self._scope(self.members):
                    self.move(self.at + 1)
                    condition = self.expression()
                self.expect("]", "after the filter")
                left = n.Filter(start, self._end(), left, condition)
            elif self.sees("("):
                left = self._call(start, left)
            elif self.word() == "instance":
                self.move(self.at + len("instance"))
                self.expect_word("of", "after 'instance'")
                left = n.InstanceOf(start, self._end(), left, read_type(self))
            else:
                return left
        raise self.fail(f"more than {MAX_CHAIN} steps in a path")

    def _call(self, start: int, function: n.Node) -> n.Node:
        self.move(self.at + 1)
        arguments: list[n.Node] = []
        labels: list[str] = []
        with self._inside():
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
        return n.Call(start, self._end(), function, tuple(arguments), names)

    def _primary(self) -> n.Node:
        start = self.at
        if self.at_end():
            raise self.unexpected("an expression")
        char = self.text[start]
        if char == '"':
            return n.Literal(start, self._end(), self.string())
        if char.isdigit() or char == ".":
            number = self.number()
            if number is not None:
                return n.Literal(start, self._end(), number)
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
        special = self._SPECIAL.get(word)
        if special is not None:
            with self._inside():
                return special(self, start)
        if word == "function" and self.text.startswith("(", skip_space(self.text, start + 8)):
            with self._inside():
                return self._function(start)
        if word in _CONSTANTS and not any(t.match(self.text, start, word) for t in self.scopes):
            self.move(start + len(word))
            return n.Literal(start, self._end(), _CONSTANTS[word])
        name = self.name(reversed(self.scopes), "an expression")
        return n.Name(start, self._end(), name)

    def _temporal(self, start: int) -> n.Node:
        self.move(start + 1)
        if not self.sees('"'):
            raise self.unexpected("a date, time or duration in quotation marks after '@'")
        text = self.string()
        try:
            return n.Literal(start, self._end(), parse_temporal(text))
        except FeelError as error:
            raise self.fail(str(error), start) from None

    def _bracketed(self, start: int) -> n.Node:
        with self._inside():
            self.move(start + 1)
            inner = self._comparison_test() or self.expression()
            if self.sees("..") and not isinstance(inner, n.RangeLiteral):
                return self._interval(start, inner, False)
        self.expect(")", "to close the bracket")
        return inner

    def _list_or_interval(self, start: int) -> n.Node:
        closed = self.sees("[")
        with self._inside():
            self.move(start + 1)
            if closed and self.take("]"):
                return n.ListLiteral(start, self._end(), ())
            items = [self.expression()]
            if self.sees(".."):
                return self._interval(start, items[0], closed)
            if not closed:
                raise self.unexpected("'..' of an interval")
            while self.take(","):
                items.append(self.expression())
        self.expect("]", "to close the list")
        return n.ListLiteral(start, self._end(), tuple(items))

    def _interval(self, start: int, low: n.Node, low_included: bool) -> n.Node:
        self.move(self.at + 2)
        self.in_range_end = True
        high = self._binary(_SUM)
        self.in_range_end = False
        included = self.sees("]")
        if not (self.take("]") or self.take(")") or self.take("[")):
            raise self.unexpected("']' or ')' to close the interval")
        return n.RangeLiteral(start, self._end(), low, high, low_included, included, "interval")

    def _context(self, start: int) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        with self._inside(), self._names():
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
        return n.ContextLiteral(start, self._end(), tuple(entries))

    def _if(self, start: int) -> n.Node:
        self.move(start + 2)
        condition = self.expression()
        self.expect_word("then", "after the condition")
        then = self.expression()
        self.expect_word("else", "after the 'then' part")
        otherwise = self.expression()
        return n.If(start, self._end(), condition, then, otherwise)

    def _iterations(self) -> tuple[n.Iteration, ...]:
        """Leaves its names in scope: the caller takes them out again."""
        iterations: list[n.Iteration] = []
        while True:
            name = self.name((), "the name of an iteration variable")
            self.expect_word("in", "after the iteration variable")
            source = self._binary(1)
            upto = None
            if self.take(".."):
                upto = self._binary(_SUM)
            iterations.append(n.Iteration(name, source, upto))
            self.scopes[-1].add(name)
            if not self.take(","):
                return tuple(iterations)

    def _for(self, start: int) -> n.Node:
        self.move(start + 3)
        with self._names():
            iterations = self._iterations()
            self.expect_word("return", "after the iterations")
            body = self.expression()
        return n.For(start, self._end(), iterations, body)

    def _quantified(self, start: int) -> n.Node:
        every = self.word() == "every"
        self.move(start + len(self.word()))
        with self._names():
            iterations = self._iterations()
            self.expect_word("satisfies", "after the iterations")
            condition = self.expression()
        return n.Quantified(start, self._end(), every, iterations, condition)

    def _function(self, start: int) -> n.Node:
        self.move(start + len("function"))
        self.expect("(", "after 'function'")
        parameters: list[tuple[str, n.TypeName | None]] = []
        while not self.sees(")"):
            label = self.label()
            if label is not None:
                parameters.append((label, read_type(self)))
            else:
                parameters.append((self.name((), "the name of a parameter"), None))
            if not self.take(","):
                break
        self.expect(")", "after the parameters")
        names = [name for name, _ in parameters]
        if len(set(names)) != len(names):
            raise self.fail("two parameters have the same name", start)
        with self._names(*names):
            external = self.take_word("external")
            body = self.expression()
        inside = None if external else body
        return n.FunctionLiteral(start, self._end(), tuple(parameters), inside)

    _SPECIAL: dict[str, Callable[[Parser, int], n.Node]] = {
        "if": _if,
        "for": _for,
        "some": _quantified,
        "every": _quantified,
    }
