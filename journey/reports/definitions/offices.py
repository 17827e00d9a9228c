"""R1: the office table of the field test, live, with its rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.store.transaction import Transaction
from engine.wording import Text as T
from journey.reports import labels
from journey.reports.office_table import DIRECT_PLACEMENT, TRANSFERRED_BY_LIST
from journey.reports.plan import Count, Given, Rate, ReportPlan, TablePlan
from journey.reports.records import Cell, Chart
from journey.store import office_table
from journey.store.reports import dimensions, people
from journey.store.reports.people import Rows
from journey.store.reports.scope import Scope

CONTACTED = Count(
    "contacted",
    T("تم التواصل معهم", "Contacted"),
    T(
        "أشخاص سُجلت لهم محاولة تواصل واحدة على الأقل، سواء أُجريت المقابلة أم لا.",
        "People with at least one logged attempt to reach them, interviewed or not.",
    ),
    lambda scope, _split: people.contacted(scope),
)
INTERVIEWED = Count(
    "readiness_interviews",
    T("مقابلات جاهزية العمل", "Readiness interviews"),
    T(
        "أشخاص أُجريت معهم مقابلة جاهزية العمل في الفترة.",
        "People who had a job-readiness interview in the period.",
    ),
    lambda scope, _split: people.interviewed(scope),
)


def grouped(scope: Scope, split: bool) -> Rows:
    """People by their last grouping in the period: what all numbers of groups are made of."""
    return people.grouped(scope, by_branch=split)


def _followed_up(scope: Scope, _split: bool) -> Rows:
    return people.followed_up(scope)


def _group(letter: str, arabic: str) -> Count:
    return Count(
        f"group_{letter.lower()}",
        T(f"المجموعة {arabic}", f"Group {letter}"),
        T(
            f"أشخاص كان آخر تصنيف لهم في الفترة المجموعة {arabic}.",
            f"People whose last grouping in the period is {letter}.",
        ),
        grouped,
        lambda _scope: people.in_group(letter),
    )


GROUP_A, GROUP_B, GROUP_C = _group("A", "أ"), _group("B", "ب"), _group("C", "ج")
A_REFERRED = Count(
    "group_a_referred",
    T("المحالون من أ إلى مكتب التشغيل", "A referred to the employment office"),
    T(
        "أشخاص من المجموعة أ صدر لهم نموذج إحالة فردي في الفترة.",
        "People of group A with an individual referral form issued in the period.",
    ),
    grouped,
    lambda scope: people.in_group("A", among=people.referral_cases(scope)),
)
A_WAITING = Count(
    "group_a_waiting",
    T("من أ دون إحالة", "A waiting for referral"),
    T(
        "أشخاص من المجموعة أ لم يصدر لهم نموذج إحالة في الفترة.",
        "People of group A without a referral form in the period.",
    ),
    grouped,
    lambda scope: people.in_group("A", without=people.referral_cases(scope)),
)
A_DIRECT = Count(
    "group_a_direct_placement",
    T("تشغيل مباشر من الصندوق", "Placed directly by NAF"),
    T(
        "أشخاص من المجموعة أ شغّلهم الصندوق مباشرة لدى صاحب عمل؛ وهي حقيقة غير الإحالة.",
        "People of group A whom NAF placed directly with an employer: a fact apart from referral.",
    ),
    grouped,
    lambda scope: people.in_group("A", among=people.employed_cases(scope, direct_only=True)),
)
B_REFERRED = Count(
    "group_b_referred",
    T("المحالون من ب إلى مزودي الخدمات", "B referred to providers"),
    T(
        "أشخاص من المجموعة ب صدر لهم نموذج إحالة فردي في الفترة.",
        "People of group B with an individual referral form issued in the period.",
    ),
    grouped,
    lambda scope: people.in_group("B", among=people.referral_cases(scope)),
)
FOLLOWED_UP = Count(
    "followup_info",
    T("معلومات المتابعة", "Follow-up information"),
    T(
        "أشخاص سُجلت عنهم نتيجة، أو تغذية راجعة من مزود خدمة أو من وزارة العمل.",
        "People about whom an outcome, or feedback of a provider or MoL, was recorded.",
    ),
    _followed_up,
)
BY_PARTNER = Count(
    "partner_feedback",
    T("تغذية راجعة من شريك", "Feedback of a partner"),
    T("أشخاص أبلغ عنهم مزود خدمة أو وزارة العمل.", "People on whom a provider or MoL reported."),
    _followed_up,
    lambda _scope: people.by_partner,
)
A_OR_B = Count(
    "group_a_or_b",
    T("المجموعتان أ وب", "Groups A and B"),
    T("أشخاص آخر تصنيف لهم أ أو ب.", "People whose last grouping is A or B."),
    grouped,
    lambda _scope: people.in_group("A", "B"),
)
ANY_REFERRED = Count(
    "any_referred",
    T("أي إحالة", "Any referral"),
    T("أشخاص من أ أو ب لهم إحالة.", "People of A or B with a referral."),
    grouped,
    lambda scope: people.in_group("A", "B", among=people.referral_cases(scope)),
)
EMPLOYED = Count(
    "employed_gross",
    T("التشغيل الإجمالي", "Employed (gross)"),
    T("من المجموعة أ: سُجل لهم تشغيل.", "Of group A: an employment was recorded."),
    grouped,
    lambda scope: people.in_group("A", among=people.employed_cases(scope)),
)
EMPLOYED_NET = Count(
    "employed_net",
    T("التشغيل الصافي", "Employed (net)"),
    T(
        "من المشغَّلين: لم يُعرف أنهم تركوا العمل.",
        "Of the employed: not known to have left again.",
    ),
    grouped,
    lambda scope: people.in_group("A", among=people.employed_cases(scope, net=True)),
)


def _visits(tx: Transaction, scope: Scope) -> Mapping[str, Cell]:
    if scope.referred_to is not None:
        return {}
    return {
        unit: Cell(day)
        for unit, day in office_table.visits(tx, scope).items()
        if scope.branches is None or unit in scope.branches
    }


VISIT = Given(
    "visit_date",
    T("تاريخ الزيارة", "Visit"),
    T("آخر زيارة للمقر الرئيسي إلى المكتب.", "The last visit of headquarters to the office."),
    _visits,
)


def _rate(key: str, label: T, above: Count, below: Count) -> Rate:
    about = T(
        f"«{above.label.ar}» من «{below.label.ar}».", f"“{above.label.en}” of “{below.label.en}”."
    )
    return Rate(key, label, about, above.key, below.key)


RATES = (
    _rate("interview_rate", T("نسبة المقابلات", "Interviewed"), INTERVIEWED, CONTACTED),
    _rate("group_a_share", T("حصة أ", "Share of A"), GROUP_A, INTERVIEWED),
    _rate("group_b_share", T("حصة ب", "Share of B"), GROUP_B, INTERVIEWED),
    _rate("group_c_share", T("حصة ج", "Share of C"), GROUP_C, INTERVIEWED),
    _rate("group_a_referred_rate", T("أُحيل من أ", "A referred"), A_REFERRED, GROUP_A),
    _rate("group_b_referred_rate", T("أُحيل من ب", "B referred"), B_REFERRED, GROUP_B),
    _rate("any_referral", T("أي إحالة", "Any referral"), ANY_REFERRED, A_OR_B),
    _rate(
        "loop_closed_by_partner",
        T("حلقة أغلقها شريك", "Loop closed by a partner"),
        BY_PARTNER,
        ANY_REFERRED,
    ),
    _rate("employed_gross_rate", T("التشغيل الإجمالي", "Employed (gross)"), EMPLOYED, GROUP_A),
    _rate("employed_net_rate", T("التشغيل الصافي", "Employed (net)"), EMPLOYED_NET, GROUP_A),
    _rate("still_employed", T("ما زال في العمل", "Still employed"), EMPLOYED_NET, EMPLOYED),
)
_HIDDEN_PARTS = (
    ("readiness_interviews", ("group_a", "group_b", "group_c")),
    ("group_a", ("group_a_referred", "group_a_waiting")),
    ("group_a_or_b", ("group_a", "group_b")),
    ("any_referred", ("group_a_referred", "group_b_referred")),
)


def _notes(tx: Transaction, scope: Scope) -> Sequence[T]:
    notes = []
    if office_table.employed(tx, scope, "A", direct_only=True)[None]:
        notes.append(T(DIRECT_PLACEMENT.text_ar, DIRECT_PLACEMENT.text_en))
    if office_table.referred(tx, scope, "A", reconstructed=True)[None]:
        notes.append(T(TRANSFERRED_BY_LIST.text_ar, TRANSFERRED_BY_LIST.text_en))
    return notes


_FUNNEL = ("contacted", "readiness_interviews", "group_a", "group_a_referred")


def _table(key: str, title: T, columns: tuple[Count | Rate | Given, ...]) -> TablePlan:
    shown = {column.key for column in columns}
    everything = (
        CONTACTED, INTERVIEWED, GROUP_A, A_REFERRED, A_WAITING, GROUP_B, B_REFERRED, GROUP_C,
        FOLLOWED_UP, BY_PARTNER, A_OR_B, ANY_REFERRED, EMPLOYED, EMPLOYED_NET, A_DIRECT,
    )  # fmt: skip
    return TablePlan(
        key,
        title,
        columns,
        dimensions.own("branch"),
        labels.branches,
        # Both tables count the same: what is hidden in one is hidden in the other.
        measures=tuple(count for count in everything if count.key not in shown),
        by_branch=True,
        parts=_HIDDEN_PARTS,
        chart=Chart.FUNNEL if key == "numbers" else None,
        chart_columns=_FUNNEL if key == "numbers" else (),
    )


OFFICES = ReportPlan(
    "offices",
    T("جدول المكاتب", "The office table"),
    T(
        "من تواصلت معه المكاتب وقابلته وصنفته وأحالته، وما عُرف عنه بعد ذلك.",
        "Whom the offices contacted, interviewed, grouped and referred, and what was heard since.",
    ),
    (
        _table(
            "numbers",
            T("الأعداد", "Numbers"),
            (
                CONTACTED,
                INTERVIEWED,
                GROUP_A,
                A_REFERRED,
                A_WAITING,
                A_DIRECT,
                GROUP_B,
                B_REFERRED,
                GROUP_C,
                FOLLOWED_UP,
                VISIT,
            ),
        ),
        _table("rates", T("النسب", "Rates"), RATES),
    ),
    (
        T(
            "يُحسب كل شخص مرة واحدة في كل خانة، وفي المجموع مرة واحدة ولو خدمه فرعان.",
            "Each person counts once in each number, and once in the total though served by two "
            "branches.",
        ),
        T(
            "من لم تُجرَ معه مقابلة لا يظهر في أي مجموعة.",
            "Who was not interviewed is in none of the groups.",
        ),
    ),
    partners=True,
    notes=_notes,
)
