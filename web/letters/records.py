"""What the printed documents are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.wording import Text
from web.letters.blocks import FormOnPaper


@dataclass(frozen=True)
class Printing:
    """In which language a document is printed, when, by whom (left out for partners' letters)."""

    language: str
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class TaskFacts:
    """What stands above a task's form. Empty parts are left out."""

    task: Text | None = None
    branch: Text | None = None
    journey_number: str = ""
    person: str = ""
    national_id: str = ""
    due_at: datetime | None = None
    completed_at: datetime | None = None
    completed_by: Text | None = None
    address: str = ""
    """What the code opens: the task's page. Without it no code is printed."""


@dataclass(frozen=True)
class Referral:
    """One referral of one person, as its form was accepted."""

    journey_number: str
    issued_on: date
    branch: Text
    worker: Text
    destination: Text
    destination_address: str
    person: str
    national_id: str
    phone: str
    group: Text
    service: Text
    deadline: date
    address: str
    """What the code opens: the partner's task, or the signed link to this one referral."""
    is_link: bool = False
    able_to_work: bool = False
    """Said only if the client agrees to share; nothing else about health leaves the branch."""
    shared: Sequence[tuple[FormOnPaper, Mapping[str, Text]]] = ()
    """What the client agrees to share: forms, and of each the fields with their labels."""


@dataclass(frozen=True)
class PersonFacts:
    """Whose case it is."""

    name: str
    national_id: str
    sex: str
    born: date | None = None
    age: int | None = None
    phone: str = ""
    address: str = ""
    household: str = ""


@dataclass(frozen=True)
class Happening:
    """One thing that happened in a case."""

    at: datetime
    title: str
    by: str
    paper: FormOnPaper | None = None
    version: int = 1
    reason: str = ""
    proposals: Sequence[str] = ()
    """What rules proposed, in words."""


@dataclass(frozen=True)
class Remark:
    """A comment."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Enclosure:
    """An attachment of the case; its content is not printed."""

    at: datetime
    by: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class CaseFile:
    """Everything about one cycle of one person."""

    journey_number: str
    cycle_no: int | None
    branch: Text
    stage: str
    opened_at: datetime
    closed_at: datetime | None
    group: str | None
    grouped_on: date | None
    stable_count: int
    person: PersonFacts | None
    milestones: Mapping[str, datetime | None]
    """When each of `MILESTONES` was first reached."""
    happenings: Sequence[Happening] = ()
    open_tasks: Sequence[tuple[str, date | None]] = ()
    remarks: Sequence[Remark] | None = ()
    enclosures: Sequence[Enclosure] | None = field(default=())
