"""The field test of April and May 2019, played again person by person.

The pilot file has one line a person: what was asked, answered, decided and done, and when. It is
played on a simulated clock through the verbs of the people who did it, in the order of the dates
across everybody, so that groups come from the rules and the office table from what was recorded.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

from engine.clock import TIMEZONE, SimulatedClock
from engine.engine import Engine
from engine.errors import EngineError, Invalid
from engine.records import SYSTEM, Actor, Paging, Role, Task, TaskState
from journey import pilot_answers as fill
from journey.journey import Journey
from journey.pilot_answers import Answers, Line
from journey.reports import OfficeTable

SHIPPED = Path(__file__).with_name("pilot_2019.csv")
START = datetime(2019, 4, 8, 5, 0, tzinfo=UTC)
"""Where the pilot's clock begins: Monday 8 April 2019, 8:00 in Amman."""
FIRST_DAY, LAST_DAY = date(2019, 4, 8), date(2019, 5, 20)
"""The days of the table (000:L108: updated on 20 May 2019)."""
_CLOSE_OF_DAY = time(17, 0)


class PilotFailed(EngineError):
    """The pilot file cannot be played: the message names the line and the step."""


@dataclass(frozen=True)
class Step:
    """One thing somebody did: `act` does it for the open journey of the line."""

    at: datetime
    line: Line
    what: str
    act: Callable[[], None]


@dataclass(frozen=True)
class Played:
    """What the pilot did, and the office table of its days."""

    persons: int
    steps: int
    table: OfficeTable


@dataclass
class Pilot:
    """One replay over one engine."""

    engine: Engine
    journey: Journey
    instances: dict[str, str] = field(default_factory=dict)
    """Line number → case."""

    def steps(self, lines: Sequence[Line]) -> list[Step]:
        """Everything that happened, in order: by time, then by line."""
        found = [step for line in lines for step in self._of_line(line)]
        # Stable: the steps of a line at the same minute stay in their order.
        return sorted(found, key=lambda step: (step.at, int(step.line["person_no"])))

    def _of_line(self, line: Line) -> Iterator[Step]:
        worker = _actor(Role.CASE_WORKER, line["office"])
        head = _actor(Role.BRANCH_HEAD, line["office"])

        def form(at: str, name: str, answers: Answers, who: Actor = worker) -> Step:
            act = partial(self._complete, line, who, name, answers)
            return Step(fill.moment(at), line, name, act)

        yield Step(fill.moment(line["listed_at"]), line, "open", partial(self._open, line, worker))
        for attempt in _events(line["contact_attempts"]):
            at, channel, result = attempt
            yield form(at, "contact_log", fill.contact(line, at, channel, result))
        if line["contact_decided_at"]:
            yield form(
                line["contact_decided_at"], "contact_review", fill.contact_review(line), head
            )
        if line["interview_at"]:
            at = line["interview_at"]
            yield form(at, "job_readiness_interview", fill.readiness(line))
            yield form(at, "readiness_decision", fill.readiness_decision(line))
        if line["screening_at"]:
            yield form(line["screening_at"], "lms_almp_screening_interview", fill.screening(line))
        if line["decided_at"]:
            yield form(line["decided_at"], "grouping_decision", fill.grouping(line))
        if line["confirmed_at"]:
            yield form(
                line["confirmed_at"],
                "group_c_confirmation",
                fill.group_c_confirmation(line),
                head,
            )
        yield from self._of_plan(line, worker, form)

    def _of_plan(
        self, line: Line, worker: Actor, form: Callable[[str, str, Answers], Step]
    ) -> Iterator[Step]:
        if line["plan_at"]:
            yield form(line["plan_at"], "individual_action_plan", fill.action_plan(line))
        if line["provider_contacted_at"]:
            at = line["provider_contacted_at"]
            yield form(at, "provider_contact", fill.provider_contact(line))
        if line["referral_at"]:
            at = line["referral_at"]
            yield form(at, "referral_form", fill.referral(line))
            if line["referral_mode"] == "list":
                mark = partial(self._mark_list, line, worker)
                yield Step(fill.moment(at), line, "list transfer", mark)
        if line["outcome_at"]:
            yield form(line["outcome_at"], "follow_up_form", fill.outcome(line))
            at = line["vacancy_checked_at"]
            yield form(at, "vacancy_quality_check", fill.vacancy_check(line))
        if line["workplace_visited_at"]:
            at = line["workplace_visited_at"]
            yield form(at, "follow_up_visit", fill.workplace_visit(line))
        for at, still in _events(line["retention_checks"]):
            yield form(at, "retention_check", fill.retention(line, at, still))

    def visits(self, lines: Sequence[Line]) -> set[tuple[str, date]]:
        """The visits to the offices, once each."""
        return {
            (line["office"], date.fromisoformat(line["office_visit"]))
            for line in lines
            if line["office_visit"]
        }

    def _open(self, line: Line, worker: Actor) -> None:
        """Register the person and open the journey."""
        person = self.journey.persons.create(
            worker,
            {
                name: line[name]
                for name in (
                    "national_id",
                    "first_name",
                    "last_name",
                    "sex",
                    "date_of_birth",
                    "residence_location",
                    "education_level",
                    "phone",
                )
            },
            unit=f"naf:{line['office']}",
        )
        opened = self.journey.cycles.open(worker, person.id, f"naf:{line['office']}")
        self.instances[line["person_no"]] = opened.id

    def _complete(self, line: Line, who: Actor, form: str, answers: Answers) -> None:
        """Complete the case's open task with this form."""
        task = self._open_task(line, who, form)
        self.engine.tasks.complete(who, task.id, revision=task.revision, data=answers)

    def _open_task(self, line: Line, who: Actor, form: str) -> Task:
        page = self.engine.tasks.list(
            who,
            state=TaskState.OPEN,
            instance=self.instances[line["person_no"]],
            paging=Paging(200),
        )
        for task in page.items:
            if task.form == form:
                return task
        waiting = ", ".join(sorted(task.form or task.element_id for task in page.items))
        raise PilotFailed(
            f"There is no open task with the form {form}; open are: {waiting or 'none'}."
        )

    def _mark_list(self, line: Line, worker: Actor) -> None:
        self.journey.referrals.mark_reconstructed(
            worker,
            self.instances[line["person_no"]],
            "أرسلت الأسماء بقائمة عبر الفاكس أو واتس أب، وأعيد إنشاء النموذج الفردي لاحقا",
        )


