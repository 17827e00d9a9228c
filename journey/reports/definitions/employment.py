"""R6 the employed, R11 the wage gap, R12 whether they stayed."""

from __future__ import annotations

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.plan import AnyColumn, Count, Figure, Labels, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart, Kind
from journey.store.reports import dimensions, outcomes, referrals
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope


def _employed_cases(scope: Scope, _split: bool) -> Rows:
    return outcomes.employed(scope)


def _kept(scope: Scope, _split: bool) -> Rows:
    return outcomes.retention(scope)


def _wishes(scope: Scope, _split: bool) -> Rows:
    return outcomes.wage_wishes(scope)


EMPLOYED_CASES = Count(
    "employed",
    T("مشغَّلون", "Employed"),
    T(
        "حالات سُجل لها تشغيل في الفترة (إجمالي)، كل حالة مرة بآخر تسجيل.",
        "Cases for which an employment was recorded in the period (gross), each once.",
    ),
    _employed_cases,
)
STILL = Count(
    "still",
    T("لم يتركوا العمل", "Not left"),
    T(
        "منهم من لم يُعرف أنه ترك العمل (صافٍ).",
        "Of them those not known to have left again (net).",
    ),
    _employed_cases,
    outcomes.not_left,
)
AT_MINIMUM = Count(
    "at_minimum",
    T("بالحد الأدنى للأجور", "At the minimum wage"),
    T(
        "أجرهم يساوي الحد الأدنى الذي اعتمدته قواعد الحالة.",
        "Their wage is the minimum wage that the case's rules reckoned with.",
    ),
    _employed_cases,
    lambda _scope: referrals.with_value("wage_band", "at_minimum"),
)
INSURED = Count(
    "insured",
    T("مسجلون في الضمان", "Registered with social security"),
    T("أُشير إلى تسجيلهم في الضمان الاجتماعي.", "Recorded as registered."),
    _employed_cases,
    lambda _scope: referrals.with_value("ssc_registered", "registered"),
)
AGAIN = Count(
    "hired_again",
    T("تشغيل متكرر", "Repeated hiring"),
    T(
        "شغّل صاحب العمل نفسه منتفعاً آخر قبل ذلك بشهر إلى ثلاثة أشهر.",
        "The same employer had taken on another client one to three months before.",
    ),
    _employed_cases,
    outcomes.hired_again,
)
WAGE = Figure(
    "median_wage",
    T("وسيط الأجر", "Median wage"),
    T("نصف الأجور المسجلة لا يزيد عنه.", "Half of the recorded wages are not above it."),
    Kind.MONEY,
    _employed_cases,
)
MINIMUM_RATE = Rate(
    "at_minimum_rate",
    T("بالحد الأدنى، %", "At the minimum, %"),
    T("بالحد الأدنى للأجور، من المشغَّلين.", "At the minimum wage, of the employed."),
    "at_minimum",
    "employed",
)
STILL_RATE = Rate(
    "still_rate",
    T("لم يتركوا، %", "Not left, %"),
    T("لم يتركوا العمل، من المشغَّلين.", "Not known to have left, of the employed."),
    "still",
    "employed",
)
INSURED_RATE = Rate(
    "insured_rate",
    T("في الضمان، %", "Insured, %"),
    T("مسجلون في الضمان، من المشغَّلين.", "Registered, of the employed."),
    "insured",
    "employed",
)


def _employed(
    key: str, title: T, split: Split, names: Labels, *, branch: bool = False, free: bool = False
) -> TablePlan:
    columns: tuple[AnyColumn, ...] = (
        EMPLOYED_CASES, STILL, STILL_RATE, AT_MINIMUM, MINIMUM_RATE, WAGE, INSURED, INSURED_RATE,
    )  # fmt: skip
    return TablePlan(
        key, title, columns, split, names, by_branch=branch, opaque=free,
        chart=Chart.BARS, chart_columns=("employed",),
    )  # fmt: skip


