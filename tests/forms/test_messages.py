"""Every message exists in both languages, with the same blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path

from forms import messages
from forms.messages import Message, codes

SOURCES = [path.read_text("utf-8") for path in Path(messages.__file__).parent.glob("*.py")]
_BLANK = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_blanks() -> None:
    for arabic, english in messages._TABLE.values():
        assert set(_BLANK.findall(arabic)) == set(_BLANK.findall(english))
        assert any("\u0600" <= char <= "\u06ff" for char in arabic)
        assert english.isascii()


def test_every_message_is_used() -> None:
    text = "\n".join(source for source in SOURCES if "_TABLE" not in source)
    assert {code for code in codes() if f'"{code}"' not in text} == set()


def test_words() -> None:
    message = Message("too_long", {"maximum": "200"})
    assert message.text("en") == "The text is too long (at most 200 characters)."
    assert "200" in message.text("ar")
