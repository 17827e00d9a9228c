"""The decision requirements graph at run time: who needs whom, each worked out once.

A `Session` is one evaluation. Decisions see the names their requirements bring, then the caller's
own names (files drawn without input data rely on those).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..errors import FeelError, LimitExceeded
from ..feel_types import ANY, FeelType, coerce, from_text
from ..functions import UserFunction
from ..runtime import Code, Frame, Names, Run
from ..values import Function, Value, from_json


@dataclass
class InputData:
    id: str
    name: str
    kind: FeelType = ANY


@dataclass
class DecisionNode:
    """`needs` are the required elements; `code` is None when the file gives no logic."""

    id: str
    name: str
    label: str = ""
    kind: FeelType = ANY
    code: Code | None = None
    needs: list[Need] = field(default_factory=list)
    free: frozenset[str] = frozenset()


@dataclass
class Knowledge:
    """A business knowledge model."""

    id: str
    name: str
    kind: FeelType = ANY
    parameters: tuple[tuple[str, FeelType], ...] = ()
    code: Code | None = None
    needs: list[Need] = field(default_factory=list)


@dataclass
class Service:
    """A decision service: its inputs become parameters, data before decisions."""

    id: str
    name: str
    kind: FeelType = ANY
    outputs: list[DecisionNode] = field(default_factory=list)
    input_data: list[InputData] = field(default_factory=list)
    input_decisions: list[DecisionNode] = field(default_factory=list)

    @property
    def inputs(self) -> tuple[InputData | DecisionNode, ...]:
        return (*self.input_data, *self.input_decisions)


Path: TypeAlias = tuple[str, ...]
"""The names of the imports that lead to an element."""
Key: TypeAlias = tuple[Path, str]
"""An element, by the imports that lead to it and its id."""
Part: TypeAlias = InputData | DecisionNode | Knowledge | Service


@dataclass(frozen=True)
class Need:
    """A required element; `prefix` is the name of the import it comes from, else ""."""

    part: Part
    prefix: str = ""


class Session:
    """One evaluation of a graph. `given` are results that are not worked out but known."""

    def __init__(
        self,
        run: Run,
        context: Mapping[str, object],
        given: Mapping[Key, Value] | None = None,
    ) -> None:
        self.run = run
        self.context = context
        self.results: dict[Key, Value] = dict(given or {})
        self.functions: dict[Key, Function] = {}

    def decide(self, node: DecisionNode, path: Path = ()) -> Value:
        """The decision's value; worked out once."""
        key = (path, node.id)
        if key in self.results:
            return self.results[key]
        if node.code is None:
            value = self._from_caller(node.name, path)
        else:
            names = self._names(node.needs, path)
            value = node.code(Frame(self.run, names, {}))
        self.results[key] = self._checked(node.kind, value, f"decision {node.name!r}")
        return self.results[key]

    def _checked(self, kind: FeelType, value: Value, what: str) -> Value:
        try:
            return coerce(kind, value, self.run, what)
        except LimitExceeded:
            raise
        except FeelError as error:
            self.run.note(str(error), what)
            return None

    def input(self, part: InputData, path: Path) -> Value:
        """The caller's value for input data, as the type of the data wants it."""
        key = (path, part.id)
        if key not in self.results:
            value = from_text(part.kind, self._from_caller(part.name, path))
            self.results[key] = self._checked(part.kind, value, f"input {part.name!r}")
        return self.results[key]

    def _from_caller(self, name: str, path: Path) -> Value:
        """An imported file's input is given under the import's name, or else by its own name."""
        for start in range(len(path) + 1):
            at: object = self.context
            for step in path[start:]:
                at = at.get(step) if isinstance(at, Mapping) else None
            if isinstance(at, Mapping) and name in at:
                return from_json(at[name])
        self.run.note(f"the input {name!r} is not given", name)
        return None

    def _names(self, needs: list[Need], path: Path) -> Names:
        names = Names(self.context)
        self._bring(names, needs, path)
        return names

    def _bring(self, names: Names, needs: list[Need], path: Path) -> None:
        spaces: dict[str, dict[str, Value]] = {}
        for need in needs:
            value = self.value(need.part, (*path, need.prefix) if need.prefix else path)
            if need.prefix:
                spaces.setdefault(need.prefix, {})[need.part.name] = value
            else:
                names[need.part.name] = value
        names.update(spaces)

    def value(self, part: Part, path: Path) -> Value:
        if isinstance(part, InputData):
            return self.input(part, path)
        if isinstance(part, DecisionNode):
            return self.decide(part, path)
        return self.function(part, path)

    def function(self, part: Knowledge | Service, path: Path) -> Function:
        """The element as a function; made once, so that knowledge may need itself in a circle."""
        key = (path, part.id)
        known = self.functions.get(key)
        if known is not None:
            return known
        if isinstance(part, Service):
            service = ServiceFunction(part, path)
            self.functions[key] = service
            return service
        root = Names({})
        function = UserFunction(
            part.name,
            part.parameters,
            part.code or _nothing,
            Frame(self.run, root, {}),
            part.kind,
        )
        root[part.name] = self.functions[key] = function
        self._bring(root, part.needs, path)
        return function


def _nothing(f: Frame) -> Value:
    return None


class ServiceFunction(Function):
    """A decision service as a function."""

    def __init__(self, service: Service, path: Path = ()) -> None:
        self.name = service.name
        self._service = service
        self._path = path
        self._inputs = service.inputs
        self.parameters = tuple(part.name for part in self._inputs)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise FeelError(
                f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}"
            )
        given = {
            (self._path, part.id): coerce(part.kind, value, run, f"{self.name}: {part.name}")
            for part, value in zip(self._inputs, arguments, strict=True)
        }
        run.enter()
        try:
            session = Session(run, {}, given)
            values = {
                output.name: session.decide(output, self._path) for output in self._service.outputs
            }
        finally:
            run.calls -= 1
        result = next(iter(values.values())) if len(values) == 1 else values
        return coerce(self._service.kind, result, run, f"the result of {self.name}")

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        if set(arguments) != set(self.parameters):
            raise FeelError(f"{self.name} takes the arguments {', '.join(self.parameters)}")
        return self.call(run, [arguments[name] for name in self.parameters])


def outer_names(node: DecisionNode, seen: set[str] | None = None) -> frozenset[str]:
    """The names that the decision and all it requires read from the caller."""
    seen = set() if seen is None else seen
    if node.id in seen:
        return frozenset()
    seen.add(node.id)
    if node.code is None:
        return frozenset((node.name,))
    names: set[str] = set()
    for need in node.needs:
        if isinstance(need.part, InputData):
            names.add(need.prefix or need.part.name)
        elif isinstance(need.part, DecisionNode):
            names |= outer_names(need.part, seen)
    brought = {need.prefix or need.part.name for need in node.needs}
    return frozenset(names | (node.free - brought))
