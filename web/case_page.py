"""Everything that one case page shows, read with the verbs and no more than the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine import access
from engine.access import Verb
from engine.agenda import CalendarEntry, EntryKind
from engine.attachments import Attachment
from engine.comments import Comment
from engine.element_words import ElementWords
from engine.errors import KeyDestroyed, NotFound
from engine.history import DataAltered
from engine.links import TaskLink
from engine.records import Actor, Instance, InstanceState, Paging, Task, TaskState
from engine.task_places import is_free_for
from engine.wording import Text
from journey.records import Cycle, Person
from web.case_answers import Answered, answers_of
from web.people_names import names_in
from web.stage_line import StageStep, line_of_cycle, stage_line
from web.task_page import USUAL_PRIORITY

if TYPE_CHECKING:
    from engine.engine import Engine
    from journey import Journey

_MOST = Paging(200)
_PARTNERS: Mapping[str, str] = {
    "mol_accept": "mol",
    "mol_mediate": "mol",
    "check_vacancy": "mol",
    "provider_accept": "provider",
    "provider_feedback": "provider",
    "service_end": "provider",
}
"""Tasks that wait at a partner → the kind of unit."""
_REFERRED = frozenset({"issue_referral"})


@dataclass(frozen=True)
class Allowed:
    """What the reader may do with this case."""

    read: bool = False
    history: bool = False
    replay: bool = False
    comment: bool = False
    attach: bool = False
    link: bool = False
    cancel: bool = False
    transfer: bool = False
    audit: bool = False
    letter: bool = False

    @classmethod
    def to(cls, actor: Actor, case: Instance) -> Allowed:
        """By the table of access; a case that has ended is not moved any more."""
        open_ = is_running(case)

        def may(verb: Verb) -> bool:
            return access.may(actor, verb, case.unit)

        return cls(
            read=may(Verb.INSTANCE_VARIABLES),
            history=may(Verb.INSTANCE_HISTORY),
            replay=may(Verb.INSTANCE_HISTORY) or may(Verb.JOURNAL_HEADERS),
            comment=may(Verb.COMMENT_ADD),
            attach=may(Verb.ATTACHMENT_ADD),
            link=may(Verb.LINK_ISSUE) and open_,
            cancel=may(Verb.INSTANCE_CANCEL) and open_,
            transfer=may(Verb.INSTANCE_TRANSFER) and open_,
            audit=may(Verb.ACCESS_LOG_READ),
            letter=may(Verb.PERSON_SEE),
        )


@dataclass(frozen=True)
class Waiting:
    """A step of the case that is not the reader's: whose, and until when."""

    entry: CalendarEntry
    unit: str | None
    """The partner's unit; None: somebody of the own branch."""
    takes_link: bool
    """A provider without an account can be given a link to it."""


@dataclass(frozen=True)
class CasePage:
    """One case as its reader sees it."""

    case: Instance
    may: Allowed
    name: str
    person: Person | None
    cycle: Cycle | None
    cycles: tuple[Cycle, ...]
    line: tuple[StageStep, ...]
    upcoming: Task | None
    """The one task to do next."""
    others: tuple[Task, ...]
    """Further open tasks of the reader."""
    waiting: tuple[Waiting, ...]
    calendar: Mapping[str, Sequence[CalendarEntry]] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()
    documents: tuple[Attachment, ...] = ()
    comments: tuple[Comment, ...] = ()
    links: tuple[TaskLink, ...] = ()
    is_referred: bool = False
    altered: bool = False
    """The record of the case was changed from outside, so its answers cannot be shown."""
    words: Mapping[str, ElementWords] = field(default_factory=dict)
    """Element → what the case's diagrams call it."""
    task_ids: frozenset[str] = frozenset()
    """The tasks, open and done, that the reader may open."""
    people: Mapping[str, Text] = field(default_factory=dict)
    """User name → name of who did or holds a task of the case."""

    def named(self, element_id: str, name: str = "") -> Text | str:
        """What people call a step; `name` where the diagram does not say."""
        found = self.words.get(element_id)
        return name or element_id if found is None else found.name

    def meaning(self, element_id: str, name: str = "") -> Text | str:
        """What a date that comes by itself means to people; its name where nobody wrote that."""
        found = self.words.get(element_id)
        if found is not None and found.purpose is not None:
            return found.purpose
        return self.named(element_id, name)

    @property
    def running(self) -> bool:
        """Whether the case goes on."""
        return is_running(self.case)


def is_running(case: Instance) -> bool:
    """Whether a case goes on."""
    return case.state not in (InstanceState.COMPLETED, InstanceState.CANCELLED)