def read_cases(path: Path = SHIPPED) -> list[Line]:
    """The lines of a pilot file. Raises `PilotFailed` when it cannot be read as one."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines: list[Line] = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise PilotFailed(f"The pilot file {path.name} cannot be read: {error}") from error
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        expected = next(csv.reader(file))
    missing = [name for name in expected if lines and name not in lines[0]]
    if not lines or missing:
        raise PilotFailed(
            f"The pilot file {path.name} has no lines, or lacks columns: {', '.join(missing)}"
        )
    return lines


def run_pilot(
    engine: Engine,
    journey: Journey,
    cases_path: Path = SHIPPED,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Played:
    """Play a pilot file into an empty database whose clock is simulated and where the shipped
    diagrams are deployed and the demonstration's users and services are loaded.

    `progress` is told after each step how many of how many are done. Raises `PilotFailed`.
    """
    lines = read_cases(cases_path)
    clock = engine.clock
    if not isinstance(clock, SimulatedClock):
        raise PilotFailed("The pilot needs the simulated clock (RIHLA_CLOCK=simulated).")
    clock.set_up(START)
    pilot = Pilot(engine, journey)
    steps = pilot.steps(lines)
    for done, step in enumerate(steps, 1):
        try:
            _reach(engine, step.at)
            step.act()
        except Invalid as error:
            why = "; ".join(
                f"{name}: {' '.join(map(str, texts))}" for name, texts in error.errors.items()
            )
            raise _failed(step, f"{error} {why}") from error
        except EngineError as error:
            raise _failed(step, str(error)) from error
        progress(done, len(steps))
    _reach(engine, datetime.combine(LAST_DAY, _CLOSE_OF_DAY, TIMEZONE))
    coordinator = _actor(Role.HQ_COORDINATOR, "hq")
    for office, day in sorted(pilot.visits(lines)):
        journey.units.record_visit(coordinator, f"naf:{office}", day, "زيارة الاختبار الميداني")
    table = journey.reports.office_table(coordinator, FIRST_DAY, LAST_DAY)
    return Played(len(lines), len(steps), table)


def _reach(engine: Engine, at: datetime) -> None:
    """Move the clock forward to `at`; everything due on the way happens."""
    now = engine.clock.now()
    if at < now:
        raise PilotFailed(
            f"The clock stands at {now.isoformat()} already, after {at.isoformat()}. "
            "Play the pilot into an empty data folder."
        )
    if at > now:
        engine.advance.advance(SYSTEM, target=at)


def _failed(step: Step, why: str) -> PilotFailed:
    when = step.at.astimezone(TIMEZONE).isoformat(timespec="minutes")
    return PilotFailed(f"Pilot line {step.line['person_no']}, {step.what} at {when}: {why}")


def _actor(role: Role, place: str) -> Actor:
    kind = "" if place == "hq" else "naf:"
    return Actor(f"{role.value}.{place}", frozenset({role}), frozenset({f"{kind}{place}"}))


def _events(text: str) -> list[list[str]]:
    return [event.split(" ") for event in text.split(";") if event]
