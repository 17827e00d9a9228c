"""The field test of 2019, played through the product: the printed table comes out, cell by cell."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.crypto import Keyring
from engine.records import Role
from engine.store.database import Database
from journey.office_table_view import HEADINGS, cells
from journey.pilot import PilotFailed, read_cases, run_pilot
from journey.pilot_answers import Line
from journey.reports import COLUMNS, OfficeTable
from journey.store import projections
from tests.conftest import MASTER_KEY
from tests.journey.conftest import PlayedPilot, Product, actor, over

# reports.md 1.2, machine form.
MACHINE_FORM = """\
office,contacted,readiness_interviews,group_a,group_a_referred,group_a_direct_placement,group_b,\
group_b_referred,group_c,followup_info,visit_date
irbid,30,8,8,2,,0,0,0,0,2019-05-14
zarqa,20,20,20,0,,0,0,0,0,2019-05-19
east_amman,106,106,92,92,30,11,0,3,30,2019-05-20
total,156,134,120,94,30,11,0,3,30,
"""
# 000:L62-L107 as printed, in English office names.
PRINTED = [
    ("Irbid", "30", "8", "8", "2", "0", "0", "0", "0", "14 May"),
    ("Zarqa", "20", "20", "20", "0", "0", "0", "0", "0", "19 May"),
    ("East Amman", "106", "106", "92", "30*/92**", "11", "0", "3", "30", "20 May"),
    ("Total", "156", "134", "120", "94", "11", "0", "3", "30", ""),
]
PRINTED_AR = [
    ("اربد", *PRINTED[0][1:-1], "14 مايو"),
    ("الزرقاء", *PRINTED[1][1:-1], "19 مايو"),
    ("الشرق-عمان", *PRINTED[2][1:-1], "20 مايو"),
    ("المجموع", *PRINTED[3][1:]),
]
# reports.md 1.5: rate → irbid, zarqa, east_amman, total in percent.
RATES = {
    "interview_rate": (26.7, 100.0, 100.0, 85.9),
    "not_interviewed": (73.3, 0.0, 0.0, 14.1),
    "group_a_share": (100.0, 100.0, 86.8, 89.6),
    "group_b_share": (0.0, 0.0, 10.4, 8.2),
    "group_c_share": (0.0, 0.0, 2.8, 2.2),
    "group_a_referred": (25.0, 0.0, 100.0, 78.3),
    "group_b_referred": (None, None, 0.0, 0.0),
    "any_referral": (25.0, 0.0, 89.3, 71.8),
    "followup_info_per_referred": (0.0, None, 32.6, 31.9),
    "loop_closed_by_partner": (0.0, None, 0.0, 0.0),
    "employed_gross_per_interview": (0.0, 0.0, 28.3, 22.4),
    "employed_gross_per_group_a": (0.0, 0.0, 32.6, 25.0),
    "employed_net_per_group_a": (0.0, 0.0, 21.7, 16.7),
}


def machine_form(table: OfficeTable) -> str:
    """The table as CSV."""
    lines = [",".join(COLUMNS)]
    for row in table.rows:
        values = [getattr(row, name) for name in COLUMNS]
        lines.append(",".join("" if value is None else str(value) for value in values))
    return "\n".join(lines) + "\n"


@pytest.mark.xdist_group("pilot")
def test_the_whole_field_test_gives_the_printed_table(played_pilot: PlayedPilot) -> None:
    product, table = played_pilot.product, played_pilot.told.table
    assert played_pilot.told.persons == 156
    assert machine_form(table) == MACHINE_FORM
    assert [cells(row, table) for row in table.rows] == PRINTED
    assert [cells(row, table, "ar") for row in table.rows] == PRINTED_AR
    assert len(HEADINGS) == len(PRINTED[0])
    assert [note.text_ar for note in table.footnotes] == [
        "* لم يتم الاتصال بوزارة العمل لكن مكتب الصندوق اتصل مباشرة بالمصانع في جرش وعمان.",
        "** ولكن تم نقلهم جميعًا إلى المكتب المحلي لوزارة العمل",
    ]
    rates = {(rate.name, rate.office): rate.percent for rate in table.rates}
    offices = ("irbid", "zarqa", "east_amman", "total")
    assert {name: tuple(rates[name, office] for office in offices) for name in RATES} == RATES
    with product.database.reading() as tx:
        before = projections.snapshot(tx)
    assert product.journey.rebuild().erased == 0
    with product.database.reading() as tx:
        assert projections.snapshot(tx) == before


def some_lines(numbers: Iterable[int] | None = None) -> list[Line]:
    """A few lines of every kind: each office, group, refusal, list, placement."""
    kinds: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for line in read_cases():
        kind = (
            line["office"],
            line["client_group"],
            line["contact_decision"],
            line["referral_mode"],
            line["result_override"],
            line["vacancy_id"],
            line["leave_reason"],
        )
        kinds[kind] += 1
        if kinds[kind] == 1:
            chosen.append(line)
    return chosen


def write(lines: list[Line], path: Path) -> Path:
    """A pilot file of these lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def test_one_of_each_kind_and_what_is_left_to_do(field_test: Product, tmp_path: Path) -> None:
    lines = some_lines()
    played = run_pilot(field_test.engine, field_test.journey, write(lines, tmp_path / "some.csv"))
    total = played.table.rows[-1]
    assert total.contacted == len(lines)
    assert total.group_c == 1
    head = actor(Role.BRANCH_HEAD, "east_amman")
    waiting = Counter(task.form for task in field_test.engine.tasks.list(head).items)
    # One left the job, one of group B waits for the training place.
    assert (waiting["left_job"], waiting["referral_form"]) == (1, 1)
    office = actor(Role.MOL_OFFICER, "east_amman")
    referred = field_test.engine.tasks.list(office).items
    # Who was placed directly no longer waits at the employment office.
    assert {task.form for task in referred} == {"mol_acceptance"}
    reminded = field_test.engine.notifications.list(office).items
    assert {note.kind for note in reminded} == {"new_task"}
    with field_test.database.reading() as tx:
        before = projections.snapshot(tx)
    field_test.journey.rebuild()
    with field_test.database.reading() as tx:
        assert projections.snapshot(tx) == before