def case_page(engine: Engine, journey: Journey, actor: Actor, instance_id: str) -> CasePage:
    """The case as `actor` may see it. Raises `NotFound`."""
    case = engine.cases.get(actor, instance_id)
    may = Allowed.to(actor, case)
    person, cycles = _person(journey, actor, case)
    cycle = next((one for one in cycles if one.instance_id == case.id), None)
    mine = engine.tasks.list(actor, instance=case.id, paging=_MOST).items
    entries = engine.cases.calendar(actor, case.id) if may.history else ()
    done = engine.tasks.list(actor, instance=case.id, state=TaskState.COMPLETED, paging=_MOST).items
    own = frozenset(task.id for task in mine)
    waiting = tuple(
        _waiting(case, entry)
        for entry in entries
        if entry.kind is EntryKind.UNDER_WAY and entry.task_id not in own
    )
    elements = [task.element_id for task in mine if task.priority >= USUAL_PRIORITY]
    elements += [one.entry.element_id for one in waiting] or list(case.active_elements)
    upcoming = _next(mine, actor)
    names = names_in(entries)
    answers: tuple[Answered, ...] = ()
    altered = False
    if may.history:
        try:
            answers = answers_of(engine, actor, case, names)
        except DataAltered:
            # The rest of the case can still be worked on; its history says which entry it is.
            altered = True
    return CasePage(
        case=case,
        may=may,
        name=_name(journey, actor, case, person),
        person=person,
        cycle=cycle,
        cycles=cycles,
        line=line_of_cycle(cycle, elements) or _line(case, elements),
        upcoming=upcoming,
        others=tuple(task for task in mine if upcoming is None or task.id != upcoming.id),
        waiting=waiting,
        calendar=_grouped(entries, [one.task_id for one in answers]),
        answers=answers,
        documents=engine.attachments.list(actor, case.id) if may.read else (),
        comments=engine.comments.list(actor, case.id) if may.read else (),
        words=engine.history.words(actor, case.id) if may.replay else {},
        links=engine.links.of_case(actor, case.id) if may.history else (),
        is_referred=any(one.element_id in _REFERRED for one in answers),
        altered=altered,
        task_ids=own | {task.id for task in done},
        people=names,
    )


def _person(
    journey: Journey, actor: Actor, case: Instance
) -> tuple[Person | None, tuple[Cycle, ...]]:
    """Whom the case is about, for who may see people: not for auditors, nor once erased."""
    if case.subject is None or not access.may(actor, Verb.PERSON_SEE):
        return None, ()
    try:
        person = journey.persons.get(actor, case.subject)
        return person, journey.cycles.of_person(actor, case.subject)
    except (NotFound, KeyDestroyed):
        return None, ()


def _name(journey: Journey, actor: Actor, case: Instance, person: Person | None) -> str:
    if person is not None:
        return f"{person.data.first_name} {person.data.last_name}"
    return journey.persons.names_for_cases(actor, [case]).get(case.id, "")


def _line(case: Instance, elements: Sequence[str]) -> tuple[StageStep, ...]:
    """For readers who may not see the person: by what the case itself tells them."""
    if case.state is InstanceState.COMPLETED or case.state is InstanceState.CANCELLED:
        return ()
    return stage_line(None, case.variables.get("client_group"), elements)


def _next(mine: Sequence[Task], actor: Actor) -> Task | None:
    """The first task, by due date, that nobody else holds; one that only waits for something to
    happen comes when there is nothing else."""
    free = [task for task in mine if is_free_for(actor, task)]
    return next((task for task in free if task.priority >= USUAL_PRIORITY), None)


def _waiting(case: Instance, entry: CalendarEntry) -> Waiting:
    kind = _PARTNERS.get(entry.element_id)
    unit = None
    if kind is not None:
        destination = str(case.variables.get("destination") or "").partition("/")[0]
        unit = destination if destination.startswith(f"{kind}:") else None
    return Waiting(entry, unit, takes_link=kind == "provider")


def _grouped(
    entries: Sequence[CalendarEntry], newest_first: Sequence[str]
) -> dict[str, list[CalendarEntry]]:
    """By kind; what was done newest first, at one moment in the order of `newest_first`."""
    place = {task_id: number for number, task_id in enumerate(newest_first)}
    groups: dict[str, list[CalendarEntry]] = {kind.value: [] for kind in EntryKind}
    for entry in entries:
        groups[entry.kind.value].append(entry)
    groups[EntryKind.BY_SYSTEM.value].reverse()
    groups[EntryKind.DONE.value].sort(
        key=lambda entry: (-entry.day.timestamp(), place.get(entry.task_id or "", 0))
    )
    return groups
