"""Timers that are due, together with their cases and the cases' keys: what firing many reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store import cases, timers
from engine.store.cases import CaseRow, process_instance
from engine.store.keys import data_key
from engine.store.statement import Statement
from engine.store.timers import TimerRow, timer
from engine.store.transaction import Transaction

_CASE = tuple(column.name for column in process_instance.c)
_TIMER = tuple(column.name for column in timer.c)

# The case is locked, never the timer: see `timers`.
_CLAIM = Statement(
    timers.due(
        sa.select(
            *(timer.c[name].label(f"timer_{name}") for name in _TIMER),
            *(process_instance.c[name].label(f"case_{name}") for name in _CASE),
            data_key.c.wrapped,
        )
        .join_from(timer, process_instance, timer.c.instance_id == process_instance.c.id)
        .join(data_key, data_key.c.owner == process_instance.c.owner, isouter=True)
    ).with_for_update(of=process_instance, skip_locked=True)
)


@dataclass(frozen=True)
class TimerInCase:
    """A timer that is due, and its case."""

    timer: TimerRow
    case: CaseRow
    wrapped: bytes | None
    """The wrapped data key of the case's owner; None when it has none, or none any more."""


def claim(
    transaction: Transaction, now: datetime, system_now: datetime, at_most: int
) -> list[TimerInCase]:
    """Timers that are due, at most so many, soonest due first: of each case only the first, since
    firing it changes the case. The cases are held until the transaction ends; those that others
    hold are passed over (PostgreSQL; a writing transaction of SQLite is alone anyway)."""
    values = {"now": now, "system_now": system_now, "at_most": at_most}
    first: dict[str, TimerInCase] = {}
    for row in _CLAIM.rows(transaction, values):
        first.setdefault(
            row["case_id"],
            TimerInCase(
                TimerRow(**{name: row[f"timer_{name}"] for name in _TIMER}),
                cases.row_of({name: row[f"case_{name}"] for name in _CASE}),
                row["wrapped"],
            ),
        )
    # Another scheduler may have fired one between the reading and the locking of its case.
    still = set(timers.of_cases(transaction, list(first))) if first else set()
    return [claimed for claimed in first.values() if claimed.timer in still]
