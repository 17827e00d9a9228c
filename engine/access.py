"""Who may do what, and where: one table, checked inside the verbs; what it lacks is denied.

What one may not see is `NotFound`; what one may see but not do is `Forbidden`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Final

from engine.errors import Forbidden, NotFound
from engine.records import Actor, Role
from engine.wording import Text


class Verb(StrEnum):
    """Everything that somebody can ask for."""

    # user tasks
    TASK_SEE = "task_see"
    TASK_WORK = "task_work"  # claim, release, draft, complete
    TASK_ASSIGN = "task_assign"  # hand over to a colleague
    TASK_CORRECT = "task_correct"  # a new version of a finished form
    # cases
    INSTANCE_SEE = "instance_see"  # its state and place, no answers
    INSTANCE_VARIABLES = "instance_variables"
    INSTANCE_HISTORY = "instance_history"  # the journal of a case with its data, and replay
    INSTANCE_START = "instance_start"  # if the diagram's starterGroups name the role
    INSTANCE_CANCEL = "instance_cancel"
    INSTANCE_TRANSFER = "instance_transfer"
    INSTANCE_MOVE = "instance_move"
    INSTANCE_MIGRATE = "instance_migrate"
    COMMENT_SEE = "comment_see"
    COMMENT_ADD = "comment_add"
    ATTACHMENT_SEE = "attachment_see"
    ATTACHMENT_ADD = "attachment_add"
    LINK_ISSUE = "link_issue"  # for a partner without an account; and revoke
    INCIDENT_SEE = "incident_see"
    INCIDENT_RETRY = "incident_retry"
    MESSAGE_PUBLISH = "message_publish"
    # persons
    PERSON_SEE = "person_see"  # and search within the units
    PERSON_LOOKUP = "person_lookup"  # by exact national id: whether and where, no more
    PERSON_REGISTER = "person_register"
    PERSON_CHANGE = "person_change"
    PERSON_ERASE = "person_erase"
    JOURNEY_SEE = "journey_see"  # the cycles of a person
    JOURNEY_OPEN = "journey_open"
    # what is offered
    UNIT_SEE = "unit_see"
    CATALOGUE_SEE = "catalogue_see"
    CATALOGUE_PROPOSE = "catalogue_propose"
    CATALOGUE_EDIT = "catalogue_edit"
    VACANCY_SEE = "vacancy_see"
    VACANCY_PROPOSE = "vacancy_propose"
    VACANCY_EDIT = "vacancy_edit"
    # reports
    REPORT_SEE = "report_see"
    REPORT_COUNTS = "report_counts"  # totals only
    # definitions
    PROCESS_SEE = "process_see"
    DEPLOY = "deploy"
    # oversight
    JOURNAL_HEADERS = "journal_headers"  # every stream without personal data
    JOURNAL_READ = "journal_read"  # every stream with its data
    ACCESS_LOG_READ = "access_log_read"
    # the installation
    USERS_MANAGE = "users_manage"
    USERS_OF_UNIT = "users_of_unit"  # colleagues' names, to hand a task over
    SUBSTITUTE_OWN = "substitute_own"  # name a colleague for one's own absence
    SUBSTITUTE_UNIT = "substitute_unit"  # name and end substitutes within the unit
    CLOCK_SEE = "clock_see"
    CLOCK_ADVANCE = "clock_advance"
    NOTIFICATIONS_READ = "notifications_read"  # one's own reminders


class Place(Enum):
    """Where a grant holds."""

    ALL = "all"  # everywhere, also where a thing has no unit
    OWN = "own units"  # things of a unit the actor belongs to or stands in for
    MINE = "own work"  # within the own units, what the actor did or holds


ALL: Final = Place.ALL
OWN: Final = Place.OWN
MINE: Final = Place.MINE


class Units(Enum):
    """Markers beside a set of unit codes."""

    ANYWHERE = "anywhere"  # asked of a verb: at least somewhere
    ALL = "all"  # answered by `visible_units`: no restriction


ANYWHERE: Final = Units.ANYWHERE
ALL_UNITS: Final = Units.ALL

_TASKS = {
    Verb.TASK_SEE: OWN,
    Verb.TASK_WORK: OWN,
    Verb.TASK_ASSIGN: OWN,
    Verb.INSTANCE_START: OWN,
    Verb.USERS_OF_UNIT: OWN,
    Verb.UNIT_SEE: ALL,
    Verb.CATALOGUE_SEE: ALL,
    Verb.VACANCY_SEE: ALL,
    Verb.NOTIFICATIONS_READ: MINE,
    Verb.CLOCK_SEE: ALL,
}
"""What everybody who works on tasks may do."""

_BRANCH = _TASKS | {
    Verb.TASK_CORRECT: OWN,
    Verb.INSTANCE_SEE: OWN,
    Verb.INSTANCE_VARIABLES: OWN,
    Verb.INSTANCE_HISTORY: OWN,
    Verb.COMMENT_SEE: OWN,
    Verb.COMMENT_ADD: OWN,
    Verb.ATTACHMENT_SEE: OWN,
    Verb.ATTACHMENT_ADD: OWN,
    Verb.LINK_ISSUE: OWN,
    Verb.SUBSTITUTE_OWN: MINE,
    Verb.INCIDENT_SEE: OWN,
    Verb.PERSON_SEE: OWN,
    Verb.PERSON_LOOKUP: ALL,
    Verb.PERSON_REGISTER: OWN,
    Verb.PERSON_CHANGE: OWN,
    Verb.JOURNEY_SEE: OWN,
    Verb.JOURNEY_OPEN: OWN,
    Verb.CATALOGUE_PROPOSE: OWN,
    Verb.VACANCY_PROPOSE: OWN,
    Verb.PROCESS_SEE: ALL,
}
"""What everybody at a branch may do with the unit's people and cases."""

