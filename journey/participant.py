"""What a command on a case means for the journey's tables, inside the command's transaction.

Everything is read off the outcome itself (facts, submission, the case's unit), so that the same
function over the journal makes the same rows again (`journey.rebuild`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from bpmn import VariablesWritten
from engine.clock import TIMEZONE, today
from engine.errors import Invalid
from engine.notifications import Notifications
from engine.ports import Outcome, Submission
from engine.records import InstanceState
from engine.store.transaction import Transaction
from engine.wording import Text
from journey import fields, rules_asked, stages
from journey.cycles import PROCESS
from journey.projection import PROJECTIONS, Projection, columns
from journey.reminders import reminders
from journey.store import cycles, persons, projections, registry

CHECK_VALID = timedelta(days=90)
"""How long a vacancy's quality check holds (tools.yaml e, check_valid_until)."""
GROUPS = ("A", "B", "C")
_ABOUT_A_REFERRAL = (
    projections.referral_answer,
    projections.overdue_action,
    projections.follow_up,
)
_LISTS = {
    "readiness_barriers": "readiness_barriers",
    "suggested_services": "suggested_services",
    "services_accepted_by_client": "services_accepted",
}
"""Variables that are lists of codes, and the columns of the cycle that keep them."""
ENDED = frozenset({InstanceState.COMPLETED, InstanceState.CANCELLED})
_STARTING = ("person_id", "cycle_no", "age", "sex", "residence_location", "journey_number")
_BARE = Text(
    "تُفتح الرحلة لشخص في فرع، ولا تبدأ كحالة مجردة.",
    "A journey is opened for a person at a branch, not started as a bare case.",
)


class SendsReminders(Protocol):
    """Where reminders go; nowhere while projections are made again."""

    def send(self, tx: Transaction, outcome: Outcome) -> None:
        """Send what `outcome` calls for."""


class Reminding:
    """Sends reminders through the engine's notifications."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications

    def send(self, tx: Transaction, outcome: Outcome) -> None:
        """Remind in the command's own transaction."""
        for reminder in reminders(outcome):
            self._notifications.notify(
                tx,
                role=reminder.role,
                unit=reminder.unit,
                kind=reminder.kind,
                text_ar=reminder.text_ar,
                text_en=reminder.text_en,
                at=outcome.at,
                instance_id=outcome.instance.id,
                task_id=reminder.task_id,
            )


