"""Providers, the service catalogue, employers and vacancies: what referrals are made to.

Rows have validity dates and revisions. There is no verb to delete one: what a referral used stays.
Who may see, propose (as a draft) and change them is `engine.access`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import access
from engine.access import Verb
from engine.clock import Clock, today
from engine.commands import IdempotencyKey
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.identifiers import new_id
from engine.journal import Journal, NewEntry
from engine.once import once
from engine.records import Actor, Page, Paging
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.wording import FIXED, REQUIRED, UNKNOWN_FIELD, Text
from journey.records import RegistryRow
from journey.store import registry as rows
from journey.store.registry import Kind


@dataclass(frozen=True)
class Rights:
    """The verbs that one kind of row asks for."""

    see: Verb
    propose: Verb
    edit: Verb


CATALOGUE = Rights(Verb.CATALOGUE_SEE, Verb.CATALOGUE_PROPOSE, Verb.CATALOGUE_EDIT)
VACANCIES = Rights(Verb.VACANCY_SEE, Verb.VACANCY_PROPOSE, Verb.VACANCY_EDIT)


class Registry:
    """The verbs over one kind of row."""

    kind: Kind
    rights: Rights

    def __init__(self, database: Database, clock: Clock, journal: Journal) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal

    def list(
        self,
        actor: Actor,
        *,
        on: date | None = None,
        all_dates: bool = False,
        paging: Paging | None = None,
        **equal: str | None,
    ) -> Page[RegistryRow]:
        """Rows valid on `on` (left out: today; `all_dates`: whenever), by id.

        `equal` maps fields to the value they must have; None asks nothing. Raises `Forbidden`.
        """
        access.require(actor, self.rights.see)
        paging = paging or Paging()
        wanted = {name: value for name, value in equal.items() if value is not None}
        with self._database.reading() as tx:
            day = None if all_dates else on or today(self._clock.now(tx))
            found, cursor = rows.listing(tx, self.kind, paging, on=day, equal=wanted)
            return Page(tuple(row_of(row) for row in found), cursor)

    def get(self, actor: Actor, row_id: str) -> RegistryRow:
        """One row, valid or not. Raises `NotFound`, `Forbidden`."""
        access.require(actor, self.rights.see)
        with self._database.reading() as tx:
            return row_of(self._found(tx, row_id))

    def create(
        self,
        actor: Actor,
        values: Mapping[str, Any],
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> RegistryRow:
        """Add a row; `id` may be given, else one is made, `valid_from` is today if left out.

        Raises `AlreadyExists` for a known id, `Invalid`, `Forbidden`.
        """
        now = self._clock.now()
        with self._database.transaction() as tx:

            def make() -> Mapping[str, Any]:
                row = {
                    "id": new_id(),
                    "valid_from": today(now),
                    "valid_to": None,
                    **rows.empty(self.kind),
                    **self._known(values),
                }
                self._complete(row)
                self._check(tx, row)
                self._authorise_new(tx, actor, row)
                self._prepare(tx, row)
                rows.insert(tx, self.kind, row)
                self._record(tx, actor, now, "created", row["id"])
                return {"id": row["id"]}

            answer = once(tx, idempotency, make)
            return row_of(self._found(tx, answer["id"]))

    def update(
        self,
        actor: Actor,
        row_id: str,
        changes: Mapping[str, Any],
        *,
        revision: int | None = None,
    ) -> RegistryRow:
        """Change a row; how it was stays in its history. Ending it is a `valid_to`.

        Raises `Conflict` when `revision` is given and stale, `NotFound`, `Invalid`, `Forbidden`.
        """
        now = self._clock.now()
        with self._database.transaction() as tx:
            access.require(actor, self.rights.see)
            before = self._found(tx, row_id)
            self._authorise_change(tx, actor, before)
            values = self._known(changes)
            if "id" in values:
                raise Invalid(Text("المعرّف لا يتغير.", "An id never changes."), {"id": [FIXED]})
            after = {**before, **values}
            self._complete(after)
            self._check(tx, after)
            self._check_change(tx, after)
            # Nobody gives away to a place what they could not look after there.
            self._authorise_change(tx, actor, after)
            record = {"at": now, "actor": actor.username, "before": _plain(before)}
            stored = revision or before["revision"]
            if not rows.change(tx, self.kind, row_id, stored, values, record):
                raise Conflict(
                    Text(
                        "غيّر غيرك هذا السجل في هذه الأثناء؛ حمّله من جديد.",
                        "Somebody else changed this row meanwhile; load it again.",
                    )
                )
            self._record(tx, actor, now, "changed", row_id)
            return row_of(self._found(tx, row_id))

    def history(self, actor: Actor, row_id: str) -> tuple[Mapping[str, Any], ...]:
        """Every change of a row: when, by whom, and how it was before. Raises `NotFound`."""
        access.require(actor, self.rights.see)
        with self._database.reading() as tx:
            self._found(tx, row_id)
            return tuple(rows.history(tx, self.kind, row_id))

    def _place(self, tx: Transaction, row: Mapping[str, Any]) -> Collection[str] | None:
        """The units whose row this is; None: everybody's who has the verb anywhere."""
        return None

    def _check(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        """What must hold of a whole row beyond its columns. Raises `Invalid`."""

    def _check_change(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        """What must hold beyond `_check` of a row that was changed. Raises `Invalid`."""

    def _prepare(self, tx: Transaction, row: Mapping[str, Any]) -> None:
        """What a new row needs beside it."""

    def _may(self, tx: Transaction, actor: Actor, verb: Verb, row: Mapping[str, Any]) -> bool:
        units = self._place(tx, row)
        if units is None:
            return access.may(actor, verb)
        return any(access.may(actor, verb, unit) for unit in units)

    def _authorise_new(self, tx: Transaction, actor: Actor, row: dict[str, Any]) -> None:
        if self._may(tx, actor, self.rights.edit, row):
            return
        self._authorise_proposal(tx, actor, row)

    def _authorise_proposal(self, tx: Transaction, actor: Actor, row: dict[str, Any]) -> None:
        if not self._may(tx, actor, self.rights.propose, row):
            raise Forbidden(Text("لا يحق لحسابك إضافة هذا.", "Your account may not add this."))

    def _authorise_change(self, tx: Transaction, actor: Actor, row: Mapping[str, Any]) -> None:
        if not self._may(tx, actor, self.rights.edit, row):
            raise Forbidden(Text("لا يحق لحسابك تغيير هذا.", "Your account may not change this."))

    def _found(self, tx: Transaction, row_id: str) -> Mapping[str, Any]:
        row = rows.find(tx, self.kind, row_id)
        if row is None:
            raise NotFound(
                Text(
                    f"لا يوجد سجل {row_id} في هذه القائمة.",
                    f"There is no {self.kind.value.replace('_', ' ')} {row_id}.",
                )
            )
        return row

    def _known(self, values: Mapping[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(values) - rows.fields(self.kind) | (set(values) & {"revision"}))
        if unknown:
            raise Invalid(
                Text(
                    "حقول غير معروفة: " + ", ".join(unknown),
                    "Unknown fields: " + ", ".join(unknown),
                ),
                {name: [UNKNOWN_FIELD] for name in unknown},
            )
        return dict(values)

    def _complete(self, row: Mapping[str, Any]) -> None:
        missing = sorted(name for name in rows.required(self.kind) if row.get(name) in (None, ""))
        if missing:
            raise Invalid(
                Text("ينقص: " + ", ".join(missing), "Missing: " + ", ".join(missing)),
                {name: [REQUIRED] for name in missing},
            )
        if row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
            raise Invalid(
                Text("لا ينتهي قبل أن يبدأ.", "It cannot end before it begins."),
                {"valid_to": [Text("قبل valid_from.", "Before valid_from.")]},
            )

    def _record(self, tx: Transaction, actor: Actor, now: datetime, what: str, row_id: str) -> None:
        header = {"kind": self.kind.value, "id": row_id}
        entry = NewEntry(now, actor.username, f"{self.kind.value}_{what}", header=header)
        self._journal.append_admin(tx, entry)


def row_of(row: Mapping[str, Any]) -> RegistryRow:
    """The record of a stored row."""
    kept = ("id", "revision", "valid_from", "valid_to")
    values = {name: value for name, value in row.items() if name not in kept}
    return RegistryRow(
        id=row["id"],
        revision=row["revision"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        values=values,
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
