"""What a text column takes: PostgreSQL keeps no NUL character, and no database half a character."""

from __future__ import annotations


def can_be_stored(*texts: str | None) -> bool:
    """Whether every text may stand in a column or be compared with one."""
    try:
        return not any("\0" in text for text in texts if text is not None and text.encode())
    except UnicodeEncodeError:  # a lone surrogate
        return False
