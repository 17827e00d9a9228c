"""Cases (process instances), their history and replay."""

from __future__ import annotations

from api.fields import Choice, Code, Day, Integer, Json, Many, Moment, Part, QueryInteger, Text
from api.shapes import Answer, Body, Paged, Query
from engine.agenda import EntryKind
from engine.records import InstanceState


class StartInstance(Body):
    """What a new case begins with."""

    business_key = Code(high=200, allow_none=True)
    variables = Json(metadata={"description": "Values of the process's start variables."})
    version = Integer(low=1, high=1_000_000, allow_none=True)
    unit = Code(allow_none=True)


class InstanceAnswer(Answer):
    """One case; `variables` are its root scope, empty for those who may not see them."""

    id = Text()
    process = Text()
    version = Integer()
    business_key = Text(allow_none=True)
    unit = Text(allow_none=True)
    state = Choice(InstanceState)
    variables = Json()
    active_elements = Many(Text())
    started_by = Text()
    started_at = Moment()
    ended_at = Moment(allow_none=True)
    revision = Integer()


class InstanceQuery(Paged):
    """Which cases."""

    process = Code()
    version = QueryInteger(low=1, high=1_000_000)
    state = Choice(InstanceState)
    business_key = Code(high=200)
    element = Code(high=255)
    unit = Code()


class Cancel(Body):
    """Why a case is cancelled."""

    reason = Text(low=1, high=2000, required=True)


class Transfer(Body):
    """Where a case goes, and why."""

    unit = Code(required=True)
    reason = Text(low=1, high=2000, required=True)


class NewComment(Body):
    """What colleagues should know about a case."""

    text = Text(low=1, high=4000, required=True)


class CommentAnswer(Answer):
    """One comment on a case."""

    id = Text()
    at = Moment()
    author = Text()
    author_name = Text()
    text = Text()


class CalendarEntry(Answer):
    """Something done, under way, planned (a timer) or done by the system itself; `at` is when it
    began, or when a timer will fire."""

    kind = Choice(EntryKind)
    at = Moment()
    until = Moment(allow_none=True)
    due = Moment(allow_none=True)
    element_id = Text()
    name = Text()
    who = Text(allow_none=True)
    task_id = Text(allow_none=True)
    last_day = Day(
        allow_none=True,
        metadata={"description": "The last day in time, of an open task or a deadline's timer."},
    )


class HistoryEntry(Answer):
    """One entry of a case's journal."""

    seq = Integer()
    at = Moment()
    kind = Text()
    element_id = Text(allow_none=True)
    element_name = Text(allow_none=True)
    actor = Text()
    flow_ids = Many(Text())
    data = Json()
    hash = Text()


class ReplayQuery(Query):
    """Up to which entry."""

    seq = QueryInteger(low=1, high=2**31 - 1, metadata={"description": "Left out: the last entry."})


class OpenTask(Answer):
    """A task that was open then."""

    id = Text()
    element_id = Text()
    name = Text()


class ReplayAnswer(Answer):
    """The case as it stood after entry `seq`."""

    instance_id = Text()
    seq = Integer()
    state = Choice(InstanceState)
    active_elements = Many(Text())
    variables = Json()
    open_tasks = Many(Part(OpenTask))
    flows = Many(Text(), metadata={"description": "Sequence flows taken so far, in order."})
