"""Messages from outside, and incidents."""

from __future__ import annotations

from api.fields import Choice, Code, Duration, Json, Many, Moment, Text
from api.shapes import Answer, Body, Paged


class Publish(Body):
    """One message: its name and correlation key find the cases that wait for it."""

    name = Text(low=1, high=200, required=True)
    correlation_key = Text(high=200, load_default=None, allow_none=True)
    payload = Json(load_default=dict)
    time_to_live = Duration(
        load_default=None,
        allow_none=True,
        metadata={"description": "How long it waits for a case, such as P1D.", "example": "PT1H"},
    )


class Published(Answer):
    """The message's id and the cases that got it at once."""

    id = Text()
    delivered_to = Many(Text())


class IncidentQuery(Paged):
    """Which incidents."""

    state = Choice(["open", "resolved"], load_default="open")
    process = Code()
    instance = Code(high=200)


class IncidentAnswer(Answer):
    """Something in a case that a person must clear."""

    id = Text()
    instance_id = Text()
    process = Text()
    unit = Text(allow_none=True)
    element_id = Text(allow_none=True)
    element_name = Text(allow_none=True)
    kind = Text()
    message = Text()
    diagnostics = Many(Text(), metadata={"description": "For those who may read the variables."})
    opened_at = Moment()
    resolved_at = Moment(allow_none=True)
