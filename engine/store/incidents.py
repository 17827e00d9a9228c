"""Incidents: what stands still and why, until somebody clears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.records import Page, Paging
from engine.store.paging import Keyset
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False, comment="the incident's key inside its case"),
    sa.Column("origin", sa.Text, nullable=False, comment="case, timer or message"),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("element_id", sa.Text),
    sa.Column("element_name", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.LargeBinary, nullable=False, comment="sealed: message, diagnostics"),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.CheckConstraint("origin IN ('case', 'timer', 'message')", name="origin"),
    sa.Index("ix_incident_instance_id", "instance_id"),
    sa.Index("ix_incident_resolved_at_opened_at_id", "resolved_at", "opened_at", "id"),
)

_C = incident.c
_ORDER = Keyset("incidents", (_C.opened_at, _C.id), descending=True)


@dataclass(frozen=True)
class IncidentRow:
    """One incident; `detail` is sealed with the key of the case's owner."""

    id: str
    instance_id: str
    key: str
    origin: str
    process_key: str
    unit: str | None
    element_id: str | None
    element_name: str | None
    kind: str
    detail: bytes
    opened_at: datetime
    resolved_at: datetime | None = None


_CLEARED = incident.update().where(_C.resolved_at.is_(None)).values(resolved_at=sa.bindparam("at"))
_RESOLVE = Statement(_CLEARED.where(_C.id == sa.bindparam("b_id")))
_RESOLVE_ALL = Statement(_CLEARED.where(_C.instance_id == sa.bindparam("b_instance")))


def find(transaction: Transaction, incident_id: str) -> IncidentRow | None:
    """The incident, or None."""
    if not can_be_stored(incident_id):
        return None
    row = transaction.execute(sa.select(incident).where(_C.id == incident_id)).one_or_none()
    return None if row is None else _row(row)


def open(transaction: Transaction, row: IncidentRow) -> None:  # noqa: A001 - the incident's verb
    """Store an incident; one that was resolved and happens again is open again."""
    changed = transaction.execute(
        incident.update()
        .where(_C.id == row.id)
        .values(detail=row.detail, kind=row.kind, resolved_at=None)
    )
    if changed.rowcount == 0:
        transaction.execute(incident.insert(), vars(row))


def resolve(transaction: Transaction, incident_id: str, at: datetime) -> None:
    """Mark an incident as cleared; nothing happens when it is not open."""
    _RESOLVE.run(transaction, {"b_id": incident_id, "at": at})


def resolve_all(transaction: Transaction, instance_id: str, at: datetime) -> None:
    """Mark every open incident of an ended case as cleared."""
    _RESOLVE_ALL.run(transaction, {"b_instance": instance_id, "at": at})


def move(transaction: Transaction, instance_id: str, unit: str) -> None:
    """Open incidents go with their case to another unit."""
    transaction.execute(
        incident.update()
        .where(_C.instance_id == instance_id, _C.resolved_at.is_(None))
        .values(unit=unit)
    )


def open_of_case(transaction: Transaction, instance_id: str) -> tuple[IncidentRow, ...]:
    """The open incidents of one case, oldest first."""
    statement = (
        sa.select(incident)
        .where(_C.instance_id == instance_id, _C.resolved_at.is_(None))
        .order_by(_C.opened_at, _C.id)
    )
    return tuple(_row(row) for row in transaction.execute(statement))


def page(
    transaction: Transaction,
    paging: Paging,
    *,
    units: frozenset[str] | None,
    state: str,
    process: str | None = None,
    instance: str | None = None,
) -> Page[IncidentRow]:
    """Incidents newest first; `state` is `open` or `resolved`; `units` None: everywhere."""
    ended = _C.resolved_at.is_not(None) if state == "resolved" else _C.resolved_at.is_(None)
    statement = sa.select(incident).where(ended)
    if units is not None:
        statement = statement.where(_C.unit.in_(sorted(units)))
    if process is not None:
        statement = statement.where(_C.process_key == process)
    if instance is not None:
        statement = statement.where(_C.instance_id == instance)
    rows = transaction.execute(_ORDER.apply(statement, paging)).all()
    rows, cursor = _ORDER.split(rows, paging)
    return Page(tuple(_row(row) for row in rows), cursor)


def _row(row: sa.Row[Any]) -> IncidentRow:
    return IncidentRow(**row._mapping)
