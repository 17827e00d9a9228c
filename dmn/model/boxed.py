"""Boxed expressions (DMN 10.2.2): compiled into the same functions as FEEL text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ..compiler import Compiler
from ..errors import FeelError, FeelSyntaxError, LimitExceeded
from ..expression import name_table
from ..feel_types import ANY, FeelType, coerce
from ..functions import UserFunction
from ..lexis import NameTable, normal_name
from ..parser import parse_expression
from ..runtime import Code, Frame
from ..scopes import Scope, Surroundings
from ..unary import TestCode, compile_cell
from ..values import Function, Value, kind_of
from .boxed_control import (
    compile_conditional,
    compile_filter,
    compile_for,
    compile_quantified,
)
from .workshop import Workshop
from .xml import Element, attribute, child, children, local, text_in

_LANGUAGES = ("", "feel", "FEEL")


class BoxedCompiler:
    """Compiles the logic of one decision or business knowledge model.

    `known` are the names its requirements bring; `free` collects the outer names it reads.
    """

    def __init__(self, workshop: Workshop, owner_id: str, known: Iterable[str]) -> None:
        self.workshop = workshop
        self.owner_id = owner_id
        self.around = Surroundings(workshop.functions, workshop.types, frozenset(known))
        self.scopes: list[Scope] = []
        self.free: set[str] = set()

    def table(self) -> NameTable:
        local_names = (name for scope in self.scopes for name in scope.names)
        return name_table((*self.around.known, *local_names), self.around.functions)

    def text(self, text: str, element: Element, what: str) -> Code:
        """Compiles a FEEL text; a finding, and null at run time, when it cannot be read."""
        compiler = Compiler(text, self.around, self.scopes)
        try:
            tree = parse_expression(text, self.table(), self.workshop.members)
            code = compiler.compile(tree)
        except FeelSyntaxError as error:
            return self._broken(element, error, what)
        self.free |= compiler.free
        return code

    def cell(self, text: str, element: Element, what: str) -> TestCode:
        """Compiles unary tests; they run in a frame more, which holds `?`."""
        compiler = Compiler(text, self.around, [*self.scopes, Scope(frozenset("?"))])
        try:
            test = compile_cell(compiler, self.table(), self.workshop.members)
        except FeelSyntaxError as error:
            broken = self._broken(element, error, what)
            return lambda f, value: broken(f)
        self.free |= compiler.free
        return test

    def _broken(self, element: Element, error: FeelSyntaxError, what: str) -> Code:
        self.workshop.syntax_finding(element, error, what)
        message, text = str(error), error.text

        def run(f: Frame) -> Value:
            f.run.note(message, text)
            return None

        return run

    def expression(self, element: Element) -> Code:
        """Compiles a boxed expression, and its typeRef."""
        compile_it = _BOXED[local(element)]
        code = compile_it(self, element)
        kind = self.workshop.type(element, attribute(element, "typeRef"))
        return typed(code, kind, "the result")

    def inside(self, element: Element | None, owner: Element) -> Code:
        """Compiles the expression that `element` holds."""
        found = first_expression(element) if element is not None else None
        if found is None:
            self.workshop.finding(
                owner,
                "no-expression",
                f"an expression is missing in {local(owner)}",
                "Fill it in, or remove the element.",
            )
            return _null
        return self.expression(found)

    def within(self, names: Iterable[str], element: Element | None, owner: Element) -> Code:
        self.scopes.append(Scope(frozenset(names)))
        code = self.inside(element, owner)
        self.scopes.pop()
        return code


def _null(f: Frame) -> Value:
    return None


def typed(code: Code, kind: FeelType, what: str) -> Code:
    """The code with its result coerced; what does not conform is null and a note."""
    if kind is ANY:
        return code

    def run(f: Frame) -> Value:
        value = code(f)
        try:
            return coerce(kind, value, f.run, what)
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), what)
            return None

    return run


def first_expression(element: Element) -> Element | None:
    """The boxed expression among an element's children."""
    return next(children(element, *_BOXED), None)


