"""Documents of a case: what is accepted, who may, and how they rest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from engine import attachments as module
from engine.attachments import Attachment, Attachments
from engine.commands import IdempotencyKey
from engine.document_kinds import DOCX, JPEG, LONGEST_NAME, PDF, PNG, XLSX, clean_name, media_type
from engine.errors import Conflict, Forbidden, Invalid, KeyDestroyed, NotFound
from engine.store.access_log import access_log
from engine.store.attachments import attachment, attachment_content
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)

CERTIFICATE = b"%PDF-1.7\nthe training certificate of a person\n%%EOF\n"


def office(main: str, *more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", main, *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


WORD, SHEET = office("word/document.xml"), office("xl/workbook.xml")


def attach(desk: Desk, case_id: str, **more: Any) -> Attachment:
    given: dict[str, Any] = {"filename": "شهادة.pdf", "content": CERTIFICATE}
    return desk.engine.attachments.add(WORKER, case_id, **(given | more))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", CERTIFICATE, PDF),
        ("a.JPG", b"\xff\xd8\xff\xe0rest", JPEG),
        ("a.jpeg", b"\xff\xd8\xff\xe1rest", JPEG),
        ("a.png", b"\x89PNG\r\n\x1a\nrest", PNG),
        ("a.docx", WORD, DOCX),
        ("a.xlsx", SHEET, XLSX),
    ],
)
def test_what_is_accepted(name: str, content: bytes, kind: str) -> None:
    assert media_type(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg onload='alert(1)'/>"),
        ("a.html", b"<html>"),
        ("a.zip", WORD),
        ("a.pdf", b"<html>%PDF-1.7"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n"),
        ("a.png", CERTIFICATE),
        ("a.docx", SHEET),
        ("a.xlsx", b"PK\x03\x04 no archive"),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("a.docx", office("other.xml")),
        ("pdf", CERTIFICATE),
    ],
)
def test_what_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        media_type(name, content)
    assert set(refused.value.errors) == {"file"}


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\شهادة تدريب.pdf", "شهادة تدريب.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("a\r\nSet-Cookie: x\0.pdf", "aSet-Cookie_ x.pdf"),
        ('a"<b>.pdf', "a__b_.pdf"),
        (" a \u2028 b .pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean
    assert len(clean_name(name)) <= LONGEST_NAME


@pytest.mark.parametrize("name", ["", "/", "..", ".pdf", "\u202e", "noending"])
def test_a_name_must_be_left(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)


def test_colleagues_open_what_was_attached(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    task = intake.task(WORKER, "ask")
    made = attach(intake, case.id, task_id=task.id, note=" من المعهد ")
    assert (made.filename, made.media_type, made.size) == ("شهادة.pdf", PDF, len(CERTIFICATE))
    assert (made.note, made.task_id) == ("من المعهد", task.id)
    assert made.sha256 == hashlib.sha256(CERTIFICATE).hexdigest()
    other = attach(intake, case.id, filename="b.docx", content=WORD)
    for reader in (COLLEAGUE, HEAD, AUDITOR):
        listed = intake.engine.attachments.list(reader, case.id)
        assert [a.id for a in listed] == [made.id, other.id]
        shown, content = intake.engine.attachments.open(reader, made.id)
        assert (shown, content) == (listed[0], CERTIFICATE)
    of_task = intake.engine.attachments.list(WORKER, case.id, task.id)
    assert [a.id for a in of_task] == [made.id]


def test_others_neither_open_nor_attach(intake: Desk) -> None:
    case = intake.start("intake")
    made = attach(intake, case.id)
    intake.complete(WORKER, "ask", ANSWERS)  # now the partner has a task of the case
    verbs = intake.engine.attachments
    for actor, error in (
        (STRANGER, NotFound),
        (OFFICER, NotFound),
        (COORDINATOR, Forbidden),
        (ADMIN, Forbidden),
    ):
        with pytest.raises(error):
            verbs.list(actor, case.id)
        with pytest.raises(error):
            verbs.open(actor, made.id)
        with pytest.raises(error):
            verbs.add(actor, case.id, filename="a.pdf", content=CERTIFICATE)
    with pytest.raises(Forbidden):
        verbs.add(AUDITOR, case.id, filename="a.pdf", content=CERTIFICATE)
    for unknown in ("unknown", "a\0b"):
        with pytest.raises(NotFound):
            verbs.open(WORKER, unknown)


def test_a_document_is_sealed_journalled_and_its_opening_logged(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    before = intake.snapshot(case.id)
    made = attach(intake, case.id, note="سر")
    assert b"certificate" not in intake.values(sa.select(attachment_content.c.content))[0]
    assert "شهادة".encode() not in intake.values(sa.select(attachment.c.about))[0]
    last = intake.engine.history.entries(AUDITOR, case.id).items[-1]
    assert (last.kind, last.actor) == ("attachment_added", WORKER.username)
    assert last.data["details"]["sha256"] == made.sha256
    assert intake.snapshot(case.id) == before == intake.replayed(case.id)
    intake.engine.attachments.open(COLLEAGUE, made.id)
    lines = intake.values(
        sa.select(access_log.c.through).where(access_log.c.actor == COLLEAGUE.username)
    )
    assert lines == [f"attachment {made.id}"]


def test_documents_go_with_the_persons_key(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    made = attach(intake, case.id)
    with intake.engine.database.transaction() as tx:
        intake.engine.keyring.destroy(tx, "person:7")
    with pytest.raises(KeyDestroyed):
        intake.engine.attachments.open(WORKER, made.id)
    with pytest.raises(KeyDestroyed):
        attach(intake, case.id)


def test_limits(intake: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = intake.start("intake")
    small = Attachments(intake.engine.commands, max_bytes=len(CERTIFICATE))
    small.add(WORKER, case.id, filename="a.pdf", content=CERTIFICATE)
    with pytest.raises(Invalid) as refused:
        small.add(WORKER, case.id, filename="a.pdf", content=CERTIFICATE + b" ")
    assert set(refused.value.errors) == {"file"}
    with pytest.raises(Invalid):
        attach(intake, case.id, content=b"")
    with pytest.raises(Invalid) as refused:
        attach(intake, case.id, note="x" * 501)
    assert set(refused.value.errors) == {"note"}
    monkeypatch.setattr(module, "MAX_PER_CASE", 1)
    with pytest.raises(Conflict):
        attach(intake, case.id)


def test_a_task_of_another_case_is_refused(intake: Desk) -> None:
    case, other = intake.start("intake"), intake.start("intake")
    task = intake.task(WORKER, "ask", instance=other.id)
    for wrong in (task.id, "unknown"):
        with pytest.raises(Invalid) as refused:
            attach(intake, case.id, task_id=wrong)
        assert set(refused.value.errors) == {"task_id"}
    assert intake.count(attachment) == 0


def test_the_same_request_twice_attaches_once(intake: Desk) -> None:
    case = intake.start("intake")
    key = IdempotencyKey("attachments", "k", "hash")
    assert attach(intake, case.id, idempotency=key) == attach(intake, case.id, idempotency=key)
    assert intake.count(attachment) == intake.count(attachment_content) == 1


class TestTakingBack:
    def test_the_content_is_gone_and_the_journal_says_why(self, intake: Desk) -> None:
        case = intake.start("intake", subject="person:7")
        task = intake.task(WORKER, "ask")
        made, other = attach(intake, case.id, task_id=task.id), attach(intake, case.id)
        before = intake.snapshot(case.id)
        taken = intake.engine.attachments.withdraw(WORKER, made.id, " of somebody else ")
        assert (taken.id, taken.filename) == (made.id, made.filename)
        assert [one.id for one in intake.engine.attachments.list(WORKER, case.id)] == [other.id]
        with pytest.raises(NotFound):
            intake.engine.attachments.open(WORKER, made.id)
        kept = intake.values(sa.select(attachment_content.c.attachment_id))
        assert kept == [other.id]
        last = intake.engine.history.entries(AUDITOR, case.id).items[-1]
        assert (last.kind, last.actor, last.element_id) == (
            "attachment_withdrawn", WORKER.username, "ask",
        )  # fmt: skip
        assert last.data["details"]["reason"] == "of somebody else"
        assert last.data["details"]["sha256"] == made.sha256
        assert intake.snapshot(case.id) == before == intake.replayed(case.id)
        assert intake.engine.history.is_whole(AUDITOR, case.id)

    def test_only_who_added_it_may(self, intake: Desk) -> None:
        case = intake.start("intake")
        made = attach(intake, case.id)
        verbs = intake.engine.attachments
        for actor, error in (
            (COLLEAGUE, Forbidden), (HEAD, Forbidden), (AUDITOR, Forbidden), (ADMIN, Forbidden),
            (COORDINATOR, Forbidden), (STRANGER, NotFound), (OFFICER, NotFound),
        ):  # fmt: skip
            with pytest.raises(error):
                verbs.withdraw(actor, made.id, "because")
        assert [one.id for one in verbs.list(WORKER, case.id)] == [made.id]
        for unknown in ("unknown", "a\0b"):
            with pytest.raises(NotFound):
                verbs.withdraw(WORKER, unknown, "because")

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\0b"])
    def test_a_reason_is_needed(self, intake: Desk, reason: str) -> None:
        made = attach(intake, intake.start("intake").id)
        with pytest.raises(Invalid) as refused:
            intake.engine.attachments.withdraw(WORKER, made.id, reason)
        assert set(refused.value.errors) == {"reason"}
        assert intake.count(attachment) == 1

    def test_twice_is_once(self, intake: Desk) -> None:
        case = intake.start("intake")
        made = attach(intake, case.id)
        key = IdempotencyKey("withdraw", "k", "hash")
        verbs = intake.engine.attachments
        first = verbs.withdraw(WORKER, made.id, "because", idempotency=key)
        assert verbs.withdraw(WORKER, made.id, "because", idempotency=key) == first
        with pytest.raises(NotFound):
            verbs.withdraw(WORKER, made.id, "because")
        kinds = [one.kind for one in intake.engine.history.entries(AUDITOR, case.id).items]
        assert kinds.count("attachment_withdrawn") == 1