EMPLOYED = ReportPlan(
    "employed",
    T("المشغَّلون", "The employed"),
    T(
        "مستوى الأجور مقارنة بالحد الأدنى، والوظائف، وأصحاب العمل، وطريق التشغيل.",
        "Wages against the minimum wage, jobs, employers, and how people found them.",
    ),
    (
        _employed("wages", T("حسب مستوى الأجر", "By wage"), dimensions.own("wage_band"),
                  labels.of_codes(codes.WAGES)),
        _employed("jobs", T("حسب الوظيفة", "By job"), dimensions.own("job_title"),
                  labels.of_texts, free=True),
        _employed("employers", T("حسب صاحب العمل", "By employer"),
                  dimensions.own("employer_name"), labels.of_texts, free=True),
        _employed("routes", T("حسب طريق التشغيل", "By route"),
                  dimensions.own("placement_route"),
                  labels.of_codes(codes.ROUTES, always=False)),
        _employed("security", T("حسب الضمان الاجتماعي", "By social security"),
                  dimensions.own("ssc_registered"),
                  labels.of_codes(codes.SOCIAL_SECURITY, always=False)),
        _employed("branches", T("حسب الفرع", "By branch"), dimensions.own("branch"),
                  labels.branches, branch=True),
    ),
    (
        T(
            "الحد الأدنى للأجور هو الساري يوم سألت الحالة عنه، من جدول المعاملات.",
            "The minimum wage is the one in force when the case asked, from the parameters table.",
        ),
        T(
            "يُعرض التشغيل الإجمالي والصافي معاً لأن بعضهم يترك العمل.",
            "Gross and net employment stand side by side: some leave again.",
        ),
    ),
)  # fmt: skip


def _at_day(day: int) -> tuple[AnyColumn, ...]:
    after = T(f"بعد {day} يوماً", f"Day {day}") if day > 1 else T("بعد يوم", "Day 1")
    return (
        Rate(
            f"day_{day}",
            after,
            T(
                f"كانوا في العمل بعد {day} من بدايته (بالأيام)، ممن عُرف حالهم في ذلك اليوم.",
                f"At work {day} day(s) after the start, of those of whom it is known.",
            ),
            f"still_{day}",
            f"known_{day}",
        ),
    )


def _counts_at(day: int) -> tuple[Count, Count]:
    return (
        Count(
            f"still_{day}",
            T(f"في العمل، اليوم {day}", f"At work, day {day}"),
            T("كانوا في العمل ذلك اليوم.", "Still at work on that day."),
            _kept,
            lambda _scope: outcomes.at_work(day),
        ),
        Count(
            f"known_{day}",
            T(f"عُرف حالهم، اليوم {day}", f"Known, day {day}"),
            T("عُرف أكانوا في العمل ذلك اليوم أم لا.", "Known whether at work on that day."),
            _kept,
            lambda _scope: outcomes.at_work(day, known=True),
        ),
    )


def _retention(
    key: str,
    title: T,
    split: Split,
    names: Labels,
    *,
    branch: bool = False,
    free: bool = False,
    additive: bool = True,
) -> TablePlan:
    columns = tuple(column for day in outcomes.CHECKS for column in _at_day(day))
    measures = tuple(count for day in outcomes.CHECKS for count in _counts_at(day))
    return TablePlan(
        key, title, (EMPLOYED_CASES, *columns), split, names, measures=measures,
        by_branch=branch, opaque=free, additive=additive,
    )  # fmt: skip


