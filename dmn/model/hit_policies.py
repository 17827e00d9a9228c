"""Hit policies (DMN 8.2.10): what a table gives when rules match."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from ..comparison import equals, order
from ..errors import FeelError
from ..values import NUMBERS, Value
from .workshop import Workshop
from .xml import Element, attribute


class HitPolicy(Enum):
    UNIQUE = "UNIQUE"  # one rule at most may match
    ANY = "ANY"  # several may match if they agree
    PRIORITY = "PRIORITY"  # the match whose output comes first in the output values
    FIRST = "FIRST"  # the first match in the order of the rules
    RULE_ORDER = "RULE ORDER"  # all matches in the order of the rules
    OUTPUT_ORDER = "OUTPUT ORDER"  # all matches in the order of the output values
    COLLECT = "COLLECT"  # all matches, or their sum, least, greatest or number


_AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


@dataclass(frozen=True)
class Policy:
    kind: HitPolicy
    aggregation: str = ""

    @property
    def stops_at_first(self) -> bool:
        return self.kind is HitPolicy.FIRST

    @property
    def without_match(self) -> Callable[[], Value] | None:
        """What policies of many hits give for none; None where that is null and a problem."""
        if self.kind is HitPolicy.COLLECT and self.aggregation:
            return (lambda: Decimal(0)) if self.aggregation == "COUNT" else None
        many = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
        return list if self.kind in many else None


@dataclass(frozen=True)
class Hit:
    rule: int
    value: Value


@dataclass(frozen=True)
class Choice:
    """The table's value, the rules (from 1) that made it, and what is wrong, if anything."""

    value: Value
    rules: tuple[int, ...]
    problem: str = ""


_Priorities = list[list[Callable[..., "bool | None"]]]


def read_policy(workshop: Workshop, table: Element, outputs: int) -> Policy:
    """A finding, and UNIQUE, when the policy is not one of DMN's."""
    name, aggregation = attribute(table, "hitPolicy"), attribute(table, "aggregation")
    try:
        kind = HitPolicy(name or "UNIQUE")
    except ValueError:
        _wrong(workshop, table, f"the hit policy {name!r} is not one of DMN's")
        return Policy(HitPolicy.UNIQUE)
    if kind is not HitPolicy.COLLECT:
        return Policy(kind)
    if aggregation not in _AGGREGATIONS:
        _wrong(workshop, table, f"the aggregation {aggregation!r} is not one of DMN's")
        return Policy(kind)
    if aggregation and outputs > 1:
        _wrong(workshop, table, "a table of several outputs cannot be aggregated")
    return Policy(kind, aggregation)


def _wrong(workshop: Workshop, table: Element, message: str) -> None:
    workshop.finding(table, "hit-policy", message, "Choose another hit policy.")


def choose(  # noqa: PLR0911 - one return per policy
    policy: Policy, hits: list[Hit], priorities: Callable[[], _Priorities]
) -> Choice:
    """The outcome of at least one hit."""
    rules = tuple(hit.rule for hit in hits)
    if policy.kind is HitPolicy.UNIQUE and len(hits) > 1:
        named = " and ".join(str(rule) for rule in rules)
        return Choice(None, rules, f"rules {named} match, but the hit policy is UNIQUE")
    if policy.kind is HitPolicy.ANY:
        if all(equals(hit.value, hits[0].value) is True for hit in hits[1:]):
            return Choice(hits[0].value, rules)
        named = " and ".join(str(rule) for rule in rules)
        return Choice(None, rules, f"rules {named} match and disagree; the hit policy is ANY")
    if policy.kind in (HitPolicy.UNIQUE, HitPolicy.FIRST):
        return Choice(hits[0].value, rules[:1])
    if policy.kind in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        return _by_priority(policy.kind, hits, priorities())
    values = [hit.value for hit in hits]
    if policy.kind is HitPolicy.COLLECT and policy.aggregation:
        return _aggregate(policy.aggregation, values, rules)
    return Choice(values, rules)


def _by_priority(kind: HitPolicy, hits: list[Hit], priorities: _Priorities) -> Choice:
    ranked = sorted(hits, key=lambda hit: _ranks(hit.value, priorities))
    if kind is HitPolicy.PRIORITY:
        return Choice(ranked[0].value, (ranked[0].rule,))
    return Choice([hit.value for hit in ranked], tuple(hit.rule for hit in ranked))


def _ranks(value: Value, priorities: _Priorities) -> list[int]:
    """Per output the place of its value in the output values; columns count from the left."""
    values = [value] if len(priorities) == 1 else list(value.values())
    return [_rank(entry, tests) for entry, tests in zip(values, priorities, strict=True)]


def _rank(value: Value, tests: list[Callable[..., bool | None]]) -> int:
    for place, test in enumerate(tests):
        if test(None, value) is True:
            return place
    return len(tests)


def _aggregate(aggregation: str, values: list[Value], rules: tuple[int, ...]) -> Choice:
    if aggregation == "COUNT":
        return Choice(Decimal(len(values)), rules)
    if aggregation == "SUM":
        if not all(isinstance(value, Decimal) for value in values):
            return Choice(None, rules, "the outputs to add up are not all numbers")
        return Choice(functools.reduce(NUMBERS.add, values), rules)
    try:
        return Choice(_extreme(values, -1 if aggregation == "MIN" else 1), rules)
    except FeelError as error:
        return Choice(None, rules, str(error))


def _extreme(values: list[Value], sign: int) -> Value:
    best = values[0]
    for value in values:
        compared = order(value, best)
        if compared is None:
            raise FeelError("the outputs cannot be compared with each other")
        if compared == sign:
            best = value
    return best
