"""Which pages were looked at already: once in each language at each width is enough."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.web.browser.window import Window


@dataclass(frozen=True)
class Seen:
    """Remembers pages for all processes of a test run, by files in a folder they share."""

    folder: Path

    def first(self, window: Window, name: str) -> bool:
        """Whether nobody has looked at this page yet, as the window shows it; now somebody has."""
        self.folder.mkdir(exist_ok=True)
        try:
            (self.folder / f"{name}-{window.lang}-{window.width}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