LEFT = Count(
    "left",
    T("تركوا العمل", "Left the job"),
    T("حالات عُرف في الفترة أنها تركت العمل.", "Cases found in the period to have left."),
    lambda scope, _split: outcomes.left_jobs(scope),
)
RETENTION = ReportPlan(
    "retention",
    T("الاستمرار في العمل", "Staying in work"),
    T(
        "من كان ما يزال في العمل بعد يوم وأسبوع وشهر وثلاثة أشهر، ولماذا ترك من ترك.",
        "Who was still at work after a day, a week, a month and three, and why others left.",
    ),
    (
        _retention("branches", T("حسب الفرع", "By branch"), dimensions.own("branch"),
                   labels.branches, branch=True),
        _retention("employers", T("حسب صاحب العمل", "By employer"),
                   dimensions.own("employer_name"), labels.of_texts, free=True),
        _retention("wages", T("حسب مستوى الأجر", "By wage"), dimensions.own("wage_band"),
                   labels.of_codes(codes.WAGES, always=False)),
        _retention("transport", T("حسب وسيلة النقل", "By means of transport"),
                   dimensions.codes_of_interview("transport_means", tuple(codes.TRANSPORT)),
                   labels.of_codes(codes.TRANSPORT, always=False), additive=False),
        TablePlan(
            "reasons",
            T("أسباب ترك العمل", "Why people left"),
            (LEFT,),
            dimensions.own("leave_reason"),
            labels.of_codes(codes.LEAVE_REASONS, always=False),
            chart=Chart.BARS,
            chart_columns=("left",),
        ),
    ),
    (
        T(
            "يُعرف الحال من فحوص الاستمرار ومن تواريخ الترك؛ ومن ترك في اليوم نفسه يُعد تاركاً.",
            "Known from retention checks and dates of leaving; who left on the day itself had "
            "left.",
        ),
        T(
            "قد يستخدم الشخص أكثر من وسيلة نقل، فيُحسب في كل منها.",
            "A person may use several means of transport and counts in each.",
        ),
    ),
)  # fmt: skip

ASKED = Count(
    "asked",
    T("سُئلوا عن الأجر", "Asked about wages"),
    T("أشخاص أُجريت معهم مقابلة الجاهزية.", "People who had a readiness interview."),
    _wishes,
)
ACCEPT = Count(
    "accept",
    T("يقبلون الحد الأدنى", "Accept the minimum"),
    T("أجابوا أنهم يقبلون الحد الأدنى للأجور.", "Said that they would take the minimum wage."),
    _wishes,
    lambda _scope: outcomes.accepts_minimum,
)
ACCEPT_RATE = Rate(
    "accept_rate",
    T("يقبلونه، %", "Accept it, %"),
    T("يقبلون الحد الأدنى، ممن سُئلوا.", "Accept the minimum, of those asked."),
    "accept",
    "asked",
)
GAP = Figure(
    "median_gap",
    T("وسيط الفجوة", "Median gap"),
    T(
        "ما يزيد به الأجر المطلوب على الحد الأدنى، ممن طلبوا أعلى منه.",
        "How far the wage asked for lies above the minimum, of those who ask for more.",
    ),
    Kind.MONEY,
    _wishes,
)
ENDING = Count(
    "ending",
    T("معونة تنتهي خلال 60 يوماً", "Assistance ending in 60 days"),
    T(
        "مشغَّلون تنتهي مدة احتفاظهم بالمعونة خلال 60 يوماً من اليوم، أياً كان يوم تشغيلهم.",
        "The employed whose assistance ends within 60 days from today, whenever they started.",
    ),
    lambda scope, _split: outcomes.benefits_ending(scope),
)
WAGES = ReportPlan(
    "wage_gap",
    T("فجوة الأجور والمعونة", "Wage gap and assistance"),
    T(
        "الأجر الذي يطلبه الناس مقارنة بالحد الأدنى، ومن تنتهي معونته قريباً بعد التشغيل.",
        "What people ask for against the minimum wage, and whose assistance ends soon after "
        "starting work.",
    ),
    (
        TablePlan(
            "gaps",
            T("ما يطلبونه", "What they ask for"),
            (ASKED,),
            dimensions.own("wage_gap"),
            labels.of_codes(codes.WAGE_GAPS),
            chart=Chart.BARS,
            chart_columns=("asked",),
        ),
        TablePlan(
            "branches",
            T("حسب الفرع", "By branch"),
            (ASKED, ACCEPT, ACCEPT_RATE, GAP),
            dimensions.own("branch"),
            labels.branches,
            by_branch=True,
        ),
        TablePlan(
            "benefits",
            T("معونة تنتهي قريباً", "Assistance ending soon"),
            (ENDING,),
            dimensions.own("branch"),
            labels.branches,
            by_branch=True,
        ),
    ),
)
