"""The office table (columns as the machine form of the May 2019 table)."""

from __future__ import annotations

from api.fields import Day, Integer, Json, Many, Number, Part, Text
from api.shapes import Answer, Query

Period = Query.from_dict(
    {
        "from": Day(metadata={"description": "First day; left out: from the beginning."}),
        "to": Day(metadata={"description": "Last day; left out: until today."}),
    },
    name="Period",
)
"""Which days, both included."""


class OfficeRow(Answer):
    """One office, or `total`: distinct persons in each count; null where a count is hidden."""

    office = Text()
    contacted = Integer(allow_none=True)
    readiness_interviews = Integer(allow_none=True)
    group_a = Integer(allow_none=True)
    group_a_referred = Integer(allow_none=True)
    group_a_direct_placement = Integer(allow_none=True)
    group_b = Integer(allow_none=True)
    group_b_referred = Integer(allow_none=True)
    group_c = Integer(allow_none=True)
    followup_info = Integer(allow_none=True)
    visit_date = Day(allow_none=True)


class RateAnswer(Answer):
    """A rate with what it was made of."""

    name = Text()
    office = Text()
    numerator = Integer()
    denominator = Integer()
    percent = Number(allow_none=True)


class FootnoteAnswer(Answer):
    """A mark of the table and what it says."""

    mark = Text()
    text_ar = Text()
    text_en = Text()


class OfficeTable(Answer):
    """The table: a row an office and the total, rates, and the footnotes that apply."""

    items = Many(Part(OfficeRow), attribute="rows")
    rates = Many(Part(RateAnswer))
    footnotes = Many(Part(FootnoteAnswer))
    printed = Json(
        metadata={
            "description": "Office → the cell of group A's referrals as the paper had it.",
            "additionalProperties": {"type": "string"},
        }
    )
    first_day = Day(allow_none=True)
    last_day = Day(allow_none=True)
