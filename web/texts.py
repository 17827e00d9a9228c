"""The pages' two languages: English in the code, Arabic in `web/locale/ar`, one file an area."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, gettext, lazy_gettext
from flask_babel import ngettext as plural

from web.context import language

__all__ = ["_", "catalogue", "lazy", "ngettext", "register"]

FOLDER = Path(__file__).parent / "locale" / "ar"

PLURAL_FORMS = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
)
"""None, one, two, few (3 to 10), many (11 to 99) and the hundreds; the area files say the same."""

LOCALES = {"ar": "ar_JO", "en": "en_GB"}
"""Our languages as locales: Levantine names of months; days before months."""


def _(text: str, **values: object) -> str:
    """The text in the reader's language, its `%(name)s` filled in."""
    return str(gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for so many (`%(num)s`) in the reader's language; Arabic has six forms."""
    return str(plural(one, many, num, **values))


def lazy(text: str) -> str:
    """As `_`, worded only when it is shown: for texts of modules, read before anybody reads them.

    What it gives behaves as a string wherever one is shown.
    """
    return cast(str, lazy_gettext(text))


class _Texts(Domain):  # type: ignore[misc]  # of a library without types
    """Serves the catalogues that are read once at start; nothing has to be compiled before."""

    def get_translations(self) -> NullTranslations:
        """Those of the reader's language."""
        return arabic() if language() == "ar" else NullTranslations()


@cache
def catalogue() -> Catalog:
    """Every area's Arabic in one catalogue. Raises `ValueError` when two files differ on a text."""
    merged = Catalog(locale="ar")
    merged.mime_headers = [("Plural-Forms", PLURAL_FORMS)]
    for file in sorted(FOLDER.glob("*.po")):
        with file.open("rb") as opened:
            area = read_po(opened, locale="ar")
        for message in area:
            if not message.id:
                continue
            known = merged.get(message.id, message.context)
            if known is not None and known.string != message.string:
                raise ValueError(f"{file.name}: {message.id!r} has another Arabic elsewhere.")
            merged.add(message.id, message.string, context=message.context)
    return merged


@cache
def arabic() -> Translations:
    """The catalogue as gettext uses it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return Translations(compiled)


def register(app: Flask) -> None:
    """Let templates and views speak both languages."""
    domain = _Texts()
    Babel(
        app,
        default_locale="ar_JO",
        default_timezone="Asia/Amman",
        locale_selector=lambda: LOCALES[language()],
    )
    app.extensions["babel"].instance.domain_instance = domain
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["direction"] = lambda: "rtl" if language() == "ar" else "ltr"
