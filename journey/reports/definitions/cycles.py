"""R4 repeated cycles; R3 the fact table behind everything, for export."""

from __future__ import annotations

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.plan import Count, Figure, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart, Kind
from journey.store.reports import cycles, dimensions, facts
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope

YEAR, TWO_YEARS = 365, 730


def _opened(scope: Scope, _split: bool) -> Rows:
    return cycles.opened(scope)


def _closed(scope: Scope, _split: bool) -> Rows:
    return cycles.closed(scope)


OPENED = Count(
    "opened",
    T("رحلات فُتحت", "Journeys opened"),
    T("رحلات فُتحت في الفترة.", "Journeys opened in the period."),
    _opened,
)
AGAIN = Count(
    "again",
    T("ليست الأولى", "Not the first"),
    T("منها رحلات أشخاص سبقت لهم رحلة.", "Of people who had been through a journey before."),
    _opened,
    lambda _scope: cycles.not_the_first,
)
AGAIN_RATE = Rate(
    "again_rate",
    T("ليست الأولى، %", "Not the first, %"),
    T("من الرحلات المفتوحة.", "Of the journeys opened."),
    "again",
    "opened",
)
BETWEEN = Figure(
    "median_between",
    T("أيام بين رحلتين (الوسيط)", "Days between (median)"),
    T("من إغلاق الرحلة السابقة إلى فتح التالية.", "From the end of one to the next one's start."),
    Kind.DAYS,
    lambda scope, _split: cycles.returns(scope),
)
SEVERAL = Count(
    "several",
    T("في أكثر من فرع", "At several branches"),
    T("رحلات عمل فيها أكثر من فرع.", "Journeys in which more than one branch did something."),
    _opened,
    lambda _scope: cycles.at_several_branches,
)
ENDED = Count(
    "closed",
    T("رحلات أُغلقت", "Journeys closed"),
    T("رحلات انتهت في الفترة.", "Journeys that ended in the period."),
    _closed,
)
BACK_1 = Count(
    "back_12",
    T("عادوا خلال سنة", "Back within a year"),
    T("فُتحت لصاحبها رحلة خلال 12 شهراً.", "The person opened another within 12 months."),
    _closed,
    lambda _scope: cycles.back_within(YEAR),
)
BACK_2 = Count(
    "back_24",
    T("عادوا خلال سنتين", "Back within two years"),
    T("فُتحت لصاحبها رحلة خلال 24 شهراً.", "The person opened another within 24 months."),
    _closed,
    lambda _scope: cycles.back_within(TWO_YEARS),
)
_OF_CLOSED = T("من الرحلات المغلقة في الفترة.", "Of the journeys closed in the period.")
BACK_1_RATE = Rate(
    "back_12_rate", T("خلال سنة، %", "Within a year, %"), _OF_CLOSED, "back_12", "closed"
)
BACK_2_RATE = Rate(
    "back_24_rate", T("خلال سنتين، %", "Within two, %"), _OF_CLOSED, "back_24", "closed"
)
RETURNS = Count(
    "returns",
    T("رحلات تالية", "Following journeys"),
    T(
        "رحلات فُتحت في الفترة بعد رحلة سابقة، حسب تغير المجموعة بينهما.",
        "Journeys opened after an earlier one, by how the group changed.",
    ),
    lambda scope, _split: cycles.returns(scope),
)

CYCLES = ReportPlan(
    "cycles",
    T("الرحلات المتكررة", "Repeated journeys"),
    T(
        "من يعود، وبعد كم، وكيف تغيرت مجموعته.",
        "Who comes again, after how long, and how the group changed.",
    ),
    (
        TablePlan(
            "opened",
            T("الرحلات المفتوحة", "Journeys opened"),
            (OPENED, AGAIN, AGAIN_RATE, BETWEEN, SEVERAL),
            dimensions.own("branch"),
            labels.branches,
        ),
        TablePlan(
            "closed",
            T("العائدون بعد الإغلاق", "Coming back after the end"),
            (ENDED, BACK_1, BACK_1_RATE, BACK_2, BACK_2_RATE),
            dimensions.own("branch"),
            labels.branches,
        ),
        TablePlan(
            "reasons",
            T("لماذا أُغلقت", "Why they were closed"),
            (ENDED,),
            dimensions.own("closure_reason"),
            labels.of_codes(codes.CLOSURES, always=False),
            chart=Chart.BARS,
            chart_columns=("closed",),
        ),
        TablePlan(
            "changes",
            T("تغير المجموعة بين رحلتين", "Change of group between journeys"),
            (RETURNS,),
            dimensions.own("change"),
            labels.changes,
        ),
    ),
    (
        T(
            "قد لا تكون السنة قد مضت بعد على الرحلات المغلقة حديثاً.",
            "For journeys closed lately the year may not be over yet.",
        ),
    ),
)

CASES = Count(
    "cycles",
    T("رحلات", "Journeys"),
    T("رحلات فُتحت في الفترة.", "Journeys opened in the period."),
    lambda scope, _split: facts.cycles_of(scope),
)
REFERRALS = Count(
    "referrals",
    T("إحالات", "Referrals"),
    T("إحالات تلك الرحلات، متى صدرت.", "Referrals of those journeys, whenever issued."),
    lambda scope, _split: facts.referrals_of(scope),
)
PLACED = Count(
    "employed",
    T("تشغيل", "Employed"),
    T("منها رحلات سُجل فيها تشغيل.", "Those in which an employment was recorded."),
    lambda scope, _split: facts.employed_of(scope),
)
FACTS = ReportPlan(
    "facts",
    T("جدول الوقائع", "The fact table"),
    T(
        "سطر لكل شخص ورحلة وإحالة ونتيجة، بلا أسماء، للتحليل في برنامج آخر.",
        "A line per person, journey, referral and outcome, without names, for analysis elsewhere.",
    ),
    (
        TablePlan(
            "totals",
            T("ما في الجدول", "What is in it"),
            (CASES, REFERRALS, PLACED),
            dimensions.own("branch"),
            labels.branches,
        ),
    ),
    (
        T(
            "يُصدَّر الجدول كاملاً من زر التصدير. الأشخاص مرقمون داخل الملف، ولا يمكن وصل ملفين "
            "بالشخص.",
            "The whole table comes with the export button. People are numbered within the file; "
            "two files cannot be joined by person.",
        ),
    ),
)
