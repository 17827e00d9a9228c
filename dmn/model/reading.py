"""Reads a DMN file: elements first, then their requirements, then the logic."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import DmnFileError, FileFinding
from ..expression import all_functions
from ..feel_types import ANY, FeelType, FunctionType, NamedType
from ..functions import BuiltinFunction
from ..lexis import normal_name
from .boxed import BoxedCompiler, first_expression, function_parts
from .definitions import Decision, DecisionService, Definitions, TableInfo
from .item_definitions import read_item_definitions
from .requirements import (
    DecisionNode,
    InputData,
    Knowledge,
    Need,
    Part,
    Service,
    outer_names,
)
from .workshop import Workshop
from .xml import Element, attribute, child, children, local, parse_xml, text_of

_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")


def read_definitions(
    xml: bytes,
    *,
    file: str = "",
    imports: Mapping[str, Definitions] | None = None,
    functions: Mapping[str, BuiltinFunction] | None = None,
) -> Definitions:
    """Reads and compiles a DMN file (1.1 to 1.6).

    `imports` holds the imported files by namespace, location or name. Raises DmnFileError with a
    finding for everything that is wrong.
    """
    definitions, findings = read_leniently(xml, file=file, imports=imports, functions=functions)
    if findings:
        raise DmnFileError(file, findings)
    return definitions


def read_leniently(
    xml: bytes,
    *,
    file: str = "",
    imports: Mapping[str, Definitions] | None = None,
    functions: Mapping[str, BuiltinFunction] | None = None,
) -> tuple[Definitions, tuple[FileFinding, ...]]:
    """Like `read_definitions`, but parts that cannot be read evaluate to null.

    Raises DmnFileError only when the file as a whole cannot be read.
    """
    root = parse_xml(xml, file)
    reader = _Reader(Workshop(root, all_functions(functions)), imports or {})
    return reader.read(), tuple(reader.workshop.findings)


class _Reader:
    def __init__(self, workshop: Workshop, available: Mapping[str, Definitions]) -> None:
        self.workshop = workshop
        self.root = workshop.root
        self.available = available
        self.parts: dict[str, Part] = {}
        self.elements: dict[str, Element] = {}
        self.decisions: list[DecisionNode] = []

    def read(self) -> Definitions:
        self._read_imports()
        read_item_definitions(self.workshop)
        for element in children(
            self.root, "inputData", "decision", "businessKnowledgeModel", "decisionService"
        ):
            self._declare(element)
        for identifier, element in self.elements.items():
            self._connect(self.parts[identifier], element)
        self._refuse_circles()
        for identifier, element in self.elements.items():
            self._compile(self.parts[identifier], element)
        return self._definitions()

    def _definitions(self) -> Definitions:
        decisions: dict[str, Decision] = {}
        for node in self.decisions:
            table = _table_info(self.elements[node.id])
            decisions[node.id] = Decision(node.id, node.label, outer_names(node), table, node)
        services = {
            part.id: DecisionService(
                part.id,
                part.name,
                tuple(inner.name for inner in part.inputs),
                part,
            )
            for part in self.parts.values()
            if isinstance(part, Service)
        }
        return Definitions(
            attribute(self.root, "id"),
            attribute(self.root, "name"),
            attribute(self.root, "namespace"),
            decisions,
            services,
            self.workshop.types,
            self.parts,
        )

    def _read_imports(self) -> None:
        for element in children(self.root, "import"):
            namespace = attribute(element, "namespace")
            if "/DMN/" not in attribute(element, "importType"):
                continue
            location = attribute(element, "locationURI")
            found = next(
                (
                    definitions
                    for key, definitions in self.available.items()
                    if key in (namespace, location) or definitions.namespace == namespace
                ),
                None,
            )
            name = normal_name(attribute(element, "name"))
            if found is None:
                self.workshop.finding(
                    element,
                    "missing-import",
                    f"the imported file {location or namespace!r} is not there",
                    "Deploy it together with this file.",
                )
                continue
            self.workshop.imports[name] = found
            prefix = f"{name}." if name else ""
            for type_name, kind in found.types.items():
                self.workshop.types[prefix + type_name] = kind

    def _declare(self, element: Element) -> None:
        identifier = attribute(element, "id") or attribute(element, "name")
        variable = child(element, "variable")
        own_name = normal_name(attribute(element, "name"))
        name = normal_name(attribute(variable, "name")) if variable is not None else ""
        name = name or own_name
        if not identifier or not name:
            self.workshop.finding(
                element, "no-name", f"a {local(element)} has no id or name", "Give it both."
            )
            return
        if identifier in self.parts:
            self.workshop.finding(
                element, "double-id", f"the id {identifier!r} is used twice", "Change one of them."
            )
            return
        kind = ANY
        if variable is not None:
            kind = self.workshop.type(variable, attribute(variable, "typeRef"))
        part: Part
        if local(element) == "inputData":
            part = InputData(identifier, name, kind)
        elif local(element) == "decision":
            part = DecisionNode(identifier, name, own_name, kind)
            self.decisions.append(part)
        elif local(element) == "businessKnowledgeModel":
            part = Knowledge(identifier, name, _result_type(kind))
        else:
            part = Service(identifier, name, _result_type(kind))
        self.parts[identifier] = part
        self.elements[identifier] = element

    def _connect(self, part: Part, element: Element) -> None:
        if isinstance(part, (DecisionNode, Knowledge)):
            for requirement in children(element, *_REQUIREMENTS):
                for reference in children(requirement, *_REQUIRED):
                    need = self._need(reference)
                    if need is not None:
                        part.needs.append(need)
        elif isinstance(part, Service):
            for reference in children(element, "outputDecision", "inputDecision", "inputData"):
                need = self._need(reference)
                if need is None:
                    continue
                if isinstance(need.part, InputData):
                    part.input_data.append(need.part)
                elif isinstance(need.part, DecisionNode):
                    outward = local(reference) == "outputDecision"
                    (part.outputs if outward else part.input_decisions).append(need.part)

    def _need(self, reference: Element) -> Need | None:
        namespace, _, identifier = attribute(reference, "href").rpartition("#")
        if not namespace or namespace == attribute(self.root, "namespace"):
            part = self.parts.get(identifier)
            if part is not None:
                return Need(part)
        else:
            for name, definitions in self.workshop.imports.items():
                found = definitions.elements.get(identifier)
                if definitions.namespace == namespace and found is not None:
                    return Need(found, name)
        self.workshop.finding(
            reference,
            "missing-element",
            f"there is no element {identifier!r} to require",
            "Remove the requirement, or draw it to an element that is there.",
        )
        return None

    def _refuse_circles(self) -> None:
        done: set[str] = set()
        for node in self.decisions:
            self._walk(node, [], done)

    def _walk(self, node: DecisionNode, path: list[str], done: set[str]) -> None:
        if node.id in path:
            circle = " → ".join([*path[path.index(node.id) :], node.id])
            self.workshop.finding(
                self.elements[node.id],
                "circular-requirement",
                f"decisions require each other in a circle: {circle}",
                "Remove one of the requirements.",
            )
            node.needs.clear()
            return
        if node.id in done or len(path) > 300:
            return
        for need in list(node.needs):
            if isinstance(need.part, DecisionNode) and not need.prefix:
                self._walk(need.part, [*path, node.id], done)
        done.add(node.id)

    def _compile(self, part: Part, element: Element) -> None:
        if isinstance(part, DecisionNode):
            known = {need.prefix or need.part.name for need in part.needs}
            qualified = {f"{need.prefix}.{need.part.name}" for need in part.needs if need.prefix}
            self._add_members(qualified)
            boxed = BoxedCompiler(self.workshop, part.id, known)
            expression = first_expression(element)
            if expression is not None:
                part.code = boxed.expression(expression)
                part.free = frozenset(boxed.free)
        elif isinstance(part, Knowledge):
            known = {need.prefix or need.part.name for need in part.needs} | {part.name}
            boxed = BoxedCompiler(self.workshop, part.id, known)
            logic = child(element, "encapsulatedLogic")
            if logic is not None:
                part.parameters, part.code = function_parts(boxed, logic)

    def _add_members(self, qualified: set[str]) -> None:
        for name in qualified:
            self.workshop.members.add(name.partition(".")[2])


def _result_type(kind: FeelType) -> FeelType:
    """The variable of a function may be typed by the function or by its result."""
    while isinstance(kind, NamedType) and isinstance(kind.base, (NamedType, FunctionType)):
        kind = kind.base
    return kind.result if isinstance(kind, FunctionType) else kind


def _table_info(element: Element) -> TableInfo | None:
    table = child(element, "decisionTable")
    if table is None:
        return None
    return TableInfo(
        attribute(table, "hitPolicy") or "UNIQUE",
        tuple(_label(column) for column in children(table, "input")),
        tuple(attribute(column, "name") for column in children(table, "output")),
        sum(1 for _ in children(table, "rule")),
    )


def _label(column: Element) -> str:
    if attribute(column, "label"):
        return attribute(column, "label")
    expression = child(column, "inputExpression")
    text = None if expression is None else child(expression, "text")
    return "" if text is None else text_of(text).strip()
