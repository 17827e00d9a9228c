"""Reminders, and the access log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from engine.access_log import AccessLog
from engine.clock import SimulatedClock
from engine.errors import Forbidden, NotFound
from engine.notifications import Notifications
from engine.records import SYSTEM, Actor, Paging, Role
from engine.store.access_log import access_log
from engine.store.database import Database
from engine.store.notifications import Notification
from engine.store.transaction import Transaction
from tests.conftest import START

WORKER = Actor("worker", frozenset({Role.CASE_WORKER}), frozenset({"naf:irbid"}))
COLLEAGUE = Actor("colleague", frozenset({Role.CASE_WORKER}), frozenset({"naf:irbid"}))
HEAD = Actor("head", frozenset({Role.BRANCH_HEAD}), frozenset({"naf:irbid"}))
ELSEWHERE = Actor("elsewhere", frozenset({Role.CASE_WORKER}), frozenset({"naf:zarqa"}))
AUDITOR = Actor("auditor", frozenset({Role.AUDITOR}), frozenset({"hq"}))


def notify(database: Database, notifications: Notifications, **options: Any) -> str:
    given: dict[str, Any] = {
        "kind": "task_due",
        "text_ar": "تذكير",
        "text_en": "Reminder",
        "at": START,
    }
    with database.transaction() as tx:
        return notifications.notify(tx, **(given | options))[0].id


@pytest.fixture
def notifications(database: Database, clock: SimulatedClock) -> Notifications:
    return Notifications(database, clock)


def ids(notifications: Notifications, actor: Actor, **options: Any) -> list[str]:
    return [one.id for one in notifications.list(actor, **options).items]


def test_a_reminder_reaches_its_user_or_group_only(
    database: Database, notifications: Notifications
) -> None:
    mine = notify(database, notifications, usernames=["worker"], instance_id="i", task_id="t")
    later = START + timedelta(hours=1)
    ours = notify(database, notifications, role=Role.CASE_WORKER, unit="naf:irbid", at=later)
    assert ids(notifications, WORKER) == [ours, mine]
    assert ids(notifications, COLLEAGUE) == [ours]
    assert ids(notifications, HEAD) == []
    assert ids(notifications, ELSEWHERE) == []
    shown = notifications.list(WORKER).items[1]
    assert (shown.text_ar, shown.text_en, shown.task_id) == ("تذكير", "Reminder", "t")


def test_each_reader_marks_for_themselves(
    database: Database, notifications: Notifications, clock: SimulatedClock
) -> None:
    id_ = notify(database, notifications, role=Role.CASE_WORKER, unit="naf:irbid")
    assert notifications.mark_read(WORKER, id_).read_at == clock.now()
    assert notifications.mark_read(WORKER, id_).read_at == clock.now()
    assert ids(notifications, WORKER, unread=True) == []
    assert ids(notifications, WORKER) == [id_]
    assert ids(notifications, COLLEAGUE, unread=True) == [id_]
    counted = {who.username: notifications.unread(who) for who in (WORKER, COLLEAGUE, HEAD)}
    assert counted == {"worker": 0, "colleague": 1, "head": 0}
    for stranger in (HEAD, ELSEWHERE):
        with pytest.raises(NotFound):
            notifications.mark_read(stranger, id_)
    with pytest.raises(NotFound):
        notifications.mark_read(WORKER, "unknown")


def test_reminders_come_in_pages(database: Database, notifications: Notifications) -> None:
    made = [
        notify(database, notifications, usernames=["worker"], at=START + timedelta(minutes=number))
        for number in range(5)
    ]
    first = notifications.list(WORKER, Paging(limit=3))
    second = notifications.list(WORKER, Paging(limit=3, cursor=first.next_cursor))
    assert [one.id for one in (*first.items, *second.items)] == made[::-1]
    assert second.next_cursor is None


@pytest.mark.parametrize(
    "addressee",
    [
        {},
        {"role": Role.CASE_WORKER},
        {"unit": "naf:irbid"},
        {"usernames": ["worker"], "role": Role.CASE_WORKER, "unit": "naf:irbid"},
    ],
)
def test_a_reminder_needs_one_addressee(
    database: Database, notifications: Notifications, addressee: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="goes to"):
        notify(database, notifications, **addressee)


def test_a_channel_is_asked_within_the_transaction(
    database: Database, clock: SimulatedClock
) -> None:
    class Channel:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def enqueue(self, transaction: Transaction, notification: Notification) -> None:
            assert transaction.connection.in_transaction()
            self.asked.append(notification.username or "")

    channel = Channel()
    notify(database, Notifications(database, clock, [channel]), usernames=["a", "b"])
    assert channel.asked == ["a", "b"]


def test_accesses_are_logged_for_auditors(database: Database, clock: SimulatedClock) -> None:
    log = AccessLog(database, clock)
    with database.transaction() as tx:
        log.record(tx, WORKER, "p1", "task_form 7")
        log.record(tx, SYSTEM, "p1", "timer")  # nobody reads when a timer fires
    log.note(HEAD, "p2", "instance_history 8", "complaint")
    lines = log.list(AUDITOR).items
    assert [(line.actor, line.subject, line.through, line.purpose) for line in lines] == [
        ("head", "p2", "instance_history 8", "complaint"),
        ("worker", "p1", "task_form 7", ""),
    ]
    assert lines[0].at == START
    assert [line.actor for line in log.list(AUDITOR, subject="p1").items] == ["worker"]
    assert [line.subject for line in log.list(AUDITOR, reader="head").items] == ["p2"]
    with pytest.raises(Forbidden):
        log.list(HEAD)


@pytest.mark.parametrize(
    "statement", ["UPDATE access_log SET actor = ''", "DELETE FROM access_log"]
)
def test_the_access_log_cannot_be_changed(
    database: Database, clock: SimulatedClock, statement: str
) -> None:
    AccessLog(database, clock).note(WORKER, "p1", "task_form 7")
    with pytest.raises(exc.DBAPIError, match="append-only"), database.transaction() as tx:
        tx.connection.exec_driver_sql(statement)
    with database.reading() as tx:
        assert tx.execute(sa.select(access_log.c.actor)).scalar_one() == "worker"


def test_all_are_marked_at_once(database: Database, notifications: Notifications) -> None:
    for _ in range(2):
        notify(database, notifications, role=Role.CASE_WORKER, unit="naf:irbid")
    notify(database, notifications, usernames=["colleague"])
    assert notifications.mark_all_read(WORKER) == 2
    assert notifications.mark_all_read(WORKER) == 0
    assert (notifications.unread(WORKER), notifications.unread(COLLEAGUE)) == (0, 3)
