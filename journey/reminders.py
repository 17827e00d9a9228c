"""Who is reminded of what: partners of a new referral and of an extended deadline, staff of what a
deadline opened, and of a referral that was not accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn import TaskClosed, TaskOpened
from engine.identifiers import part_id
from engine.ports import Outcome
from engine.records import Role

PARTNERS = ("mol:", "provider:")


@dataclass(frozen=True)
class Reminder:
    """One reminder to everybody with `role` in `unit`. It names the case by its number only."""

    role: Role
    unit: str
    kind: str
    task_id: str | None
    text_ar: str
    text_en: str


TASKS_EN: Mapping[str, str] = {
    "contact_review": "Decide about a client who was not reached or refused",
    "job_readiness_interview": "Job-readiness interview",
    "individual_action_plan": "Individual action plan",
    "mol_acceptance": "Accept or decline a referral",
    "mol_mediation": "Report the result of mediation",
    "provider_acceptance": "Accept or decline a referral",
    "provider_feedback": "Send feedback on a referral",
    "overdue_feedback": "Feedback is overdue",
    "stable_follow_up": "Nothing happened for three weeks",
    "stable_case_review": "Review a case found stable again",
    "retention_check": "Check whether the client is still at work",
    "benefit_end_notice": "Benefits end soon",
    "group_c_review": "Review of group C",
    "contact_log": "Record whether the client came",
    "follow_up_visit": "Visit the workplace",
    "service_end": "The service has ended",
    "follow_up_form": "Record the outcome",
    "referral_form": "Issue the referral",
    "vacancy_quality_check": "Check the quality of a vacancy",
}
WITHOUT_FORM_EN: Mapping[str, str] = {
    "remind_client": "Remind the client of the feedback deadline",
    "escalate_referral": "The referral has not been issued in time",
    "escalate_overdue": "Overdue feedback has not been handled",
    "chase_partner": "A partner has not answered a referral",
    "escalate_acceptance": "A partner never answered a referral",
}
"""English names of tasks that have no form, by element (journey.md T3, T4, T5)."""
ANSWERS = frozenset({"mol_accept", "provider_accept"})
"""Where a partner accepts or declines a referral."""
CONTACT = "contact_provider"
DECLINED_AR = "لم تُقبل الإحالة: اتصل بشريك آخر"
DECLINED_EN = "A referral was not accepted: contact another partner"
EXTENDED_AR = "مُدّدت مهلة الإحالة: أبلغ عن نتيجتها قبل الموعد الجديد"
EXTENDED_EN = "A referral has more time: report its result by the new day"


def reminders(outcome: Outcome) -> Iterator[Reminder]:
    """The reminders that a command calls for."""
    timed = outcome.command == "timer"
    number = outcome.instance.business_key or outcome.instance.id
    answered = any(
        isinstance(fact, TaskClosed) and fact.reason == "completed" and fact.element_id in ANSWERS
        for fact in outcome.facts
    )
    # The same element again at once: the task begins anew with a later due date (L8).
    replaced = {
        fact.element_id
        for fact in outcome.facts
        if isinstance(fact, TaskClosed) and fact.reason == "cancelled"
    }
    for fact in outcome.facts:
        if isinstance(fact, TaskOpened):
            unit = fact.unit or outcome.instance.unit
            # The worker did nothing to get this task: a partner declined, or the client never came.
            declined = answered and fact.element_id == CONTACT
            if unit is not None and (timed or declined or unit.startswith(PARTNERS)):
                texts = (DECLINED_AR, DECLINED_EN) if declined else _texts(fact)
                if fact.element_id in replaced and unit.startswith(PARTNERS):
                    texts = (EXTENDED_AR, EXTENDED_EN)
                kind = "deadline" if timed else "new_task"
                for group in fact.candidate_groups:
                    yield Reminder(
                        Role(group),
                        unit,
                        kind,
                        part_id(outcome.instance.id, fact.key),
                        f"{texts[0]} · {number}",
                        f"{texts[1]} · {number}",
                    )


def _texts(fact: TaskOpened) -> tuple[str, str]:
    """What a new task is called, in Arabic and in English."""
    english = TASKS_EN.get(fact.form or "") or WITHOUT_FORM_EN.get(fact.element_id, fact.name)
    return fact.name, english
