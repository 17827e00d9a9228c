"""R5: what came of the grouped, so that rules and process can be adjusted (001:L159)."""

from __future__ import annotations

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.plan import Count, Labels, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart
from journey.store.reports import dimensions, outcomes, referrals
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope


def grouped_cases(scope: Scope, _split: bool) -> Rows:
    """Cases with their result: what all numbers of the report are made of."""
    return outcomes.grouped_cases(scope)


GROUPED = Count(
    "grouped",
    T("حالات مصنفة", "Cases grouped"),
    T(
        "حالات صُنفت في الفترة، كل حالة مرة بآخر تصنيف لها في الفترة.",
        "Cases grouped in the period, each once by its last grouping in it.",
    ),
    grouped_cases,
)


def _result(key: str, label: T, about: T) -> Count:
    return Count(
        key, label, about, grouped_cases, lambda _scope: referrals.with_value("result", key)
    )


EMPLOYED = _result(
    outcomes.EMPLOYED,
    T("تشغيل (إجمالي)", "Employed (gross)"),
    T("سُجل لها تشغيل، ولو تُرك العمل بعد ذلك.", "An employment was recorded, though left since."),
)
NET = Count(
    "employed_net",
    T("تشغيل (صافٍ)", "Employed (net)"),
    T("منها من لم يُعرف أنه ترك العمل.", "Of them those not known to have left again."),
    grouped_cases,
    lambda _scope: outcomes.employed_net,
)
SERVICE = _result(
    outcomes.SERVICE,
    T("خدمة أو برنامج", "Service or measure"),
    T(
        "سُجلت إحالتها إلى خدمة أو برنامج كنتيجة، ولا تشغيل.",
        "A referral to a service or measure was recorded as outcome, and no employment.",
    ),
)
STABLE = _result(
    outcomes.STABLE,
    T("ثابت", "Stable"),
    T("وُجدت ثابتة ولا نتيجة أخرى.", "Found stable, and no other outcome."),
)
NOTHING = _result(
    outcomes.NOTHING_YET,
    T("لا نتيجة بعد", "No result yet"),
    T("لم تُسجل لها أي نتيجة.", "No outcome was recorded."),
)
_PARTS = ("employed", "service", "stable", "nothing_yet")


def _share(key: str, label: T, above: str) -> Rate:
    return Rate(key, label, T("من الحالات المصنفة.", "Of the cases grouped."), above, "grouped")


def _table(key: str, title: T, split: Split, names: Labels, *, branch: bool = False) -> TablePlan:
    return TablePlan(
        key,
        title,
        (
            GROUPED,
            EMPLOYED,
            NET,
            SERVICE,
            STABLE,
            NOTHING,
            _share("employed_share", T("نسبة التشغيل", "Employed, %"), "employed"),
            _share("net_share", T("نسبة الصافي", "Net, %"), "employed_net"),
        ),
        split,
        names,
        by_branch=branch,
        parts=(("grouped", _PARTS),),
        chart=Chart.SHARES,
        chart_columns=_PARTS,
    )


RESULTS = ReportPlan(
    "results",
    T("النتائج", "Results"),
    T(
        "ما آلت إليه الحالات المصنفة، حسب المجموعة والجنس والعمر والتعليم والفرع وقاعدة التصنيف.",
        "What became of the cases grouped: by group, sex, age, education, branch and rule.",
    ),
    (
        _table(
            "groups",
            T("حسب المجموعة", "By group"),
            dimensions.own("client_group"),
            labels.of_codes(codes.GROUPS),
        ),
        _table("sexes", T("حسب الجنس", "By sex"), dimensions.of_case("sex"),
               labels.of_codes(codes.SEXES)),
        _table("ages", T("حسب العمر", "By age"), dimensions.age_band,
               labels.of_codes(codes.AGES, always=False)),
        _table("education", T("حسب التعليم", "By education"),
               dimensions.of_case("education_level"),
               labels.of_codes(codes.EDUCATION, always=False)),
        _table("branches", T("حسب الفرع", "By branch"), dimensions.own("branch"),
               labels.branches, branch=True),
        _table("rules", T("قبل تغيير القاعدة وبعده", "Before and after a change of the rule"),
               dimensions.of_case("readiness_rule"), labels.rules),
    ),
    (
        T(
            "العمر والتعليم كما كانا عند فتح الرحلة.",
            "Age and education are those when the journey was opened.",
        ),
        T(
            "القاعدة هي نسخة جدول الاستعداد التي سُئلت آخر مرة في الحالة.",
            "The rule is the version of the readiness table that the case asked last.",
        ),
    ),
)  # fmt: skip