GRANTS: Final[Mapping[Role, Mapping[Verb, Place]]] = {
    Role.CASE_WORKER: _BRANCH | {Verb.REPORT_SEE: MINE},
    Role.BRANCH_HEAD: _BRANCH
    | {
        Verb.INSTANCE_CANCEL: OWN,
        Verb.INSTANCE_TRANSFER: OWN,
        Verb.SUBSTITUTE_UNIT: OWN,
        Verb.CATALOGUE_EDIT: OWN,
        Verb.VACANCY_EDIT: OWN,
        Verb.REPORT_SEE: OWN,
    },
    Role.MOL_OFFICER: _TASKS
    | {
        Verb.VACANCY_PROPOSE: OWN,
        Verb.VACANCY_EDIT: OWN,
        Verb.REPORT_SEE: OWN,
    },
    Role.SERVICE_PROVIDER: _TASKS
    | {
        Verb.CATALOGUE_PROPOSE: OWN,
        Verb.CATALOGUE_EDIT: OWN,
    },
    # Tasks of the unit `hq` only; those of the branches stay with the branches.
    Role.HQ_COORDINATOR: _TASKS
    | {
        Verb.INSTANCE_START: ALL,
        Verb.INSTANCE_SEE: ALL,
        Verb.INSTANCE_CANCEL: ALL,
        Verb.INSTANCE_TRANSFER: ALL,
        Verb.INCIDENT_SEE: ALL,
        Verb.INCIDENT_RETRY: ALL,
        Verb.PERSON_LOOKUP: ALL,
        Verb.CATALOGUE_PROPOSE: ALL,
        Verb.CATALOGUE_EDIT: ALL,
        Verb.VACANCY_PROPOSE: ALL,
        Verb.VACANCY_EDIT: ALL,
        Verb.REPORT_SEE: ALL,
        Verb.PROCESS_SEE: ALL,
    },
    Role.PROCESS_OWNER: {
        Verb.INSTANCE_START: OWN,
        Verb.INSTANCE_SEE: ALL,
        Verb.INSTANCE_MOVE: ALL,
        Verb.INSTANCE_MIGRATE: ALL,
        Verb.INCIDENT_SEE: ALL,
        Verb.INCIDENT_RETRY: ALL,
        Verb.UNIT_SEE: ALL,
        Verb.CATALOGUE_SEE: ALL,
        Verb.VACANCY_SEE: ALL,
        Verb.REPORT_COUNTS: ALL,
        Verb.PROCESS_SEE: ALL,
        Verb.DEPLOY: ALL,
        Verb.JOURNAL_HEADERS: ALL,
        Verb.CLOCK_SEE: ALL,
        Verb.NOTIFICATIONS_READ: MINE,
    },
    Role.AUDITOR: {
        Verb.INSTANCE_SEE: ALL,
        Verb.INSTANCE_VARIABLES: ALL,
        Verb.INSTANCE_HISTORY: ALL,
        Verb.COMMENT_SEE: ALL,
        Verb.ATTACHMENT_SEE: ALL,
        Verb.INCIDENT_SEE: ALL,
        Verb.UNIT_SEE: ALL,
        Verb.CATALOGUE_SEE: ALL,
        Verb.VACANCY_SEE: ALL,
        Verb.REPORT_SEE: ALL,
        Verb.REPORT_COUNTS: ALL,
        Verb.PROCESS_SEE: ALL,
        Verb.JOURNAL_HEADERS: ALL,
        Verb.JOURNAL_READ: ALL,
        Verb.ACCESS_LOG_READ: ALL,
        Verb.CLOCK_SEE: ALL,
        Verb.NOTIFICATIONS_READ: MINE,
    },
    # Technical repair without case content.
    Role.ADMIN: {
        Verb.INSTANCE_START: ALL,
        Verb.INSTANCE_SEE: ALL,
        Verb.INCIDENT_SEE: ALL,
        Verb.INCIDENT_RETRY: ALL,
        Verb.MESSAGE_PUBLISH: ALL,
        Verb.PERSON_ERASE: ALL,
        Verb.UNIT_SEE: ALL,
        Verb.PROCESS_SEE: ALL,
        Verb.USERS_MANAGE: ALL,
        Verb.USERS_OF_UNIT: ALL,
        Verb.SUBSTITUTE_UNIT: ALL,
        Verb.CLOCK_SEE: ALL,
        Verb.CLOCK_ADVANCE: ALL,
        Verb.NOTIFICATIONS_READ: MINE,
    },
    Role.CONNECTOR: {Verb.MESSAGE_PUBLISH: ALL},
    Role.SYSTEM: dict.fromkeys(Verb, ALL),
}
"""role → verb → where."""

