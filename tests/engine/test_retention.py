"""Retention: whose time is over is erased once, with an entry; everybody else is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.errors import Conflict, KeyDestroyed
from engine.journal import ADMIN_STREAM
from engine.records import Instance
from engine.retention import ERASED, BadRule, Retention, Rules
from engine.store.transaction import Transaction
from engine.verify import verify_chains
from tests.engine import diagrams as d
from tests.engine.conftest import HEAD, WORKER, Desk

SHORT = d.diagram("short", [d.start(), d.user_task("t"), d.end(), d.chain("start", "t", "end")])
WATCH = d.diagram("watch", [d.start(), d.user_task("w"), d.end(), d.chain("start", "w", "end")])


class Erasing:
    """Erases subjects as the journey would, and can be told to refuse one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.erased: list[tuple[str, str]] = []
        self.refused: set[str] = set()

    def __call__(self, tx: Transaction, subject: str, reason: str) -> None:
        if subject in self.refused:
            raise Conflict("something goes on")
        self.erased.append((subject, reason))
        self._desk.engine.keyring.destroy(tx, subject)


@pytest.fixture
def office(desk: Desk) -> Desk:
    desk.deploy(short__bpmn=SHORT, watch__bpmn=WATCH)
    return desk


def ended(desk: Desk, process: str = "short", subject: str | None = None) -> Instance:
    case = desk.start(process, subject=subject, variables={"name": "ليلى"})
    desk.engine.cases.cancel(HEAD, case.id, "done")
    return case


def retention(desk: Desk, erasing: Erasing, **rules: str) -> Retention:
    return Retention(desk.engine.parts, Rules.read(rules), erasing)


def owners(found: Retention) -> list[str]:
    return [one.owner for one in found.due()]


def test_nothing_is_erased_without_a_rule(office: Desk) -> None:
    ended(office, subject="p1")
    office.advance(days=10_000)
    erasing = Erasing(office)
    assert owners(retention(office, erasing)) == []
    assert retention(office, erasing).erase().owners == ()
    assert owners(retention(office, erasing, other="P1D")) == []


def test_a_person_is_erased_when_the_time_of_every_case_is_over(office: Desk) -> None:
    ended(office, "short", "p1")
    office.advance(days=300)
    ended(office, "watch", "p1")
    erasing = Erasing(office)
    both = retention(office, erasing, short="P1Y", watch="P6M")
    office.advance(days=100)  # the first case's time is over, the second one's is not
    assert owners(both) == []
    office.advance(days=100)
    (due,) = both.due()
    assert (due.owner, due.subject, due.cases) == ("p1", "p1", 2)
    assert due.processes == ("short", "watch")
    assert owners(retention(office, erasing, short="P1Y")) == []  # the other is kept for ever
    assert both.erase().owners == ("p1",)
    assert erasing.erased == [("p1", "retention: short P1Y, watch P6M")]


def test_a_running_case_keeps_everything_of_its_person(office: Desk) -> None:
    ended(office, subject="p1")
    case = office.start("short", subject="p1")
    office.advance(days=1000)
    found = retention(office, Erasing(office), short="P1Y")
    assert owners(found) == []
    office.engine.cases.cancel(HEAD, case.id, "done")
    office.advance(days=1000)
    assert owners(found) == ["p1"]


def test_a_case_about_nobody_loses_its_own_key_and_its_chain_still_verifies(office: Desk) -> None:
    case, other = ended(office), ended(office, "watch")
    office.advance(days=365)
    found = retention(office, Erasing(office), short="P1Y")
    assert found.erase().owners == (f"case:{case.id}",)
    with pytest.raises(KeyDestroyed):
        office.engine.cases.get(WORKER, case.id)
    assert office.engine.cases.get(WORKER, other.id).variables == {"name": "ليلى"}
    assert all(report.ok for report in verify_chains(office.engine.database))


def test_each_erasure_is_in_the_journal_of_administration_once(office: Desk) -> None:
    ended(office, subject="p1")
    office.advance(days=365)
    found = retention(office, Erasing(office), short="P1Y")
    for _ in range(2):
        found.erase()
    with office.engine.database.reading() as tx:
        entries = [e for e in office.engine.journal.read(tx, ADMIN_STREAM) if e.kind == ERASED]
    (entry,) = entries
    assert entry.actor == "system"
    assert entry.header == {"rules": {"short": "P1Y"}, "cases": 1}
    assert entry.data == {"owner": "p1", "last_ended_at": "2026-01-04T07:00:00+00:00"}


def test_what_fails_half_way_is_not_done_at_all(office: Desk) -> None:
    ended(office, subject="p1")
    office.advance(days=365)

    def fails(tx: Transaction, subject: str, _reason: str) -> None:
        office.engine.keyring.destroy(tx, subject)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        Retention(office.engine.parts, Rules.read({"short": "P1Y"}), fails).erase()
    with office.engine.database.reading() as tx:
        assert not office.engine.keyring.destroyed(tx, "p1")
        assert all(e.kind != ERASED for e in office.engine.journal.read(tx, ADMIN_STREAM))


def test_batches_go_on_where_they_stopped_past_what_cannot_be_erased(office: Desk) -> None:
    for number in range(5):
        ended(office, subject=f"p{number}")
    office.advance(days=365)
    erasing = Erasing(office)
    erasing.refused = {"p0", "p1"}
    found = retention(office, erasing, short="P1Y")
    first = found.erase(2)
    assert (first.owners, first.kept, first.last) == ((), ("p0", "p1"), "p1")
    second = found.erase(2, "p1")
    assert (second.owners, second.last) == (("p2", "p3"), "p3")
    third = found.erase(2, "p3")
    assert (third.owners, third.last) == (("p4",), None)
    assert owners(found) == ["p0", "p1"]


def test_a_year_is_a_calendar_year_in_amman() -> None:
    rules = Rules.read({"short": "P1Y"})
    now = datetime(2028, 2, 29, 7, 0, tzinfo=UTC)
    assert rules.ended_before(now) == {"short": datetime(2027, 2, 28, 7, 0, tzinfo=UTC)}
    assert Rules.read({"short": "P9999Y"}).ended_before(now) == {}


@pytest.mark.parametrize("text", ["5 years", "P", "-P1Y", "PT1H", "P0D", "P1DT1H"])
def test_a_rule_that_is_no_span_of_days_is_refused(text: str) -> None:
    with pytest.raises(BadRule, match="short"):
        Rules.read({"short": text})
