"""Documents of a case."""

from __future__ import annotations

from api.fields import Code, Integer, Moment, Text
from api.shapes import Answer, Body, Paged
from engine.attachment_words import LONGEST_REASON


class DocumentQuery(Paged):
    """Which documents of the case."""

    task = Code(metadata={"description": "Only those of this task."})


class DocumentAnswer(Answer):
    """One document, without its content."""

    id = Text()
    instance_id = Text()
    task_id = Text(allow_none=True)
    filename = Text()
    media_type = Text()
    size = Integer(metadata={"description": "Bytes."})
    sha256 = Text()
    note = Text()
    at = Moment()
    author = Text()
    author_name = Text()


class Withdraw(Body):
    """Why a document is taken back."""

    reason = Text(low=1, high=LONGEST_REASON, required=True)
