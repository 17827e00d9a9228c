"""Classes of characters that regular expressions name: `\\d`, `\\p{Lu}`, `\\p{IsArabic}`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from .errors import FeelError

_Test: TypeAlias = Callable[[str], bool]


def _is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def _is_space(char: str) -> bool:
    return char in " \t\n\r"


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


def _is_initial(char: str) -> bool:
    return char in "_:" or unicodedata.category(char)[0] == "L"


def _is_name_char(char: str) -> bool:
    return char in "_:.-\u00b7" or unicodedata.category(char)[0] in "LM" or _is_digit(char)


def _not(test: _Test) -> _Test:
    return lambda char: not test(char)


CLASS_ESCAPES: dict[str, _Test] = {
    "d": _is_digit,
    "s": _is_space,
    "w": _is_word,
    "i": _is_initial,
    "c": _is_name_char,
}
CLASS_ESCAPES |= {name.upper(): _not(test) for name, test in CLASS_ESCAPES.items()}

_SUBCLASSES = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko"}
_SUBCLASSES |= {"C": "cfon"}
_CATEGORIES = frozenset(
    (*_SUBCLASSES, *(major + minor for major, all_of in _SUBCLASSES.items() for minor in all_of))
)
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "CyrillicSupplement": (0x0500, 0x052F),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "ArabicSupplement": (0x0750, 0x077F),
    "Thaana": (0x0780, 0x07BF),
    "ArabicExtended-A": (0x08A0, 0x08FF),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "PrivateUse": (0xE000, 0xF8FF),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF),
    "ArabicPresentationForms-B": (0xFE70, 0xFEFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}


def block_or_category(name: str) -> _Test:
    """What `\\p{name}` tests. Raises FeelError for a name unknown."""
    if name in _CATEGORIES:
        return lambda char: unicodedata.category(char).startswith(name)
    bounds = _BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
    if bounds is None:
        raise FeelError(f"a regular expression knows no class of characters {name!r}")
    low, high = bounds
    return lambda char: low <= ord(char) <= high
