"""Health."""

from __future__ import annotations

from api.fields import Answer, Choice, Json


class Health(Answer):
    """Whether the part asked for works."""

    status = Choice(["ok", "failing"])
    checks = Json(
        metadata={
            "description": "Check → ok, or what is wrong.",
            "additionalProperties": {"type": "string"},
        }
    )
