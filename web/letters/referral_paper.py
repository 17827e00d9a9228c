"""The letter of a case's last referral, read through the verbs of the branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import Conflict, NotFound
from engine.records import Actor
from engine.wording import Text
from forms import Field, Form
from journey import Journey
from web.letters.blocks import FormOnPaper
from web.letters.journal import Accepted, CaseJournal, read_journal
from web.letters.reading import colleagues, person_of, unit_name, units_by_code
from web.letters.records import Referral
from web.letters.values import parsed_day
from web.letters.wording import WORDS

if TYPE_CHECKING:
    from engine.engine import Engine

REFERRAL, PLAN, INTERVIEW = "referral_form", "individual_action_plan", "job_readiness_interview"
PARTNER_TASKS = ("mol_acceptance", "provider_acceptance", "mol_mediation", "provider_feedback")

_EVERYBODY = {
    PLAN: ("goal", "client_goals_text", "steps"),
    INTERVIEW: ("occupation_description", "experience_years", "transport_means"),
}
_MEDIATORS = {
    PLAN: (),
    INTERVIEW: ("expected_min_wage_jod", "accepts_minimum_wage", "can_be_away_10h"),
}
"""What the acceptance forms show of the interview and the plan with the client's consent, and what
only the mediators of group A see."""

_HEALTHY = "good_able_to_work"


def referral_on_paper(
    engine: Engine, journey: Journey, actor: Actor, instance_id: str, *, link: str, site: str
) -> Referral:
    """The referral issued last in a case. `link` is a signed link for a partner without an
    account, or nothing: then the code opens the partner's task on `site`.

    Raises `NotFound`, `Forbidden`, `KeyDestroyed`, and `Conflict` while no referral is issued.
    """
    journal = read_journal(engine, actor, instance_id)
    case = journal.case
    issued = journal.latest(REFERRAL)
    if issued is None:
        raise Conflict(
            Text(
                "لم يصدر نموذج إحالة في هذه الرحلة بعد؛ أصدره أولاً ثم اطبع الكتاب.",
                "No referral has been issued in this journey yet. Issue it first, then print the "
                "letter.",
            )
        )
    person = person_of(journey, actor, case.subject)
    if person is None:
        raise NotFound(
            Text("هذا غير موجود، أو لا يحق لك رؤيته.", "There is no such person to refer.")
        )
    used = engine.history.form_used(actor, instance_id, issued.form_hash, issued.data)
    form = used.form
    day = issued.entry.at.date()
    group = str(case.variables.get("client_group") or "")
    consent = _consented(journal)
    partner_task = journal.last_task(*PARTNER_TASKS) or issued.task_id
    return Referral(
        journey_number=case.business_key or "",
        issued_on=parsed_day(issued.data.get("issue_date")) or day,
        branch=unit_name(case.unit, units_by_code(journey, actor)),
        worker=_worker(engine, actor, instance_id, issued),
        destination=_named("destination_name", issued.data, used.options),
        destination_address=str(issued.data.get("destination_address") or ""),
        person=f"{person.data.first_name} {person.data.last_name}",
        national_id=person.data.national_id,
        phone=person.data.phone or "",
        group=_choice(form.fields["client_group"], group),
        service=_service(form, issued.data),
        deadline=parsed_day(issued.data.get("provider_feedback_deadline")) or day,
        address=link or f"{site}q/{partner_task}",
        is_link=bool(link),
        able_to_work=consent and _able(journal),
        shared=_shared(engine, actor, journal, mediation=group == "A") if consent else (),
    )


def _consented(journal: CaseJournal) -> bool:
    plan = journal.latest(PLAN)
    return plan is not None and plan.data.get("data_sharing_consent") is True


def _able(journal: CaseJournal) -> bool:
    interview = journal.latest(INTERVIEW)
    return interview is not None and interview.data.get("health_status") == _HEALTHY


def _shared(
    engine: Engine, actor: Actor, journal: CaseJournal, *, mediation: bool
) -> list[tuple[FormOnPaper, Mapping[str, Text]]]:
    found: list[tuple[FormOnPaper, Mapping[str, Text]]] = []
    for form_id, keys in _EVERYBODY.items():
        answers = journal.latest(form_id)
        if answers is not None:
            wanted = (*keys, *(_MEDIATORS[form_id] if mediation else ()))
            used = engine.history.form_used(actor, journal.case.id, answers.form_hash, answers.data)
            paper = FormOnPaper(used.form, answers.data)
            found.append((paper, {key: WORDS[key] for key in wanted}))
    return found


def _worker(engine: Engine, actor: Actor, instance_id: str, issued: Accepted) -> Text:
    username = issued.entry.actor
    return colleagues(engine, actor, instance_id).get(username, Text.worded(username))


def _named(key: str, data: Mapping[str, Any], options: Mapping[str, Any]) -> Text:
    value = data.get(key)
    for option in options.get(key, ()):
        if option.value == value:
            return Text(option.label_ar, option.label_en)
    return Text.worded(str(value or ""))


def _service(form: Form, data: Mapping[str, Any]) -> Text:
    other = data.get("intervention_other")
    if other:
        return Text.worded(str(other))
    return _choice(form.fields["intervention_type"], str(data.get("intervention_type") or ""))


def _choice(field: Field, value: str) -> Text:
    for choice in field.choices:
        if choice.value == value:
            return Text(choice.label_ar, choice.label_en)
    return Text.worded(value)
