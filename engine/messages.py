"""Messages: published from outside or by a case, delivered once per definition, kept for their
time to live.

A message is a row first. Whoever publishes it commits the row and then looks who waits; whoever
begins to wait commits that and then looks what has come: one of the two sees the other. Each
delivery is one command of the case that gets it. A process that dies in between leaves the row to
any scheduler.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine import access
from engine.access import Verb
from engine.commands import Commands, IdempotencyKey, Repeatable
from engine.delivery import Delivery
from engine.errors import Invalid
from engine.fact_rows import message_context
from engine.fault_frames import fault_line
from engine.identifiers import new_id
from engine.journal import ADMIN_STREAM
from engine.opening import Opening
from engine.parts import back_off
from engine.plain_json import encoded
from engine.records import Actor
from engine.store import messages
from engine.store.messages import MessageRow
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.wording import Text

_OUTSIDE = "messages"
"""Whose data key seals the payload of a message that no case sent. The payload is dropped when
the message is done."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """A message, and the cases that have it by now."""

    id: str
    delivered_to: tuple[str, ...]


class Messages:
    """The verbs of messages."""

    def __init__(self, commands: Commands, opening: Opening) -> None:
        self._commands = commands
        self._parts = commands.parts
        self._delivery = Delivery(commands, opening)
        self._queue = threading.local()
        self._parts.deliver_soon = self.deliver_soon

    def publish(
        self,
        actor: Actor,
        name: str,
        correlation_key: str | None,
        payload: Mapping[str, Any] | None = None,
        time_to_live: timedelta | None = None,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Published:
        """Publish a message from outside. Without `time_to_live` only who waits now gets it.

        Raises `Forbidden` for anybody but connectors and administrators, `Invalid`.
        """
        access.require(actor, Verb.MESSAGE_PUBLISH)
        if not name.strip() or not can_be_stored(name, correlation_key):
            raise Invalid(
                Text(
                    "يلزم للرسالة اسم ومفتاح من أحرف عادية.",
                    "A message needs a name and a key of plain characters.",
                ),
                {"name": [Text("لا يمكن استخدامه.", "Cannot be used.")]},
            )
        if time_to_live is not None and not timedelta() <= time_to_live <= timedelta(days=3660):
            raise Invalid(
                Text("تبقى الرسالة عشر سنوات على الأكثر.", "A message lives ten years at most."),
                {"time_to_live": [Text("خارج الحد المسموح.", "Is out of range.")]},
            )
        content = encoded(dict(payload or {}), "payload")
        unit = next(iter(actor.units)) if len(actor.units) == 1 else None

        def attempt(transaction: Transaction) -> str:
            if unit is None and self._parts.definitions.start_processes(transaction, name):
                raise Invalid(
                    Text(
                        f"الرسالة {name!r} تبدأ حالات، فيجب أن ينتمي مرسلها إلى وحدة واحدة.",
                        f"The message {name!r} starts cases, so its sender must belong to "
                        "one unit.",
                    ),
                    {
                        "name": [
                            Text(
                                "تبدأ حالات، وليس لحسابك وحدة واحدة بعينها.",
                                "Starts cases; your account has no single unit.",
                            )
                        ]
                    },
                )
            message_id = new_id()
            now = self._parts.clock.now(transaction)
            sealed = self._parts.keyring.seal(
                transaction,
                _OUTSIDE,
                content,
                message_context(message_id),
            )
            row = MessageRow(
                id=message_id,
                name=name,
                correlation_key=correlation_key,
                payload=sealed,
                owner=_OUTSIDE,
                sender=None,
                unit=unit,
                published_by=actor.username,
                published_at=now,
                expires_at=now + (time_to_live or timedelta()),
                state="pending",
            )
            messages.insert(transaction, [row])
            return message_id

        message_id = self._commands.transact(
            attempt, Repeatable(idempotency, str, lambda _: ADMIN_STREAM)
        )
        self.deliver_soon([message_id], [])
        with self._parts.database.reading() as transaction:
            return Published(message_id, messages.deliveries(transaction, message_id))

    def dispatch(self, limit: int = 100) -> int:
        """Deliver what a dead process left behind and what has come to be awaited, drop what is
        too old; how many messages were looked at."""
        system_now = self._parts.system_now()
        with self._parts.database.glance() as transaction:
            now = self._parts.clock.now(transaction)
            waiting = messages.pending(transaction, system_now, limit)
            waiting += messages.awaited(transaction, now, system_now, limit)
            old = messages.any_expired(transaction, now)
        if old:
            with self._parts.database.transaction() as transaction:
                messages.expire(transaction, now)
        for message_id in dict.fromkeys(waiting):
            self._deliver(message_id)
        return len(waiting)

    def deliver_soon(self, sent: Sequence[str], awaited: Sequence[tuple[str, str]]) -> None:
        """After a commit: deliver these messages, and what was kept for new waiters.

        A delivery may publish more: they queue up, so that a long chain needs no deep stack.
        Nothing is raised, because the command that led here is done.
        """
        queue: deque[str] | None = getattr(self._queue, "ids", None)
        running = queue is not None
        if queue is None:
            queue = self._queue.ids = deque()
        try:
            queue.extend(sent)
            if awaited:
                with self._parts.database.reading() as transaction:
                    now = self._parts.clock.now(transaction)
                    queue.extend(messages.waiting_for(transaction, awaited, now))
            while queue and not running:
                self._deliver(queue.popleft())
        except Exception as error:
            _log.error("A message waits for a scheduler to deliver it: %s", fault_line(error))
        finally:
            if not running:
                self._queue.ids = None

    def _deliver(self, message_id: str) -> None:
        """Bring one message to everybody who is to have it now, each in a transaction."""
        with self._parts.database.reading() as transaction:
            row = messages.find(transaction, message_id)
            now = self._parts.clock.now(transaction)
        if row is None or row.state == "done":
            return
        if row.state == "waiting" and row.expires_at <= now:
            return
        failed = row.state == "pending" and not self._delivery.to_starts(row)
        failed = not self._delivery.to_subscribers(row) or failed
        with self._parts.database.transaction() as transaction:
            if failed:
                retry_at = self._parts.system_now() + back_off(row.attempts)
                messages.mark(transaction, row, row.state, retry_at=retry_at, failed=True)
            else:
                kept = row.correlation_key is not None and row.expires_at > now
                messages.mark(transaction, row, "waiting" if kept else "done")
