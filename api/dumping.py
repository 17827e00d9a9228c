"""Turning what verbs answer into JSON-able data: what marshmallow does, planned once a schema.

marshmallow looks at every field of every object anew (how to reach the value, whether there are
hooks, defaults, keys of another name); a list of a hundred tasks has two thousand of them. What a
field does with a value is still the field's own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import fields

_ABSENT: Any = object()
_AS_IT_IS: Mapping[Any, type] = {
    fields.String._serialize: str,
    fields.Number._serialize: int,
}
"""What a field of the library's own kind would give back unchanged."""


class Plan:
    """How the objects of one schema go out. The schema has no hooks."""

    def __init__(self, schema: ma.Schema) -> None:
        self._steps = [_Step(name, field) for name, field in schema.dump_fields.items()]
        own = type(schema).get_attribute is not ma.Schema.get_attribute
        self._own: Callable[[Any, str, Any], Any] | None = schema.get_attribute if own else None

    def dump(self, answered: Any) -> dict[str, Any]:
        """One object, or a mapping, field by field."""
        dumped: dict[str, Any] = {}
        reach = self._own or (dict.get if isinstance(answered, dict) else getattr)
        for step in self._steps:
            value = reach(answered, step.name, _ABSENT)
            if value is _ABSENT:
                value = step.default
                if value is ma.missing:
                    continue
            dumped[step.key] = value if type(value) is step.plain else step.serialize(value)
        return dumped


class _Step:
    """One field."""

    __slots__ = ("default", "key", "name", "plain", "serialize")

    def __init__(self, name: str, field: fields.Field[Any]) -> None:
        self.name = field.attribute or name
        if "." in self.name or not field._CHECK_ATTRIBUTE or callable(field.dump_default):
            raise TypeError(f"A plan cannot dump the field {name}: {field!r}")
        self.key = field.data_key or name
        self.default = field.dump_default
        as_string = getattr(field, "as_string", False)
        self.plain = None if as_string else _AS_IT_IS.get(type(field)._serialize)
        self.serialize: Callable[[Any], Any] = partial(field._serialize, attr=name, obj=None)
