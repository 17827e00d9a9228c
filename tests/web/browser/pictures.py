"""Makes the pictures of the tutorials anew: `python -m tests.web.browser.pictures [tutorial …]`.

For each tutorial and language it installs the demonstration, serves it, plays the story in a
browser and writes `docs/tutorials/images/<language>-<tutorial>-<step>.webp`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from api.logs import configure_logging
from settings import ROOT
from tests.journey.scenarios.conftest import install, restart
from tests.web.browser.chromium import find
from tests.web.browser.site import Site
from tests.web.browser.tours import Tour
from tests.web.browser.tours.branch import branch_head, case_worker
from tests.web.browser.tours.headquarters import auditor, coordinator
from tests.web.browser.tours.keeping import administrator, process_owner
from tests.web.browser.tours.partners import mol_officer, provider

IMAGES = ROOT / "docs" / "tutorials" / "images"
LANGUAGES = ("ar", "en")
TOURS: dict[str, Callable[[Tour], None]] = {
    "case-worker": case_worker,
    "mol-officer": mol_officer,
    "provider": provider,
    "branch-head": branch_head,
    "coordinator": coordinator,
    "process-owner": process_owner,
    "auditor": auditor,
    "administrator": administrator,
}


def main(wanted: list[str]) -> None:
    """Make the pictures of the tutorials named, or of all."""
    unknown = sorted(set(wanted) - set(TOURS))
    if unknown:
        raise SystemExit(f"No such tutorial: {', '.join(unknown)}. There are: {', '.join(TOURS)}.")
    configure_logging("warning")
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = find()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        template = Path(temporary) / "template"
        template.mkdir()
        install(template, f"sqlite:///{template / 'rihla.db'}")
        browser = playwright.chromium.launch(
            executable_path=chromium.path,
            args=list(chromium.arguments),
            env={**os.environ, **chromium.environment},
        )
        tokens: dict[str, str] = {}
        for who in wanted or TOURS:
            for lang in LANGUAGES:
                folder = Path(temporary) / f"{lang}-{who}"
                shutil.copytree(template, folder)
                print(f"{lang}-{who}: {_pictures(browser, folder, tokens, who, lang)} pictures")
        browser.close()


def _pictures(browser: Browser, folder: Path, tokens: dict[str, str], who: str, lang: str) -> int:
    """One tutorial in one language; how many pictures there are. Earlier ones go only when all of
    the new ones are taken."""
    product = restart(folder, f"sqlite:///{folder / 'rihla.db'}")
    taken = folder / "pictures"
    taken.mkdir()
    with Site(product, tokens) as site:
        tour = Tour(who, lang, site, browser, taken)
        TOURS[who](tour)
        tour.close()
    product.engine.close()
    for earlier in IMAGES.glob(f"{lang}-{who}-*.webp"):
        earlier.unlink()
    for picture in taken.iterdir():
        shutil.move(picture, IMAGES / picture.name)
    return tour.taken


if __name__ == "__main__":
    main(sys.argv[1:])
