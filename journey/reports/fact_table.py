"""The columns and lines of the fact table (R3)."""

from __future__ import annotations

from datetime import datetime

from engine.clock import today
from engine.store.transaction import Transaction
from engine.wording import Text as T
from journey.reports.records import Column, FactTable, Kind
from journey.store.reports import Scope, facts

_NOTHING = T("", "")


def _column(key: str, arabic: str, english: str, kind: Kind = Kind.TEXT) -> Column:
    return Column(key, T(arabic, english), _NOTHING, kind)


COLUMNS = (
    _column("person_no", "رقم الشخص في الملف", "Person (number in this file)", Kind.COUNT),
    _column("cycle_no", "ترتيب الرحلة", "Journey of the person", Kind.COUNT),
    _column("journey_number", "رقم الرحلة", "Journey number"),
    _column("naf_branch", "الفرع", "Branch"),
    _column("opened_on", "تاريخ الفتح", "Opened on"),
    _column("closed_on", "تاريخ الإغلاق", "Closed on"),
    _column("closure_reason", "سبب الإغلاق", "Why closed"),
    _column("sex", "الجنس", "Sex"),
    _column("age", "العمر عند الفتح", "Age at opening", Kind.COUNT),
    _column("education_level", "التعليم", "Education"),
    _column("client_group", "المجموعة", "Group"),
    _column("grouping_date", "تاريخ التصنيف", "Grouped on"),
    _column("issue_date", "تاريخ الإحالة", "Referral issued on"),
    _column("destination_kind", "نوع الجهة", "Kind of destination"),
    _column("destination_unit", "الجهة", "Destination"),
    _column("intervention_type", "نوع المداخلة", "Type of intervention"),
    _column("referral_decision", "رد الجهة على الإحالة", "Partner's answer"),
    _column("loop_state", "حال الحلقة", "State of the loop"),
    _column("feedback_date", "تاريخ التغذية الراجعة", "Feedback on"),
    _column("outcome_type", "نتيجة الإحالة", "Outcome of the referral"),
    _column("employment_start_date", "تاريخ المباشرة", "Started work on"),
    _column("wage_level_jod", "الأجر بالدينار", "Wage in JOD", Kind.MONEY),
    _column("placement_route", "طريق التشغيل", "Route"),
    _column("still_employed", "لم يترك العمل", "Not known to have left"),
)


def make(tx: Transaction, scope: Scope) -> FactTable:
    """Every line; moments as days in Amman."""
    lines = (
        tuple(today(value) if isinstance(value, datetime) else value for value in row)
        for row in facts.rows(tx, scope)
    )
    return FactTable(COLUMNS, tuple(lines))