def _literal(b: BoxedCompiler, element: Element) -> Code:
    language = attribute(element, "expressionLanguage")
    text = text_in(element)
    if language not in _LANGUAGES and not language.endswith("/FEEL/"):
        b.workshop.finding(
            element,
            "expression-language",
            f"the expression language {language!r} is not supported",
            "Write the expression in FEEL.",
        )
        return _null
    return b.text(text, element, "expression") if text else _null


def _context(b: BoxedCompiler, element: Element) -> Code:
    entries: list[tuple[str | None, Code]] = []
    names: list[str] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = None if variable is None else normal_name(attribute(variable, "name"))
        own = [name] if name and child(entry, "functionDefinition") is not None else []
        code = b.within([*names, *own], entry, entry)
        if variable is not None and name:
            kind = b.workshop.type(variable, attribute(variable, "typeRef"))
            code = typed(code, kind, name)
            names.append(name)
        entries.append((name or None, code))

    def run(f: Frame) -> Value:
        context: dict[str, Value] = {}
        inner = f.inner(context)
        for name, code in entries:
            value = code(inner)
            if name is None:
                return value
            context[name] = value
        return dict(context)

    return run


def _invocation(b: BoxedCompiler, element: Element) -> Code:
    callee = b.inside(element, element)
    bindings: list[tuple[str, Code]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else normal_name(attribute(parameter, "name"))
        found = first_expression(binding)
        bindings.append((name, _null if found is None else b.expression(found)))

    def run(f: Frame) -> Value:
        function = callee(f)
        arguments = {name: code(f) for name, code in bindings}
        try:
            if not isinstance(function, Function):
                raise FeelError(f"{kind_of(function)} cannot be invoked")
            return function.call_named(f.run, arguments)
        except LimitExceeded:
            raise
        except (FeelError, ArithmeticError, ValueError) as error:
            f.run.note(str(error) or "the result is not defined", "invocation")
            return None

    return run


def _list(b: BoxedCompiler, element: Element) -> Code:
    items = [b.expression(item) for item in children(element, *_BOXED)]
    return lambda f: [item(f) for item in items]


def _relation(b: BoxedCompiler, element: Element) -> Code:
    columns = [
        (
            normal_name(attribute(column, "name")),
            b.workshop.type(column, attribute(column, "typeRef")),
        )
        for column in children(element, "column")
    ]
    rows: list[list[tuple[str, Code]]] = []
    for row in children(element, "row"):
        cells = [b.expression(cell) for cell in children(row, *_BOXED)]
        if len(cells) != len(columns):
            b.workshop.finding(
                row,
                "relation-row",
                f"the row has {len(cells)} cells for {len(columns)} columns",
                "Give each row one cell per column.",
            )
        pairs = zip(columns, cells, strict=False)
        rows.append([(name, typed(cell, kind, name)) for (name, kind), cell in pairs])
    return lambda f: [{name: cell(f) for name, cell in row} for row in rows]


def _function(b: BoxedCompiler, element: Element) -> Code:
    parameters, body = function_parts(b, element)
    return lambda f: UserFunction("the function", parameters, body, f)


def function_parts(
    b: BoxedCompiler, element: Element
) -> tuple[tuple[tuple[str, FeelType], ...], Code]:
    """Parameters and body of a function definition or of encapsulated logic."""
    parameters = tuple(
        (
            normal_name(attribute(parameter, "name")),
            b.workshop.type(parameter, attribute(parameter, "typeRef")),
        )
        for parameter in children(element, "formalParameter")
    )
    if attribute(element, "kind") not in ("", "FEEL"):
        return parameters, _external
    return parameters, b.within((name for name, _ in parameters), element, element)


def _external(f: Frame) -> Value:
    raise FeelError("external functions (Java, PMML) are not supported")


def _decision_table(b: BoxedCompiler, element: Element) -> Code:
    from .tables import compile_table  # tables hold boxed expressions in turn

    return compile_table(b, element)


_Compile: TypeAlias = Callable[[BoxedCompiler, Element], Code]
_BOXED: dict[str, _Compile] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "decisionTable": _decision_table,
    "conditional": compile_conditional,
    "for": compile_for,
    "every": compile_quantified,
    "some": compile_quantified,
    "filter": compile_filter,
}
