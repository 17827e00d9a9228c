"""FEEL's built-in functions (DMN 10.3.4), by name."""

from __future__ import annotations

from collections.abc import Mapping

from ..values import Function
from . import contexts, conversions, dates, lists, numbers, ranges, strings
from .signature import REGISTRY

BUILTINS: Mapping[str, Function] = REGISTRY
MODULES = (contexts, conversions, dates, lists, numbers, ranges, strings)

__all__ = ["BUILTINS"]
