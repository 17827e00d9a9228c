"""How names are compared: letters folded, words cut into prefixes, prefixes hashed with a key."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable

SHORTEST_PREFIX = 2
LONGEST_PREFIX = 12
TOKEN_BYTES = 16

_FOLDED = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
        "ء": None,
        "ـ": None,
    }
)
_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """`text` with what Arabic writers leave to taste taken away: hamza seats, alef maksura, ta
    marbuta, vowel marks, tatweel, presentation forms and letter case."""
    plain = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    bare = unicodedata.normalize("NFD", plain.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The normalised words of a name or of a search, in order.

    `عبد` and `ال` are often written apart from what follows; they stay words of their own.
    """
    return _WORD.findall(normalise(text))


class TokenHasher:
    """Makes the search tokens of names; without the key a token cannot be guessed back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_names(self, names: Iterable[str]) -> frozenset[bytes]:
        """Tokens of every prefix of every word of `names`."""
        return frozenset(
            self.of_word(word[:length])
            for name in names
            for word in words(name)
            for length in range(min(SHORTEST_PREFIX, len(word)), min(len(word), LONGEST_PREFIX) + 1)
        )

    def of_word(self, word: str) -> bytes:
        """The token that finds every word beginning with the normalised `word`."""
        prefix = word[:LONGEST_PREFIX].encode()
        return hmac.digest(self._key, prefix, hashlib.sha256)[:TOKEN_BYTES]
