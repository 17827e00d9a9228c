"""The menu: what somebody's roles let them do, in the order of their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from engine import access
from engine.access import Verb
from engine.records import Role
from web.context import settings, signed_in
from web.texts import lazy


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    endpoint: str
    verb: Verb

    @property
    def url(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """Whether the current page belongs to it."""
        here = request.endpoint or ""
        return here.split(".")[0] == self.endpoint.split(".")[0]


ENTRIES = (
    Entry(lazy("Tasks"), "tasks.index", Verb.TASK_SEE),
    Entry(lazy("Clients"), "persons.index", Verb.PERSON_SEE),
    Entry(lazy("Clients"), "persons.index", Verb.PERSON_LOOKUP),
    Entry(lazy("Cases"), "cases.index", Verb.INSTANCE_SEE),
    Entry(lazy("Reports"), "reports.index", Verb.REPORT_SEE),
    Entry(lazy("Reports"), "reports.index", Verb.REPORT_COUNTS),
    Entry(lazy("Services and vacancies"), "catalogue.index", Verb.CATALOGUE_SEE),
    Entry(lazy("Processes"), "processes.index", Verb.DEPLOY),
    Entry(lazy("Processes"), "processes.index", Verb.JOURNAL_READ),
    Entry(lazy("Incidents"), "incidents.index", Verb.INCIDENT_RETRY),
    Entry(lazy("Access log"), "oversight.access_log", Verb.ACCESS_LOG_READ),
    Entry(lazy("Users"), "users.index", Verb.USERS_MANAGE),
)

HOMES: tuple[tuple[Role, str], ...] = (
    (Role.CASE_WORKER, "tasks.index"),
    (Role.BRANCH_HEAD, "tasks.index"),
    (Role.MOL_OFFICER, "tasks.index"),
    (Role.SERVICE_PROVIDER, "tasks.index"),
    (Role.HQ_COORDINATOR, "reports.index"),
    (Role.PROCESS_OWNER, "processes.index"),
    (Role.AUDITOR, "cases.index"),
    (Role.ADMIN, "users.index"),
)
"""Where each kind of user begins; the first role that fits."""


MOST_IN_A_ROW = 5
"""So many entries stand in one row of a narrow window; of more, one less and “More”."""


def first_entries(entries: Sequence[Entry]) -> int:
    """How many entries are always in the row; the others only where there is room."""
    return len(entries) if len(entries) <= MOST_IN_A_ROW else MOST_IN_A_ROW - 1


def menu() -> list[Entry]:
    """The reader's menu; nobody's is empty except of who is not signed in."""
    reader = signed_in()
    if reader is None:
        return []
    shown: dict[str, Entry] = {}
    for entry in ENTRIES:
        if entry.endpoint in current_app.view_functions and access.may(reader, entry.verb):
            shown.setdefault(entry.endpoint, entry)
    timed = settings().simulated_clock and "clock.show" in current_app.view_functions
    if timed and access.may(reader, Verb.CLOCK_ADVANCE):
        shown["clock.show"] = Entry(lazy("Clock"), "clock.show", Verb.CLOCK_ADVANCE)
    return list(shown.values())


def home() -> str:
    """The first page of the reader's day."""
    reader = signed_in()
    for role, endpoint in HOMES:
        if reader is not None and role in reader.roles and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("account.show")
