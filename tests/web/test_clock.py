"""The simulated clock: moved by hand, telling what happened on the way."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from tests.web.driver import Pages, errors, words
from tests.web.places import HERE, referred
from web import create_pages

ADMIN = "admin.hq"


def test_moved_by_days_and_told_what_happened(pages: Pages) -> None:
    referred(pages.story, "irbid", **HERE)
    before = pages.product.engine.clock.now()
    page = html.fromstring(pages.post(ADMIN, "/clock", {"days": "21"}, lang="en").text)
    assert (pages.product.engine.clock.now() - before).days == 21
    assert "1 case did something on the way." in words(page)
    assert page.xpath("//main//a[starts-with(@href, '/cases/')]")


def test_sent_twice_it_moves_once(pages: Pages) -> None:
    [seen, *_] = pages.see(ADMIN, "/clock").xpath("//input[@name='seen']/@value")
    assert pages.post(ADMIN, "/clock", {"days": "1", "seen": seen}).status_code == 200
    moved = pages.product.engine.clock.now()
    assert pages.post(ADMIN, "/clock", {"days": "1", "seen": seen}).status_code == 409
    assert pages.product.engine.clock.now() == moved


def test_to_a_day_and_never_back(pages: Pages) -> None:
    answer = pages.submit(ADMIN, "/clock", {"to": "٠١/٠٢/٢٠٢٦"}, lang="en")
    assert "Nothing was due on the way." in words(html.fromstring(answer.text))
    assert f"{pages.product.engine.clock.now():%Y-%m-%d %H:%M}" == "2026-02-01 05:00"
    for wrong in ("01/01/2026", "someday", "", "01/01/2526"):
        refused = pages.submit(ADMIN, "/clock", {"to": wrong}, lang="en")
        assert refused.status_code == 422, wrong
        assert "to" in errors(html.fromstring(refused.text))
    assert pages.post(ADMIN, "/clock", {"days": "-1"}).status_code == 422


def test_there_is_no_such_page_on_real_time(pages: Pages) -> None:
    product = pages.product
    settings = replace(product.settings, clock="system")
    real = Pages(product, create_pages(settings, product.engine, product.journey), pages.tokens)
    assert real.get(ADMIN, "/clock").status_code == 404
    assert real.post(ADMIN, "/clock", {"days": "1"}).status_code == 404
