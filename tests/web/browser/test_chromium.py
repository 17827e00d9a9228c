"""The browser that npm brings runs where the machine has none: no browser, no library, no font."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.browser.chromium import NoChromium, find

pytestmark = pytest.mark.xdist_group("browser-looks")

ARABIC = "<html lang=ar dir=rtl><title>رحلة</title><body style='margin:40px'><h1>رحلة</h1></html>"


def test_a_machine_without_a_browser_uses_the_one_of_the_packages(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "bare").mkdir()
    packaged = find({"PATH": str(tmp_path / "bare")})
    assert packaged.path.is_relative_to(Path(packaged.environment["LD_LIBRARY_PATH"]).parent)
    environment: dict[str, str | float | bool] = {
        **os.environ,
        **packaged.environment,
        "PATH": str(tmp_path / "bare"),
    }
    bare = browser.browser_type.launch(
        executable_path=packaged.path, args=list(packaged.arguments), env=environment
    )
    page = bare.new_page()
    page.set_content(ARABIC)
    drawn = page.locator("h1").bounding_box()
    blank = page.screenshot()
    page.locator("h1").evaluate("heading => heading.style.visibility = 'hidden'")
    assert drawn is not None
    assert drawn["width"] > 100
    assert page.screenshot() != blank, "the letters were drawn"
    bare.close()


def test_a_named_browser_must_run(tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match="RIHLA_CHROMIUM"):
        find({"RIHLA_CHROMIUM": str(tmp_path / "missing")})


def test_without_browser_and_packages_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match="make install-dev"):
        find({"PATH": str(tmp_path)}, packages=tmp_path, cache=tmp_path)


def test_a_placeholder_on_the_path_is_passed_over(tmp_path: Path) -> None:
    placeholder = tmp_path / "chromium"
    placeholder.write_text("#!/bin/sh\necho 'install me first'\nexit 1\n", encoding="utf-8")
    placeholder.chmod(0o755)
    assert find({"PATH": str(tmp_path)}).path != placeholder
