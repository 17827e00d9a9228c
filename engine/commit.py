"""Writes what a command decided: the case's row, its tasks, timers, subscriptions, calls,
incidents, its journal entry and its submission, then the participants' rows. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from bpmn import DecisionEvaluated, FlowTaken, Step
from engine.fact_rows import FactRows
from engine.journal import Head, NewEntry
from engine.open_case import NEXT_STATES, RUNNING, Change, Done, OpenCase, instance_of
from engine.ports import Outcome, Submission
from engine.records import InstanceState, Task
from engine.store import cases, incidents, submissions
from engine.store.submissions import SubmissionRow


class StaleCase(Exception):
    """Another command committed first: read the case again."""


def stream_of(instance_id: str) -> str:
    """The journal stream of a case."""
    return f"case:{instance_id}"


def commit(case: OpenCase, command: str, change: Change) -> Done:
    """Write `change` and answer with the case as it stands now.

    `StaleCase` is raised when the case's row, or a task's row that the change names, is no longer
    what was read: here, with the next read of the transaction, or before its commit.
    """
    parts, transaction, before = case.parts, case.transaction, case.row
    moved = _moved(case, change)
    head = parts.journal.append(
        transaction,
        stream_of(before.id),
        Head(before.journal_seq, before.journal_hash),
        [_entry(case, command, change, moved["status"])],
        before.owner,
    )
    after = replace(before, **moved, journal_seq=head.seq, journal_hash=head.hash)
    stale = StaleCase(before.id)
    if before.revision == 0:
        cases.insert(transaction, after)
    else:
        cases.update(transaction, before, after, stale)
    rows = FactRows(case, after, stale)
    tasks = rows.write(change)
    if after.status not in RUNNING and before.status in RUNNING:
        incidents.resolve_all(transaction, before.id, case.now)
    done = OpenCase(parts, transaction, case.actor, after, case.now)
    done.executable = case.executable
    if "live" in case.__dict__:
        done.live = case.live
    if change.submission is not None:
        _store_submission(done, change.submission)
    if change.also is not None:
        change.also()
    outcome = Outcome(
        command=command,
        actor=case.actor,
        at=case.now,
        instance=instance_of(after),
        facts=change.facts,
        submission=change.submission,
        details=change.details,
    )
    for participant in parts.participants:
        participant.apply(transaction, outcome)
    _after_commit(done, before.revision, rows)
    return Done(done, outcome, tasks)


def _moved(case: OpenCase, change: Change) -> dict[str, Any]:
    """What the command changes in the case's row, its journal head still to come."""
    before = case.row
    moved: dict[str, Any] = {
        "revision": before.revision + 1,
        "unit": change.unit or before.unit,
        "status": before.status,
    }
    if change.step is not None:
        status = _status(case, change.step)
        moved |= {
            "status": status,
            "active_elements": case.live.active_elements(),
            "ended_at": before.ended_at or (None if status in RUNNING else case.now),
            "state": case.seal(case.live.save(), "state"),
        }
    elif change.stuck:
        moved["status"] = InstanceState.INCIDENT
    if moved["status"] not in NEXT_STATES[before.status]:
        raise AssertionError(f"{before.status} cannot become {moved['status']}")
    return moved


def _status(case: OpenCase, step: Step) -> InstanceState:
    before = case.row.status
    if before not in RUNNING:
        return before  # a correction in an ended case leaves it ended
    status = InstanceState(step.state)
    if status is InstanceState.ACTIVE and before is InstanceState.INCIDENT:
        # The diagram's own incidents are over; a timer or message may still be failing.
        others = incidents.open_of_case(case.transaction, case.row.id)
        if any(row.origin != "case" for row in others):
            return before
    return status


def _entry(case: OpenCase, command: str, change: Change, status: InstanceState) -> NewEntry:
    row = case.row
    header: dict[str, Any] = {
        "process": row.process_key,
        "version": row.version_number,
        "sha256": case.executable.process.sha256,
        "state": status.value,
        **change.header,
    }
    decisions = {
        fact.decision_id: fact.decision_hash
        for fact in change.facts
        if isinstance(fact, DecisionEvaluated)
    }
    if decisions:
        header["decisions"] = decisions
    data: dict[str, Any] = {
        "facts": [fact.to_record() for fact in change.facts],
        "details": dict(change.details),
    }
    if change.submission is not None:
        data["submission"] = submission_record(change.submission)
        header["form"] = change.submission.form
        header["form_sha256"] = change.submission.form_hash
    name = None if change.element_id is None else case.executable.element_name(change.element_id)
    return NewEntry(
        at=case.now,
        actor=case.actor.username,
        kind=command,
        element_id=change.element_id,
        element_name=name,
        flow_ids=tuple(fact.flow_id for fact in change.facts if isinstance(fact, FlowTaken)),
        header=header,
        data=data,
    )


def submission_record(submission: Submission) -> dict[str, Any]:
    """A submission as plain data; `submission_of` reads it back."""
    record: dict[str, Any] = msgspec.to_builtins(submission)
    return record


def submission_of(record: Mapping[str, Any]) -> Submission:
    """The submission that `submission_record` wrote."""
    task = msgspec.convert(record["task"], Task)
    return Submission(**{**record, "task": task})


def _store_submission(case: OpenCase, made: Submission) -> None:
    what = f"submission:{made.task.id}:{made.version}"
    submissions.insert(
        case.transaction,
        SubmissionRow(
            task_id=made.task.id,
            version=made.version,
            instance_id=case.row.id,
            seq=case.row.journal_seq,
            form=made.form,
            form_hash=made.form_hash,
            data=case.seal(msgspec.json.encode(dict(made.data)), what),
            unit=made.task.unit,
            made_by=case.actor.username,
            made_at=case.now,
        ),
    )


def _after_commit(case: OpenCase, before: int, rows: FactRows) -> None:
    """What may only happen once the rows are durable."""
    parts, row = case.parts, case.row
    live = case.__dict__.get("live")
    if live is None:
        # Only rows changed: a live case in memory stays good for the next revision.
        case.transaction.after_commit(lambda: parts.live.renew(row.id, before, row.revision))
    elif row.status in RUNNING:
        case.transaction.after_commit(lambda: parts.live.check_in(row.id, row.revision, live))
    if rows.sent_messages or rows.opened_subscriptions:
        case.transaction.after_commit(
            lambda: parts.deliver_soon(rows.sent_messages, rows.opened_subscriptions)
        )
