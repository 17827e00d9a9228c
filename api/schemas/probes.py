"""Health."""

from __future__ import annotations

from api.fields import Choice, Json
from api.shapes import Answer


class Health(Answer):
    """Whether the part asked for works."""

    status = Choice(["ok", "failing"])
    checks = Json(
        metadata={
            "description": "Check → ok, or what is wrong.",
            "additionalProperties": {"type": "string"},
        }
    )
