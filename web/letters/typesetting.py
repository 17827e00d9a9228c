"""From data to PDF with Typst.

The data reaches a template as one JSON text and is printed as text, never read as markup. Templates
see their own folder only, no package and no font of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from engine.errors import Unavailable
from engine.wording import Text

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parents[1] / "browser/node_modules/@expo-google-fonts/cairo"
"""Cairo (SIL Open Font License), Arabic and Latin; installed with the browser modules."""

_WEIGHTS = ("400Regular", "600SemiBold", "700Bold")
_NO_PACKAGES = TEMPLATES / "no-packages"
_compiling = Lock()


class LettersUnavailable(Unavailable):
    """The fonts are not installed; `make install` fetches them."""


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `templates/<template>.typ` filled with `data`; `at` is when it was made.

    Takes a few hundredths of a second; one document at a time, from whatever thread. Raises
    `LettersUnavailable`.
    """
    made_at = at.replace(microsecond=0)  # finer moments are refused
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    compiler = _compiler(template)
    with _compiling:  # the compiler can be used by one thread at a time
        made = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=made_at)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single PDF.")
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=_NO_PACKAGES,
        package_cache_path=_NO_PACKAGES,
    )


@cache
def _fonts() -> typst.Fonts:
    folders = [FONTS / weight for weight in _WEIGHTS]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        raise LettersUnavailable(
            Text(
                "خطوط الطباعة غير مثبتة؛ أبلغ مدير النظام.",
                "The fonts of printed letters are not installed: run `make install`.",
            )
        )
    # The embedded fonts stand in for letters and signs that Cairo does not have.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
