"""Messages from outside, and incidents."""

from __future__ import annotations

from api.fields import Answer, Body, Choice, Code, Duration, Integer, Json, Many, Moment, Paged
from api.fields import Text


class Publish(Body):
    """One message: its name and correlation key find the cases that wait for it."""

    name = Text(low=1, high=200, required=True)
    correlation_key = Text(low=0, high=200, required=True)
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
    """A token that stands at an error which a person must clear."""

    id = Text()
    instance_id = Text()
    process = Text()
    version = Integer()
    element_id = Text()
    kind = Text()
    message = Text()
    unit = Text(allow_none=True)
    raised_at = Moment()
    resolved_at = Moment(allow_none=True)