LINK_VERBS: Final = frozenset({Verb.TASK_SEE, Verb.TASK_WORK})
"""All that the holder of a link may do, and only to the tasks of that link."""

SEEN_BY: Final[Mapping[Verb, Verb]] = {
    Verb.TASK_SEE: Verb.TASK_SEE,
    Verb.TASK_WORK: Verb.TASK_SEE,
    Verb.TASK_ASSIGN: Verb.TASK_SEE,
    Verb.TASK_CORRECT: Verb.TASK_SEE,
    Verb.INSTANCE_SEE: Verb.INSTANCE_SEE,
    Verb.INSTANCE_VARIABLES: Verb.INSTANCE_SEE,
    Verb.INSTANCE_HISTORY: Verb.INSTANCE_SEE,
    Verb.COMMENT_SEE: Verb.INSTANCE_SEE,
    Verb.COMMENT_ADD: Verb.INSTANCE_SEE,
    Verb.ATTACHMENT_SEE: Verb.INSTANCE_SEE,
    Verb.ATTACHMENT_ADD: Verb.INSTANCE_SEE,
    Verb.LINK_ISSUE: Verb.INSTANCE_SEE,
    Verb.INSTANCE_CANCEL: Verb.INSTANCE_SEE,
    Verb.INSTANCE_TRANSFER: Verb.INSTANCE_SEE,
    Verb.INSTANCE_MOVE: Verb.INSTANCE_SEE,
    Verb.INSTANCE_MIGRATE: Verb.INSTANCE_SEE,
    Verb.INCIDENT_SEE: Verb.INCIDENT_SEE,
    Verb.INCIDENT_RETRY: Verb.INCIDENT_SEE,
    Verb.PERSON_SEE: Verb.PERSON_SEE,
    Verb.PERSON_CHANGE: Verb.PERSON_SEE,
    Verb.PERSON_ERASE: Verb.PERSON_ERASE,
    Verb.JOURNEY_SEE: Verb.PERSON_SEE,
    Verb.JOURNEY_OPEN: Verb.PERSON_SEE,
}
"""A verb on a thing whose very existence is not for everyone, and the verb that shows the thing.
Verbs that are not here are refused openly."""

