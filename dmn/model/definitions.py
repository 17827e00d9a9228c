"""A DMN file that was read: its decisions, ready to be evaluated."""

from __future__ import annotations

import datetime as py
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Diagnostic, UnknownDecisionError
from ..feel_types import FeelType
from ..runtime import Frame, MatchedRule, Names, Run, guarded
from ..values import Value, from_json
from .requirements import (
    DecisionNode,
    Part,
    Service,
    ServiceFunction,
    Session,
)


@dataclass(frozen=True)
class DecisionResult:
    """`matched` lists the rules that made the result, in the order of evaluation."""

    value: Value
    diagnostics: tuple[Diagnostic, ...]
    matched: tuple[MatchedRule, ...]


@dataclass(frozen=True)
class TableInfo:
    """The shape of a decision table. Labels are the editor's column titles."""

    hit_policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rule_count: int


@dataclass(frozen=True)
class Decision:
    """`names` are read from the caller's context by this decision and all that it requires.

    `table` is None when the decision is no decision table.
    """

    id: str
    name: str
    names: frozenset[str]
    table: TableInfo | None
    node: DecisionNode


@dataclass(frozen=True)
class DecisionService:
    """`names` are its inputs."""

    id: str
    name: str
    names: tuple[str, ...]
    service: Service


@dataclass(frozen=True, eq=False)
class Definitions:
    """The content of one DMN file. `elements` are all its parts by id."""

    id: str
    name: str
    namespace: str
    decisions: Mapping[str, Decision]
    services: Mapping[str, DecisionService]
    types: Mapping[str, FeelType]
    elements: Mapping[str, Part]

    def decision(self, id_or_name: str) -> Decision:
        """Raises UnknownDecisionError (a DmnError and a KeyError)."""
        found = self.decisions.get(id_or_name)
        if found is not None:
            return found
        for decision in self.decisions.values():
            if decision.name == id_or_name:
                return decision
        known = ", ".join(sorted(d.id for d in self.decisions.values())) or "none"
        raise UnknownDecisionError(
            f"{self.name or self.id}: there is no decision {id_or_name!r}; known are: {known}"
        )

    def service(self, id_or_name: str) -> DecisionService:
        """Raises UnknownDecisionError."""
        for service in self.services.values():
            if id_or_name in (service.id, service.name):
                return service
        raise UnknownDecisionError(
            f"{self.name or self.id}: there is no decision service {id_or_name!r}"
        )

    def evaluate(
        self,
        id_or_name: str,
        context: Mapping[str, object],
        *,
        now: py.datetime | None = None,
    ) -> DecisionResult:
        """Evaluates a decision and what it requires.

        What goes wrong inside is null and a Diagnostic. `context` may hold plain JSON; where input
        data is declared as a date, time or duration, ISO text is read as one. Raises
        UnknownDecisionError only.
        """
        node = self.decision(id_or_name).node
        run = Run(now)

        def decide(f: Frame) -> Value:
            return Session(run, context).decide(node)

        value = guarded(decide, Frame(run, Names(context), {}), node.name)
        return DecisionResult(value, tuple(run.notes), tuple(run.matched))

    def evaluate_service(
        self,
        id_or_name: str,
        context: Mapping[str, object],
        *,
        now: py.datetime | None = None,
    ) -> DecisionResult:
        """Evaluates a decision service with its inputs from `context`. Raises
        UnknownDecisionError only."""
        found = self.service(id_or_name)
        run = Run(now)

        def decide(f: Frame) -> Value:
            function = ServiceFunction(found.service)
            arguments = [from_json(context.get(name)) for name in function.parameters]
            return function.call(run, arguments)

        value = guarded(decide, Frame(run, Names(context), {}), found.name)
        return DecisionResult(value, tuple(run.notes), tuple(run.matched))
