"""Names are found however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.names import LONGEST_PREFIX, TokenHasher, normalise, words

HASHER = TokenHasher(b"k" * 32)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إيمان", "ايمان"),
        ("آلاء", "الا"),
        ("هدى", "هدي"),
        ("فاطمة", "فاطمه"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("رؤى", "روي"),
        ("وائل", "وايل"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("Layla", "LAYLA"),
        ("José", "jose"),
    ],
)
def test_spellings_that_are_the_same_name(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_different_names_stay_different() -> None:
    assert normalise("سامي") != normalise("سامر")


def test_words_are_cut_at_anything_that_is_no_letter() -> None:
    assert words("عبد الله، أبو-زيد") == ["عبد", "الله", "ابو", "زيد"]


def test_a_prefix_finds_its_word_and_another_does_not() -> None:
    tokens = HASHER.of_names(["إبراهيم الزيتوني"])
    assert HASHER.of_word("ابر") in tokens
    assert HASHER.of_word("ابراهيم") in tokens
    assert HASHER.of_word("براهيم") not in tokens


def test_another_key_makes_other_tokens() -> None:
    assert TokenHasher(b"j" * 32).of_names(["سعاد"]).isdisjoint(HASHER.of_names(["سعاد"]))


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآةى", min_size=2, max_size=30))
def test_every_word_is_found_by_itself_and_by_each_beginning(word: str) -> None:
    tokens = HASHER.of_names([word])
    folded = normalise(word)
    for length in range(min(2, len(folded)), min(len(folded), LONGEST_PREFIX) + 1):
        assert HASHER.of_word(folded[:length]) in tokens
