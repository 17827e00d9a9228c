"""What people write beside a document: its note, and why it is taken back."""

from __future__ import annotations

from engine.errors import Invalid
from engine.store.text import can_be_stored
from engine.wording import REQUIRED, Text

LONGEST_NOTE = 500
LONGEST_REASON = 500


def clean_note(note: str) -> str:
    """The note as it is kept. Raises `Invalid` (field `note`)."""
    clean = note.strip()
    if len(clean) > LONGEST_NOTE or not can_be_stored(clean):
        raise Invalid(
            Text("لا يمكن حفظ هذه الملاحظة.", "The note cannot be stored."),
            {
                "note": [
                    Text(f"{LONGEST_NOTE} حرف على الأكثر.", f"At most {LONGEST_NOTE} characters.")
                ]
            },
        )
    return clean


def clean_reason(reason: str) -> str:
    """The reason as it is journalled. Raises `Invalid` (field `reason`)."""
    clean = reason.strip()
    problem: Text | None = None
    if not clean:
        problem = REQUIRED
    elif len(clean) > LONGEST_REASON or not can_be_stored(clean):
        problem = Text(f"{LONGEST_REASON} حرف على الأكثر.", f"At most {LONGEST_REASON} characters.")
    if problem is not None:
        raise Invalid(
            Text("اذكر سبب سحب الوثيقة.", "Say why the document is taken back."),
            {"reason": [problem]},
        )
    return clean
