"""What a reader of reports may see: from an actor, a period and an office to a scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from engine import access
from engine.access import Verb
from engine.clock import TIMEZONE, today
from engine.errors import Invalid, NotFound
from engine.records import Actor
from engine.wording import Text
from journey.store.reports import Scope


@dataclass(frozen=True)
class Reader:
    """Somebody who may see reports.

    `totals_only`: no lists, and small counts are hidden. `partner`: an employment office, which
    sees the people referred to it.
    """

    actor: Actor
    totals_only: bool
    partner: bool
    everywhere: bool

    @property
    def offices(self) -> frozenset[str] | None:
        """The branches within which the reader may choose one; None: all."""
        return None if self.everywhere else _branches(self.actor)


def reader_of(actor: Actor) -> Reader:
    """Raises `Forbidden` for who may see no figures at all."""
    if not access.may(actor, Verb.REPORT_SEE):
        access.require(actor, Verb.REPORT_COUNTS)
        return Reader(actor, totals_only=True, partner=False, everywhere=True)
    units = access.visible_units(actor, Verb.REPORT_SEE)
    if isinstance(units, access.Units):
        return Reader(actor, totals_only=False, partner=False, everywhere=True)
    partner = bool(units) and not _branches(actor)
    return Reader(actor, totals_only=False, partner=partner, everywhere=False)


def scope_of(
    reader: Reader,
    first_day: date | None,
    last_day: date | None,
    unit: str | None = None,
    now: datetime | None = None,
) -> Scope:
    """The rows that count for the reader on these days in Amman, both included; None leaves an end
    open. `unit` narrows it to one branch. Raises `Invalid`, and `NotFound` for a branch that the
    reader does not see."""
    if first_day is not None and last_day is not None and last_day < first_day:
        raise Invalid(
            Text("تنتهي الفترة قبل أن تبدأ.", "The period ends before it begins."),
            {"to": [Text("قبل بداية الفترة.", "Before the period begins.")]},
        )
    # No midnight follows the last day of the calendar.
    following = None if last_day in (None, date.max) else last_day + timedelta(days=1)
    scope = Scope(
        _midnight(first_day) if first_day is not None else None,
        _midnight(following) if following is not None else None,
        first_day,
        last_day,
        now=now,
        today=today(now) if now is not None else None,
    )
    scope = _narrowed(scope, reader)
    if unit is None:
        return scope
    if (
        not unit.startswith("naf:")
        or reader.partner
        or (reader.offices is not None and unit not in reader.offices)
    ):
        raise NotFound(
            Text("لا يوجد هذا الفرع، أو ليس لك أن تراه.", "There is no such branch for you to see.")
        )
    return replace(scope, branches=frozenset({unit}))


def _narrowed(scope: Scope, reader: Reader) -> Scope:
    if reader.everywhere:
        return scope
    if reader.partner:
        scope = replace(scope, referred_to=reader.actor.units)
    else:
        scope = replace(scope, branches=_branches(reader.actor))
    if access.own_work_only(reader.actor, Verb.REPORT_SEE):
        scope = replace(scope, actor=reader.actor.username)
    return scope


def _branches(actor: Actor) -> frozenset[str]:
    return frozenset(unit for unit in actor.units if unit.startswith("naf:"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), TIMEZONE)
