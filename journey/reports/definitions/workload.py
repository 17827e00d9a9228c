"""R9 workload and staff time; what an office has to work with (reports.md 1.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.records import Role
from engine.store.transaction import Transaction
from engine.wording import Text as T
from journey.reports import labels
from journey.reports.plan import (
    AnyColumn,
    Count,
    Figure,
    Given,
    Labels,
    Rate,
    ReportPlan,
    TablePlan,
)
from journey.reports.records import Cell, Kind
from journey.store.reports import counting, dimensions, office_facts, work
from journey.store.reports.counting import Measure
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope

MINUTES = 10
"""How long an interview takes (001:L30), for those whose form does not say."""


def _interviews(scope: Scope, _split: bool) -> Rows:
    return work.interviews(scope)


def _tasks(scope: Scope, _split: bool) -> Rows:
    return work.open_tasks(scope)


INTERVIEWS = Count(
    "interviews",
    T("مقابلات", "Interviews"),
    T("مقابلات أولى وثانية أُجريت في الفترة.", "First and second interviews in the period."),
    _interviews,
)
TIMED = Count(
    "timed",
    T("سُجلت مدتها", "With the time noted"),
    T("مقابلات سُجل كم دقيقة استغرقت.", "Interviews of which the minutes were noted."),
    _interviews,
    lambda _scope: work.timed,
)
TIMED_RATE = Rate(
    "timed_rate",
    T("سُجلت مدتها، %", "Time noted, %"),
    T("من المقابلات.", "Of the interviews."),
    "timed",
    "interviews",
)
RECORDED = Figure(
    "minutes",
    T("دقائق المقابلات المسجلة", "Interview minutes noted"),
    T(
        "مجموع دقائق المقابلات التي سُجلت مدتها.",
        "The sum over the interviews of which the minutes were noted.",
    ),
    Kind.NUMBER,
    _interviews,
)
LATE = Count(
    "late_entry",
    T("أُدخلت متأخرة", "Entered late"),
    T("أُدخلت بعد المقابلة بيوم أو أكثر.", "Entered a day or more after the interview."),
    _interviews,
    lambda _scope: work.entered_late,
)
LATE_RATE = Rate(
    "late_entry_rate",
    T("متأخرة، %", "Late, %"),
    T("من المقابلات.", "Of the interviews."),
    "late_entry",
    "interviews",
)
OPEN = Count(
    "open",
    T("مهام مفتوحة", "Open tasks"),
    T("مهام مفتوحة الآن، أياً كانت الفترة.", "Tasks open now, whatever the period."),
    _tasks,
)
OVERDUE = Count(
    "overdue",
    T("مهام متأخرة", "Overdue tasks"),
    T("مهام مفتوحة الآن انقضى موعدها.", "Open now, and past their due time."),
    _tasks,
    work.overdue,
)
OVERDUE_RATE = Rate(
    "overdue_rate",
    T("متأخرة، %", "Overdue, %"),
    T("المتأخرة من المفتوحة.", "Overdue, of the open tasks."),
    "overdue",
    "open",
)
UNCLAIMED = Count(
    "unclaimed",
    T("لم يستلمها أحد", "Claimed by nobody"),
    T("مهام مفتوحة الآن لم يستلمها موظف.", "Open now, and held by nobody."),
    _tasks,
    lambda _scope: work.unclaimed,
)
HELD = Count(
    "held",
    T("مهام لديه", "Tasks held"),
    T("مهام مفتوحة الآن استلمها الموظف.", "Tasks open now that the worker has claimed."),
    _tasks,
    lambda _scope: work.held,
)
HELD_OVERDUE = Count(
    "held_overdue",
    T("منها متأخرة", "Of them overdue"),
    T("منها ما انقضى موعده.", "Of them those past their due time."),
    _tasks,
    work.held_overdue,
)


def _estimated(split: Split) -> Callable[[Transaction, Scope], Mapping[str, Cell]]:
    def read(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
        held = work.interviews(scope)
        measures = [Measure("held", held), Measure("timed", held, work.timed)]
        found = counting.by_bucket(tx, measures, split) | counting.totals(tx, measures)
        noted = counting.values(tx, {"noted": held}, split)
        cells = {}
        for key, bucket in found:
            if key == "held":
                without = found["held", bucket] - found.get(("timed", bucket), 0)
                known = sum(value * times for value, times in noted.get(("noted", bucket), ()))
                cells[bucket or "total"] = Cell(int(known) + without * MINUTES)
        return cells

    return read


def _work_table(
    key: str, title: T, split: Split, names: Labels, columns: tuple[AnyColumn, ...]
) -> TablePlan:
    estimate = Given(
        "minutes_estimate",
        T("دقائق كل المقابلات (تقدير)", "Minutes of all interviews (estimate)"),
        T(
            "الدقائق المسجلة، وعشر دقائق لكل مقابلة لم تُسجل مدتها.",
            "The minutes noted, and ten for each interview of which none were noted.",
        ),
        _estimated(split),
    )
    shown = (INTERVIEWS, TIMED_RATE, RECORDED, estimate, *columns)
    return TablePlan(key, title, shown, split, names, measures=(TIMED,))


WORKLOAD = ReportPlan(
    "workload",
    T("عبء العمل", "Workload"),
    T(
        "المقابلات والمهام المفتوحة والمتأخرة والإدخال المتأخر، حسب المكتب والموظف.",
        "Interviews, open and overdue tasks, late entry: by office and by worker.",
    ),
    (
        _work_table(
            "units",
            T("حسب المكتب", "By office"),
            dimensions.own("branch"),
            labels.units_found,
            (LATE, LATE_RATE, OPEN, OVERDUE, OVERDUE_RATE, UNCLAIMED),
        ),
        _work_table(
            "workers",
            T("حسب الموظف", "By worker"),
            dimensions.own("worker"),
            labels.workers,
            (LATE, LATE_RATE, HELD, HELD_OVERDUE),
        ),
    ),
    (
        T(
            "الأسماء مرتبة أبجدياً: هذه الأرقام لا ترتب الأشخاص ولا تقيّمهم.",
            "Names stand in alphabetical order: these figures neither rank nor judge people.",
        ),
        T(
            "مدة المقابلة سؤال اختياري في نموذجها. التقدير يضيف عشر دقائق لكل مقابلة لم تُسجل "
            "مدتها.",
            "How long an interview took is asked in its form, but need not be answered. The "
            "estimate adds ten minutes for each without.",
        ),
    ),
    partners=True,
    totals=False,
)


def _yes(found: bool) -> Cell:
    return Cell(T("نعم", "Yes") if found else T("لا", "No"))


def _branches(tx: Transaction) -> list[dict[str, object]]:
    return [row for row in office_facts.unit_rows(tx) if row["kind"] == "naf"]


def _seen(tx: Transaction, scope: Scope) -> list[dict[str, object]]:
    wanted = scope.branches
    return [row for row in _branches(tx) if wanted is None or row["code"] in wanted]


def _staff(role: Role) -> Callable[[Transaction, Scope], Mapping[str, Cell]]:
    def read(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
        staff = office_facts.staff(tx)
        return {
            str(row["code"]): Cell(staff.get((str(row["code"]), role.value), 0))
            for row in _seen(tx, scope)
        }

    return read


def _partners(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
    staff = office_facts.staff(tx)
    return {
        str(row["code"]): Cell(staff.get((str(row["paired_with"]), Role.MOL_OFFICER.value), 0))
        for row in _seen(tx, scope)
    }


def _entries(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
    assert scope.today is not None  # noqa: S101  every report has its day
    sites = office_facts.entry_sites(tx, scope.today)
    return {
        str(row["code"]): Cell(
            sum(not here or str(row["code"]).removeprefix("naf:") in here for here in sites)
        )
        for row in _seen(tx, scope)
    }


def _met(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
    workers, heads = _staff(Role.CASE_WORKER)(tx, scope), _staff(Role.BRANCH_HEAD)(tx, scope)
    return {
        unit: _yes(int(str(cell.value)) + int(str(heads[unit].value)) > 1
                   and int(str(heads[unit].value)) > 0)
        for unit, cell in workers.items()
    }  # fmt: skip


READINESS = ReportPlan(
    "readiness",
    T("جاهزية المكاتب", "Readiness of the offices"),
    T(
        "ما لدى كل مكتب من الحد الأدنى للعمل: موظفون ومدير وكتالوج ونظير في وزارة العمل.",
        "What each office has of the minimum to work with: staff, a head, a catalogue, a MoL "
        "counterpart.",
    ),
    (
        TablePlan(
            "offices",
            T("المكاتب", "Offices"),
            (
                Given(
                    "workers",
                    T("باحثون", "Case workers"),
                    T("حسابات فعالة لباحثين اجتماعيين في الفرع.", "Active accounts of workers."),
                    _staff(Role.CASE_WORKER),
                ),
                Given(
                    "heads",
                    T("مدير", "Head"),
                    T("حسابات فعالة لمدير الفرع.", "Active accounts of a head."),
                    _staff(Role.BRANCH_HEAD),
                ),
                Given(
                    "entries",
                    T("خدمات في الكتالوج", "Services in the catalogue"),
                    T("عروض فعالة في موقع الفرع.", "Active entries for the branch's site."),
                    _entries,
                ),
                Given(
                    "mol",
                    T("موظفو مكتب التشغيل النظير", "Officers of the paired MoL office"),
                    T("حسابات فعالة لدى مكتب التشغيل.", "Active accounts there."),
                    _partners,
                ),
                Given(
                    "minimum",
                    T("الحد الأدنى متوفر", "Minimum met"),
                    T(
                        "أكثر من موظف واحد، ومدير مكلف.",
                        "More than one member of staff, and a head in charge.",
                    ),
                    _met,
                ),
            ),
            dimensions.own("branch"),
            labels.branches,
            total=False,
        ),
    ),
    (
        T(
            "لا تُسجل في النظام بعد: التدريب، والإنترنت، والأجهزة اللوحية.",
            "Not recorded in the system yet: training, internet, tablets.",
        ),
    ),
)