TASK_ROLES: Final = frozenset(
    role for role, grants in GRANTS.items() if grants.get(Verb.TASK_WORK) is OWN
)
"""The roles that a diagram's candidateGroups may name."""

STARTER_ROLES: Final = frozenset(
    role
    for role, grants in GRANTS.items()
    if Verb.INSTANCE_START in grants and role is not Role.SYSTEM
)
"""The roles that a diagram's starterGroups may name."""


UNIT_KINDS: Final[Mapping[Role, str]] = {
    Role.CASE_WORKER: "naf",
    Role.BRANCH_HEAD: "naf",
    Role.MOL_OFFICER: "mol",
    Role.SERVICE_PROVIDER: "provider",
    Role.HQ_COORDINATOR: "hq",
    Role.PROCESS_OWNER: "hq",
    Role.AUDITOR: "hq",
    Role.ADMIN: "hq",
    Role.CONNECTOR: "hq",
}
"""role → the kind of unit in which people of that role work: what a unit's code begins with."""


def task_roles(actor: Actor) -> frozenset[Role]:
    """The candidate groups whose tasks `actor` may work on within the own units: the own roles,
    and for a branch head those of the branch's case workers."""
    roles = actor.roles & TASK_ROLES
    return roles | {Role.CASE_WORKER} if Role.BRANCH_HEAD in roles else roles


def place(actor: Actor, verb: Verb) -> Place | None:
    """The widest place in which one of the actor's roles grants `verb`; None: nowhere."""
    if actor.only_tasks is not None and verb not in LINK_VERBS:
        return None
    granted = {GRANTS[role].get(verb) for role in actor.roles}
    return next((candidate for candidate in (ALL, OWN, MINE) if candidate in granted), None)


def may(actor: Actor, verb: Verb, unit: str | Units | None = ANYWHERE) -> bool:
    """Whether `actor` may do `verb` to a thing of `unit`.

    None is a thing without a unit, which only a grant for all places reaches. `ANYWHERE` asks
    whether the actor may do it at all. For a grant over own work (`Place.MINE`) the caller looks
    at the thing's worker as well.
    """
    where = place(actor, verb)
    if where is None:
        return False
    if where is ALL or unit is ANYWHERE:
        return True
    return unit in actor.units


def require(
    actor: Actor, verb: Verb, unit: str | Units | None = ANYWHERE, thing: str = "It"
) -> None:
    """Raises `NotFound` when the actor may not see a thing of `unit`, `Forbidden` when the actor
    may see it but not do `verb`; `thing` begins the sentence that says so."""
    if may(actor, verb, unit):
        return
    seen_by = SEEN_BY.get(verb)
    if seen_by is not None and not may(actor, seen_by, unit):
        raise NotFound(
            Text(
                "هذا غير موجود، أو لا يحق لك رؤيته.",
                f"{thing} does not exist, or is not yours to see.",
            )
        )
    raise Forbidden(
        Text(
            f"لا يحق لحسابك تنفيذ هذا ({verb.value}). اسأل مدير النظام إن احتجت إليه.",
            f"Your account may not do this ({verb.value}). Ask an administrator if you need to.",
        )
    )


def visible_units(actor: Actor, verb: Verb) -> frozenset[str] | Units:
    """The units in which `actor` may do `verb`: `ALL_UNITS`, or a set that may be empty."""
    where = place(actor, verb)
    if where is ALL:
        return ALL_UNITS
    return actor.units if where is not None else frozenset()


def own_work_only(actor: Actor, verb: Verb) -> bool:
    """Whether within the visible units only the actor's own work is granted."""
    return place(actor, verb) is MINE
