"""Outcomes of commands on a journey, made by hand: what the engine would hand to a participant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bpmn import Fact, VariablesWritten
from engine.ports import Outcome, Submission
from engine.records import Actor, Instance, InstanceState, Task, TaskState
from journey.participant import JourneyParticipant
from tests.journey.conftest import IRBID, Product

NOON = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass
class Case:
    """A journey of one person, moved by hand-made outcomes."""

    product: Product
    person_id: str
    instance: Instance
    at: datetime = NOON
    tasks: int = 0

    @classmethod
    def open(
        cls,
        product: Product,
        person_id: str,
        *,
        number: int = 1,
        cycle_no: int = 1,
        unit: str = "naf:irbid",
        at: datetime = NOON,
    ) -> Case:
        """Start a journey."""
        instance = Instance(
            id=f"case{number}",
            process="client_journey",
            version=1,
            business_key=f"R-2026-{number:06d}",
            unit=unit,
            subject=person_id,
            state=InstanceState.ACTIVE,
            started_by=IRBID.username,
            started_at=at,
            ended_at=None,
            revision=1,
        )
        case = cls(product, person_id, instance, at)
        case.apply(
            "start",
            person_id=person_id,
            cycle_no=cycle_no,
            age=30,
            sex="female",
            residence_location="irbid",
            journey_number=f"R-2026-{number:06d}",
            grouping_date=None,
        )
        return case

    def apply(
        self,
        command: str,
        *facts: Fact,
        submission: Submission | None = None,
        who: Actor = IRBID,
        details: Mapping[str, Any] | None = None,
        **written: Any,
    ) -> None:
        """One command, in a transaction of its own."""
        all_facts = (*facts, VariablesWritten("", written)) if written else facts
        outcome = Outcome(
            command,
            who,
            self.at,
            self.instance,
            all_facts,
            submission,
            details or {},
        )
        with self.product.database.transaction() as tx:
            JourneyParticipant().apply(tx, outcome)

    def submit(
        self,
        form: str,
        data: Mapping[str, Any],
        *facts: Fact,
        who: Actor = IRBID,
        unit: str | None = None,
        **written: Any,
    ) -> Submission:
        """Complete a task."""
        self.tasks += 1
        task = Task(
            id=f"{self.instance.id}.{self.tasks}",
            instance_id=self.instance.id,
            process="client_journey",
            version=1,
            element_id=form,
            name=form,
            form=form,
            state=TaskState.COMPLETED,
            assignee=who.username,
            candidate_groups=("case_worker",),
            unit=unit or self.instance.unit,
            business_key=self.instance.business_key,
            subject=self.person_id,
            created_at=self.at,
            due_at=None,
            follow_up_at=None,
            completed_at=self.at,
            completed_by=who.username,
            priority=50,
            revision=2,
        )
        made = Submission(task, form, "0" * 64, 1, data)
        self.apply("complete", *facts, submission=made, who=who, **written)
        return made

    def correct(self, made: Submission, data: Mapping[str, Any]) -> Submission:
        """Correct a finished form."""
        again = replace(made, version=made.version + 1, data=data, reason="a slip")
        self.apply("correct", submission=again)
        return again

    def group(self, group: str) -> None:
        """Record a group."""
        self.submit(
            "grouping_decision",
            {"client_group": group},
            client_group=group,
            grouping_date=self.at.date().isoformat(),
        )

    def end(self, state: InstanceState, **written: Any) -> None:
        """End the case."""
        self.instance = replace(self.instance, state=state, ended_at=self.at)
        self.apply("complete", **written)
