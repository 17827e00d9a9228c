"""Attachments: the documents of a case, sealed like its answers and kept in the same database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from engine.access import Verb
from engine.attachment_words import clean_note, clean_reason
from engine.case_places import find_case, require_case
from engine.commands import Commands, IdempotencyKey, Repeatable
from engine.document_kinds import MEDIA_TYPES, clean_name, media_type, refused
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.identifiers import new_id
from engine.open_case import Change, Done, OpenCase
from engine.records import Actor
from engine.store import attachments, tasks, users
from engine.store.attachments import AttachmentRow
from engine.store.cases import CaseRow
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.wording import UNKNOWN, Text

MAX_BYTES = 10_000_000
MAX_PER_CASE = 50
ACCEPT = ",".join(MEDIA_TYPES)
"""The endings of all accepted files, as a file field of a page lists them."""

_NOTHING = Text("لا توجد هذه الوثيقة.", "There is no such document.")


@dataclass(frozen=True)
class Attachment:
    """One document as its readers see it."""

    id: str
    instance_id: str
    task_id: str | None
    """The task that it belongs to, if any."""
    filename: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    note: str
    at: datetime
    author: str
    author_name: str


@dataclass(frozen=True)
class _About:
    """What is sealed of a document beside its content."""

    filename: str
    note: str
    sha256: str


class Attachments:
    """The verbs of attachments. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands, *, max_bytes: int = MAX_BYTES) -> None:
        self._commands = commands
        self._parts = commands.parts
        self.max_bytes = max_bytes

    def list(
        self, actor: Actor, instance_id: str, task_id: str | None = None
    ) -> tuple[Attachment, ...]:
        """The documents of a case (or of one of its tasks), oldest first; noted in the access log.

        Raises `NotFound`, `Forbidden`, `KeyDestroyed`.
        """
        with self._parts.database.reading() as tx:
            case = find_case(tx, actor, instance_id, Verb.ATTACHMENT_SEE)
            if not can_be_stored(task_id):
                return ()
            rows = attachments.of_case(tx, instance_id, task_id)
            names = users.names(tx, [row.author for row in rows])
            found = tuple(
                self._shown(tx, case, row, names.get(row.author, row.author)) for row in rows
            )
        if found:
            self._parts.access_log.note(actor, case.owner, "case attachments", case.process_key)
        return found

    def open(self, actor: Actor, attachment_id: str) -> tuple[Attachment, bytes]:
        """A document with its content; noted in the access log.

        Raises `NotFound`, `Forbidden`, `KeyDestroyed`.
        """
        with self._parts.database.reading() as tx:
            row = attachments.find(tx, attachment_id)
            if row is None:
                raise NotFound(_NOTHING)
            case = find_case(tx, actor, row.instance_id, Verb.ATTACHMENT_SEE)
            name = users.names(tx, [row.author]).get(row.author, row.author)
            shown = self._shown(tx, case, row, name)
            content = self._parts.keyring.open(
                tx,
                case.owner,
                attachments.content_of(tx, row.id),
                f"{_content(row.id)}:{case.id}".encode(),
            )
        self._parts.access_log.note(actor, case.owner, f"attachment {row.id}", case.process_key)
        return shown, content

    def add(
        self,
        actor: Actor,
        instance_id: str,
        *,
        filename: str,
        content: bytes,
        task_id: str | None = None,
        note: str = "",
        idempotency: IdempotencyKey | None = None,
    ) -> Attachment:
        """Attach a document to a case, also to one that has ended, or to one of its tasks; it is
        in the case's journal with its SHA-256.

        Raises `Invalid` (fields `file`, `note`, `task_id`), `Conflict` when the case has too many
        already, `NotFound`, `Forbidden`, `KeyDestroyed`, `KeyReused`.
        """
        self._check_size(content)
        about = _About(clean_name(filename), clean_note(note), hashlib.sha256(content).hexdigest())
        kind = media_type(about.filename, content)
        made = new_id()
        owners: list[str] = []

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.ATTACHMENT_ADD)
            element = _element(case, task_id)
            _require_room(case)
            row = AttachmentRow(
                id=made,
                instance_id=instance_id,
                task_id=task_id,
                at=case.now,
                author=actor.username,
                media_type=kind,
                size=len(content),
                about=case.seal(msgspec.json.encode(about), _about(made)),
            )
            sealed = case.seal(content, _content(made))
            details = {
                "attachment": made,
                "task": task_id,
                "type": kind,
                "size": len(content),
                **msgspec.to_builtins(about),
            }
            return Change(
                element_id=element,
                details=details,
                also=lambda: attachments.insert(case.transaction, row, sealed),
            )

        def answer(done: Done) -> Attachment:
            owners.append(done.case.row.owner)
            return Attachment(
                id=made,
                instance_id=instance_id,
                task_id=task_id,
                filename=about.filename,
                media_type=kind,
                size=len(content),
                sha256=about.sha256,
                note=about.note,
                at=done.case.now,
                author=actor.username,
                author_name=actor.name or actor.username,
            )

        return self._commands.run(
            actor,
            instance_id,
            "attachment_added",
            decide,
            answer,
            repeatable=Repeatable(idempotency, Attachment, lambda _: owners[-1]),
        )

    def withdraw(
        self,
        actor: Actor,
        attachment_id: str,
        reason: str,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Attachment:
        """Take back a document that the actor added: its sealed content is destroyed, the case's
        journal keeps that it was there, what it was called and why it went.

        Raises `Invalid` (field `reason`), `NotFound`, `Forbidden` for everybody who did not add
        it, `KeyDestroyed`, `KeyReused`.
        """
        why = clean_reason(reason)
        owners: list[str] = []
        taken: list[Attachment] = []

        def attempt(tx: Transaction) -> Attachment:
            row = attachments.find(tx, attachment_id)
            if row is None:
                raise NotFound(_NOTHING)
            case = self._commands.check_out(tx, actor, row.instance_id)
            return self._commands.give(case, "attachment_withdrawn", decide, answer)

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.ATTACHMENT_ADD)
            # Read again under the case's lock: somebody may have been first.
            row = attachments.find(case.transaction, attachment_id)
            if row is None:
                raise NotFound(_NOTHING)
            if row.author != actor.username:
                raise Forbidden(
                    Text(
                        "لا يسحب الوثيقة إلا من أضافها.",
                        "Only who added a document can take it back.",
                    )
                )
            shown = self._shown(case.transaction, case.row, row, actor.name or actor.username)
            taken.append(shown)
            details = {
                "attachment": row.id,
                "task": row.task_id,
                "filename": shown.filename,
                "sha256": shown.sha256,
                "reason": why,
            }
            return Change(
                element_id=_element(case, row.task_id),
                details=details,
                also=lambda: attachments.delete(case.transaction, row.id),
            )

        def answer(done: Done) -> Attachment:
            owners.append(done.case.row.owner)
            return taken[-1]

        return self._commands.transact(
            attempt, Repeatable(idempotency, Attachment, lambda _: owners[-1])
        )

    def _check_size(self, content: bytes) -> None:
        if not content:
            raise refused(Text("الملف فارغ.", "The file is empty."))
        if len(content) > self.max_bytes:
            most = self.max_bytes // 1_000_000
            raise refused(
                Text(
                    f"الملف كبير؛ الحد {most} ميغابايت. صغّره أو قسّمه.",
                    f"The file is too large; at most {most} MB. Make it smaller or split it.",
                )
            )

    def _shown(
        self, tx: Transaction, case: CaseRow, row: AttachmentRow, author_name: str
    ) -> Attachment:
        context = f"{_about(row.id)}:{case.id}".encode()
        plain = self._parts.keyring.open(tx, case.owner, row.about, context)
        about = msgspec.json.decode(plain, type=_About)
        return Attachment(
            id=row.id,
            instance_id=row.instance_id,
            task_id=row.task_id,
            filename=about.filename,
            media_type=row.media_type,
            size=row.size,
            sha256=about.sha256,
            note=about.note,
            at=row.at,
            author=row.author,
            author_name=author_name,
        )


def _about(attachment_id: str) -> str:
    return f"attachment:{attachment_id}"


def _content(attachment_id: str) -> str:
    return f"attachment content:{attachment_id}"


def _element(case: OpenCase, task_id: str | None) -> str | None:
    """The element of the task that a document belongs to."""
    if task_id is None:
        return None
    row = tasks.find(case.transaction, task_id)
    if row is None or row.task.instance_id != case.row.id:
        raise Invalid(
            Text("المهمة ليست من مهام هذه الحالة.", "The task is not one of this case."),
            {"task_id": [UNKNOWN]},
        )
    return row.task.element_id


def _require_room(case: OpenCase) -> None:
    if attachments.count(case.transaction, case.row.id) >= MAX_PER_CASE:
        raise Conflict(
            Text(
                f"للحالة {MAX_PER_CASE} وثيقة من قبل، وهذا هو الحد.",
                f"The case has {MAX_PER_CASE} documents already, which is the limit.",
            )
        )
