"""Reads a type as FEEL writes it: `number`, `list<string>`, `function<date> -> boolean`."""

from __future__ import annotations

from .cursor import Cursor
from .lexis import KEYWORDS, NameTable, is_name_part, word_end
from .nodes import TypeName

_SPACED = NameTable(
    ("date and time", "days and time duration", "years and months duration", "day time duration")
)
_MAX_DEPTH = 20


def read_type(cursor: Cursor, depth: int = 0) -> TypeName:
    """Raises FeelSyntaxError."""
    if depth > _MAX_DEPTH:
        raise cursor.fail("the type is nested too deep")
    name = _type_name(cursor)
    if name == "context" and cursor.take("<"):
        members: list[tuple[str, TypeName]] = []
        while True:
            label = cursor.label()
            if label is None:
                raise cursor.unexpected("the name of a context member")
            members.append((label, read_type(cursor, depth + 1)))
            if not cursor.take(","):
                break
        cursor.expect(">", "after the members of the context")
        return TypeName(name, members=tuple(members))
    if name == "function" and cursor.take("<"):
        arguments: list[TypeName] = []
        while not cursor.sees(">"):
            arguments.append(read_type(cursor, depth + 1))
            if not cursor.take(","):
                break
        cursor.expect(">", "after the parameters of the function")
        cursor.expect("->", "before the result of the function")
        return TypeName(name, tuple(arguments), result=read_type(cursor, depth + 1))
    if name in ("list", "range") and cursor.take("<"):
        element = read_type(cursor, depth + 1)
        cursor.expect(">", f"after the element of the {name}")
        return TypeName(name, (element,))
    return TypeName(name)


def _type_name(cursor: Cursor) -> str:
    word = cursor.word()
    if not word:
        raise cursor.unexpected("a type")
    if word == "function":
        cursor.move(cursor.at + len(word))
        return word
    spaced = _SPACED.match(cursor.text, cursor.at, word)
    if spaced is not None:
        cursor.move(spaced[1])
        return spaced[0]
    start = end = cursor.at
    while cursor.at < len(cursor.text):
        if is_name_part(cursor.text[cursor.at]):
            stop = word_end(cursor.text, cursor.at)
            if cursor.text[cursor.at : stop] in KEYWORDS:
                break
        elif cursor.sees(".") and not cursor.sees(".."):
            stop = cursor.at + 1
        else:
            break
        end = stop
        cursor.move(stop)
    if end == start:
        raise cursor.unexpected("a type")
    return " ".join(cursor.text[start:end].split())
