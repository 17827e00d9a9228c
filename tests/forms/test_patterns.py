"""Patterns are matched as form-js does, and none may take long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.patterns import MAX_TEXT, PatternRefused, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^[0-9]{10}$", "1234567890", "123"),
        (r"^\d{2}-\d{3,5}$", "12-3456", "12-34x"),
        ("^(ab|cd)$", "cd", "ad"),
        ("^(?:ab)?c$", "abc", "ab"),
        ("[ء-ي]+", "x عمل", "work"),
        (r"^[^\]]+$", "abc", "a]b"),
        (r"^a\.b$", "a.b", "axb"),
    ],
)
def test_matching(pattern: str, good: str, bad: str) -> None:
    compiled = compile_pattern(pattern)
    assert compiled.search(good)
    assert not compiled.search(bad)


def test_digits_are_latin() -> None:
    assert not compile_pattern(r"^\d+$").search("٣")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a|a)*b", "(a?){20}", "(.*)*", "a**", "(?=a)b", "(?P<x>a)", r"(a)\1", "(a", "a)",
        "[a", "*a", "a{5000}", "a{,3}", "a*b*c*d*", "x*y*z*$", "a" * 300, "\\", r"\p{L}", "(" * 12,
    ],
)  # fmt: skip
def test_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        compile_pattern(pattern)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab()[]{}*+?|\\^$.,:0123456789d-", max_size=30))
def test_whatever_is_accepted_is_a_quick_pattern(text: str) -> None:
    try:
        compiled = compile_pattern(text)
    except PatternRefused:
        return
    assert isinstance(compiled, re.Pattern)
    start = time.perf_counter()
    compiled.search("a" * (MAX_TEXT - 1) + "!")
    assert time.perf_counter() - start < 2
