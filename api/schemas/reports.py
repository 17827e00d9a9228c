"""The office table (columns as the machine form of the May 2019 table)."""

from __future__ import annotations

from api.fields import Answer, Day, Query

Period = Query.from_dict(
    {
        "from": Day(metadata={"description": "First day; left out: from the beginning."}),
        "to": Day(metadata={"description": "Last day; left out: until today."}),
    },
    name="Period",
)
"""Which days, both included."""


class OfficeTable(Answer):
    """The table."""
