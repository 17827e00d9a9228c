"""Retention: what is kept how long after a case's end, and erased then by destroying its key.

A person's key seals all of the person's cases, so a person is erased when every one of the cases
has ended and each one's time is over; a case that is about nobody has a key of its own. Chains
still verify afterwards, and counts that need no key stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bpmn.timers import BadTime, Duration, parse_duration
from engine.clock import TIMEZONE
from engine.errors import Conflict, EngineError
from engine.journal import NewEntry
from engine.parts import Parts
from engine.records import SYSTEM
from engine.store import retention as store
from engine.store.retention import Expired
from engine.store.transaction import Transaction

ERASED = "retention_erased"
"""What the entry in the journal of administration is called."""
_BATCH = 100

EraseSubject = Callable[[Transaction, str, str], None]
"""Erases a subject and what others keep of it, with a reason, in the open transaction. Raises
`Conflict` when something of the subject still goes on."""


class BadRule(EngineError):
    """A rule's time is no ISO 8601 duration of days or more, or is negative."""


@dataclass(frozen=True)
class Rules:
    """Process key → how long its cases are kept after their end. Others are kept for ever."""

    text: Mapping[str, str]
    kept: Mapping[str, Duration]

    @classmethod
    def read(cls, text: Mapping[str, str]) -> Rules:
        """Rules from ISO 8601 durations such as `P5Y`. Raises `BadRule`."""
        return cls(dict(text), {key: _duration(key, value) for key, value in text.items()})

    def ended_before(self, now: datetime) -> dict[str, datetime]:
        """Process key → a case that ended by then need not be kept at `now`."""
        moments = {}
        for key, kept in self.kept.items():
            back = Duration(-kept.months, -kept.days, -kept.clock)
            try:
                moments[key] = back.after(now, TIMEZONE)
            except BadTime:
                continue  # before the calendar began: nothing is that old
        return moments


class Retention:
    """Finds what need not be kept and erases it."""

    def __init__(self, parts: Parts, rules: Rules, erase_subject: EraseSubject) -> None:
        self._parts = parts
        self._rules = rules
        self._erase_subject = erase_subject

    def due(self) -> Iterator[Expired]:
        """Everything that would be erased now."""
        after = ""
        while True:
            with self._parts.database.reading() as tx:
                found = store.expired(tx, self._moments(tx), after=after, limit=_BATCH)
            yield from found
            if len(found) < _BATCH:
                return
            after = found[-1].owner

    def erase(self, limit: int = _BATCH, after: str = "") -> Erased:
        """Erase at most `limit` owners after `after`, one transaction each with its entry in the
        journal of administration. Doing it again goes on where it stopped; any number of
        processes may."""
        with self._parts.database.reading() as tx:
            found = store.expired(tx, self._moments(tx), after=after, limit=limit)
        erased: list[str] = []
        kept: list[str] = []
        for one in found:
            try:
                if self._erase(one.owner):
                    erased.append(one.owner)
            except Conflict:
                kept.append(one.owner)  # something outside its cases goes on
        last = found[-1].owner if len(found) == limit else None
        return Erased(tuple(erased), tuple(kept), last)

    def _erase(self, owner: str) -> bool:
        """False when there is nothing to do any more, or not yet: things may have moved on."""
        parts = self._parts
        with parts.database.transaction() as tx:
            tx.lock(f"retention:{owner}")
            found = store.expired(tx, self._moments(tx), owner=owner)
            if not found:
                return False
            (expired,) = found
            cases = store.cases_of(tx, owner)
            parts.journal.append_admin(tx, self._entry(tx, expired))
            if expired.subject is None:
                parts.keyring.destroy(tx, owner)
            else:
                self._erase_subject(tx, expired.subject, self._reason(expired))
            for case in cases:
                tx.after_commit(partial(parts.live.forget, case))
        return True

    def _entry(self, tx: Transaction, expired: Expired) -> NewEntry:
        rules: dict[str, Any] = {key: self._rules.text[key] for key in expired.processes}
        return NewEntry(
            at=self._parts.clock.now(tx),
            actor=SYSTEM.username,
            kind=ERASED,
            header={"rules": rules, "cases": expired.cases},
            data={"owner": expired.owner, "last_ended_at": expired.last_ended_at.isoformat()},
        )

    def _reason(self, expired: Expired) -> str:
        rules = ", ".join(f"{key} {self._rules.text[key]}" for key in expired.processes)
        return f"retention: {rules}"

    def _moments(self, tx: Transaction) -> Mapping[str, datetime]:
        return self._rules.ended_before(self._parts.clock.now(tx))


@dataclass(frozen=True)
class Erased:
    """What one batch did."""

    owners: tuple[str, ...]
    kept: tuple[str, ...]
    """Owners that could not be erased: something of theirs still goes on."""
    last: str | None
    """After which owner the next batch begins; None when this was the last one."""


def _duration(key: str, text: str) -> Duration:
    try:
        kept = parse_duration(text)
    except BadTime as error:
        raise BadRule(f"retention of {key}: {error}, such as P5Y or P6M.") from error
    if kept.months < 0 or kept.days < 0 or kept.clock or not (kept.months or kept.days):
        raise BadRule(f"retention of {key}: {text} must be at least a day, in days or more.")
    return kept
