"""R2: closing of the follow-up loop, and what it brings: the report's main focus (002:L349)."""

from __future__ import annotations

from dataclasses import replace

from engine.wording import Text as T
from journey.reports import codes, labels
from journey.reports.plan import Count, Figure, Labels, Rate, ReportPlan, TablePlan
from journey.reports.records import Chart, Kind
from journey.store.reports import dimensions, referrals
from journey.store.reports.dimensions import Split
from journey.store.reports.people import Rows
from journey.store.reports.referrals import (
    DECLINED,
    IN_TIME,
    KNOWN_OTHERWISE,
    LATE,
    OVERDUE,
    WAITING,
)
from journey.store.reports.scope import Scope


def issued(scope: Scope, _split: bool) -> Rows:
    """Referrals: what all numbers of the loop are made of."""
    return referrals.issued(scope)


def _stable(scope: Scope, _split: bool) -> Rows:
    return referrals.stable(scope)


SENT = Count(
    "sent",
    T("أُرسلت", "Sent"),
    T(
        "إحالات صدر لها نموذج فردي في الفترة؛ قوائم الأسماء وحدها ليست إحالة.",
        "Referrals with an individual form issued in the period; a list of names is none.",
    ),
    issued,
)
ACCEPTED = Count(
    "accepted",
    T("قُبلت", "Accepted"),
    T("إحالات قبلتها الجهة المحال إليها.", "Referrals that the partner accepted."),
    issued,
    lambda _scope: referrals.with_value("decision", "accepted"),
)


def _state(key: str, label: T, about: T, *states: str) -> Count:
    return Count(key, label, about, issued, lambda _scope: referrals.with_value("state", *states))


ON_TIME = _state(
    "in_time",
    T("رد في الموعد", "Answered in time"),
    T(
        "وصلت التغذية الراجعة من الجهة في يوم الموعد النهائي أو قبله (بعد التمديد إن وُجد).",
        "The partner's feedback came on or before the deadline (as extended, if it was).",
    ),
    IN_TIME,
)
TOO_LATE = _state(
    "late",
    T("رد متأخر", "Answered late"),
    T("وصلت التغذية الراجعة بعد الموعد.", "The partner's feedback came after the deadline."),
    LATE,
)
REFUSED = _state(
    "declined",
    T("اعتذرت الجهة", "Declined"),
    T(
        "رفضت الجهة الإحالة أو لم يحضر المنتفع إليها، ولم تُرسل نتيجة.",
        "The partner declined or the client did not come; there is no feedback to wait for.",
    ),
    DECLINED,
)
OTHERWISE = _state(
    "known_otherwise",
    T("عُرفت من غير الجهة", "Known from elsewhere"),
    T(
        "لم ترد الجهة، وسجل الفرع النتيجة من المنتفع أو من زيارة أو من سجل.",
        "The partner has not answered; the branch recorded a result from the client, a visit or a "
        "register.",
    ),
    KNOWN_OTHERWISE,
)
LATE_NOW = _state(
    "overdue",
    T("متأخرة بلا رد", "Overdue"),
    T("انقضى الموعد ولا خبر.", "The deadline has passed and nothing was heard."),
    OVERDUE,
)
OPEN = _state(
    "waiting",
    T("بانتظار الرد", "Waiting"),
    T("لم يحن الموعد بعد.", "The deadline is still ahead."),
    WAITING,
)
CLOSED = _state(
    "closed",
    T("أُغلقت الحلقة", "Loop closed"),
    T("إحالات ردت عليها الجهة.", "Referrals that the partner reported on."),
    IN_TIME,
    LATE,
)
DUE = _state(
    "due",
    T("المستحقة", "Due"),
    T(
        "إحالات ردت عليها الجهة، أو انقضى موعدها، أو عُرفت نتيجتها من غيرها.",
        "Referrals that were reported on, are overdue, or whose result is known from elsewhere.",
    ),
    IN_TIME,
    LATE,
    OVERDUE,
    KNOWN_OTHERWISE,
)
EMPLOYED = Count(
    "employed",
    T("نتيجتها تشغيل", "Employed"),
    T(
        "إحالات سُجل بعدها تشغيل صاحبها.",
        "Referrals after which an employment of the person was recorded.",
    ),
    issued,
    lambda _scope: referrals.with_value("outcome", "employed"),
)
RATES = (
    Rate(
        "closure_rate",
        T("إغلاق الحلقة", "Loop closure"),
        T("ردت الجهة، من الإحالات المستحقة.", "Reported on by the partner, of the referrals due."),
        "closed",
        "due",
    ),
    Rate(
        "in_time_rate",
        T("في الموعد", "In time"),
        T("ردت الجهة في الموعد، من المستحقة.", "Reported on in time, of the referrals due."),
        "in_time",
        "due",
    ),
    Rate(
        "employed_rate",
        T("الفاعلية", "Effectiveness"),
        T("نتيجتها تشغيل، من المرسلة.", "Ended in employment, of all sent."),
        "employed",
        "sent",
    ),
)
DAYS = Figure(
    "median_days",
    T("أيام حتى الرد (الوسيط)", "Days to feedback (median)"),
    T(
        "نصف الردود وصل خلال هذا العدد من الأيام من تاريخ الإصدار.",
        "Half of the feedback came within this number of days from issue.",
    ),
    Kind.DAYS,
    lambda scope, _split: referrals.answer_days(scope),
)
_STATES = ("in_time", "late", "declined", "known_otherwise", "overdue", "waiting")


