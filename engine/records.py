"""Frozen records that cross the engine's border, and the statuses they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar


class Role(StrEnum):
    """Who somebody is (architecture 4). The place comes from the user's units."""

    CASE_WORKER = "case_worker"  # interviews, plans, refers, follows up at a NAF branch
    BRANCH_HEAD = "branch_head"  # leads a NAF branch, confirms exceptions
    MOL_OFFICER = "mol_officer"  # mediates at a Ministry of Labour employment office
    SERVICE_PROVIDER = "service_provider"  # serves referrals of its own organisation
    HQ_COORDINATOR = "hq_coordinator"  # coordinates all branches from headquarters
    PROCESS_OWNER = "process_owner"  # edits and publishes diagrams, tables, forms
    AUDITOR = "auditor"  # reads everything, writes nothing
    ADMIN = "admin"  # users, clock, technical repair; no case content
    CONNECTOR = "connector"  # account of an outside system: sends messages only
    SYSTEM = "system"  # the engine itself: timers, outbox; never a user's role


@dataclass(frozen=True)
class Actor:
    """Who gives a command: one signed-in user, or the system."""

    username: str
    roles: frozenset[Role]
    units: frozenset[str]
    """Unit codes such as `naf:irbid`, `mol:zarqa`, `provider:vtc_irbid`, `hq`; includes those
    of people this user stands in for."""
    name: str = ""
    language: str = "ar"
    only_tasks: frozenset[str] | None = None
    """For who holds a link instead of an account: the tasks of that link, outside of which
    nothing may be seen or done. None: as far as roles and units reach."""
    stands_in_for: frozenset[str] = frozenset()
    """Usernames of absent people whose tasks this user may do as if they were the own ones."""
    must_change_password: bool = False
    """Whether the password is still the one that somebody else made; another is asked for before
    anything else."""

    @property
    def holds_for(self) -> frozenset[str]:
        """Usernames whose tasks are this actor's to do."""
        return self.stands_in_for | {self.username}

    def is_(self, *roles: Role) -> bool:
        """Whether the actor has at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor("system", frozenset({Role.SYSTEM}), frozenset(), "system")
"""The actor of time-outs, outgoing calls and everything that nobody asked for by hand."""


class InstanceState(StrEnum):
    """Where a case stands."""

    ACTIVE = "active"  # it waits for people, timers or messages
    SUSPENDED = "suspended"  # held by an administrator; nothing moves
    COMPLETED = "completed"  # it ran to an end event
    CANCELLED = "cancelled"  # ended by hand
    INCIDENT = "incident"  # at least one token stands at an error that a person must clear


class TaskState(StrEnum):
    """Where a user task stands."""

    OPEN = "open"  # waits for its people
    COMPLETED = "completed"  # its data was accepted
    CANCELLED = "cancelled"  # its token was taken away (boundary event, cancelled case)


@dataclass(frozen=True)
class Instance:
    """One case: a process instance with everything it calls."""

    id: str
    process: str
    version: int
    business_key: str | None
    unit: str | None
    subject: str | None
    state: InstanceState
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    revision: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    active_elements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One user task."""

    id: str
    instance_id: str
    process: str
    version: int
    element_id: str
    name: str
    form: str | None
    state: TaskState
    assignee: str | None
    candidate_groups: tuple[str, ...]
    unit: str | None
    business_key: str | None
    subject: str | None
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    completed_at: datetime | None
    completed_by: str | None
    priority: int
    revision: int


@dataclass(frozen=True)
class JournalEntry:
    """One line of a case's history, as recorded; never recomputed."""

    stream: str
    seq: int
    at: datetime
    kind: str
    actor: str
    element_id: str | None
    element_name: str | None
    flow_ids: tuple[str, ...]
    data: Mapping[str, Any]
    hash: str


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; `next_cursor` is None on the last one."""

    items: tuple[T, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Paging:
    """How much of a list is wanted, and from where."""

    limit: int = 50
    cursor: str | None = None
