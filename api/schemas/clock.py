"""The simulated clock."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.fields import Duration, Moment
from api.shapes import Answer, Body


class ClockAnswer(Answer):
    """The simulated moment."""

    now = Moment()


class Advance(Body):
    """Either by how much, or to which moment; forward only."""

    advance = Duration(metadata={"example": "P21D"})
    now = Moment()

    @ma.validates_schema
    def _exactly_one(self, data: dict[str, Any], **_context: Any) -> None:
        if len(data) != 1:
            raise ma.ValidationError("one_of_two|choices=advance, now")
