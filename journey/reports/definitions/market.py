"""R13 the quality of vacancies, R18 what clients need against the catalogue."""

from __future__ import annotations

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.definitions.employment import AGAIN, EMPLOYED_CASES
from journey.reports.plan import AnyColumn, Count, Figure, Labels, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart, Kind
from journey.store.reports import dimensions, market
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope


def _checks(scope: Scope, _split: bool) -> Rows:
    return market.checks(scope)


def _list(scope: Scope, _split: bool) -> Rows:
    return market.vacancies(scope)


CHECKED = Count(
    "checked",
    T("شواغر فُحصت", "Vacancies checked"),
    T("شواغر فُحصت جودتها في الفترة، كل شاغر مرة.", "Vacancies checked in the period, each once."),
    _checks,
)
ADMISSIBLE = Count(
    "admissible",
    T("مقبولة", "Admissible"),
    T("اجتازت الفحص كله.", "Passed every criterion."),
    _checks,
    lambda _scope: market.found("admissible"),
)
WARNED = Count(
    "warned",
    T("مقبولة مع تنبيه", "Admissible with a warning"),
    T("اجتازته ولا خطة تنقل لدى صاحب العمل.", "Passed, without a mobility plan of the employer."),
    _checks,
    lambda _scope: market.found("admissible_with_warning"),
)
REJECTED = Count(
    "rejected",
    T("مرفوضة", "Rejected"),
    T("لم تجتز الفحص.", "Did not pass."),
    _checks,
    lambda _scope: market.found("rejected"),
)
AT_MINIMUM = Count(
    "at_minimum",
    T("بالحد الأدنى للأجور", "At the minimum wage"),
    T("الأجر المعروض يساوي الحد الأدنى.", "The wage offered is the minimum wage."),
    _checks,
    lambda _scope: market.at_minimum,
)
REJECTED_RATE = Rate(
    "rejected_rate",
    T("مرفوضة، %", "Rejected, %"),
    T("المرفوضة من المفحوصة.", "Rejected, of those checked."),
    "rejected",
    "checked",
)
MINIMUM_RATE = Rate(
    "at_minimum_rate",
    T("بالحد الأدنى، %", "At the minimum, %"),
    T("بالحد الأدنى من المفحوصة.", "At the minimum wage, of those checked."),
    "at_minimum",
    "checked",
)
FAILED = Count(
    "failed",
    T("شواغر لم تستوفه", "Vacancies failing it"),
    T("شواغر فُحصت في الفترة ولم تستوف المعيار.", "Vacancies checked that fail the criterion."),
    lambda scope, _split: market.failures(scope),
)
ON_LIST = Count(
    "on_list",
    T("شواغر مسجلة", "Vacancies on the list"),
    T("شواغر سارية اليوم في قائمة الشواغر.", "Vacancies valid today in the list of vacancies."),
    _list,
)
WITH_AGE = Count(
    "with_age",
    T("بشرط عمر", "With an age requirement"),
    T("ذكر صاحب العمل شرطاً للعمر.", "The employer asks for an age."),
    _list,
    lambda _scope: market.with_age,
)
VALID = Count(
    "valid_check",
    T("فحصها ساري", "With a valid check"),
    T("لها فحص جودة لم تنته صلاحيته.", "With a quality check that has not expired."),
    _list,
    market.with_valid_check,
)
AGE_RATE = Rate(
    "with_age_rate",
    T("بشرط عمر، %", "With age, %"),
    T("بشرط عمر من المسجلة.", "With an age requirement, of those on the list."),
    "with_age",
    "on_list",
)


def _checked(key: str, title: T, split: Split, names: Labels, *, branch: bool = False) -> TablePlan:
    columns: tuple[AnyColumn, ...] = (
        CHECKED, ADMISSIBLE, WARNED, REJECTED, REJECTED_RATE, AT_MINIMUM, MINIMUM_RATE,
    )  # fmt: skip
    return TablePlan(
        key, title, columns, split, names, by_branch=branch, additive=False, lists="vacancy",
        chart=Chart.SHARES, chart_columns=("admissible", "warned", "rejected"),
    )  # fmt: skip


