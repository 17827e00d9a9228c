"""What users were reminded of."""

from __future__ import annotations

from api.fields import Boolean, Moment, QueryBoolean, Text
from api.shapes import Answer, Paged


class NotificationQuery(Paged):
    """Which reminders."""

    unread = QueryBoolean(metadata={"description": "Only those neither read nor settled."})


class NotificationAnswer(Answer):
    """One reminder."""

    id = Text()
    kind = Text()
    instance_id = Text(allow_none=True)
    task_id = Text(allow_none=True)
    text_ar = Text()
    text_en = Text()
    at = Moment()
    read_at = Moment(allow_none=True)
    settled = Boolean(metadata={"description": "Its task has been done or taken away since."})
