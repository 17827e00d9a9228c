"""How a built-in function is declared: one line as the standard writes it.

`@feel("substring(string: string, start position: number, length: number?)")`. After a type: `?`
may be left out, `|null` takes null, `*` takes the elements as one list or as so many arguments
(`rest*` only as so many arguments).
A function declared twice is overloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from ..errors import FeelError
from ..feel_types import BUILT_IN
from ..runtime import Run
from ..values import Function, Value, kind_of

_Implementation = Callable[..., Value]
_Declared = TypeVar("_Declared", bound=Callable[..., Value])


class WrongOverload(FeelError):
    """The arguments do not fit this declaration; another one may take them."""


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    optional: bool
    nullable: bool
    variadic: bool

    def check(self, function: str, value: Value) -> Value:
        """The value as the implementation wants it. Raises FeelError."""
        if value is None:
            if self.nullable or self.kind == "any":
                return None
            raise FeelError(f"{function}: {self.name} is null")
        if self.kind in ("any", "point"):
            return value
        if self.kind == "list":
            return value if isinstance(value, list) else [value]
        if self._fits(value):
            return value
        if isinstance(value, list) and len(value) == 1 and self._fits(value[0]):
            return value[0]
        raise WrongOverload(f"{function}: {self.name} must be {self.kind}, but is {kind_of(value)}")

    def _fits(self, value: Value) -> bool:
        if self.kind == "date or date and time":
            return kind_of(value) in ("date", "date and time")
        return BUILT_IN[self.kind].conforms(value)


@dataclass(frozen=True)
class Overload:
    parameters: tuple[Parameter, ...]
    implementation: _Implementation
    needs_run: bool

    def takes(self, count: int) -> bool:
        if any(parameter.variadic for parameter in self.parameters):
            fixed = len(self.parameters) - 1
            return count > fixed
        needed = sum(not parameter.optional for parameter in self.parameters)
        return needed <= count <= len(self.parameters)

    def takes_named(self, names: set[str]) -> bool:
        known = {parameter.name for parameter in self.parameters}
        needed = {p.name for p in self.parameters if not p.optional}
        return needed <= names <= known

    def positional(self, function: str, run: Run, arguments: list[Value]) -> Value:
        values: list[Value] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.variadic:
                values.append(_variadic(function, parameter, arguments[index:]))
            elif index < len(arguments):
                values.append(parameter.check(function, arguments[index]))
        return self._run(run, values)

    def named(self, function: str, run: Run, arguments: dict[str, Value]) -> Value:
        values: list[Value] = []
        for parameter in self.parameters:
            if parameter.name not in arguments:
                values.append(None)
            elif parameter.variadic:
                values.append(_variadic(function, parameter, [arguments[parameter.name]]))
            else:
                values.append(parameter.check(function, arguments[parameter.name]))
        return self._run(run, values)

    def _run(self, run: Run, values: list[Value]) -> Value:
        if self.needs_run:
            return self.implementation(run, *values)
        return self.implementation(*values)


def _variadic(function: str, parameter: Parameter, arguments: list[Value]) -> list[Value]:
    if parameter.kind == "rest":
        return arguments
    if len(arguments) == 1:
        only = arguments[0]
        if only is None:
            raise FeelError(f"{function}: {parameter.name} is null")
        return only if isinstance(only, list) else [only]
    return arguments


class Builtin(Function):
    """A built-in function with all its overloads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    @property
    def parameters(self) -> tuple[str, ...]:  # type: ignore[override]  # grows with overloads
        return tuple(p.name for p in self.overloads[0].parameters)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        _spend(run, arguments)
        fitting = [o for o in self.overloads if o.takes(len(arguments))]
        if not fitting:
            raise FeelError(f"{self.name} does not take {len(arguments)} arguments")
        for overload in fitting[:-1]:
            try:
                return overload.positional(self.name, run, arguments)
            except WrongOverload:
                continue
        return fitting[-1].positional(self.name, run, arguments)

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        _spend(run, arguments.values())
        names = set(arguments)
        fitting = [o for o in self.overloads if o.takes_named(names)]
        if not fitting:
            raise FeelError(f"{self.name} has no parameters {', '.join(sorted(names))}")
        for overload in fitting[:-1]:
            try:
                return overload.named(self.name, run, arguments)
            except WrongOverload:
                continue
        return fitting[-1].named(self.name, run, arguments)


def _spend(run: Run, arguments: Iterable[Value]) -> None:
    """Work grows with the arguments, and counts accordingly."""
    for argument in arguments:
        kind = type(argument)
        if kind is list:
            run.spend(len(argument) // 8)
        elif kind is str:
            run.spend(len(argument) // 64)


REGISTRY: dict[str, Function] = {}


def feel(declaration: str, *, needs_run: bool = False) -> Callable[[_Declared], _Declared]:
    """Registers a Python function as a built-in function of FEEL."""
    name, _, rest = declaration.partition("(")
    parameters = tuple(_parameter(part) for part in rest.rstrip(")").split(",") if part.strip())

    def register(implementation: _Declared) -> _Declared:
        builtin = REGISTRY.setdefault(name, Builtin(name))
        if isinstance(builtin, Builtin):
            builtin.overloads.append(Overload(parameters, implementation, needs_run))
        return implementation

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = (part.strip() for part in text.partition(":"))
    optional, variadic = "?" in kind, kind.endswith("*")
    nullable = "|null" in kind
    plain = kind.replace("?", "").replace("*", "").replace("|null", "").strip()
    return Parameter(name, plain, optional, nullable, variadic)