VACANCIES = ReportPlan(
    "vacancies",
    T("جودة الشواغر", "Quality of vacancies"),
    T(
        "ما فُحص من شواغر وما قُبل وما رُفض ولماذا، والأجور وشروط العمر.",
        "Which vacancies were checked, admitted or rejected and why; wages, ages asked for.",
    ),
    (
        _checked("branches", T("حسب الفرع", "By branch"), dimensions.own("branch"),
                labels.branches, branch=True),
        _checked("institutions", T("حسب الجهة الفاحصة", "By who checked"),
                dimensions.own("institution"),
                labels.of_codes(codes.INSTITUTIONS, always=False)),
        TablePlan(
            "criteria",
            T("معايير لم تُستوفَ", "Criteria not met"),
            (FAILED,),
            dimensions.own("why"),
            labels.of_codes(codes.CRITERIA),
            additive=False,
            lists="vacancy",
            chart=Chart.BARS,
            chart_columns=("failed",),
        ),
        TablePlan(
            "list",
            T("قائمة الشواغر اليوم", "The list of vacancies today"),
            (ON_LIST, VALID, WITH_AGE, AGE_RATE),
            dimensions.own("office"),
            labels.units_found,
            lists="vacancy",
        ),
        TablePlan(
            "hiring",
            T("تشغيل متكرر لدى صاحب العمل نفسه", "Repeated hiring by the same employer"),
            (EMPLOYED_CASES, AGAIN),
            dimensions.own("employer_name"),
            labels.of_texts,
            opaque=True,
        ),
    ),
    (
        T(
            "يُحسب الشاغر مرة واحدة وإن فُحص لأكثر من منتفع؛ وقد يظهر في أكثر من سطر.",
            "A vacancy counts once though checked for several clients, and may stand in several "
            "rows.",
        ),
    ),
)  # fmt: skip

_CODES = tuple(codes.SERVICES)
NEED = Count(
    "need",
    T("يحتاجونها", "Need it"),
    T(
        "أشخاص أُجريت مقابلتهم في الفترة واقترحت القاعدة لهم هذه الخدمة.",
        "People interviewed in the period to whom the rule suggested this service.",
    ),
    lambda scope, _split: market.needs(scope, _CODES),
)
ACCEPT = Count(
    "accept",
    T("قبلوها", "Accepted it"),
    T("منهم من قبل الخدمة.", "Those who accepted the service."),
    lambda scope, _split: market.needs(scope, _CODES, accepted=True),
)
UNSERVED = Count(
    "unserved",
    T("لا خدمة في فرعهم", "Nothing at their branch"),
    T(
        "يحتاجونها ولا يقدمها أي عرض فعال في الكتالوج في موقع فرعهم.",
        "Need it, and no active entry of the catalogue offers it at their branch's site.",
    ),
    lambda scope, _split: market.needs(scope, _CODES, unserved=True),
)
OFFERED = Count(
    "offered",
    T("عروض في الكتالوج", "Entries in the catalogue"),
    T("عروض فعالة اليوم تقدم هذه الخدمة.", "Active entries today that offer this service."),
    lambda scope, _split: market.entries(scope, _CODES),
)
CAPACITY = Figure(
    "capacity",
    T("السعة في الدفعة", "Places per intake"),
    T(
        "مجموع الأماكن في الدفعة الواحدة، مما ذُكرت سعته.",
        "The sum of places in one intake, where the entry gives it.",
    ),
    Kind.NUMBER,
    lambda scope, _split: market.entries(scope, _CODES),
)
UNMET = Count(
    "unmet",
    T("احتياج غير ملبى", "Unmet need"),
    T(
        "أشخاص أُجريت مقابلتهم في الفترة وكُتب لهم احتياج لا تلبيه أي خدمة.",
        "People interviewed in the period for whom a need was written down that nothing serves.",
    ),
    lambda scope, _split: market.unmet(scope),
)
UNSERVED_RATE = Rate(
    "unserved_rate",
    T("بلا عرض، %", "Nothing there, %"),
    T("لا خدمة في فرعهم، ممن يحتاجونها.", "Nothing at their branch, of those who need it."),
    "unserved",
    "need",
)
NEEDS = ReportPlan(
    "needs",
    T("الاحتياجات والكتالوج", "Needs and catalogue"),
    T(
        "الخدمات التي يحتاجها الناس مقارنة بما يقدمه كتالوج الخدمات.",
        "Services that people need against those that the catalogue offers.",
    ),
    (
        TablePlan(
            "services",
            T("حسب الخدمة", "By service"),
            (NEED, ACCEPT, UNSERVED, UNSERVED_RATE),
            dimensions.own("service"),
            labels.of_codes(codes.SERVICES),
            additive=False,
            chart=Chart.BARS,
            chart_columns=("need",),
        ),
        TablePlan(
            "catalogue",
            T("ما يقدمه الكتالوج", "What the catalogue offers"),
            (OFFERED, CAPACITY),
            dimensions.own("service"),
            labels.of_codes(codes.SERVICES),
            additive=False,
            lists="entry",
        ),
        TablePlan(
            "branches",
            T("حسب الفرع", "By branch"),
            (NEED, ACCEPT, UNSERVED, UNSERVED_RATE, UNMET),
            dimensions.own("branch"),
            labels.branches,
            by_branch=True,
        ),
    ),
    (
        T(
            "قد يحتاج الشخص أكثر من خدمة فيُحسب في كل منها؛ والمجموع يحسبه مرة.",
            "A person may need several services and counts in each; the total counts everybody "
            "once.",
        ),
    ),
)
