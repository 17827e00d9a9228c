"""The file of a whole case, read through the verbs of whoever prints it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.agenda import EntryKind
from engine.clock import last_day
from engine.element_words import ElementWords
from engine.errors import Forbidden, NotFound
from engine.records import Actor, JournalEntry
from engine.wording import Text
from journey import Cycle, Journey, Person
from web.letters.blocks import FormOnPaper
from web.letters.journal import Accepted, CaseJournal, accepted_in, read_journal
from web.letters.reading import (
    SYSTEM_NAME,
    SYSTEM_USERNAME,
    colleagues,
    person_of,
    unit_name,
    units_by_code,
)
from web.letters.records import CaseFile, Enclosure, Happening, PersonFacts, Remark
from web.letters.wording import words

if TYPE_CHECKING:
    from engine.engine import Engine

_REACHED_WITH = {
    "interview": ("job_readiness_interview",),
    "grouping": ("grouping_decision",),
    "plan": ("individual_action_plan",),
    "referral": ("referral_form",),
    "outcome": ("mol_mediation", "provider_feedback", "follow_up_form"),
}
"""Milestone → the forms that reach it."""

_TOLD = frozenset({"timer", "cancel", "transfer"})
"""What is told of a case beside its forms."""

_PARAMETERS = "parameters"
_ARABIC = re.compile(r"[\u0600-\u06ff]")

Naming = Callable[[str], str]


def case_on_paper(
    engine: Engine, journey: Journey, actor: Actor, instance_id: str, language: str
) -> CaseFile:
    """Everything about a case for who may read its history.

    Raises `NotFound`, `Forbidden`, `KeyDestroyed`.
    """
    journal = read_journal(engine, actor, instance_id)
    case = journal.case
    person = person_of(journey, actor, case.subject)
    cycle = _cycle(journey, actor, case.subject, instance_id)
    units = units_by_code(journey, actor)
    names = colleagues(engine, actor, instance_id)
    names[SYSTEM_USERNAME] = SYSTEM_NAME
    calendar = engine.cases.calendar(actor, instance_id)
    closed_at = cycle.closed_at if cycle else case.ended_at

    def named(username: str) -> str:
        return names.get(username, Text.worded(username)).in_language(language)

    called = engine.history.words(actor, instance_id)
    telling = _Telling(engine, actor, journal, units, called, named, language)
    return CaseFile(
        journey_number=case.business_key or "",
        cycle_no=cycle.cycle_no if cycle else None,
        branch=unit_name(case.unit, units),
        stage=cycle.stage if cycle else str(case.variables.get("stage") or ""),
        opened_at=case.started_at,
        closed_at=closed_at,
        group=cycle.client_group if cycle else case.variables.get("client_group"),
        grouped_on=cycle.grouping_date if cycle else None,
        stable_count=cycle.stable_count if cycle else 0,
        person=_person(person),
        milestones={"opened": case.started_at, **_reached(journal), "closed": closed_at},
        happenings=tuple(telling.all()),
        open_tasks=[
            (
                telling.title_of(one.element_id, one.name),
                None if one.due is None else last_day(one.due),
            )
            for one in calendar
            if one.kind is EntryKind.UNDER_WAY
        ],
        remarks=_remarks(engine, actor, instance_id),
        enclosures=_enclosures(engine, actor, instance_id),
    )


@dataclass(frozen=True)
class _Telling:
    """Turns journal entries into what is told of them."""

    engine: Engine
    actor: Actor
    journal: CaseJournal
    units: Mapping[str, Text]
    called: Mapping[str, ElementWords]
    named: Naming
    language: str

    def all(self) -> Iterator[Happening]:
        """Everything that is told, in order."""
        for entry in self.journal.entries:
            accepted = accepted_in(entry)
            if accepted is not None:
                yield self._form(entry, accepted)
            elif entry.kind in _TOLD:
                yield self._event(entry)

    def _form(self, entry: JournalEntry, accepted: Accepted) -> Happening:
        used = self.engine.history.form_used(
            self.actor, self.journal.case.id, accepted.form_hash, accepted.data
        )
        return Happening(
            at=entry.at,
            title=self.title_of(entry.element_id, accepted.task),
            by=self.named(entry.actor),
            paper=FormOnPaper(used.form, accepted.data, used.options),
            version=accepted.version,
            reason=accepted.reason,
            proposals=tuple(dict.fromkeys(_proposals(entry, self.language))),
        )

    def title_of(self, element_id: str | None, otherwise: str) -> str:
        """What the diagram calls an element, in the language of the paper."""
        found = self.called.get(element_id or "")
        return otherwise if found is None else found.name.in_language(self.language)

    def _event(self, entry: JournalEntry) -> Happening:
        details = entry.data.get("details", {})
        title = self.title_of(entry.element_id, entry.element_name or "")
        if entry.kind == "cancel":
            title = words("cancelled", self.language)
        elif entry.kind == "transfer":
            title = words("transferred", self.language).format(
                from_=unit_name(details.get("from"), self.units).in_language(self.language),
                to=unit_name(details.get("to"), self.units).in_language(self.language),
            )
        return Happening(
            at=entry.at,
            title=title,
            by=self.named(entry.actor),
            reason=str(details.get("reason") or ""),
        )


def _proposals(entry: JournalEntry, language: str) -> Iterator[str]:
    """The reasons of the rules asked after a form; tables hold them as `العربية · English`."""
    for fact in entry.data.get("facts", ()):
        if fact.get("kind") != "DecisionEvaluated" or fact.get("decision_id") == _PARAMETERS:
            continue
        for rule in fact.get("matched", ()):
            yield from _one_language(rule.get("annotation"), language)


def _one_language(annotation: Any, language: str) -> Iterator[str]:
    if not isinstance(annotation, str) or not annotation.strip():
        return
    arabic, _, english = annotation.rpartition(" · ")
    if not arabic or _ARABIC.search(english):
        yield annotation
    else:
        yield english if language == "en" else arabic


def _cycle(journey: Journey, actor: Actor, subject: str | None, instance_id: str) -> Cycle | None:
    if subject is None:
        return None
    try:
        cycles = journey.cycles.of_person(actor, subject)
    except (NotFound, Forbidden):
        return None
    return next((one for one in cycles if one.instance_id == instance_id), None)


def _reached(journal: CaseJournal) -> dict[str, datetime | None]:
    reached: dict[str, datetime | None] = {}
    for milestone, forms in _REACHED_WITH.items():
        found = journal.accepted(*forms)
        reached[milestone] = found[0].entry.at if found else None
    return reached


def _person(person: Person | None) -> PersonFacts | None:
    if person is None:
        return None
    data = person.data
    return PersonFacts(
        name=f"{data.first_name} {data.last_name}",
        national_id=data.national_id,
        sex=data.sex,
        born=data.date_of_birth,
        age=person.age,
        phone=data.phone or "",
        address=data.address or "",
        household=data.household_id or "",
    )


def _remarks(engine: Engine, actor: Actor, instance_id: str) -> list[Remark]:
    return [
        Remark(one.at, one.author_name or one.author, one.text)
        for one in engine.comments.list(actor, instance_id)
    ]


def _enclosures(engine: Engine, actor: Actor, instance_id: str) -> list[Enclosure]:
    return [
        Enclosure(one.at, one.author_name or one.author, one.filename, one.note)
        for one in engine.attachments.list(actor, instance_id)
    ]
