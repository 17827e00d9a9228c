"""Expressions in a step: what they may read, and loud failure when they come to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bpmn.model import Assignment, Value
from bpmn.runtime.problem import BadValue, Stuck, shown
from bpmn.runtime.scopes import ScopeTree
from bpmn.runtime.values import assign, plain
from bpmn.services import Services
from bpmn.timers import BadTime, deadline
from dmn import to_json

MAX_TEXT = 200
"""Characters of a correlation key, unit or time to live; databases index them."""


class Visible(Mapping[str, Any]):
    """What is readable at one place: the engine's names, then `local`, then the scopes from
    `scope` outwards. Remembers in `read` which variables were asked for."""

    def __init__(
        self,
        services: Services,
        tree: ScopeTree,
        scope: str,
        local: Mapping[str, Any] | None = None,
        *,
        through_calls: bool = False,
    ) -> None:
        self._fixed = services.context
        self._layers: list[Mapping[str, Any]] = [local] if local else []
        self._layers += [
            tree.local(each) for each in tree.chain(scope, through_calls=through_calls)
        ]
        self.read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._fixed:
            return self._fixed[name]
        for layer in self._layers:
            if name in layer:
                self.read[name] = layer[name]
                return layer[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for layer in [self._fixed, *self._layers] for name in layer))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Evaluator:
    """Evaluates the values of a diagram for one step."""

    def __init__(self, services: Services, tree: ScopeTree) -> None:
        self.services = services
        self.tree = tree
        self.local_now: datetime = services.now.astimezone(services.timezone)

    def at(
        self, scope: str, local: Mapping[str, Any] | None = None, *, through_calls: bool = False
    ) -> Visible:
        """What can be read at `scope`, with `local` before it."""
        return Visible(self.services, self.tree, scope, local, through_calls=through_calls)

    def value(self, value: Value, names: Mapping[str, Any], what: str) -> Any:
        """Plain JSON. Raises Stuck when the expression fails to give a value; a null that it gives
        without complaint is a value."""
        if value.expression is None:
            return value.text
        context, missing = self._context(value, names)
        evaluation = value.expression.evaluate(context, now=self.local_now)
        if evaluation.value is None and evaluation.diagnostics:
            raise Stuck(
                "expression",
                f"The {what} could not be evaluated: {value.text}",
                (*(f"{note.message}: {note.text}" for note in evaluation.diagnostics), *missing),
            )
        try:
            result: Any = plain({"": to_json(evaluation.value)})[""]
        except (TypeError, BadValue) as error:
            raise Stuck("expression", f"The {what} gives no plain value.", (str(error),)) from None
        return result

    def required(self, value: Value, names: Mapping[str, Any], what: str) -> Any:
        """As `value`, but null is Stuck too."""
        found = self.value(value, names, what)
        if found is None:
            raise Stuck("null", f"The {what} is null: {value.text}", self._context(value, names)[1])
        return found

    def text(self, value: Value, names: Mapping[str, Any], what: str) -> str:
        """Text or a whole number as text, at most `MAX_TEXT` characters. Raises Stuck for anything
        else; what it is stands in the diagnostics, which not everybody may read."""
        found = self.required(value, names, what)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            message = f"The {what} is neither text nor a whole number: {value.text}"
            raise Stuck("type", message, (shown(found),))
        text = str(found)
        if len(text) > MAX_TEXT:
            message = f"The {what} is longer than {MAX_TEXT} characters: {value.text}"
            raise Stuck("type", message, (shown(text),))
        return text

    def condition(self, value: Value, names: Mapping[str, Any], what: str) -> bool:
        """True or false. Raises Stuck for anything else."""
        found = self.required(value, names, what)
        if not isinstance(found, bool):
            raise Stuck("condition", f"The {what} is neither true nor false: {value.text}")
        return found

    def deadline(self, value: Value | None, names: Mapping[str, Any], what: str) -> datetime | None:
        """The moment that a due or follow-up date means. Raises Stuck."""
        if value is None:
            return None
        found = self.value(value, names, what)
        if found is None:
            return None
        try:
            return deadline(str(found), self.services.now, self.services.timezone)
        except BadTime as error:
            raise Stuck("timer", f"The {what} is no date and no duration.", (str(error),)) from None

    def mappings(
        self,
        assignments: tuple[Assignment, ...],
        scope: str,
        local: Mapping[str, Any],
        what: str,
        *,
        through_calls: bool = False,
    ) -> dict[str, Any]:
        """The variables that input or output mappings make; each sees those before it."""
        made: dict[str, Any] = {}
        for assignment in assignments:
            names = self.at(scope, {**local, **made}, through_calls=through_calls)
            value = self.value(assignment.source, names, f"{what} mapping of {assignment.target}")
            root = assignment.target.split(".")[0]
            name, whole = assign(assignment.target, value, names.get(root))
            made[name] = whole
        return made

    def _context(
        self, value: Value, names: Mapping[str, Any]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The variables that the expression reads. One that does not exist yet is null."""
        context: dict[str, Any] = {}
        missing: list[str] = []
        for name in value.possible_names:
            if name in names:
                context[name] = names[name]
            else:
                context[name] = None
                missing.append(f"The variable {name} does not exist here yet.")
        return context, tuple(sorted(missing))