class JourneyParticipant:
    """Keeps cycles and typed projections in step with the cases (`engine.ports.Participant`)."""

    def __init__(self, reminding: SendsReminders | None = None, *, replaying: bool = False) -> None:
        self._reminding = reminding
        self._replaying = replaying

    def apply(self, transaction: Transaction, outcome: Outcome) -> None:
        """Write the rows of one command. Raises `AlreadyExists` for a second open journey."""
        if outcome.instance.subject is not None:
            if outcome.instance.process == PROCESS:
                self._cycle(transaction, outcome)
            if outcome.submission is not None:
                self._project(transaction, outcome, outcome.submission)
        elif outcome.instance.process == PROCESS and outcome.command == "start":
            raise Invalid(_BARE)
        if not self._replaying:
            _keep_up(transaction, outcome)
        if self._reminding is not None:
            self._reminding.send(transaction, outcome)

    def _cycle(self, tx: Transaction, outcome: Outcome) -> None:
        written = dict(_written(outcome))
        if outcome.command == "start":
            self._open(tx, outcome, written)
            return
        values = _cycle_changes(written)
        if outcome.command == "transfer" and outcome.instance.unit is not None:
            values["unit"] = outcome.instance.unit
        submission = outcome.submission
        if submission is not None and outcome.command != "correct":
            stage = stages.stage_after(submission.form, submission.data)
            if stage is not None:
                values["stage"] = stage
        values |= rules_asked.of_case(outcome)
        if written.get("stage") == stages.STABLE:
            values["stage"] = stages.STABLE  # the clock found it, no form says so
            self._stable(tx, outcome)
        if written.get("grouping_date") == today(outcome.at).isoformat():
            values |= self._group(tx, outcome, written)
        if outcome.instance.state in ENDED:
            values |= {"closed_at": outcome.instance.ended_at, "stage": stages.CLOSED}
            if outcome.instance.state is InstanceState.CANCELLED:
                values["closure_reason"] = "cancelled"
        if values:
            cycles.update(tx, outcome.instance.id, values)

    def _open(self, tx: Transaction, outcome: Outcome, written: Mapping[str, Any]) -> None:
        instance = outcome.instance
        missing = [name for name in _STARTING if name not in written]
        if missing or written["person_id"] != instance.subject or instance.unit is None:
            raise Invalid(_BARE)
        cycles.insert(
            tx,
            {
                "instance_id": instance.id,
                "person_id": instance.subject,
                "cycle_no": written["cycle_no"],
                "journey_number": written["journey_number"],
                "unit": instance.unit,
                "opened_at": instance.started_at,
                "opened_by": instance.started_by,
                "stage": stages.LISTED,
                "stable_count": 0,
                "age": written["age"],
                "sex": written["sex"],
                "residence_location": written["residence_location"],
                "education_level": written.get("education_level"),
                **rules_asked.of_case(outcome),
            },
        )

    def _stable(self, tx: Transaction, outcome: Outcome) -> None:
        projections.record_stable(
            tx,
            {
                "instance_id": outcome.instance.id,
                "stable_at": outcome.at,
                "person_id": outcome.instance.subject,
                "branch": outcome.instance.unit,
            },
        )

    def _group(
        self, tx: Transaction, outcome: Outcome, written: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Record a grouping: the group last chosen, with today's date just written. (A profiling
        that ends without an interview hands an earlier date back.)"""
        chosen = written.get("client_group")
        if chosen is None:
            stored = cycles.find(tx, outcome.instance.id)
            chosen = stored["chosen_group"] if stored is not None else None
        if chosen not in GROUPS:
            return {}
        day = _day(written["grouping_date"])
        projections.record_grouping(
            tx,
            {
                "instance_id": outcome.instance.id,
                "grouped_at": outcome.at,
                "person_id": outcome.instance.subject,
                "branch": outcome.instance.unit,
                "actor": outcome.actor.username,
                "client_group": chosen,
                "grouping_date": day,
            },
        )
        return {
            "client_group": chosen,
            "grouping_date": day,
            "outcome_type": None,
            "stage": stages.grouped(chosen),
        }

    def _project(self, tx: Transaction, outcome: Outcome, made: Submission) -> None:
        projection = PROJECTIONS.get(made.form)
        if projection is None:
            return
        values = columns(projection, made.data)
        if projection.table in _ABOUT_A_REFERRAL:
            values["referral_task_id"] = self._answered(tx, outcome, made, projection)
        if projection.table is projections.referral:
            values |= _destination(tx, outcome, made)
        if projection.table is projections.vacancy_check:
            values["vacancy_admissible"] = rules_asked.admissible(outcome)
        projections.insert(
            tx,
            projection.table,
            {
                "task_id": made.task.id,
                "version": made.version,
                "latest": True,
                "instance_id": outcome.instance.id,
                "person_id": outcome.instance.subject,
                "unit": made.task.unit,
                "branch": outcome.instance.unit,
                "actor": outcome.actor.username,
                "conducted_at": _conducted(projection, made, outcome.at),
                "entered_at": outcome.at,
                "form": made.form,
                "form_hash": made.form_hash,
                **values,
            },
        )

    def _answered(
        self, tx: Transaction, outcome: Outcome, made: Submission, projection: Projection
    ) -> str | None:
        """The referral that an answer or follow-up is about: the one issued last before it."""
        if made.version > 1:
            first = projections.earlier_link(tx, projection.table, made.task.id)
            if first is not None:
                return _text(first["referral_task_id"])
        referral = projections.latest_referral(tx, outcome.instance.id)
        return None if referral is None else _text(referral["task_id"])


def _written(outcome: Outcome, *, everywhere: bool = False) -> Iterator[tuple[str, Any]]:
    """Variables that the command wrote in the case's own scope, later writings last.

    A called process begins with a copy of what its caller knows and hands results back when it
    ends: its own scope (`everywhere`) says nothing new about the case.
    """
    for fact in outcome.facts:
        if isinstance(fact, VariablesWritten) and (everywhere or fact.scope == ""):
            yield from fact.values.items()


def _cycle_changes(written: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if isinstance(written.get("client_group"), str):
        values["chosen_group"] = written["client_group"]
    for name in ("outcome_type", "closure_reason"):
        if isinstance(written.get(name), str):
            values[name] = written[name]
    for name, column in _LISTS.items():
        if isinstance(written.get(name), list):
            values[column] = written[name]
    if "unmet_need" in written:
        values["unmet_need"] = bool(written["unmet_need"])
    with contextlib.suppress(fields.Unfit):
        values["stable_count"] = fields.count(written.get("stable_count"))
    return values


def _keep_up(tx: Transaction, outcome: Outcome) -> None:
    """Rows that live beside the cases and are not made again from them."""
    instance = outcome.instance
    moving = outcome.command in ("start", "transfer") and instance.process == PROCESS
    if moving and instance.subject is not None and instance.unit is not None:
        persons.move(tx, instance.subject, instance.unit)
    made, result = outcome.submission, rules_asked.admissible(outcome)
    vacancy = made.data.get("vacancy_id") if made is not None else None
    if isinstance(vacancy, str) and result is not None:
        registry.set_check(tx, vacancy, result, today(outcome.at) + CHECK_VALID)


def _destination(tx: Transaction, outcome: Outcome, made: Submission) -> dict[str, Any]:
    """What kind of place the destination is, and the unit that the diagram sent the referral to
    (else the unit that serves the catalogue entry)."""
    chosen = made.data.get("destination_name")
    entry = chosen.rpartition("/")[2] if isinstance(chosen, str) else ""
    found = registry.destination(tx, entry)
    unit = dict(_written(outcome, everywhere=True)).get("referral_unit")
    return {
        "destination_kind": found["provider_kind"] if found is not None else None,
        "destination_unit": unit or (found["unit"] if found is not None else None),
    }


def _conducted(projection: Projection, made: Submission, at: datetime) -> datetime:
    """When it happened. A form that gives a day only gets the day's noon in Amman, or the moment
    of entry on that day."""
    value = made.data.get(projection.conducted)
    try:
        if isinstance(value, str) and len(value) == len("2019-05-14"):
            day = fields.day(value)
            if day == today(at):
                return at
            return datetime.combine(day, time(12), TIMEZONE).astimezone(UTC)
        return fields.moment(value)
    except fields.Unfit:
        return at


def _day(value: object) -> date:
    return fields.day(value)


def _text(value: object) -> str:
    return str(value)
