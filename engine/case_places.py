"""The case that a verb is about, for those who may do that verb where the case is."""

from __future__ import annotations

from engine import access
from engine.access import Verb
from engine.errors import NotFound
from engine.open_case import OpenCase
from engine.records import Actor
from engine.store import cases
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction
from engine.wording import Text


def find_case(transaction: Transaction, actor: Actor, instance_id: str, verb: Verb) -> CaseRow:
    """The case's row. Raises `NotFound` when there is none or the actor may not see it,
    `Forbidden` when the actor may see it but not do `verb`."""
    row = cases.find(transaction, instance_id)
    if row is None:
        raise NotFound(Text(f"لا توجد حالة {instance_id}.", f"There is no case {instance_id}."))
    access.require(actor, verb, row.unit, f"The case {instance_id}")
    return row


def require_case(case: OpenCase, verb: Verb) -> None:
    """The same for a case that a command has checked out."""
    access.require(case.actor, verb, case.row.unit, f"The case {case.row.id}")
