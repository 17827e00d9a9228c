"""Many clients of the service in the field test's proportions, one cohort after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from app import Product
from benchmarks.measuring import span, traffic
from engine.errors import EngineError
from engine.records import SYSTEM
from journey import pilot
from journey.pilot import Pilot, Step
from journey.pilot_answers import Line

START = pilot.START
_WEEK = timedelta(days=7)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNMOVED = frozenset({"date_of_birth"})


@dataclass(frozen=True)
class Cohorts:
    """The lines of the field test again and again, spread over so many weeks. Whole weeks keep
    every date on its day of the week; people get numbers of their own."""

    lines: Sequence[Line]
    number: int
    """How many cohorts."""
    weeks: int

    @property
    def persons(self) -> int:
        """How many people there are in all."""
        return len(self.lines) * self.number

    def starting_in(self, week: int) -> Iterator[list[Line]]:
        """The cohorts that begin in that week, counted from zero."""
        for cohort in range(self.number):
            if cohort * self.weeks // self.number == week:
                yield [self._again(line, cohort, week) for line in self.lines]

    def _again(self, line: Line, cohort: int, week: int) -> Line:
        number = cohort * len(self.lines) + int(line["person_no"])
        moved = {
            name: text if name in _UNMOVED else _DAY.sub(lambda m: _later(m[0], week), text)
            for name, text in line.items()
        }
        return {**moved, "person_no": str(number), "national_id": f"{number:010d}"}


def _later(day: str, weeks: int) -> str:
    return (date.fromisoformat(day) + weeks * _WEEK).isoformat()


@dataclass
class Walk:
    """Plays cohorts through the verbs of the people who take part."""

    product: Product
    counting: bool = False
    """Count statements and commits, which costs some time of its own."""
    taken: list[float] = field(default_factory=list)
    """Seconds of each step."""
    statements: list[int] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Steps that were refused; what the person would have done next is left out."""

    def through(
        self, cohorts: Cohorts, progress: Callable[[int, int], None], until: datetime | None = None
    ) -> None:
        """Play everything in the order of time, and let the clock go on to `until`."""
        waiting: list[tuple[datetime, int, Step, Pilot]] = []
        order = count()
        week = 0
        gone = 0
        lost: set[str] = set()
        while waiting or week < cohorts.weeks:
            for lines in cohorts.starting_in(week):
                play = Pilot(self.product.engine, self.product.journey)
                for step in play.steps(lines):
                    heappush(waiting, (step.at, next(order), step, play))
            week += 1
            limit = START + week * _WEEK
            while waiting and (waiting[0][0] < limit or week >= cohorts.weeks):
                at, _number, step, _play = heappop(waiting)
                if step.line["person_no"] not in lost and not self._play(step, at):
                    lost.add(step.line["person_no"])
                gone += step.what == "open"
                progress(gone, cohorts.persons)
        if until is not None:
            self._reach(until)

    def _play(self, step: Step, at: datetime) -> bool:
        self._reach(at)
        try:
            if self.counting:
                with traffic() as seen:
                    step.act()
                self.statements.append(len(seen.statements))
                self.commits.append(seen.commits)
                return True
            with span() as one:
                step.act()
            self.taken.append(one.wall)
        except EngineError as error:
            self.failed.append(f"{step.line['person_no']}, {step.what} at {at}: {error}")
            return False
        return True

    def _reach(self, at: datetime) -> None:
        """Move the clock; everything that becomes due on the way happens."""
        engine = self.product.engine
        if at > engine.clock.now():
            engine.advance.advance(SYSTEM, target=at)
