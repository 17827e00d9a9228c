"""Variables in the reference: looked up along the tokens around, not in a tree of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bpmn.model import Kind, Value
from dmn import to_json
from tests.bpmn.reference_tokens import Halt, Token

FIXED: Mapping[str, Any] = {"case": {"id": "c1"}}


class Variables:
    """The variables of a case: its own in `case`, all others on their tokens."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.case = dict(variables)

    def around(self, token: Token | None) -> Iterator[tuple[dict[str, Any], Token | None]]:
        """The variables that can be seen from the token, innermost first; nothing sees out of a
        called process."""
        while token is not None:
            if token.own is not None:
                yield token.own, token
                if token.element.kind == Kind.CALL_ACTIVITY and not token.is_loop:
                    return
            token = token.room.host
        yield self.case, None

    def visible(self, token: Token | None) -> dict[str, Any]:
        layers = [values for values, _ in self.around(token)]
        return {name: value for layer in reversed(layers) for name, value in layer.items()}

    def write(self, token: Token | None, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            layers = list(self.around(token))
            into, owner = next(((v, o) for v, o in layers if name in v), layers[-1])
            into[name] = value
            if owner is not None and name not in owner.changed:
                owner.changed.append(name)

    def value(self, value: Value, token: Token, more: Mapping[str, Any] = FIXED) -> Any:
        if value.expression is None:
            return value.text
        seen = {**self.visible(token), **FIXED, **more}
        context = {name: seen.get(name) for name in value.possible_names}
        found = value.expression.evaluate(context)
        if found.value is None and found.diagnostics:
            raise Halt("expression")
        return to_json(found.value)
