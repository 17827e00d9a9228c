"""The access log: every reading of somebody's personal data by a person leaves a line."""

from __future__ import annotations

from collections.abc import Collection

from engine.access import Verb, require
from engine.clock import Clock
from engine.records import Actor, Page, Paging, Role
from engine.store import access_log as store
from engine.store.access_log import Access
from engine.store.database import Database
from engine.store.transaction import Transaction

_FIRST_PAGE = Paging()


class AccessLog:
    """Writes lines and shows them to auditors."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def record(
        self, tx: Transaction, actor: Actor, subject: str, through: str, purpose: str = ""
    ) -> None:
        """Note in a writing transaction that `actor` read data of `subject` `through` something.

        The system's own reading (a timer that fires) is no access by anybody and leaves no line.
        """
        self.record_all(tx, actor, (subject,), through, purpose)

    def record_all(
        self,
        tx: Transaction,
        actor: Actor,
        subjects: Collection[str],
        through: str,
        purpose: str = "",
    ) -> None:
        """As `record`, for a list that shows data of many subjects: a line for each of them."""
        if actor.is_(Role.SYSTEM) or not subjects:
            return
        store.add(
            tx,
            at=self._clock.now(tx),
            actor=actor.username,
            subjects=sorted(set(subjects)),
            through=through,
            purpose=purpose,
        )

    def note(self, actor: Actor, subject: str, through: str, purpose: str = "") -> None:
        """As `record`, in a transaction of its own: for verbs that only read.

        Call it before the data is handed out: what cannot be logged is not shown.
        """
        if actor.is_(Role.SYSTEM):
            return
        with self._database.transaction() as tx:
            self.record(tx, actor, subject, through, purpose)

    def list(
        self,
        actor: Actor,
        paging: Paging = _FIRST_PAGE,
        *,
        reader: str | None = None,
        subject: str | None = None,
    ) -> Page[Access]:
        """Lines, newest first. Raises `Forbidden` for anybody but auditors."""
        require(actor, Verb.ACCESS_LOG_READ)
        with self._database.reading() as tx:
            return store.page(tx, paging, actor=reader, subject=subject)
