"""Timers: fires what is due, one transaction each, so that every timer fires exactly once.

Claiming the case, the step and the commit are one transaction: a process that dies in the middle
leaves the timer as it was. Any number of schedulers may call `fire_due` at the same time.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from bpmn import TimerCleared
from engine.clock import SimulatedClock
from engine.commands import Commands
from engine.commit import StaleCase
from engine.errors import KeyDestroyed, Unavailable
from engine.fact_rows import incident_row
from engine.fault_frames import fault_line
from engine.identifiers import part_id
from engine.open_case import RUNNING, Change, OpenCase
from engine.parts import back_off
from engine.records import SYSTEM
from engine.store import incidents, timer_in_case, timers
from engine.store.timers import TimerRow
from engine.store.transaction import Transaction

TOGETHER = 50
"""How many timers share a commit: on SQLite a writer waits meanwhile, some 60 milliseconds."""

_log = logging.getLogger(__name__)


class Timers:
    """Fires timers."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def fire_due(self, limit: int = 100) -> int:
        """Fire what is due by the clock, soonest due first, at most `limit`; how many were
        tried. A case that cannot go on becomes an incident and keeps nobody else waiting.

        Many timers share one commit. When one of them cannot fire, none of that commit's has,
        and they are fired one by one.
        """
        tried = 0
        while tried < limit and self._any_due():
            together = min(TOGETHER, limit - tried)
            fired = self._fire_together(together)
            if fired is None:
                fired = 0
                while fired < together and self.fire_next():
                    fired += 1
            if not fired:
                break
            tried += fired
        return tried

    def fire_next(self, target: datetime | None = None) -> bool:
        """Fire the one timer that is due first; False when none is due.

        With `target` the simulated clock decides: what is due by then fires, the clock moving to
        its due time in the same transaction.
        """
        claimed: list[TimerRow] = []
        try:
            with self._parts.database.transaction() as transaction:
                return self._fire_first(transaction, target, claimed)
        except StaleCase:
            return True
        except Unavailable:
            raise
        except Exception as error:
            if not claimed:
                raise
            _log.error(
                "A timer of case %s cannot fire: %s", claimed[0].instance_id, fault_line(error)
            )
            self._put_off(claimed[0], error)
            return True

    def fire(self, case: OpenCase, row: TimerRow) -> None:
        """One timer of an open case. Raises what the step raises."""

        def decide(case: OpenCase) -> Change:
            step = case.live.fire_timer(row.key, case.services)
            if row.failures:
                incidents.resolve(case.transaction, _incident_id(row), case.now)
            cleared = any(
                isinstance(fact, TimerCleared) and fact.key == row.key for fact in step.facts
            )
            return Change(
                step=step,
                element_id=row.element_id,
                details={"due": row.due_at.isoformat()},
                also=None if cleared else lambda: _drop(case.transaction, row),
            )

        self._commands.give(case, "timer", decide, lambda done: None)

    def _fire_first(
        self, transaction: Transaction, target: datetime | None, claimed: list[TimerRow]
    ) -> bool:
        clock = self._parts.clock
        now = clock.now(transaction)
        row = timers.claim_due(
            transaction, target or now, self._parts.system_now(), wait=target is not None
        )
        if row is None:
            return False
        claimed.append(row)
        if isinstance(clock, SimulatedClock) and row.due_at > now:
            clock.advance(transaction, row.due_at)
            now = row.due_at
        case = self._commands.check_out(transaction, SYSTEM, row.instance_id, now=now)
        self._fire_claimed(case, row)
        return True

    def _fire_together(self, at_most: int) -> int | None:
        """Fire what is due, at most so many, in one transaction; how many fired. None when one of
        them could not and nothing was done."""
        try:
            with self._parts.database.transaction() as transaction:
                now = self._parts.clock.now(transaction)
                claimed = timer_in_case.claim(transaction, now, self._parts.system_now(), at_most)
                for one in claimed:
                    self._parts.keyring.know(transaction, one.case.owner, one.wrapped)
                    case = self._commands.open(transaction, SYSTEM, one.case, now)
                    self._fire_claimed(case, one.timer)
                return len(claimed)
        except Unavailable:
            raise
        except Exception as error:
            _log.debug("Timers are fired one by one: %s", fault_line(error))
            return None

    def _fire_claimed(self, case: OpenCase, row: TimerRow) -> None:
        if case.row.status not in RUNNING:
            timers.delete(case.transaction, row.instance_id, [row.key])
            return
        self.fire(case, row)

    def _any_due(self) -> bool:
        with self._parts.database.glance() as transaction:
            now = self._parts.clock.now(transaction)
            return timers.next_due(transaction, now, self._parts.system_now()) is not None

    def _put_off(self, row: TimerRow, error: Exception) -> None:
        """Try again later, and say so in an incident the first time. A case that cannot even hold
        an incident (its diagram cannot be read any more) is put off all the same: it keeps nobody
        else waiting."""
        try:
            self._commands.transact(lambda tx: self._wait(tx, row, error, tell=True))
        except Unavailable:
            raise
        except Exception as further:
            _log.error("Case %s takes no incident: %s", row.instance_id, fault_line(further))
            self._commands.transact(lambda tx: self._wait(tx, row, error, tell=False))

    def _wait(
        self, transaction: Transaction, row: TimerRow, error: Exception, *, tell: bool
    ) -> None:
        case = self._commands.check_out(transaction, SYSTEM, row.instance_id)
        current = timers.find(transaction, row.instance_id, row.key)
        if current is None:
            return
        if isinstance(error, KeyDestroyed):
            timers.delete(transaction, row.instance_id, [row.key])  # the person was erased
            return
        retry_at = self._parts.system_now() + back_off(current.failures)
        timers.put_off(transaction, current, retry_at)
        known = incidents.find(transaction, _incident_id(row))
        fresh = known is None or known.resolved_at is not None
        if tell and fresh and case.row.status in RUNNING:
            self._report(case, row, error)

    def _report(self, case: OpenCase, row: TimerRow, error: Exception) -> None:
        opened = incident_row(
            case,
            key=_incident_key(row),
            origin="timer",
            element_id=row.element_id,
            kind="timer",
            message="The timer is due but the case cannot go on; it is tried again.",
            diagnostics=(f"{type(error).__name__}: {error}",),
        )
        change = Change(
            element_id=row.element_id,
            details={"due": row.due_at.isoformat()},
            stuck=True,
            also=lambda: incidents.open(case.transaction, opened),
        )

        def nothing(_done: Any) -> None:
            return None

        self._commands.give(case, "incident", lambda _case: change, nothing)


def _drop(transaction: Transaction, row: TimerRow) -> None:
    """A timer that fired and is still as it was would fire for ever."""
    if timers.find(transaction, row.instance_id, row.key) == row:
        timers.delete(transaction, row.instance_id, [row.key])


def _incident_key(row: TimerRow) -> str:
    return f"timer-{row.key}"


def _incident_id(row: TimerRow) -> str:
    return part_id(row.instance_id, _incident_key(row))
