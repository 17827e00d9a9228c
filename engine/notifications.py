"""Reminders inside the product, in both languages, to a user or to a role in a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.access import Verb, require
from engine.clock import Clock
from engine.errors import NotFound
from engine.identifiers import new_id
from engine.notify_ports import NotificationChannel
from engine.records import Actor, Page, Paging, Role
from engine.store import notifications as store
from engine.store.database import Database
from engine.store.notifications import Notification, Reader
from engine.store.transaction import Transaction
from engine.wording import Text

__all__ = ["Notification", "Notifications"]

_FIRST_PAGE = Paging()


class Notifications:
    """Writes reminders within commands and shows each reader theirs."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Sequence[NotificationChannel] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = tuple(channels)

    def notify(
        self,
        tx: Transaction,
        *,
        usernames: Sequence[str] = (),
        role: Role | None = None,
        unit: str | None = None,
        kind: str,
        text_ar: str,
        text_en: str,
        at: datetime,
        instance_id: str | None = None,
        task_id: str | None = None,
    ) -> tuple[Notification, ...]:
        """Remind each of `usernames`, or everybody with `role` in `unit`.

        The texts name cases by their number, never people: they stay when a person is erased.
        Raises `ValueError` without an addressee.
        """
        if bool(usernames) == (role is not None) or (role is None) != (unit is None):
            raise ValueError("a reminder goes to usernames, or to a role in a unit")
        made = tuple(
            Notification(
                new_id(),
                at,
                username,
                role.value if role else None,
                unit,
                kind,
                instance_id,
                task_id,
                text_ar,
                text_en,
            )
            for username in (usernames or (None,))
        )
        store.add(tx, made)
        for notification in made:
            for channel in self._channels:
                channel.enqueue(tx, notification)
        return made

    def list(
        self, actor: Actor, paging: Paging = _FIRST_PAGE, *, unread: bool = False
    ) -> Page[Notification]:
        """The actor's reminders, newest first; `unread`: those neither read nor settled."""
        require(actor, Verb.NOTIFICATIONS_READ)
        with self._database.reading() as tx:
            return store.page(tx, _reader(actor), paging, unread=unread)

    def unread(self, actor: Actor) -> int:
        """How many of the actor's reminders are neither read nor settled."""
        require(actor, Verb.NOTIFICATIONS_READ)
        with self._database.reading() as tx:
            return store.unread(tx, _reader(actor))

    def mark_read(self, actor: Actor, id_: str) -> Notification:
        """Note that the actor has read it; again is no error. Raises `NotFound`."""
        require(actor, Verb.NOTIFICATIONS_READ)
        with self._database.transaction() as tx:
            found = store.find(tx, _reader(actor), id_)
            if found is None:
                raise NotFound(
                    Text(f"لا يوجد تذكير {id_} لك.", f"There is no reminder {id_} for you.")
                )
            if found.read_at is not None:
                return found
            now = self._clock.now(tx)
            store.mark_read(tx, id_, actor.username, now)
        return replace(found, read_at=now)

    def mark_all_read(self, actor: Actor) -> int:
        """Note that the actor has read every reminder there is; how many were unread."""
        require(actor, Verb.NOTIFICATIONS_READ)
        with self._database.transaction() as tx:
            return store.mark_all_read(tx, _reader(actor), self._clock.now(tx))


def _reader(actor: Actor) -> Reader:
    return Reader(actor.username, actor.roles, actor.units)
