"""Item definitions: the types a DMN file defines (DMN 7.3.3), with their allowed values."""

from __future__ import annotations

from ..compiler import Compiler
from ..errors import FeelSyntaxError
from ..expression import name_table
from ..feel_types import ANY, Allowed, ContextType, FeelType, FunctionType, ListType, NamedType
from ..lexis import normal_name
from ..runtime import Frame, Names, Run
from ..scopes import Scope, Surroundings
from ..unary import compile_cell
from ..values import Value
from .workshop import Workshop
from .xml import Element, attribute, child, children, text_in, text_of


def read_item_definitions(workshop: Workshop) -> None:
    """Fills the workshop's types. They may refer to each other in any order."""
    definitions = [
        (normal_name(attribute(element, "name")), element)
        for element in children(workshop.root, "itemDefinition")
    ]
    for name, _ in definitions:
        workshop.types[name] = NamedType(name)
    for name, element in definitions:
        named = workshop.types[name]
        if isinstance(named, NamedType):
            _fill(workshop, named, element)
    _refuse_circles(workshop, definitions)


def _fill(workshop: Workshop, named: NamedType, element: Element) -> None:
    base = _base(workshop, element, named.name)
    allowed = child(element, "allowedValues")
    constraint = child(element, "typeConstraint")
    if attribute(element, "isCollection") == "true":
        if text_in(allowed):
            single = NamedType(named.name)
            single.base = base
            _constrain(workshop, single, allowed)
            base = single
        named.base = ListType(base)
    else:
        named.base = base
        _constrain(workshop, named, allowed)
    if text_in(constraint):
        _constrain(workshop, named, constraint)


def _base(workshop: Workshop, element: Element, name: str) -> FeelType:
    components = list(children(element, "itemComponent"))
    if components:
        members: dict[str, FeelType] = {}
        for component in components:
            member = normal_name(attribute(component, "name"))
            kind = NamedType(f"{name}.{member}")
            _fill(workshop, kind, component)
            members[member] = kind
        return ContextType(members, name)
    function = child(element, "functionItem")
    if function is not None:
        parameters = tuple(
            workshop.type(parameter, attribute(parameter, "typeRef"))
            for parameter in children(function, "parameters")
        )
        return FunctionType(
            parameters, workshop.type(function, attribute(function, "outputTypeRef")), name
        )
    return workshop.type(element, _reference(element))


def _reference(element: Element) -> str:
    written = child(element, "typeRef")
    if written is not None:
        return text_of(written).strip()
    return attribute(element, "typeRef")


def _constrain(workshop: Workshop, named: NamedType, element: Element | None) -> None:
    text = text_in(element)
    if element is None or not text:
        return
    test = allowed_values(workshop, element, text)
    if test is not None:
        named.allowed = test
        named.allowed_text = text


def allowed_values(workshop: Workshop, element: Element, text: str) -> Allowed | None:
    """Unary tests that a value must meet; a finding and None when they cannot be read."""
    compiler = Compiler(
        text, Surroundings(workshop.functions, workshop.types), [Scope(frozenset("?"))]
    )
    try:
        test = compile_cell(compiler, name_table((), workshop.functions), workshop.members)
    except FeelSyntaxError as error:
        workshop.syntax_finding(element, error, "allowed values")
        return None

    def allowed(run: Run, value: Value) -> bool | None:
        root = Names({})
        return test(Frame(run, root, {"?": value}, Frame(run, root, {})), value)

    return allowed


def _refuse_circles(workshop: Workshop, definitions: list[tuple[str, Element]]) -> None:
    for name, element in definitions:
        seen: set[int] = set()
        kind: FeelType = workshop.types[name]
        while isinstance(kind, NamedType):
            if id(kind) in seen:
                workshop.finding(
                    element,
                    "circular-type",
                    f"the type {name!r} is defined by itself",
                    "Let it refer to another type.",
                )
                kind = ANY
                workshop.types[name] = ANY
                break
            seen.add(id(kind))
            kind = kind.base
