"""Incidents: what stands still, for those who may clear it, and trying it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from engine import access
from engine.access import Units, Verb
from engine.commands import Commands
from engine.errors import Conflict, Invalid, KeyDestroyed, NotFound
from engine.messages import Messages
from engine.open_case import Change, Done, OpenCase
from engine.records import Actor, Page, Paging
from engine.store import cases, incidents, messages, timers
from engine.store.incidents import IncidentRow
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.timers import Timers
from engine.wording import Text

FirstPage = Paging()
STATES = ("open", "resolved")
_CLEARED = Text("عولج هذا العطل من قبل.", "The incident has been cleared already.")


@dataclass(frozen=True)
class Incident:
    """Something in a case that a person must clear."""

    id: str
    instance_id: str
    process: str
    unit: str | None
    element_id: str | None
    element_name: str | None
    kind: str
    message: str
    diagnostics: tuple[str, ...]
    """What the expression or the outside system said; it may hold the case's data, so only those
    get it who may read the case's variables."""
    opened_at: datetime
    resolved_at: datetime | None


class Incidents:
    """The verbs of incidents. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands, timers_: Timers, messages_: Messages) -> None:
        self._commands = commands
        self._parts = commands.parts
        self._timers = timers_
        self._messages = messages_

    def list(
        self,
        actor: Actor,
        *,
        state: str = "open",
        process: str | None = None,
        instance: str | None = None,
        paging: Paging = FirstPage,
    ) -> Page[Incident]:
        """Incidents the caller may see, newest first; `state` is open or resolved."""
        if state not in STATES:
            raise Invalid(
                Text(f"لا توجد حالة {state!r} للأعطال.", f"Incidents are never {state!r}."),
                {"state": [Text("open أو resolved.", "Must be open or resolved.")]},
            )
        if not can_be_stored(process, instance):
            return Page((), None)
        units = access.visible_units(actor, Verb.INCIDENT_SEE)
        with self._parts.database.reading() as transaction:
            page = incidents.page(
                transaction,
                paging,
                units=None if isinstance(units, Units) else units,
                state=state,
                process=process,
                instance=instance,
            )
            items = tuple(self._shown(transaction, actor, row) for row in page.items)
        return Page(items, page.next_cursor)

    def get(self, actor: Actor, incident_id: str) -> Incident:
        """One incident. Raises `NotFound`."""
        with self._parts.database.reading() as transaction:
            row = self._visible(transaction, actor, incident_id)
            return self._shown(transaction, actor, row)

    def retry(self, actor: Actor, incident_id: str) -> Incident:
        """Let the case try again where it stands. If the cause is still there, the incident stays
        open (or another one takes its place). Raises `Conflict` when it was cleared before."""
        with self._parts.database.reading() as transaction:
            row = self._visible(transaction, actor, incident_id)
            access.require(actor, Verb.INCIDENT_RETRY, row.unit, f"The incident {incident_id}")
        if row.resolved_at is not None:
            raise Conflict(_CLEARED)
        if row.origin == "timer":
            self._retry_timer(row)
        elif row.origin == "message":
            self._retry_message(row)
        else:
            self._retry_case(actor, row)
        return self.get(actor, incident_id)

    def _retry_case(self, actor: Actor, row: IncidentRow) -> None:
        def decide(case: OpenCase) -> Change:
            current = incidents.find(case.transaction, row.id)
            if current is None or current.resolved_at is not None:
                raise Conflict(_CLEARED)
            return Change(
                step=case.live.retry(row.key, case.services),
                element_id=row.element_id,
                details={"incident": row.id},
            )

        def answer(_done: Done) -> None:
            return None

        self._commands.run(actor, row.instance_id, "retry", decide, answer)

    def _retry_timer(self, row: IncidentRow) -> None:
        with self._parts.database.transaction() as transaction:
            key = row.key.removeprefix("timer-")
            timer = timers.find(transaction, row.instance_id, key)
            if timer is not None:
                timers.put_off(transaction, timer, None)
        self._timers.fire_due()

    def _retry_message(self, row: IncidentRow) -> None:
        message_id = row.key.split("-")[1]
        with self._parts.database.transaction() as transaction:
            message = messages.lock(transaction, message_id)
            if message is not None and message.state != "done":
                messages.mark(transaction, message, message.state)
        self._messages.deliver_soon([message_id], [])

    @staticmethod
    def _visible(transaction: Transaction, actor: Actor, incident_id: str) -> IncidentRow:
        row = incidents.find(transaction, incident_id)
        if row is None:
            raise NotFound(
                Text(f"لا يوجد عطل {incident_id}.", f"There is no incident {incident_id}.")
            )
        access.require(actor, Verb.INCIDENT_SEE, row.unit, f"The incident {incident_id}")
        return row

    def _shown(self, transaction: Transaction, actor: Actor, row: IncidentRow) -> Incident:
        message, diagnostics = "The person's data was erased.", []
        case_row = cases.find(transaction, row.instance_id)
        if case_row is not None:
            case = self._commands.open(transaction, actor, case_row)
            try:
                plain = case.open(row.detail, f"incident:{row.key}")
                message, *diagnostics = msgspec.json.decode(plain)
            except KeyDestroyed:
                pass
        if not access.may(actor, Verb.INSTANCE_VARIABLES, row.unit):
            diagnostics = []
        return Incident(
            id=row.id,
            instance_id=row.instance_id,
            process=row.process_key,
            unit=row.unit,
            element_id=row.element_id,
            element_name=row.element_name,
            kind=row.kind,
            message=message,
            diagnostics=tuple(diagnostics),
            opened_at=row.opened_at,
            resolved_at=row.resolved_at,
        )
