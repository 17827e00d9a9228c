"""What the steps of a published process are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.wording import Text

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.records import Actor


def element_names(engine: Engine, actor: Actor, process: str, version: int) -> Mapping[str, Text]:
    """Element id → name, over a version of a process and all that it calls.

    Raises `Forbidden`, `NotFound`.
    """
    words = engine.deployments.element_words(actor, process, version)
    return {id_: one.name for id_, one in words.items()}
