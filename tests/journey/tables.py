"""Asks the shipped decision tables, on a fixed day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dmn import DecisionResult, to_json
from tests.journey.journey_case import AMMAN, decisions

NOW = datetime(2026, 1, 4, 10, 0, tzinfo=AMMAN)


def ask(decision: str, facts: Mapping[str, Any]) -> DecisionResult:
    """The answer of a shipped decision on 4 January 2026."""
    answer = decisions()[decision].evaluate(decision, facts, now=NOW)
    assert answer.value is not None, answer.diagnostics
    return answer


def value(decision: str, facts: Mapping[str, Any]) -> Any:
    """The answer as the case stores it."""
    return to_json(ask(decision, facts).value)


def rules(decision: str, facts: Mapping[str, Any]) -> list[int]:
    """Numbers of the matched rules of exactly this table."""
    return [m.rule_index for m in ask(decision, facts).matched if m.decision_id == decision]


def parameters(as_of: str = "2026-01-04") -> dict[str, Any]:
    found: dict[str, Any] = value("parameters", {"as_of": as_of})
    return found
