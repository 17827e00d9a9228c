"""What a text may refer to, known when it is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .feel_types import FeelType
from .values import Function


@dataclass(frozen=True)
class Scope:
    """Names that one frame at run time holds; an item scope is the element of a filter, whose
    names only the data knows."""

    names: frozenset[str]
    is_item: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a text may refer to besides its own names."""

    functions: Mapping[str, Function]
    types: Mapping[str, FeelType]
    known: frozenset[str] = frozenset()
