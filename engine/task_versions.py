"""Every version of a task's answers: as first handed in, and each correction with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from engine.commit import stream_of
from engine.open_case import OpenCase
from engine.store import submissions, users
from engine.store.submissions import SubmissionRow


@dataclass(frozen=True)
class TaskSubmission:
    """One version of a task's accepted answers."""

    version: int
    """1 is the first; every correction is the next."""
    at: datetime
    by: str
    by_name: str
    reason: str | None
    """Why the answers were corrected; None for the first version."""
    form_hash: str
    data: Mapping[str, Any]


def versions(case: OpenCase, task_id: str) -> tuple[TaskSubmission, ...]:
    """Every version of the task's answers, newest first. Raises `KeyDestroyed`."""
    rows = submissions.all_of(case.transaction, task_id)
    names = users.names(case.transaction, [row.made_by for row in rows])
    return tuple(
        TaskSubmission(
            version=row.version,
            at=row.made_at,
            by=row.made_by,
            by_name=names.get(row.made_by, row.made_by),
            reason=_reason(case, row),
            form_hash=row.form_hash,
            data=msgspec.json.decode(case.open(row.data, f"submission:{task_id}:{row.version}")),
        )
        for row in rows
    )


def _reason(case: OpenCase, row: SubmissionRow) -> str | None:
    """What the journal entry that made the version gives as its reason."""
    if row.version == 1:
        return None
    journal = case.parts.journal
    stream = stream_of(case.row.id)
    (entry,) = journal.read(case.transaction, stream, after=row.seq - 1, limit=1)
    reason: str | None = entry.data["details"].get("reason")
    return reason