def test_another_answer_changes_only_that_persons_cells(
    loaded_sqlite: Path, tmp_path: Path
) -> None:
    """Somebody of Zarqa asks for more than the minimum wage: no longer ready by the rule, and
    with the worker's override to group A gone, in group B after the second interview."""
    chosen = [line for line in read_cases() if line["office"] == "zarqa"][:3]
    changed = dict(chosen[1])
    changed |= {
        "accepts_minimum_wage": "no",
        "expected_min_wage_jod": "350",
        "screening_at": changed["decided_at"],
        "knows_labour_market_opportunities": "no",
        "can_describe_career_goals": "yes",
        "needs_protected_work_experience": "no",
        "has_occupation_screening": "no",
        "can_run_own_business": "no",
        "needs_commuting_financial_support": "no",
        "services_accepted_by_client": "training",
        "cooperation_refused": "no",
        "client_group": "B",
    }
    tables = []
    for number, lines in enumerate((chosen, [chosen[0], changed, chosen[2]])):
        path = tmp_path / f"{number}.db"
        shutil.copyfile(loaded_sqlite, path)
        product = over(Database(f"sqlite:///{path}"), Keyring(MASTER_KEY))
        file = write(lines, tmp_path / f"{number}.csv")
        tables.append(run_pilot(product.engine, product.journey, file).table)
        product.engine.close()
    before, after = ({row.office: row for row in table.rows} for table in tables)
    assert before["zarqa"].group_a == 3
    for office in ("zarqa", "total"):
        assert after[office] == replace(before[office], group_a=2, group_b=1)
    for office in ("irbid", "east_amman"):
        assert after[office] == before[office]


def test_an_answer_that_the_rule_does_not_accept_stops_with_its_line(
    field_test: Product, tmp_path: Path
) -> None:
    """Group A without being ready and without an override is not to be had."""
    line = dict(next(line for line in read_cases() if line["office"] == "zarqa"))
    line["health_status"] = "poor_unable_to_work"
    path = write([line], tmp_path / "wrong.csv")
    with pytest.raises(PilotFailed, match=f"Pilot line {line['person_no']}, grouping_decision"):
        run_pilot(field_test.engine, field_test.journey, path)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(PilotFailed, match="lacks columns"):
        read_cases(path)


def test_the_file_says_what_the_papers_say() -> None:
    lines = read_cases()
    offices = Counter(line["office"] for line in lines)
    assert offices == {"irbid": 30, "zarqa": 20, "east_amman": 106}
    irbid = [line for line in lines if line["office"] == "irbid"]
    not_seen = [line for line in irbid if not line["interview_at"]]
    assert len(not_seen) == 22
    refused = [line for line in not_seen if line["contact_decision"] == "close_refused"]
    assert len(refused) > len(not_seen) / 2
    for line in irbid:
        if line["referral_at"]:
            week = date.fromisoformat(line["issue_date"]) - date.fromisoformat(
                line["decided_at"][:10]
            )
            assert (line["referral_mode"], week.days) == ("individual", 7)
    listed = [line for line in lines if line["referral_mode"] == "list"]
    assert len(listed) == 92
    assert Counter(line["nees_registered"] for line in listed)["yes"] == 75
    placed = [line for line in lines if line["placement_route"] == "naf_direct_to_employer"]
    assert Counter(line["vacancy_id"] for line in placed) == {
        "V-2019-0001": 20,
        "V-2019-0002": 10,
    }
    left = [line for line in placed if line["leave_date"]]
    assert Counter(line["vacancy_id"] for line in left) == {"V-2019-0001": 10}
    assert {line["leave_reason"] for line in left} == {"wage"}
    assert {line["wage_level_jod"] for line in placed} == {"220"}
    wanted = {int(line["expected_min_wage_jod"] or 300) for line in lines}
    assert min(wanted) >= 300
    assert max(wanted) <= 400
    assert all(line["national_id"].startswith("000") for line in lines)
    assert len({line["national_id"] for line in lines}) == 156
