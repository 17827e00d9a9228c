"""R7 referrals by type and group B without one; R8 stable after three weeks."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.definitions.loop import SENT, STABLE_FOLLOWED, issued
from journey.reports.definitions.loop import STABLE as STABLE_CASES
from journey.reports.definitions.offices import grouped
from journey.reports.definitions.results import grouped_cases
from journey.reports.plan import Count, Figure, Labels, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart, Kind
from journey.store.reports import dimensions, people, referrals
from journey.store.reports.days import days_between
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Condition, Rows
from journey.store.reports.scope import Scope

PERSONS = Count(
    "persons",
    T("أشخاص", "People"),
    T("الأشخاص المحالون، كل شخص مرة.", "The people referred, each once."),
    lambda scope, _split: referrals.persons_referred(scope),
)


def _result(key: str, label: T, *results: str) -> Count:
    about = T("كما أبلغ مزود الخدمة بعد الإحالة.", "As the provider reported after the referral.")
    return Count(
        key,
        label,
        about,
        issued,
        lambda _scope: referrals.with_value("service_result", *results),
    )


WEEKS = Figure(
    "median_weeks",
    T("المدة بالأسابيع (الوسيط)", "Weeks (median)"),
    T("مدة الخدمة كما أبلغ مزودها.", "How long the service takes, as its provider reported."),
    Kind.DAYS,
    lambda scope, _split: referrals.service_weeks(scope),
)


def _referred_b(scope: Scope) -> Rows:
    return people.referral_cases(replace(scope, start=None, end=None))


def _waiting_days(scope: Scope, split: bool) -> Rows:
    rows = grouped(scope, split).subquery()
    days = days_between(rows.c.grouping_date, sa.literal(scope.today, sa.Date))
    waiting = people.in_group("B", without=_referred_b(scope))
    return sa.select(rows, days.label("value")).where(waiting(rows))


GROUP_B = Count(
    "group_b",
    T("المجموعة ب", "Group B"),
    T("أشخاص آخر تصنيف لهم في الفترة ب.", "People whose last grouping in the period is B."),
    grouped,
    lambda _scope: people.in_group("B"),
)
WAITING_B = Count(
    "group_b_waiting",
    T("من ب دون إحالة", "B waiting for referral"),
    T("منهم من لم تصدر له إحالة حتى اليوم.", "Of them those without a referral until today."),
    grouped,
    lambda scope: people.in_group("B", without=_referred_b(scope)),
)
WAITING_RATE = Rate(
    "group_b_waiting_rate",
    T("دون إحالة، %", "Without, %"),
    T("دون إحالة، من المجموعة ب.", "Without a referral, of group B."),
    "group_b_waiting",
    "group_b",
)
WAITING_DAYS = Figure(
    "median_waiting",
    T("أيام الانتظار (الوسيط)", "Days waiting (median)"),
    T("من يوم التصنيف حتى اليوم، لمن لا إحالة له.", "From grouping until today, of those without."),
    Kind.DAYS,
    _waiting_days,
)
REFERRED = ReportPlan(
    "referred",
    T("المحالون إلى الخدمات والبرامج", "Referred to services and measures"),
    T(
        "الإحالات حسب النوع والنتيجة الفعلية، ومن ينتظر من المجموعة ب بلا إحالة.",
        "Referrals by type with the actual result, and who of group B waits without one.",
    ),
    (
        TablePlan(
            "types",
            T("حسب نوع المداخلة", "By type of intervention"),
            (
                SENT,
                PERSONS,
                _result("completed", T("اكتملت", "Completed"), "completed"),
                _result("ongoing", T("مستمرة", "Ongoing"), "ongoing_until"),
                _result("dropped_out", T("انقطع", "Dropped out"), "dropped_out"),
                _result("hired", T("تشغيل", "Employed"), "employed"),
                _result("no_show", T("لم يحضر", "Did not come"), "client_no_show"),
                WEEKS,
            ),
            dimensions.own("intervention_type"),
            labels.of_codes(codes.INTERVENTIONS),
            chart=Chart.BARS,
            chart_columns=("sent",),
        ),
        TablePlan(
            "group_b",
            T("المجموعة ب دون إحالة", "Group B without referral"),
            (GROUP_B, WAITING_B, WAITING_RATE, WAITING_DAYS),
            dimensions.own("branch"),
            labels.branches,
            by_branch=True,
        ),
    ),
    (
        T(
            "النتيجة المتوقعة والفعلية نص حر في النماذج، فلا تُعدّ هنا؛ ما يُعدّ هو نتيجة الخدمة.",
            "Expected and actual result are free text on the forms and are not counted; what is "
            "counted is the result of the service.",
        ),
    ),
)

GROUPED = Count(
    "grouped",
    T("صُنفوا أ أو ب", "Grouped A or B"),
    T("حالات صُنفت في الفترة في أ أو ب.", "Cases grouped A or B in the period."),
    grouped_cases,
    lambda _scope: referrals.with_value("client_group", "A", "B"),
)


def _stable_of(scope: Scope) -> Condition:
    # Stable comes three weeks after grouping, perhaps after the period.
    later = referrals.stable(replace(scope, end=None, last_day=None)).subquery()
    return lambda rows: sa.and_(
        rows.c.client_group.in_(("A", "B")),
        rows.c.instance_id.in_(sa.select(later.c.instance_id)),
    )


STABLE_OF = Count(
    "stable_of",
    T("منهم ثابتون", "Of them stable"),
    T("وُجدوا ثابتين بعد التصنيف.", "Found stable after grouping."),
    grouped_cases,
    _stable_of,
)
STABLE_RATE = Rate(
    "stable_rate",
    T("نسبة الثبات", "Stable, %"),
    T("من الحالات المصنفة أ أو ب في الفترة.", "Of the cases grouped A or B in the period."),
    "stable_of",
    "grouped",
)
REPEATED = Count(
    "repeated",
    T("ثابتة مرة أخرى", "Stable again"),
    T("حالات لم تكن هذه مرتها الأولى.", "Cases for which it was not the first time."),
    STABLE_CASES.rows,
    lambda _scope: referrals.stable_again,
)


def _stable(
    key: str, title: T, split: Split, names: Labels, *, branch: bool = False, additive: bool = True
) -> TablePlan:
    return TablePlan(
        key, title, (STABLE_CASES, STABLE_FOLLOWED, REPEATED, GROUPED, STABLE_OF, STABLE_RATE),
        split, names, by_branch=branch, additive=additive,
        chart=Chart.BARS, chart_columns=("stable",),
    )  # fmt: skip


STABLE = ReportPlan(
    "stable",
    T("الثابتون بعد ثلاثة أسابيع", "Stable after three weeks"),
    T(
        "حالات لم تُسجل لها نتيجة خلال 21 يوماً من التصنيف، حسب الفرع والعائق والمجموعة.",
        "Cases without an outcome within 21 days from grouping, by branch, barrier and group.",
    ),
    (
        _stable("branches", T("حسب الفرع", "By branch"), dimensions.own("branch"),
                labels.branches, branch=True),
        _stable("barriers", T("حسب العائق", "By barrier"),
                dimensions.codes_of_case("readiness_barriers", tuple(codes.BARRIERS)),
                labels.of_codes(codes.BARRIERS), additive=False),
        _stable("groups", T("حسب المجموعة", "By group"), dimensions.of_case("client_group"),
                labels.of_codes(codes.GROUPS, always=False)),
    ),
    (
        T(
            "قد يكون للحالة أكثر من عائق، فتُحسب في كل منها؛ ومن لا عائق له يظهر في المجموع فقط.",
            "A case may have several barriers and counts in each; one without is in the total "
            "only.",
        ),
    ),
)  # fmt: skip
