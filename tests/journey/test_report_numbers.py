"""Every report over the whole field test: known figures, and lists that are as long as numbers."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Forbidden, NotFound
from engine.records import Actor, Paging, Role
from journey.pilot import FIRST_DAY, LAST_DAY
from journey.reports import Cell, Report, Table
from journey.reports.definitions import REPORTS
from tests.journey.conftest import (
    AUDITOR,
    COORDINATOR,
    OWNER,
    PlayedPilot,
    Product,
    actor,
)

EAST_AMMAN = "naf:east_amman"
HEAD = actor(Role.BRANCH_HEAD, "east_amman")
WORKER = actor(Role.CASE_WORKER, "east_amman")
MOL = actor(Role.MOL_OFFICER, "east_amman")
KEYS = [plan.key for plan in REPORTS]


pytestmark = pytest.mark.xdist_group("pilot")


@pytest.fixture
def pilot(played_pilot: PlayedPilot) -> Product:
    """The field test of 2019, which no test here changes."""
    return played_pilot.product


def cell(report: Report, table: str, row: str, column: str) -> Cell:
    """One cell by its names."""
    found = report.table(table)
    assert found is not None
    line = next(line for line in found.rows if line.key == row)
    return line.cells[found.column(column)]


def values(table: Table | None, column: str) -> dict[str, object]:
    """One column by row."""
    assert table is not None
    place = table.column(column)
    return {row.key: row.cells[place].value for row in table.rows}


def length_of(product: Product, reader: Actor, report: Report, drill: str) -> int:
    """How many things the list behind a number has, over all its pages."""
    seen: set[tuple[object, ...]] = set()
    number, cursor = 0, None
    while True:
        page = product.journey.reports.behind(
            reader,
            report.key,
            drill,
            report.first_day,
            report.last_day,
            unit=report.unit,
            paging=Paging(200, cursor),
        )
        number += len(page.items)
        seen |= {(item.id, item.title) for item in page.items}
        cursor = page.next_cursor
        if cursor is None:
            return number


def check_lists(product: Product, reader: Actor, report: Report) -> int:
    """Every number of a report opens a list of its length; returns how many were opened."""
    opened = 0
    for one in report.cells():
        above = one.numerator if one.numerator is not None else one.value
        for drill, number in ((one.drill, above), (one.drill_below, one.denominator)):
            if drill is not None:
                assert length_of(product, reader, report, drill) == number, (report.key, drill)
                opened += 1
            elif isinstance(number, int) and number and one.numerator is not None:
                raise AssertionError((report.key, "a rate without the lists behind it"))
    return opened


@pytest.mark.parametrize("key", KEYS)
def test_every_number_opens_a_list_of_that_length(pilot: Product, key: str) -> None:
    report = pilot.journey.reports.make(COORDINATOR, key)
    opened = check_lists(pilot, COORDINATOR, report)
    assert opened or key == "readiness"


@pytest.mark.parametrize("reader", [HEAD, WORKER, MOL], ids=lambda who: who.username)
def test_lists_agree_for_every_reader_of_a_part(pilot: Product, reader: Actor) -> None:
    for key in ("offices", "loop", "workload"):
        report = pilot.journey.reports.make(reader, key, FIRST_DAY, date(2019, 5, 12))
        check_lists(pilot, reader, report)


def test_one_office_of_all(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "results", unit=EAST_AMMAN)
    assert values(report.table("groups"), "grouped") == {"A": 92, "B": 11, "C": 3, "total": 106}
    check_lists(pilot, COORDINATOR, report)
    with pytest.raises(NotFound):
        pilot.journey.reports.make(HEAD, "results", unit="naf:irbid")


def test_the_office_report_says_what_the_office_table_says(pilot: Product) -> None:
    reports = pilot.journey.reports
    report = reports.make(COORDINATOR, "offices", FIRST_DAY, LAST_DAY)
    table = reports.office_table(COORDINATOR, FIRST_DAY, LAST_DAY)
    for row in table.rows:
        key = "total" if row.office == "total" else f"naf:{row.office}"
        for name in ("contacted", "readiness_interviews", "group_a", "group_a_referred", "group_b",
                     "group_b_referred", "group_c", "followup_info", "visit_date"):  # fmt: skip
            assert cell(report, "numbers", key, name).value == getattr(row, name), (key, name)
        assert cell(report, "numbers", key, "group_a_direct_placement").value == (
            row.group_a_direct_placement or 0
        )
    rates = {(rate.name, rate.office): rate for rate in table.rates}
    loop = cell(report, "rates", "total", "loop_closed_by_partner")
    assert (loop.numerator, loop.denominator, loop.value) == (0, 94, 0.0)
    assert cell(report, "rates", "total", "any_referral").value == (
        rates["any_referral", "total"].percent
    )
    assert [note.ar[0] for note in report.footnotes[:2]] == ["*", "*"]


def test_the_loop_of_the_field_test_was_never_closed_by_a_partner(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "loop")
    total = {
        name: cell(report, "branches", "total", name).value
        for name in ("sent", "accepted", "in_time", "known_otherwise", "overdue", "waiting")
    }
    assert total == {
        "sent": 94,
        "accepted": 0,
        "in_time": 0,
        "known_otherwise": 30,
        "overdue": 0,
        "waiting": 64,
    }
    assert cell(report, "branches", "total", "closure_rate").denominator == 30
    assert values(report.table("months"), "sent") == {"2019-05": 94, "total": 94}


def test_half_of_the_jerash_factory_left_after_a_day(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "retention")
    table = report.table("employers")
    assert table is not None
    place = table.column("day_1")
    jerash = next(row for row in table.rows if "جرش" in row.label.ar).cells
    assert (jerash[place].numerator, jerash[place].denominator) == (10, 20)
    # Its seventh day has not come: who left must not stand alone below the line.
    assert jerash[table.column("day_7")].denominator == 0
    assert values(report.table("reasons"), "left")["wage"] == 10


def test_wages_against_the_minimum(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "employed")
    assert values(report.table("wages"), "employed")["at_minimum"] == 30
    assert cell(report, "wages", "total", "median_wage").value == 220
    assert cell(report, "branches", "total", "still_rate").value == 66.7
    wishes = pilot.journey.reports.make(COORDINATOR, "wage_gap")
    assert values(wishes.table("gaps"), "asked")["accepts_minimum"] == 118


def test_group_b_waits_without_a_referral(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "referred")
    assert values(report.table("group_b"), "group_b_waiting")["total"] == 11
    assert cell(report, "group_b", "total", "median_waiting").value == 13


def test_vacancies_and_needs(pilot: Product) -> None:
    vacancies = pilot.journey.reports.make(COORDINATOR, "vacancies")
    assert values(vacancies.table("branches"), "warned")["total"] == 2
    assert values(vacancies.table("criteria"), "failed")["employer_mobility_plan"] == 2
    needs = values(pilot.journey.reports.make(COORDINATOR, "needs").table("services"), "unserved")
    assert (needs["mobility_support"], needs["training"]) == (5, 0)


def test_the_facts_are_a_line_per_referral_and_name_nobody(pilot: Product) -> None:
    facts = pilot.journey.reports.facts(COORDINATOR)
    keys = [column.key for column in facts.columns]
    assert len(facts.rows) == 156  # nobody was referred twice
    employed = [row for row in facts.rows if row[keys.index("wage_level_jod")] is not None]
    assert len(employed) == 30
    assert sum(row[keys.index("still_employed")] == "no" for row in employed) == 10
    people = {row[keys.index("person_no")] for row in facts.rows}
    assert people == set(range(1, 157))
    with pytest.raises(NotFound):
        pilot.journey.reports.facts(MOL)
    with pytest.raises(Forbidden):
        pilot.journey.reports.facts(OWNER)


def test_who_sees_totals_only_gets_no_lists_and_no_small_numbers(pilot: Product) -> None:
    reports = pilot.journey.reports
    for summary in reports.catalogue(OWNER):
        report = reports.make(OWNER, summary.key)
        for table in report.tables:
            if table.key == "offices" and report.key == "readiness":
                continue
            for row in table.rows:
                for column, one in zip(table.columns, row.cells, strict=True):
                    assert one.drill is None
                    assert one.drill_below is None
                    if column.kind == "count" and table.key not in ("list", "catalogue"):
                        assert one.hidden or one.value not in (1, 2, 3, 4), (report.key, row.key)
    with pytest.raises(Forbidden):
        reports.behind(OWNER, "offices", "numbers.group_a.total")
    numbers = reports.make(OWNER, "offices").table("numbers")
    assert numbers is not None
    c = numbers.column("group_c")
    # East Amman has three: without its row's neighbour the three could be reckoned.
    east = next(row for row in numbers.rows if row.key == EAST_AMMAN)
    assert east.cells[c].hidden
    assert east.cells[numbers.column("group_b")].hidden


def test_a_version_to_hand_on_is_as_careful(pilot: Product) -> None:
    report = pilot.journey.reports.make(COORDINATOR, "offices", hide_small=True)
    assert report.small_hidden
    assert cell(report, "numbers", EAST_AMMAN, "group_c").hidden
    assert all(one.drill is None for one in report.cells())


def test_names_are_for_the_branch_and_leave_a_trace(pilot: Product) -> None:
    reports = pilot.journey.reports
    drill = f"numbers.group_c.{EAST_AMMAN}"
    log = pilot.engine.access_log
    # The newest page by the same reader, before and after: other tests of the pilot read too.
    before = {line.id for line in log.list(AUDITOR, reader=HEAD.username).items}
    mine = reports.behind(HEAD, "offices", drill)
    assert len(mine.items) == 3
    assert all(item.name and item.id for item in mine.items)
    after = log.list(AUDITOR, reader=HEAD.username).items
    fresh = [line for line in after if line.id not in before]
    assert [line.through for line in fresh] == 3 * ["reports.behind"]
    theirs = reports.behind(COORDINATOR, "offices", drill)
    assert [item.id for item in theirs.items] == [item.id for item in mine.items]
    assert all(item.name is None and item.stage is not None for item in theirs.items)
    partner = reports.behind(MOL, "loop", "branches.sent.total")
    assert all(
        item.name is None and item.stage is None and item.id is None for item in partner.items
    )


def test_a_worker_sees_only_the_own_figures(pilot: Product) -> None:
    other = Actor("somebody.else", WORKER.roles, WORKER.units)
    workers = values(pilot.journey.reports.make(WORKER, "workload").table("workers"), "interviews")
    assert workers == {WORKER.username: 120, "total": 120}
    none = pilot.journey.reports.make(other, "workload").table("workers")
    assert values(none, "interviews") == {"total": 0}
    assert cell(pilot.journey.reports.make(other, "loop"), "branches", "total", "sent").value == 0


def test_unknown_numbers_and_reports_are_refused(pilot: Product) -> None:
    reports = pilot.journey.reports
    for address in ("", "numbers", "numbers.group_a", "numbers.nothing.total", "x.group_a.total",
                    "numbers.group_a.naf:nowhere"):  # fmt: skip
        with pytest.raises(NotFound):
            reports.behind(COORDINATOR, "offices", address)
    with pytest.raises(NotFound):
        reports.make(COORDINATOR, "nothing")
    with pytest.raises(NotFound):
        reports.make(MOL, "employed")
    for nobody in (actor(Role.ADMIN, "hq"), actor(Role.SERVICE_PROVIDER, "vtc")):
        with pytest.raises(Forbidden):
            reports.catalogue(nobody)


def test_every_number_says_what_it_counts_in_both_languages() -> None:
    for plan in REPORTS:
        for table in plan.tables:
            counts = table.counts()
            for column in (*table.columns, *counts.values()):
                assert column.label.ar != column.label.en, (plan.key, column.key)
                assert len(column.about.ar) > 5, (plan.key, column.key)
                assert len(column.about.en) > 5, (plan.key, column.key)
            assert {part for whole, parts in table.parts for part in (whole, *parts)} <= set(counts)
            columns = {column.key for column in table.columns}
            assert set(table.chart_columns) <= columns, (plan.key, table.key)
