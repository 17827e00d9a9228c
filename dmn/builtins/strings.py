"""Functions of strings (DMN table 70). Positions count Unicode characters from 1."""

from __future__ import annotations

from decimal import Decimal

from ..errors import FeelError
from ..regex import Regex, compile_regex
from ..runtime import Run, check_list, check_string
from ..values import Value
from .signature import feel


@feel("substring(string: string, start position: number, length: number?|null)")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str:
    if start == 0 or abs(start) > len(string):
        raise FeelError(f"substring: there is no position {start} in {len(string)} characters")
    begin = int(start) - 1 if start > 0 else len(string) + int(start)
    if length is None:
        return string[begin:]
    if length < 1:
        raise FeelError("substring: the length must be at least 1")
    return string[begin : begin + int(min(length, Decimal(len(string))))]


@feel("string length(string: string)")
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@feel("upper case(string: string)")
def upper_case(string: str) -> str:
    return string.upper()


@feel("lower case(string: string)")
def lower_case(string: str) -> str:
    return string.lower()


@feel("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@feel("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@feel("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@feel("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@feel("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@feel("matches(input: string, pattern: string, flags: string?|null)", needs_run=True)
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> bool:
    regex = compile_regex(pattern, flags or "")
    return regex.search(string, 0, run) is not None


def _finding_regex(run: Run, function: str, pattern: str, flags: str) -> Regex:
    """Raises FeelError for a pattern that matches the empty text (XPath error FORX0003)."""
    regex = compile_regex(pattern, flags)
    if regex.search("", 0, run) is not None:
        raise FeelError(f"{function}: the pattern {pattern!r} matches even the empty text")
    return regex


@feel(
    "replace(input: string, pattern: string, replacement: string, flags: string?|null)",
    needs_run=True,
)
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    regex = _finding_regex(run, "replace", pattern, flags or "")
    literal = "q" in (flags or "")
    parts: list[str] = []
    at = copied = size = 0
    while at <= len(string):
        found = regex.search(string, at, run)
        if found is None:
            break
        start, end = found[0] or (0, 0)
        if end == start:  # a look at the edge of a line: nothing to replace
            at = end + 1
            continue
        filled = replacement if literal else _filled(replacement, found, string)
        parts += [string[copied:start], filled]
        size += len(filled)
        check_string(size)
        copied = at = end
    parts.append(string[copied:])
    result = "".join(parts)
    check_string(len(result))
    return result


def _filled(template: str, groups: list[tuple[int, int] | None], string: str) -> str:
    """`$1` to `$9` stand for groups, `\\$` and `\\\\` for themselves (XPath fn:replace)."""
    result: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char == "\\":
            if template[at + 1 : at + 2] not in ("\\", "$"):
                raise FeelError("replace: in the replacement a backslash stands before $ or \\")
            result.append(template[at + 1])
            at += 2
        elif char == "$":
            number, at = _group_number(template, at + 1, len(groups) - 1)
            span = groups[number] if number < len(groups) else None
            result.append(string[span[0] : span[1]] if span else "")
        else:
            result.append(char)
            at += 1
    return "".join(result)


def _group_number(template: str, at: int, count: int) -> tuple[int, int]:
    end = at
    while end < len(template) and template[end] in "0123456789":
        if end > at and int(template[at : end + 1]) > count:
            break
        end += 1
    if end == at:
        raise FeelError("replace: in the replacement $ stands before the number of a group")
    return int(template[at:end]), end


@feel("split(string: string, delimiter: string)", needs_run=True)
def split(run: Run, string: str, delimiter: str) -> list[Value]:
    regex = _finding_regex(run, "split", delimiter, "")
    parts: list[Value] = []
    at = 0
    start_at = 0
    while start_at <= len(string):
        found = regex.search(string, start_at, run)
        span = found[0] if found else None
        if span is None:
            break
        start, end = span
        if end == start:
            start_at = end + 1
            continue
        parts.append(string[at:start])
        check_list(len(parts))
        at = start_at = end
    parts.append(string[at:])
    return parts


@feel("string join(list: list, delimiter: string?|null)")
def string_join(entries: list[Value], delimiter: str | None = None) -> str:
    texts = [entry for entry in entries if entry is not None]
    if not all(isinstance(text, str) for text in texts):
        raise FeelError("string join: the list must hold strings")
    check_string(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (delimiter or "").join(texts)
