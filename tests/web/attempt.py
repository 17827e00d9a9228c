"""One request of the permission table's trial."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.driver import Pages

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Attempt:
    """One request: a posted form, or the JSON of a browser module."""

    path: str
    data: Mapping[str, Any] | None = None
    body: Any = None
    file: bytes | None = None
    by_user: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What one user would post otherwise."""

    def form(self, user: str) -> dict[str, Any]:
        """What is posted; a file is opened anew each time."""
        posted = {**(self.data or {}), **self.by_user.get(user, {})}
        if self.file is not None:
            name, filename = (
                ("file", "paper.pdf") if self.file is PDF else ("files", "journey.bpmn")
            )
            posted[name] = (io.BytesIO(self.file), filename)
        return posted


Maker = Callable[[Pages, str], Attempt]
