"""Takes the pictures of the tutorials: the part of a page that a step is about, with what to press
marked, as small WebP files."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Locator, Page

WIDTH = 1000
HEIGHT = 700
QUALITY = 65
SCALE = 0.8
"""A picture is as wide as a page of documentation shows it: read on a weak line."""
_ABOVE = 20
_MARK = """all => all.forEach(element => {
  element.style.outline = "4px solid #d6336c";
  element.style.outlineOffset = "3px";
})"""
_UNMARK = """all => all.forEach(element => { element.style.outline = ""; })"""


def photograph(
    page: Page,
    file: Path,
    *,
    at: Locator | None = None,
    height: int = HEIGHT,
    mark: Iterable[Locator] = (),
) -> None:
    """A picture of the page from its top, or from `at` downwards: `height` pixels at most, and more
    only where what is marked needs it."""
    page.evaluate("document.activeElement?.blur()")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("scrollTo(0, 0)")
    top = 0.0
    if at is not None:
        box = at.first.bounding_box()
        assert box is not None, f"{at} is not seen"
        top = max(0.0, box["y"] - _ABOVE)
    marked = list(mark)
    whole = page.evaluate("document.documentElement.getBoundingClientRect().height")
    bottom = min(top + height, max(whole, HEIGHT))
    for one in marked:
        bottom = max(bottom, _bottom_of(one, top) + _ABOVE)
    with _marked(marked):
        _capture(page, file, top, bottom - top)


def photograph_paper(browser: Browser, pdf: bytes, file: Path, *, height: int = HEIGHT) -> None:
    """A picture of the first sheet of a printed document, from its top."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    bitmap = sheet.render(scale=(WIDTH - 160) / sheet.get_width(), rev_byteorder=True)
    source = base64.b64encode(_png(bitmap)).decode()
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_content(
        '<body style="margin:0;background:#ced4da;text-align:center">'
        f'<img style="margin-top:30px" src="data:image/png;base64,{source}">'
    )
    page.wait_for_function("document.images[0].complete")
    _capture(page, file, 0, height)
    page.close()


def _capture(page: Page, file: Path, top: float, height: float) -> None:
    session = page.context.new_cdp_session(page)
    taken = session.send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": QUALITY,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": top, "width": WIDTH, "height": height, "scale": SCALE},
        },
    )
    session.detach()
    file.write_bytes(base64.b64decode(taken["data"]))


def _bottom_of(element: Locator, top: float) -> float:
    """Where what is marked ends; it must begin below the picture's top."""
    box = element.first.bounding_box() if element.count() else None
    assert box is not None, f"{element} is not on the page"
    assert box["y"] >= top, f"{element} is above the picture"
    return box["y"] + box["height"]


@contextmanager
def _marked(elements: list[Locator]) -> Iterator[None]:
    for element in elements:
        element.evaluate_all(_MARK)
    yield
    for element in elements:
        element.evaluate_all(_UNMARK)


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """The bitmap as a PNG file: three or four bytes of colour a point, rows one after another."""
    kind = {3: 2, 4: 6}[bitmap.n_channels]
    raw, row = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    lines = b"".join(
        b"\0" + raw[start : start + row]
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
    )
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
