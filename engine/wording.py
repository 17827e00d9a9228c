"""What the product says to people, in both its languages; which one is chosen where it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same words in Arabic and in English. `str(text)` is English: logs and the command line
    speak it."""

    ar: str
    en: str

    def __str__(self) -> str:
        return self.en

    def in_language(self, language: str) -> str:
        """The words in `language`; whoever does not ask for `en` gets Arabic."""
        return self.en if language == "en" else self.ar

    @classmethod
    def worded(cls, words: str) -> Text:
        """Words that were put in the caller's language already."""
        return cls(words, words)


REQUIRED = Text("هذا الحقل مطلوب.", "Required.")
UNKNOWN = Text("غير معروف.", "Unknown.")
UNKNOWN_FIELD = Text("حقل غير معروف.", "Unknown field.")
FIXED = Text("لا يمكن تغييره.", "Fixed.")
"""Messages about a field that more than one place gives."""