def _table(key: str, title: T, split: Split, names: Labels, *, branch: bool = False) -> TablePlan:
    return TablePlan(
        key,
        title,
        (
            SENT,
            ACCEPTED,
            ON_TIME,
            TOO_LATE,
            REFUSED,
            OTHERWISE,
            LATE_NOW,
            OPEN,
            EMPLOYED,
            *RATES,
            DAYS,
        ),
        split,
        names,
        measures=(CLOSED, DUE),
        by_branch=branch,
        parts=(
            ("sent", _STATES),
            ("closed", ("in_time", "late")),
            ("due", ("closed", "known_otherwise", "overdue")),
        ),
        chart=Chart.SHARES,
        chart_columns=_STATES,
    )


STABLE = Count(
    "stable",
    T("حالات ثابتة", "Stable cases"),
    T(
        "حالات وجدتها الساعة ثابتة في الفترة: 21 يوماً بعد التصنيف بلا نتيجة.",
        "Cases that the clock found stable in the period: 21 days from grouping without an "
        "outcome.",
    ),
    _stable,
)
STABLE_FOLLOWED = Count(
    "stable_followed",
    T("تمت متابعتها", "Followed up"),
    T(
        "منها ما عبّأ الموظف نموذج متابعته بعد ذلك.",
        "Of them those whose follow-up form a worker has filled in since.",
    ),
    _stable,
    lambda _scope: referrals.stable_followed,
)
STABLE_RATE = Rate(
    "stable_followed_rate",
    T("نسبة المتابعة", "Followed up, %"),
    T("ما تمت متابعته من الحالات الثابتة.", "Stable cases followed up, of all stable cases."),
    "stable_followed",
    "stable",
)

LOOP = ReportPlan(
    "loop",
    T("إغلاق حلقة المتابعة", "Closing the follow-up loop"),
    T(
        "ما أُرسل من إحالات، وما قُبل، وما رُدّ عليه في موعده، وما تأخر.",
        "Which referrals were sent, accepted, answered in time, and which are overdue.",
    ),
    (
        _table(
            "branches",
            T("حسب الفرع", "By branch"),
            dimensions.own("branch"),
            labels.branches,
            branch=True,
        ),
        _table(
            "kinds",
            T("حسب نوع الجهة", "By kind of destination"),
            dimensions.own("destination_kind"),
            labels.of_codes(codes.DESTINATIONS, always=False),
        ),
        _table(
            "destinations",
            T("حسب الجهة", "By destination"),
            dimensions.own("destination_unit"),
            labels.units_found,
        ),
        _table(
            "interventions",
            T("حسب نوع المداخلة", "By type of intervention"),
            dimensions.own("intervention_type"),
            labels.of_codes(codes.INTERVENTIONS, always=False),
        ),
        replace(
            _table(
                "months",
                T("حسب شهر الإصدار", "By month of issue"),
                dimensions.month_of("issue_date"),
                labels.months,
            ),
            chart=Chart.LINE,
            chart_columns=("sent",),
        ),
        TablePlan(
            "stable",
            T("متابعة الحالات الثابتة", "Stable cases followed up"),
            (STABLE, STABLE_FOLLOWED, STABLE_RATE),
            dimensions.own("branch"),
            labels.branches,
            by_branch=True,
        ),
    ),
    (
        T(
            "المرسلة = رد في الموعد + رد متأخر + اعتذرت + عُرفت من غير الجهة + متأخرة بلا رد + "
            "بانتظار الرد.",
            "Sent = in time + late + declined + known from elsewhere + overdue + waiting.",
        ),
        T(
            "تُحسب الإحالات الصادرة في الفترة، وحالها كما هي اليوم.",
            "Counted are the referrals issued in the period, as they stand today.",
        ),
    ),
    partners=True,
)
