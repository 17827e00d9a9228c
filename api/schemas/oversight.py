"""What auditors look at beside the cases themselves."""

from __future__ import annotations

from api.fields import Code, Moment, Text
from api.shapes import Answer, Paged


class AccessQuery(Paged):
    """Whose readings, or of whose data."""

    reader = Code()
    subject = Code(metadata={"description": "The id of a person, or case:<id>."})


class AccessAnswer(Answer):
    """One reading of personal data."""

    id = Text()
    at = Moment()
    actor = Text()
    subject = Text()
    through = Text()
    purpose = Text()
