"""Comments on a case: who reads and writes them, and what they leave behind."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands import IdempotencyKey
from engine.comments import LONGEST
from engine.errors import Forbidden, Invalid, KeyDestroyed, KeyReused, NotFound
from engine.store.access_log import access_log
from engine.store.comments import case_comment
from tests.engine.conftest import (
    ADMIN,
    ANSWERS,
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    HEAD,
    OFFICER,
    OWNER,
    STRANGER,
    WORKER,
    Desk,
)

SECRET = "تواصلتُ مع الأسرة صباحاً"


def test_colleagues_read_what_was_written(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    comments = intake.engine.comments
    first = comments.add(WORKER, case.id, f"  {SECRET}\r\nسطر ثانٍ ")
    second = comments.add(HEAD, case.id, "حسناً")
    assert (first.text, first.author) == (f"{SECRET}\nسطر ثانٍ", WORKER.username)
    for reader in (WORKER, COLLEAGUE, HEAD, AUDITOR):
        assert [c.text for c in comments.list(reader, case.id)] == [first.text, second.text]


def test_others_neither_read_nor_write(intake: Desk) -> None:
    case = intake.start("intake")
    intake.complete(WORKER, "ask", ANSWERS)  # now the partner has a task of the case
    comments = intake.engine.comments
    comments.add(WORKER, case.id, SECRET)
    for actor in (STRANGER, OFFICER):
        with pytest.raises(NotFound):
            comments.list(actor, case.id)
        with pytest.raises(NotFound):
            comments.add(actor, case.id, "x")
    for actor in (COORDINATOR, OWNER, ADMIN):
        with pytest.raises(Forbidden):
            comments.list(actor, case.id)
        with pytest.raises(Forbidden):
            comments.add(actor, case.id, "x")
    with pytest.raises(Forbidden):
        comments.add(AUDITOR, case.id, "x")
    with pytest.raises(NotFound):
        comments.list(WORKER, "unknown")


def test_a_comment_is_sealed_journalled_and_its_reading_logged(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    before = intake.snapshot(case.id)
    made = intake.engine.comments.add(WORKER, case.id, SECRET)
    assert SECRET.encode() not in intake.values(sa.select(case_comment.c.text))[0]
    entries = intake.engine.history.entries(AUDITOR, case.id).items
    assert (entries[-1].kind, entries[-1].actor) == ("comment_added", WORKER.username)
    assert entries[-1].data["details"] == {"comment": made.id, "text": SECRET}
    assert intake.snapshot(case.id) == before == intake.replayed(case.id)
    with intake.engine.database.reading() as tx:
        assert intake.engine.history.verify(tx, case.id).ok
    intake.engine.comments.list(COLLEAGUE, case.id)
    lines = intake.values(
        sa.select(access_log.c.subject).where(access_log.c.actor == COLLEAGUE.username)
    )
    assert lines == ["person:7"]


def test_a_case_that_has_ended_takes_comments_and_stays_ended(intake: Desk) -> None:
    case = intake.start("intake")
    ended = intake.engine.cases.cancel(HEAD, case.id, "done")
    intake.engine.comments.add(WORKER, case.id, SECRET)
    after = intake.engine.cases.get(HEAD, case.id)
    assert (after.state, after.ended_at) == (ended.state, ended.ended_at)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1), "a\0b", "\ud800"])
def test_what_is_no_comment_is_refused(intake: Desk, text: str) -> None:
    case = intake.start("intake")
    with pytest.raises(Invalid) as refused:
        intake.engine.comments.add(WORKER, case.id, text)
    assert set(refused.value.errors) == {"text"}
    assert intake.engine.comments.list(WORKER, case.id) == ()


def test_the_same_request_twice_makes_one_comment(intake: Desk) -> None:
    case = intake.start("intake")
    key = IdempotencyKey("comments", "k", "hash")
    first = intake.engine.comments.add(WORKER, case.id, SECRET, idempotency=key)
    again = intake.engine.comments.add(WORKER, case.id, SECRET, idempotency=key)
    assert again == first
    assert len(intake.engine.comments.list(WORKER, case.id)) == 1
    other = IdempotencyKey("comments", "k", "other")
    with pytest.raises(KeyReused):
        intake.engine.comments.add(WORKER, case.id, "other", idempotency=other)


def test_an_erased_persons_comments_cannot_be_read(intake: Desk) -> None:
    case = intake.start("intake", subject="person:7")
    intake.engine.comments.add(WORKER, case.id, SECRET)
    with intake.engine.database.transaction() as tx:
        intake.engine.keyring.destroy(tx, "person:7")
    with pytest.raises(KeyDestroyed):
        intake.engine.comments.list(WORKER, case.id)
    with pytest.raises(KeyDestroyed):
        intake.engine.comments.add(WORKER, case.id, SECRET)
