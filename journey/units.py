"""Units: the places where people work, and visits of headquarters to them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from engine import access
from engine.access import Verb
from engine.clock import Clock, today
from engine.commands import IdempotencyKey
from engine.errors import Forbidden, Invalid, NotFound
from engine.identifiers import new_id
from engine.once import first_answer, keep
from engine.records import Actor, Role
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.wording import Text
from journey.records import Unit
from journey.store import units as rows

KINDS = ("naf", "mol", "provider", "hq")


class Units:
    """The verbs over units."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list(self, actor: Actor, kind: str | None = None) -> tuple[Unit, ...]:
        """Units active today, of one kind or all; everybody signed in may see them."""
        access.require(actor, Verb.UNIT_SEE)
        if kind is not None and kind not in KINDS:
            known = ", ".join(KINDS)
            raise Invalid(
                Text(f"لا يوجد نوع وحدات {kind}.", f"There is no kind of unit {kind}."),
                {"kind": [Text(f"القيم المسموحة: {known}.", f"One of {known}.")]},
            )
        with self._database.reading() as tx:
            found = rows.listing(tx, kind, today(self._clock.now(tx)))
            return tuple(unit_of(row) for row in found)

    def record_visit(
        self,
        actor: Actor,
        unit: str,
        visited_on: date,
        note: str | None = None,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> None:
        """Record that headquarters visited an office (reports.md 1, last column).

        Raises `NotFound`, `Forbidden`, `KeyReused`, `Invalid` for a day to come.
        """
        if not actor.is_(Role.HQ_COORDINATOR, Role.SYSTEM):
            raise Forbidden(
                Text(
                    "يسجل المقر الرئيسي زيارات المكاتب.",
                    "Visits to offices are recorded by headquarters.",
                )
            )
        with self._database.transaction() as tx:
            if first_answer(tx, idempotency) is not None:
                return
            if visited_on > today(self._clock.now(tx)):
                raise Invalid(
                    Text("الزيارة تكون قد تمت.", "A visit lies in the past."),
                    {"visited_on": [Text("في المستقبل.", "In the future.")]},
                )
            if rows.find(tx, unit) is None:
                raise NotFound(Text(f"لا توجد وحدة {unit}.", f"There is no unit {unit}."))
            rows.record_visit(
                tx,
                {
                    "id": new_id(),
                    "unit": unit,
                    "visited_on": visited_on,
                    "visited_by": actor.username,
                    "note": note,
                },
            )
            keep(tx, idempotency, {})

    def load_shipped(self, tx: Transaction, since: date) -> int:
        """Add the shipped units that are missing; returns how many."""
        known = rows.codes(tx)
        missing = [
            {**row, "active_from": since, "active_to": None, "position": place}
            for place, row in enumerate(shipped_units())
            if row["code"] not in known
        ]
        if missing:
            rows.insert(tx, missing)
        return len(missing)


def shipped_units() -> list[dict[str, Any]]:
    """Units of `units.csv`: headquarters, the three field-test branches, 24 MoL offices.

    The seeds count the offices (002:L306) but do not name them: names other than the three of the
    field test are assumptions to be confirmed by the Ministry.
    """
    text = (files("journey") / "units.csv").read_text("utf-8")
    return [
        {name: value or None for name, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]


def unit_of(row: Mapping[str, Any]) -> Unit:
    """The record of a stored unit."""
    return Unit(**{name: row[name] for name in Unit.__dataclass_fields__})
