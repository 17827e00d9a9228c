"""Functions written in FEEL, and functions of the host program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .errors import FeelError
from .feel_types import ANY, FeelType, coerce
from .runtime import Code, Frame, Run
from .values import Function, Value, as_python, from_json


def _ordered(function: Function, arguments: dict[str, Value]) -> list[Value]:
    """Named arguments in the order of the parameters. Raises FeelError on a name unknown."""
    for name in arguments:
        if name not in function.parameters:
            raise FeelError(f"{function.name} has no parameter {name!r}")
    missing = [name for name in function.parameters if name not in arguments]
    if missing:
        raise FeelError(f"{function.name} needs the argument {missing[0]!r}")
    return [arguments[name] for name in function.parameters]


class UserFunction(Function):
    """A function literal, a boxed function or a business knowledge model, with its closure."""

    def __init__(
        self,
        name: str,
        parameters: Sequence[tuple[str, FeelType]],
        body: Code,
        frame: Frame,
        result: FeelType = ANY,
    ) -> None:
        self.name = name
        self.parameters = tuple(parameter for parameter, _ in parameters)
        self._types = tuple(kind for _, kind in parameters)
        self._body = body
        self._frame = frame
        self._result = result

    def call(self, run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise FeelError(
                f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}"
            )
        names = {
            name: coerce(kind, value, run, f"{self.name}: {name}")
            for name, kind, value in zip(self.parameters, self._types, arguments, strict=True)
        }
        run.enter()
        try:
            result = self._body(Frame(run, self._frame.root, names, self._frame))
        finally:
            run.calls -= 1
        return coerce(self._result, result, run, f"the result of {self.name}")

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        return self.call(run, _ordered(self, arguments))


@dataclass(frozen=True)
class BuiltinFunction:
    """A function of the host program, such as one that counts working days.

    `call` gets its arguments by position: numbers as Decimal, dates, times and days and time
    durations as Python's own, the rest as FEEL has it. It returns plain Python or FEEL values; a
    ValueError it raises becomes null, and its text the diagnostic.
    """

    parameters: tuple[str, ...]
    call: Callable[..., object]


class HostFunction(Function):
    """A BuiltinFunction under its name."""

    def __init__(self, name: str, function: BuiltinFunction) -> None:
        self.name = name
        self.parameters = function.parameters
        self._call = function.call

    def call(self, run: Run, arguments: list[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise FeelError(
                f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}"
            )
        try:
            return from_json(self._call(*map(as_python, arguments)))
        except (ValueError, TypeError, ArithmeticError, LookupError) as error:
            raise FeelError(f"{self.name}: {error}") from error

    def call_named(self, run: Run, arguments: dict[str, Value]) -> Value:
        return self.call(run, _ordered(self, arguments))
