"""Commands at the same simulated moment, and at the same moment of the wall clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from engine.commands import IdempotencyKey
from engine.errors import AlreadyExists
from engine.store import idempotency
from engine.store.database import Database
from journey.store import cycles, projections, reading
from tests.journey.conftest import AUDITOR, HEAD_IRBID, IRBID, PERSON, Product
from tests.journey.outcomes import Case


def _grouped(case: Case, group: str) -> None:
    case.submit(
        "grouping_decision",
        {"client_group": group},
        client_group=group,
        grouping_date=case.at.date().isoformat(),
    )


def test_of_two_groupings_at_one_moment_the_later_one_holds(product: Product) -> None:
    case = Case.open(product, product.person().id)
    for group in ("A", "C", "B"):
        _grouped(case, group)
    table = product.journey.reports.office_table(AUDITOR)
    assert [(row.group_a, row.group_b, row.group_c) for row in table.rows[-1:]] == [(0, 1, 0)]


def test_the_tenth_task_of_a_moment_is_later_than_the_ninth(product: Product) -> None:
    case = Case.open(product, product.person().id)
    made = [case.submit("referral_form", {}).task.id for _ in range(10)]
    with product.database.reading() as tx:
        last = projections.latest_referral(tx, case.instance.id)
        rows = projections.of_instance(tx, projections.referral, case.instance.id)
    assert last is not None
    assert last["task_id"] == made[-1]
    assert [row["task_id"] for row in rows] == made


def test_the_first_journeys_of_a_year_get_numbers_at_the_same_time(
    open_database: Callable[[], Database],
) -> None:
    database = open_database()
    barrier = threading.Barrier(6)
    numbers: list[int] = []

    def open_one() -> None:
        barrier.wait()
        with database.transaction() as tx:
            numbers.append(cycles.next_number(tx, 2027))

    threads = [threading.Thread(target=open_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


def test_who_is_second_to_open_a_journey_takes_no_number_with_it(field_test: Product) -> None:
    people = [field_test.person(number).id for number in (1, 2)]
    barrier = threading.Barrier(6)
    numbers: list[str | None] = []
    refused: list[AlreadyExists] = []

    def open_one(person_id: str) -> None:
        barrier.wait()
        try:
            opened = field_test.journey.cycles.open(IRBID, person_id)
        except AlreadyExists as error:
            refused.append(error)
        else:
            numbers.append(opened.business_key)

    threads = [threading.Thread(target=open_one, args=(one,)) for one in people * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    third = field_test.journey.cycles.open(IRBID, field_test.person(3).id)
    assert len(refused) == 4
    assert sorted([*map(str, numbers), str(third.business_key)]) == [
        "R-2019-000001",
        "R-2019-000002",
        "R-2019-000003",
    ]


def test_a_simulated_clock_does_not_forget_first_answers(product: Product) -> None:
    machine = datetime.now(UTC)
    with product.database.transaction() as tx:
        idempotency.remember(tx, "tasks", "k", "h", 1, machine)
        product.clock.advance(tx, machine + timedelta(days=400))
    key = IdempotencyKey("persons", "k1", "hash")
    product.journey.persons.create(IRBID, PERSON, idempotency=key)
    with product.database.transaction() as tx:
        assert idempotency.find(tx, "tasks", "k", "h") == 1
        kept = reading.column(tx, idempotency.idempotency.select().with_only_columns(
            idempotency.idempotency.c.at
        ))  # fmt: skip
    assert max(kept) < machine + timedelta(days=1)


def test_a_task_that_was_handed_over_is_no_transfer_when_rebuilt(field_test: Product) -> None:
    person = field_test.person()
    field_test.journey.cycles.open(IRBID, person.id)
    (task,) = field_test.engine.tasks.list(IRBID).items
    for who in (IRBID, HEAD_IRBID):
        held = field_test.engine.tasks.claim(who, task.id)
        field_test.engine.tasks.release(who, task.id)
    data = {
        "attempted_at": field_test.clock.now().isoformat(),
        "channel": "phone",
        "attempt_result": "interviewed_at_once",
    }
    field_test.engine.tasks.complete(IRBID, task.id, revision=held.revision + 1, data=data)
    with field_test.database.reading() as tx:
        before = projections.snapshot(tx)
    field_test.journey.rebuild()
    with field_test.database.reading() as tx:
        assert projections.snapshot(tx) == before
    assert [row["branch"] for row in before["contact_attempt"]] == ["naf:irbid"]
