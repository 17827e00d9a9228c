"""Brings one message to the cases that are to have it, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import msgspec

from engine.commands import Commands
from engine.definitions import ProcessVersion
from engine.errors import KeyDestroyed, Unavailable
from engine.fact_rows import incident_row, message_context
from engine.fault_frames import fault_line
from engine.identifiers import part_id
from engine.open_case import RUNNING, Change, OpenCase
from engine.opening import CaseAbout, Opening
from engine.records import SYSTEM
from engine.store import cases, incidents, messages
from engine.store.messages import MessageRow, SubscriptionRow
from engine.store.transaction import Transaction

_log = logging.getLogger(__name__)


class Delivery:
    """Delivers messages; what a case cannot take becomes its incident."""

    def __init__(self, commands: Commands, opening: Opening) -> None:
        self._commands = commands
        self._parts = commands.parts
        self._opening = opening

    def to_subscribers(self, row: MessageRow) -> bool:
        """Deliver to one waiting case of each definition; False when one of them failed."""
        good = True
        tried: set[tuple[str, str]] = set()
        while row.correlation_key is not None:
            with self._parts.database.reading() as transaction:
                found = messages.receivers(transaction, row.id, row.name, row.correlation_key)
            fresh = [r for r in found if (r.instance_id, r.key) not in tried]
            if not fresh:
                return good
            for receiver in fresh:
                tried.add((receiver.instance_id, receiver.key))
                good = self._guarded(row, receiver) and good
        return good

    def _guarded(self, row: MessageRow, receiver: SubscriptionRow) -> bool:
        """Deliver; what the case cannot take becomes its incident and is tried again later."""
        try:
            self._commands.transact(lambda tx: self._correlate(tx, row.id, receiver))
        except KeyDestroyed:
            return True  # the person was erased: there is nobody to deliver to
        except Unavailable:
            raise
        except Exception as error:
            _log.error(
                "Case %s cannot take message %s: %s",
                receiver.instance_id,
                row.id,
                fault_line(error),
            )
            self._tell(row, receiver, f"{type(error).__name__}: {error}")
            return False
        return True

    def _tell(self, row: MessageRow, receiver: SubscriptionRow, why: str) -> None:
        """Open the case's incident. One that cannot even hold it (its diagram cannot be read any
        more) keeps nobody else waiting for the message."""
        try:
            self._commands.transact(lambda tx: self._report(tx, row, receiver, why))
        except Unavailable:
            raise
        except Exception as error:
            _log.error("Case %s takes no incident: %s", receiver.instance_id, fault_line(error))

    def _correlate(
        self, transaction: Transaction, message_id: str, receiver: SubscriptionRow
    ) -> None:
        """Give a message to one waiting case, unless the case, the message or the definition has
        been served meanwhile. Raises what the step raises."""
        case = self._commands.check_out(transaction, SYSTEM, receiver.instance_id)
        row = messages.lock(transaction, message_id)
        waiting = messages.subscription(transaction, receiver.instance_id, receiver.key)
        if row is None or row.state == "done" or waiting is None:
            return
        if messages.delivered(transaction, message_id, receiver.definition):
            return
        payload = self._payload(transaction, row)

        def decide(case: OpenCase) -> Change:
            step = case.live.deliver(receiver.key, payload, case.services)
            incidents.resolve(transaction, _incident_id(row, receiver), case.now)
            return Change(
                step=step,
                element_id=receiver.element_id,
                details=_about(row),
                also=lambda: messages.record_delivery(
                    transaction, row.id, receiver.definition, case.row.id, case.now
                ),
            )

        self._commands.give(case, "correlate", decide, lambda done: None)

    def to_starts(self, row: MessageRow) -> bool:
        """Start a case of every process that begins with this message; False if one failed."""
        with self._parts.database.reading() as transaction:
            found = self._parts.definitions.start_processes(transaction, row.name)
        good = True
        for version in found:
            try:
                self._commands.transact(self._starting(row, version))
            except KeyDestroyed:
                continue
            except Unavailable:
                raise
            except Exception as error:
                _log.error("Message %s cannot start %s: %s", row.id, version.key, fault_line(error))
                good = False
        return good

    def _starting(self, row: MessageRow, version: ProcessVersion) -> Callable[[Transaction], None]:
        return lambda transaction: self._start(transaction, row, version)

    def _start(self, transaction: Transaction, row: MessageRow, version: ProcessVersion) -> None:
        """Start one case, unless this message has started one of this process already."""
        definition = f"start:{version.key}"
        held = messages.lock(transaction, row.id)
        if held is None or messages.delivered(transaction, row.id, definition):
            return
        about = CaseAbout(row.unit, None, None)
        sender = None if row.sender is None else cases.find(transaction, row.sender)
        if sender is not None:
            # What a case sets going belongs where the case is now and to the same person.
            about = CaseAbout(sender.unit, sender.business_key, sender.subject)
        made = self._opening.start(
            transaction,
            SYSTEM,
            version,
            about=about,
            variables=self._payload(transaction, row),
            message=row.name,
            details=_about(row),
        )
        messages.record_delivery(transaction, row.id, definition, made.id, made.started_at)

    def _payload(self, transaction: Transaction, row: MessageRow) -> dict[str, Any]:
        plain = self._parts.keyring.open(
            transaction, row.owner, row.payload, message_context(row.id)
        )
        payload: dict[str, Any] = msgspec.json.decode(plain)
        return payload

    def _report(
        self,
        transaction: Transaction,
        row: MessageRow,
        receiver: SubscriptionRow,
        why: str,
    ) -> None:
        """Open the incident, unless it is open already."""
        case = self._commands.check_out(transaction, SYSTEM, receiver.instance_id)
        known = incidents.find(transaction, _incident_id(row, receiver))
        if case.row.status not in RUNNING or (known and known.resolved_at is None):
            return

        def decide(case: OpenCase) -> Change:
            opened = incident_row(
                case,
                key=_incident_key(row, receiver),
                origin="message",
                element_id=receiver.element_id,
                kind="message",
                message=f"The message {row.name} could not be delivered; it is tried again.",
                diagnostics=(why,),
            )
            return Change(
                element_id=receiver.element_id,
                details=_about(row),
                stuck=True,
                also=lambda: incidents.open(transaction, opened),
            )

        self._commands.give(case, "incident", decide, lambda done: None)


def _incident_key(row: MessageRow, receiver: SubscriptionRow) -> str:
    return f"message-{row.id}-{receiver.key}"


def _incident_id(row: MessageRow, receiver: SubscriptionRow) -> str:
    return part_id(receiver.instance_id, _incident_key(row, receiver))


def _about(row: MessageRow) -> dict[str, Any]:
    return {
        "message": row.name,
        "message_id": row.id,
        "correlation_key": row.correlation_key,
        "published_by": row.published_by,
        "sender": row.sender,
    }
