"""FEEL's types (DMN 10.3.2.9): what conforms to them, and implicit conversions (10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .errors import DmnError, FeelError
from .nodes import TypeName
from .runtime import Run
from .temporal import MIDNIGHT_UTC, FeelDate, FeelDateTime
from .temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from .values import MAX_NESTING, Function, Range, Value, Walk, kind_of

Allowed: TypeAlias = Callable[[Run, Value], "bool | None"]
"""Whether a value meets an item definition's allowed values."""


class FeelType:
    """Base of all types; this one is `Any`."""

    name = "Any"

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        """Whether a value that is not null is of this type. Null conforms to every type."""
        return True

    def member(self, name: str) -> FeelType | None:
        """The type of a context's member, if known."""
        return None

    def narrow(self, run: Run, value: Value) -> None:
        """Raises FeelError when allowed values are given and `value` is none of them."""


@dataclass(frozen=True)
class SimpleType(FeelType):
    name: str

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        return kind_of(value) == self.name


@dataclass(frozen=True)
class ListType(FeelType):
    element: FeelType
    name: str = "list"

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        if not isinstance(value, list):
            return False
        walk = walk or Walk()
        walk.step(len(value))
        return all(conforms(self.element, entry, walk) for entry in value)

    def narrow(self, run: Run, value: Value) -> None:
        if isinstance(value, list):
            for entry in value:
                if entry is not None:
                    self.element.narrow(run, entry)


@dataclass(frozen=True)
class ContextType(FeelType):
    members: Mapping[str, FeelType]
    name: str = "context"

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        if not isinstance(value, dict):
            return False
        walk = walk or Walk()
        walk.step(len(self.members))
        return all(
            name in value and conforms(kind, value[name], walk)
            for name, kind in self.members.items()
        )

    def member(self, name: str) -> FeelType | None:
        return self.members.get(name)

    def narrow(self, run: Run, value: Value) -> None:
        if isinstance(value, dict):
            for name, kind in self.members.items():
                if value.get(name) is not None:
                    kind.narrow(run, value[name])


@dataclass(frozen=True)
class RangeType(FeelType):
    element: FeelType
    name: str = "range"

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        if not isinstance(value, Range):
            return False
        ends = [end for end in (value.start, value.end) if end is not None]
        return all(conforms(self.element, end, walk) for end in ends)


@dataclass(frozen=True)
class FunctionType(FeelType):
    """`parameters` is None when any function will do."""

    parameters: tuple[FeelType, ...] | None
    result: FeelType = field(default_factory=FeelType)
    name: str = "function"

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        if not isinstance(value, Function):
            return False
        return self.parameters is None or len(value.parameters) == len(self.parameters)


class NamedType(FeelType):
    """An item definition: another type under a name, perhaps with allowed values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.base: FeelType = FeelType()
        self.allowed: Allowed | None = None
        self.allowed_text = ""

    def conforms(self, value: Value, walk: Walk | None = None) -> bool:
        return self.base.conforms(value, walk)

    def member(self, name: str) -> FeelType | None:
        return self.base.member(name)

    def narrow(self, run: Run, value: Value) -> None:
        self.base.narrow(run, value)
        if self.allowed is not None and self.allowed(run, value) is not True:
            raise FeelError(f"the value is not one that {self.name} allows: {self.allowed_text}")


def conforms(kind: FeelType, value: Value, walk: Walk | None = None) -> bool:
    """Null conforms to every type (DMN 10.3.2.9.2)."""
    return value is None or kind.conforms(value, walk)


def is_list_type(kind: FeelType) -> bool:
    while isinstance(kind, NamedType):
        kind = kind.base
    return isinstance(kind, ListType)


def coerce(kind: FeelType, value: Value, run: Run, what: str) -> Value:
    """The value as this type wants it: itself, out of or into a one-element list, or a date as
    a date and time. Raises FeelError naming `what` when it does not conform."""
    if value is None or type(kind) is FeelType:
        return value
    if not kind.conforms(value):
        value = _converted(kind, value, what)
    kind.narrow(run, value)
    return value


def _converted(kind: FeelType, value: Value, what: str) -> Value:
    if isinstance(value, list) and len(value) == 1 and conforms(kind, value[0]):
        return value[0]
    if not isinstance(value, list) and is_list_type(kind) and kind.conforms([value]):
        return [value]
    if isinstance(value, FeelDate):
        moment = FeelDateTime(value, MIDNIGHT_UTC)
        if kind.conforms(moment):
            return moment
    raise FeelError(f"{what} must be {kind.name}, but is {kind_of(value)}")


_READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}


def from_text(kind: FeelType, value: Value, depth: int = 0) -> Value:
    """JSON has no dates: where a temporal value is declared, its ISO text is read as one.

    Text that is none is left as it is; the check of the type then says so.
    """
    while isinstance(kind, NamedType):
        kind = kind.base
    if depth > MAX_NESTING:
        return value
    if isinstance(value, str):
        reader = _READERS.get(kind.name) if isinstance(kind, SimpleType) else None
        try:
            return value if reader is None else reader(value)
        except FeelError:
            return value
    if isinstance(kind, ListType) and isinstance(value, list):
        return [from_text(kind.element, entry, depth + 1) for entry in value]
    if isinstance(kind, ContextType) and isinstance(value, dict):
        members = {
            name: from_text(member, value[name], depth + 1)
            for name, member in kind.members.items()
            if name in value
        }
        return {**value, **members}
    return value


ANY = FeelType()
_SIMPLE = {
    name: SimpleType(name)
    for name in (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    )
}
_OTHER_SPELLINGS = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "day time duration": "days and time duration",
    "integer": "number",
    "long": "number",
    "double": "number",
}
BUILT_IN: Mapping[str, FeelType] = {
    **_SIMPLE,
    **{other: _SIMPLE[name] for other, name in _OTHER_SPELLINGS.items()},
    "Any": ANY,
    "any": ANY,
    "list": ListType(ANY),
    "context": ContextType({}),
    "range": RangeType(ANY),
    "function": FunctionType(None),
}


class UnknownTypeError(DmnError):
    """No type of that name is built in or defined in the model."""


def type_of(written: TypeName, known: Mapping[str, FeelType]) -> FeelType:
    """The type that a text names. Raises UnknownTypeError."""
    if written.name == "function" and written.result is not None:
        parameters = tuple(type_of(argument, known) for argument in written.arguments)
        return FunctionType(parameters, type_of(written.result, known))
    if written.members:
        return ContextType({name: type_of(kind, known) for name, kind in written.members})
    if written.arguments:
        element = type_of(written.arguments[0], known)
        return ListType(element) if written.name == "list" else RangeType(element)
    found = known.get(written.name) or BUILT_IN.get(written.name)
    if found is None:
        raise UnknownTypeError(f"there is no type {written.name!r}")
    return found
