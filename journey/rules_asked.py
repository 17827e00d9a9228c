"""What the rules that a command asked say about the case: read off its facts, as the diagrams name
the rules and their results."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from bpmn import DecisionEvaluated
from engine.ports import Outcome
from journey import fields


def of_case(outcome: Outcome) -> dict[str, Any]:
    """What the rules that were asked say about the case: the rule of readiness itself, and the
    minimum wage that it reckoned with."""
    values: dict[str, Any] = {}
    for fact in outcome.facts:
        if not isinstance(fact, DecisionEvaluated):
            continue
        if fact.decision_id == "job_readiness":
            values["readiness_rule"] = fact.decision_hash
        elif fact.decision_id == "parameters" and isinstance(fact.value, Mapping):
            with contextlib.suppress(fields.Unfit):
                wage = fields.amount(fact.value.get("minimum_wage_jod_month"))
                values["minimum_wage_jod"] = wage
    return values


def admissible(outcome: Outcome) -> str | None:
    """The result of the vacancy's quality check, if the rule was asked."""
    for fact in outcome.facts:
        if isinstance(fact, DecisionEvaluated) and fact.decision_id == "vacancy_admissibility":
            result = fact.value
            if isinstance(result, Mapping):
                result = result.get("vacancy_admissible")
            return result if isinstance(result, str) else None
    return None
