"""Process instances: one row a case, with its sealed state and the head of its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.records import InstanceState, Page, Paging
from engine.store.paging import Keyset
from engine.store.planning import filter_only
from engine.store.schema import Instant, metadata
from engine.store.statement import Statement
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction


def _index_of_others(*columns: str) -> sa.Index:
    """An index of the cases that are not active, so that those that move never touch it."""
    condition = sa.text("status <> 'active'")
    return sa.Index(
        f"ix_process_instance_others_{'_'.join(columns)}",
        *columns,
        sqlite_where=condition,
        postgresql_where=condition,
    )


process_instance = sa.Table(
    "process_instance",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version_id", sa.Integer, nullable=False, comment="process_version.id"),
    sa.Column("process_key", sa.Text, nullable=False),
    sa.Column("version_number", sa.Integer, nullable=False),
    sa.Column("business_key", sa.Text),
    sa.Column("unit", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("owner", sa.Text, nullable=False, comment="whose data key seals the case"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("active_elements", sa.Text, nullable=False, comment="JSON list, sorted"),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("journal_seq", sa.Integer, nullable=False),
    sa.Column("journal_hash", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False, comment="sealed"),
    sa.CheckConstraint(
        "status IN ('active', 'suspended', 'completed', 'cancelled', 'incident')", name="status"
    ),
    sa.Index("ix_process_instance_started_at_id", "started_at", "id"),
    sa.Index("ix_process_instance_unit_started_at_id", "unit", "started_at", "id"),
    sa.Index("ix_process_instance_process_key_started_at_id", "process_key", "started_at", "id"),
    _index_of_others("status", "started_at", "id"),
    _index_of_others("unit", "status", "started_at", "id"),
    sa.Index(
        "ix_process_instance_business_key",
        "business_key",
        postgresql_ops={"business_key": "text_pattern_ops"},  # for the beginnings of keys, too
    ),
    sa.Index("ix_process_instance_subject", "subject"),
)

active_element = sa.Table(
    "active_element",
    metadata,
    sa.Column("element_id", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("process_instance.id"), primary_key=True),
    sa.Column("unit", sa.Text, comment="the case's"),
    sa.Index("ix_active_element_element_id_unit_instance_id", "element_id", "unit", "instance_id"),
    comment="where the tokens of running cases stand, for lists filtered by element",
)

_C = process_instance.c
_ORDER = Keyset("instances", (_C.started_at, _C.id), descending=True)
_AT_ELEMENT = Keyset("instances-at-element", (_C.id,), descending=True)
"""Ids grow with time: the key of `active_element` has them in order already."""
_STANDING = Keyset(_AT_ELEMENT.name, (active_element.c.instance_id,), descending=True)
_NOT_ACTIVE = _C.status != sa.literal_column("'active'")


@dataclass(frozen=True)
class CaseRow:
    """One row of `process_instance`; `state` is sealed with the key of `owner`."""

    id: str
    version_id: int
    process_key: str
    version_number: int
    business_key: str | None
    unit: str | None
    subject: str | None
    owner: str
    status: InstanceState
    active_elements: tuple[str, ...]
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    revision: int
    journal_seq: int
    journal_hash: str
    state: bytes


_BARE = sa.select(*(c for c in process_instance.c if c.name != "state"))
_BY_ID = sa.select(process_instance).where(process_instance.c.id == sa.bindparam("instance_id"))
_FIND = Statement(_BY_ID)
_FIND_LOCKED = Statement(_BY_ID.with_for_update())
_INSERT = Statement(process_instance.insert())
_MOVING = ("active_elements", "revision", "journal_seq", "journal_hash", "state")
_LISTED = ("unit", "status", "ended_at")
"""What indexes are made of: SQLite writes one anew when its column is set, changed or not."""


def _update(*names: str) -> Statement:
    return Statement(
        process_instance.update()
        .where(_C.id == sa.bindparam("b_id"), _C.revision == sa.bindparam("b_revision"))
        .values({name: sa.bindparam(f"n_{name}") for name in names})
    )


_UPDATE = _update(*_MOVING)
_UPDATE_LISTED = _update(*_MOVING, *_LISTED)
_HERE = (
    active_element.c.instance_id == sa.bindparam("b_instance"),
    active_element.c.element_id == sa.bindparam("b_element"),
)
_ADD_ELEMENT = Statement(active_element.insert())
_MOVE_ELEMENT = Statement(
    active_element.update().where(*_HERE).values(element_id=sa.bindparam("n_element"))
)
_TRANSFER_ELEMENT = Statement(
    active_element.update().where(*_HERE).values(unit=sa.bindparam("n_unit"))
)
_REMOVE_ELEMENT = Statement(active_element.delete().where(*_HERE))


def row_of(values: Mapping[Any, Any]) -> CaseRow:
    """A row of `process_instance` as read, with or without its state."""
    return CaseRow(
        **{
            "state": b"",
            **values,
            "status": InstanceState(values["status"]),
            "active_elements": tuple(msgspec.json.decode(values["active_elements"])),
        }
    )


def find(transaction: Transaction, instance_id: str, *, lock: bool = False) -> CaseRow | None:
    """The case's row, or None. `lock` holds it until the transaction ends (PostgreSQL; a writing
    transaction of SQLite is alone anyway)."""
    if not can_be_stored(instance_id):
        return None
    statement = _FIND_LOCKED if lock else _FIND
    row = statement.first(transaction, {"instance_id": instance_id})
    return None if row is None else row_of(row)


def insert(transaction: Transaction, row: CaseRow) -> None:
    """Store a new case."""
    _INSERT.run(transaction, {**vars(row), "active_elements": _list(row.active_elements)})
    _move_tokens(transaction, row, (), row.active_elements)


def update(transaction: Transaction, before: CaseRow, after: CaseRow, otherwise: Exception) -> None:
    """Store `after` if the row is still `before`'s revision. When somebody was first, `otherwise`
    is raised, at the latest before anything later is read and before the commit."""
    stays = all(getattr(before, name) == getattr(after, name) for name in _LISTED)
    names, statement = (_MOVING, _UPDATE) if stays else (_MOVING + _LISTED, _UPDATE_LISTED)
    parameters = {f"n_{name}": getattr(after, name) for name in names}
    parameters |= {"b_id": before.id, "b_revision": before.revision}
    parameters["n_active_elements"] = _list(after.active_elements)
    statement.change_each(transaction, [parameters], otherwise)
    _move_tokens(transaction, after, before.active_elements, after.active_elements)
    if before.unit != after.unit:
        _TRANSFER_ELEMENT.run_each(
            transaction,
            [
                {"b_instance": after.id, "b_element": element, "n_unit": after.unit}
                for element in after.active_elements
            ],
        )


def _move_tokens(
    transaction: Transaction, row: CaseRow, before: Iterable[str], after: Iterable[str]
) -> None:
    """Where a token only went from one element to the next, one statement moves its row."""
    gone = sorted(set(before) - set(after))
    come = sorted(set(after) - set(before))
    both = min(len(gone), len(come))
    _MOVE_ELEMENT.run_each(
        transaction,
        [
            {"b_instance": row.id, "b_element": one, "n_element": other}
            for one, other in zip(gone, come, strict=False)
        ],
    )
    _REMOVE_ELEMENT.run_each(
        transaction, [{"b_instance": row.id, "b_element": e} for e in gone[both:]]
    )
    _ADD_ELEMENT.run_each(
        transaction,
        [{"element_id": e, "instance_id": row.id, "unit": row.unit} for e in come[both:]],
    )


def _list(elements: Iterable[str]) -> str:
    return msgspec.json.encode(tuple(elements)).decode()


def of_subject(transaction: Transaction, subject: str) -> tuple[CaseRow, ...]:
    """Every case of a subject, newest first, without their states."""
    return of_subjects(transaction, (subject,))


def of_subjects(transaction: Transaction, subjects: Iterable[str]) -> tuple[CaseRow, ...]:
    """Every case of these subjects, newest first, without their states."""
    c = process_instance.c
    statement = _BARE.where(c.subject.in_(sorted(set(subjects))))
    statement = statement.order_by(c.started_at.desc(), c.id.desc())
    return tuple(row_of(row._mapping) for row in transaction.execute(statement))


def counts(
    transaction: Transaction,
    states: Iterable[InstanceState],
    *,
    units: frozenset[str] | None,
) -> dict[str, int]:
    """Key of a process → how many of its cases are in one of `states`; `units` bounds the places
    (None: all)."""
    c = process_instance.c
    statement = sa.select(c.process_key, sa.func.count().label("n")).group_by(c.process_key)
    statement = statement.where(c.status.in_(sorted(one.value for one in states)))
    if units is not None:
        statement = statement.where(c.unit.in_(sorted(units)))
    return {row.process_key: row.n for row in transaction.execute(statement)}


def page(
    transaction: Transaction,
    paging: Paging,
    *,
    units: frozenset[str] | None,
    equal: Mapping[str, object],
    element: str | None = None,
) -> Page[CaseRow]:
    """Cases newest first, without their states.

    `units` bounds the places that may be seen (None: all); `equal` maps columns to the value
    they must have; `element` keeps cases with a token there.
    """
    if "unit" in equal:
        asked = frozenset({str(equal["unit"])})
        units = asked if units is None else asked & units
        equal = {name: value for name, value in equal.items() if name != "unit"}
    order = _ORDER if element is None else _AT_ELEMENT
    if element is None:
        keys = _ORDER.keys(_parts(units, equal), paging)
    else:
        keys = _STANDING.keys(_standing(element, units, equal), paging)
    rows = () if keys is None else transaction.execute(order.having(_BARE, keys)).all()
    rows, cursor = order.split(rows, paging)
    return Page(tuple(row_of(row._mapping) for row in rows), cursor)


def _parts(units: frozenset[str] | None, equal: Mapping[str, object]) -> list[sa.Select[Any]]:
    """Cases unit by unit, each in the order of its index."""
    keyed = "business_key" in equal
    ended = not keyed and equal.get("status", InstanceState.ACTIVE.value) != InstanceState.ACTIVE
    leading = {"business_key"} if keyed else {"status"} if ended else set[str]()
    if units is None and not leading:
        leading = {"process_key"}
    part = sa.select(_C.id).where(*_filters(equal, leading), *([_NOT_ACTIVE] if ended else []))
    if units is None:
        return [part]
    if keyed:
        return [part.where(filter_only(_C.unit).in_(sorted(units)))]
    return [part.where(_C.unit == unit) for unit in sorted(units)]


def _standing(
    element: str, units: frozenset[str] | None, equal: Mapping[str, object]
) -> list[sa.Select[Any]]:
    """Tokens at an element, unit by unit."""
    token = active_element.c
    part = sa.select(token.instance_id).where(token.element_id == element)
    if equal:
        part = part.join(process_instance, _C.id == token.instance_id)
        part = part.where(*_filters(equal, set()))
    return [part] if units is None else [part.where(token.unit == unit) for unit in sorted(units)]


def _filters(equal: Mapping[str, object], leading: set[str]) -> list[sa.ColumnElement[bool]]:
    """Conditions, of which only those on `leading` columns say where to look."""
    looked_at = {*leading, "version_number"}  # which no index begins with
    return [
        (_C[name] if name in looked_at else filter_only(_C[name])) == value
        for name, value in equal.items()
    ]


def heads(transaction: Transaction) -> Iterator[tuple[str, int, str]]:
    """Id, journal number and journal hash of every case, in the order of their ids."""
    c = process_instance.c
    statement = sa.select(c.id, c.journal_seq, c.journal_hash).order_by(c.id)
    statement = statement.execution_options(yield_per=500)
    for row in transaction.execute(statement):
        yield row.id, row.journal_seq, row.journal_hash
