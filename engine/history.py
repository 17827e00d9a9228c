"""What happened to a case, entry by entry, and the case as it stood after any of them.

Both read the journal; nothing is executed again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from bpmn import CaseView, Fact, FlowTaken
from engine import access
from engine.access import Verb
from engine.case_places import find_case
from engine.commands import Commands
from engine.commit import stream_of
from engine.crypto import DataAltered
from engine.element_words import ElementWords, words_of_process
from engine.errors import Invalid, NotFound
from engine.journal import ChainReport, Head, RecordedEntry
from engine.open_case import instance_of
from engine.past import CaseStep, Past, Place, steps_of
from engine.past_questions import questions_of
from engine.ports import Option, SourceQuery
from engine.published import drawings_of
from engine.records import Actor, JournalEntry, Page, Paging
from engine.store import cases, users
from engine.store.cases import CaseRow
from engine.store.paging import decode_cursor, encode_cursor, limit_of, not_a_cursor
from engine.store.transaction import Transaction
from engine.wording import Text
from forms import Form

__all__ = ["CaseStep", "DataAltered", "History", "Past", "Place", "Replayed", "UsedForm", "view_of"]

FirstPage = Paging()


@dataclass(frozen=True)
class Replayed:
    """A case as it stood after entry `seq` of its journal."""

    instance_id: str
    seq: int
    state: str
    active_elements: tuple[str, ...]
    variables: Mapping[str, Any]
    """The root scope."""
    open_tasks: tuple[Mapping[str, Any], ...]
    """`{id, element_id, name}` each."""
    flows: tuple[str, ...]
    """Sequence flows taken so far, in order."""


@dataclass(frozen=True)
class UsedForm:
    """A form that answers were given with, and what their codes may mean."""

    form: Form
    options: Mapping[str, tuple[Option, ...]]
    """Field path → the choices of a reference field."""


class History:
    """The verbs of a case's past."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def entries(
        self, actor: Actor, instance_id: str, paging: Paging = FirstPage
    ) -> Page[JournalEntry]:
        """The case's journal, oldest first; without its data for who may not read personal data.
        Reading the data is noted in the access log. Raises `NotFound`, `Forbidden`."""
        limit = limit_of(paging)
        after = 0
        if paging.cursor is not None:
            after = _seq_of(decode_cursor("history", paging.cursor))
        with self._parts.database.reading() as transaction:
            row, full = self._readable(transaction, actor, instance_id)
            found = self._parts.journal.read(
                transaction, stream_of(instance_id), after=after, limit=limit + 1
            )
        if full:
            self._parts.access_log.note(actor, row.owner, "case history", row.process_key)
        shown: list[JournalEntry] = [
            entry if full else replace(entry, data={}) for entry in found[:limit]
        ]
        more = len(found) > limit
        cursor = encode_cursor("history", [shown[-1].seq]) if more else None
        return Page(tuple(shown), cursor)

    def words(self, actor: Actor, instance_id: str) -> Mapping[str, ElementWords]:
        """Element id → what the case's version of the diagram, and those it calls, call it.
        Raises `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as transaction:
            row, _full = self._readable(transaction, actor, instance_id)
            return words_of_process(self._parts.definitions.executable(transaction, row.version_id))

    def replay(self, actor: Actor, instance_id: str, seq: int | None = None) -> Replayed:
        """The case as it stood after entry `seq` (None: the last). Raises `NotFound`,
        `Forbidden`, `Invalid` for an entry that there is not."""
        with self._parts.database.reading() as transaction:
            row, full = self._readable(transaction, actor, instance_id)
            last = row.journal_seq if seq is None else seq
            if not 1 <= last <= row.journal_seq:
                raise Invalid(
                    Text(
                        f"قيود هذه الحالة من 1 إلى {row.journal_seq}.",
                        f"The case has entries 1 to {row.journal_seq}.",
                    ),
                    {
                        "seq": [
                            Text(
                                f"من 1 إلى {row.journal_seq}.",
                                f"Must be from 1 to {row.journal_seq}.",
                            )
                        ]
                    },
                )
            found = self._parts.journal.read(transaction, stream_of(instance_id), limit=last)
        if full:
            self._parts.access_log.note(actor, row.owner, "case replay", row.process_key)
        return _replayed(row, found, full)

    def past(self, actor: Actor, instance_id: str) -> Past:
        """The journal of a case step by step with the diagrams it ran; steps without their data for
        who may not read personal data. A journal that was altered is shown as far as it can be
        read, and says which entry fails. Reading the data is noted in the access log.
        Raises `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as transaction:
            row, full = self._readable(transaction, actor, instance_id)
            entries = self._readable_entries(transaction, instance_id)
            full = full and not any(entry.erased for entry in entries)
            drawings = drawings_of(transaction, self._parts.definitions, row.version_id)
            unread = len(entries) + 1 if len(entries) < row.journal_seq else None
            altered = self.verify(transaction, instance_id).first_bad
            found = Past(
                instance_id=instance_id,
                business_key=row.business_key if full else None,
                steps=steps_of(entries, drawings, with_data=full),
                drawings=drawings,
                questions=(
                    questions_of(transaction, self._parts, actor, row, entries) if full else {}
                ),
                with_data=full,
                first_bad=min((one for one in (altered, unread) if one is not None), default=None),
                unread_from=unread,
            )
        if full:
            self._parts.access_log.note(actor, row.owner, "case history", row.process_key)
        return found

    def people(self, past: Past) -> Mapping[str, str]:
        """User name → name of everybody that a past tells of: who gave its commands, and to whom
        tasks were handed. Nothing for readers who see no data: they may not know the accounts."""
        if not past.with_data:
            return {}
        told = {step.entry.actor for step in past.steps}
        for step in past.steps:
            details = step.entry.data.get("details", {})
            told |= {who for name in ("from", "to") if isinstance(who := details.get(name), str)}
        with self._parts.database.reading() as transaction:
            return users.names(transaction, told)

    def is_whole(self, actor: Actor, instance_id: str) -> bool:
        """Whether no entry of the case's journal was altered, left out or cut off. Raises
        `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as transaction:
            self._readable(transaction, actor, instance_id)
            return self.verify(transaction, instance_id).ok

    def form_used(
        self, actor: Actor, instance_id: str, form_hash: str, data: Mapping[str, Any]
    ) -> UsedForm:
        """The form that answers in the case were given with, and the choices of those of its
        reference fields that `data` answers. Raises `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as transaction:
            find_case(transaction, actor, instance_id, Verb.INSTANCE_HISTORY)
            form = self._parts.definitions.form_by_hash(transaction, form_hash)
            answered = [
                (path, asked)
                for path, asked in form.references().items()
                if (field := form.fields.get(path.split(".")[0])) is not None
                # What a read-only field shows was decided with the task, not here.
                and not field.read_only
                and data.get(field.key)
                and asked[0] in self._parts.sources
            ]
            options: dict[str, tuple[Option, ...]] = {}
            if answered:
                with self._commands.look(transaction, actor, instance_id) as case:
                    variables = {**case.live.snapshot().variables.get("", {}), **data}
                    place = instance_of(case.row, variables)
                for path, (source, properties) in answered:
                    query = SourceQuery(actor, place, variables, properties)
                    choices = self._parts.sources[source].options(transaction, query)
                    options[path] = tuple(choices)
        return UsedForm(form, options)

    def verify(self, transaction: Transaction, instance_id: str) -> ChainReport:
        """Whether the case's chain is whole, up to the head that its row names."""
        row = cases.find(transaction, instance_id)
        if row is None:
            raise NotFound(_no_case(instance_id))
        head = Head(row.journal_seq, row.journal_hash)
        return self._parts.journal.verify(transaction, stream_of(instance_id), head)

    def _readable_entries(self, transaction: Transaction, instance_id: str) -> list[RecordedEntry]:
        """The entries up to the first that is missing or does not open any more."""
        entries: list[RecordedEntry] = []
        # What somebody wrote into the database by hand may be no JSON either.
        with contextlib.suppress(DataAltered, msgspec.DecodeError):
            for entry in self._parts.journal.iterate(transaction, stream_of(instance_id)):
                if entry.seq != len(entries) + 1:
                    break
                entries.append(entry)
        return entries

    def _readable(
        self, transaction: Transaction, actor: Actor, instance_id: str
    ) -> tuple[CaseRow, bool]:
        """The case, and whether the actor may read its data."""
        row = cases.find(transaction, instance_id)
        if row is None:
            raise NotFound(_no_case(instance_id))
        if access.may(actor, Verb.INSTANCE_HISTORY, row.unit):
            return row, True
        if access.may(actor, Verb.JOURNAL_HEADERS, row.unit):
            return row, False
        access.require(actor, Verb.INSTANCE_HISTORY, row.unit, f"The case {instance_id}")
        raise NotFound(_no_case(instance_id))


