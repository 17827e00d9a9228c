"""How good a vacancy is: its last quality check, and its wage beside the minimum wage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.clock import today
from engine.errors import NotFound
from journey.records import RegistryRow

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.records import Actor

_PARAMETERS = "parameters"


@dataclass(frozen=True)
class VacancyState:
    """What a reader should know before a client is sent there."""

    result: str | None
    """Of the last check; None when there was none."""
    valid_until: date | None
    is_current: bool
    """Whether the check still holds."""
    wage: float
    minimum_wage: float | None

    @property
    def below_minimum(self) -> float:
        """How much the wage lacks to the minimum wage; 0 when nothing, or when none is known."""
        return max(0.0, (self.minimum_wage or 0.0) - self.wage)


def state_of(row: RegistryRow, on: date, minimum_wage: float | None) -> VacancyState:
    """How a vacancy stands on a day."""
    until = row.values["check_valid_until"]
    return VacancyState(
        result=row.values["vacancy_admissible"],
        valid_until=until,
        is_current=until is not None and until >= on,
        wage=float(row.values["offered_wage_jod"]),
        minimum_wage=minimum_wage,
    )


def minimum_wage(engine: Engine, actor: Actor) -> float | None:
    """The minimum wage today as the published table of parameters has it, in dinars a month.
    Raises `Forbidden`."""
    day = today(engine.clock.now())
    try:
        answer = engine.deployments.answer_of(actor, _PARAMETERS, {"as_of": day.isoformat()})
    except NotFound:
        return None
    wage = answer.get("minimum_wage_jod_month") if isinstance(answer, Mapping) else None
    return float(wage) if isinstance(wage, Decimal | int | float) else None
