"""How open tasks are looked for: a list is made of parts, each with an index of its own.

No single index serves "the business key begins so, or the name has it, or the person is called
so", nor tasks of several units in the order of their due times; one for each part does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from engine.records import TaskState
from engine.store import task_kinds
from engine.store.cases import process_instance
from engine.store.planning import begins_with, filter_only
from engine.store.schema import microseconds
from engine.store.task_filter import TaskFilter
from engine.store.tasks import CLOSED, HELD, OPEN, user_task
from engine.store.transaction import Transaction

_T = user_task.c
_CASE = process_instance.c
_FEW = 500
"""So many cases are looked up one by one; tasks of more are met often enough on the way."""

Condition = sa.ColumnElement[bool]
Part = list[Condition]


def parts_of(transaction: Transaction, wanted: TaskFilter) -> list[sa.Select[Any]]:
    """What to look for; every task that is wanted is in one part or in several."""
    narrow = _narrow(wanted)
    if narrow:
        parts = [[*narrow, *_inside(wanted), *_element(wanted), *_text(wanted)]]
    else:
        parts = [
            part
            for unit, there in _units(wanted)
            for part in _in_unit(transaction, wanted, unit, there)
        ]
        if wanted.state is TaskState.OPEN and wanted.text is not None:
            parts += _of_cases(transaction, wanted, wanted.text)
    common = [*_state(wanted.state), *_bounds(wanted)]
    return [sa.select(user_task).where(*common, *part) for part in parts]


def inside(places: frozenset[tuple[str, str]] | None, unit: Any = _T.unit) -> Part:
    """Tasks for one of the roles in one of its units; the units also bound the index scan."""
    if places is None:
        return []
    units: dict[str, set[str]] = {}
    for role, place in places:
        units.setdefault(role, set()).add(place)
    by_role = [
        sa.and_(_has_role(role), unit.in_(sorted(own))) for role, own in sorted(units.items())
    ]
    every = sorted({place for _, place in places})
    return [unit.in_(every), sa.or_(sa.false(), *by_role)]


def _narrow(wanted: TaskFilter) -> Part:
    """The condition that few tasks fulfil; those that are left over only filter."""
    narrow: Part = []
    if wanted.only is not None:
        narrow.append(_T.id.in_(sorted(wanted.only)))
    if wanted.instance is not None:
        column = filter_only(_T.instance_id) if narrow else _T.instance_id
        narrow.append(column == wanted.instance)
    if wanted.business_key is not None:
        if narrow:
            narrow.append(_T.business_key == wanted.business_key)
        else:
            keyed = sa.select(_CASE.id).where(_CASE.business_key == wanted.business_key)
            narrow.append(_T.instance_id.in_(keyed))
    for holders in (wanted.holders, None if wanted.assignee is None else {wanted.assignee}):
        if holders is not None:
            column = filter_only(_T.assignee) if narrow else _T.assignee
            narrow += [HELD, column.in_(sorted(holders))]
    return narrow


def _state(state: TaskState) -> Part:
    if state is TaskState.OPEN:
        return [OPEN]
    return [CLOSED, filter_only(_T.state) == state.value]


def _bounds(wanted: TaskFilter) -> Part:
    """What has no index of its own."""
    bounds: Part = []
    if wanted.process is not None:
        bounds.append(_T.process_key == wanted.process)
    if wanted.group is not None:
        bounds.append(_has_role(wanted.group))
    if wanted.unassigned:
        bounds.append(_T.assignee.is_(None))
    # A task without a due time has the last `due_order` of all.
    if wanted.due_before is not None:
        bounds.append(_T.due_order < microseconds(wanted.due_before))
    if wanted.overdue_at is not None:
        bounds.append(_T.due_order <= microseconds(wanted.overdue_at))
    return bounds


def _units(wanted: TaskFilter) -> Iterable[tuple[str | None, Part]]:
    """The units to look in, each with the roles that count there; None: all at once."""
    if wanted.places is None:
        own = [] if wanted.unit is None else [_T.unit == wanted.unit]
        return [(wanted.unit, own)]
    roles: dict[str, list[str]] = {}
    for role, unit in sorted(wanted.places):
        if wanted.unit in {None, unit}:
            roles.setdefault(unit, []).append(role)
    return [(unit, [_T.unit == unit, sa.or_(*map(_has_role, own))]) for unit, own in roles.items()]


def _in_unit(
    transaction: Transaction, wanted: TaskFilter, unit: str | None, there: Part
) -> Iterable[Part]:
    """Tasks of a unit: of the element, or with the text in their name, kind by kind."""
    if wanted.state is not TaskState.OPEN or unit is None:
        return [[*there, *_element(wanted), *_text(wanted)]]
    if wanted.element is None and wanted.text is None:
        return [there]
    text = (wanted.text or "").casefold()
    return [
        [*there, _T.element_id == kind.element, _T.name == kind.name]
        for kind in task_kinds.of_unit(transaction, unit)
        if wanted.element in {None, kind.element} and text in kind.name.casefold()
    ]


def _of_cases(transaction: Transaction, wanted: TaskFilter, text: str) -> Iterable[Part]:
    """Tasks of the cases whose business key begins with the text, or whose subject it names."""
    there = [*_inside(wanted), *_element(wanted)]
    keyed = sa.select(_CASE.id).where(begins_with(_CASE.business_key, text, transaction.dialect))
    number = len(transaction.execute(keyed.limit(_FEW + 1)).all())
    if number > _FEW:
        for _, unit in _units(wanted):
            yield [*unit, *_element(wanted), _key_begins(text)]
    elif number:
        yield [_T.instance_id.in_(keyed), *there]
    if wanted.subjects:
        theirs = sa.select(_CASE.id).where(_CASE.subject.in_(sorted(wanted.subjects)))
        yield [_T.instance_id.in_(theirs), *there]


def _inside(wanted: TaskFilter) -> Part:
    """Where the tasks must be, when something else says where to look."""
    unit = filter_only(_T.unit)
    own = [] if wanted.unit is None else [unit == wanted.unit]
    return [*inside(wanted.places, unit), *own]


def _element(wanted: TaskFilter) -> Part:
    return [] if wanted.element is None else [filter_only(_T.element_id) == wanted.element]


def _text(wanted: TaskFilter) -> Part:
    if wanted.text is None:
        return []
    named = _T.name.icontains(wanted.text, autoescape=True)
    return [sa.or_(_key_begins(wanted.text), named, _T.subject.in_(sorted(wanted.subjects)))]


def _key_begins(text: str) -> Condition:
    keys = sorted({text, text.upper()})
    return sa.or_(*(_T.business_key.startswith(key, autoescape=True) for key in keys))


def _has_role(role: str) -> Condition:
    return _T.candidate_groups.contains(f"|{role}|", autoescape=True)