def _no_case(instance_id: str) -> Text:
    return Text(f"لا توجد حالة {instance_id}.", f"There is no case {instance_id}.")


def view_of(entries: Sequence[RecordedEntry]) -> CaseView:
    """The case after these entries: every recorded fact folded, first to last."""
    view = CaseView()
    for entry in entries:
        for fact in _facts(entry):
            view.apply(fact)
    return view


def _replayed(row: CaseRow, entries: Sequence[RecordedEntry], full: bool) -> Replayed:
    view = view_of(entries)
    snapshot = view.snapshot()
    last = entries[-1]
    return Replayed(
        instance_id=row.id,
        seq=last.seq,
        state=str(last.header["state"]),
        active_elements=tuple(sorted({element for element, _ in snapshot.active_elements})),
        variables=dict(snapshot.variables.get("", {})) if full else {},
        open_tasks=tuple(
            {"id": f"{row.id}.{task.key}", "element_id": task.element_id, "name": task.name}
            for task in view.tasks.values()
        ),
        flows=tuple(
            fact.flow_id
            for entry in entries
            for fact in _facts(entry)
            if isinstance(fact, FlowTaken)
        ),
    )


def _facts(entry: RecordedEntry) -> tuple[Fact, ...]:
    return tuple(Fact.from_record(record) for record in entry.data.get("facts", ()))


def _seq_of(values: list[Any]) -> int:
    if len(values) != 1 or type(values[0]) is not int or not 0 <= values[0] < 1 << 62:
        raise not_a_cursor()
    return values[0]
