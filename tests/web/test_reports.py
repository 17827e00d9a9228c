"""The pages of reports: figures that lead to their lists, periods as they are typed, files."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html
from markupsafe import Markup
from openpyxl import load_workbook

from journey.reports import Kind
from tests.journey.scenarios import steps
from tests.web.driver import Page, Pages
from web.charts import Bar, Part, bars, funnel, line, shares
from web.exports import Sheet, csv_of, workbook_of
from web.exports.sheets import Head

HEAD = "branch_head.irbid"
COORDINATOR = "hq_coordinator.hq"
OWNER = "process_owner.hq"
ROWS = [Bar("إربد <b>", 3, "3", (Part("a", 1, 0), Part("b", 2, 1))), Bar("ب", 0, "0")]


def picture_of(svg: Markup) -> Any:
    """A chart, read."""
    return html.fromstring(svg)


def text_of(page: Page) -> str:
    """Everything written on a page."""
    return " ".join(page.text_content().split())


@pytest.fixture
def opened(pages: Pages) -> Pages:
    """One journey opened at Irbid."""
    steps.opened(pages.story)
    return pages


def test_the_dashboard_shows_figures_charts_and_every_report(opened: Pages) -> None:
    page = opened.see(COORDINATOR, "/reports?period=all")
    assert len(page.xpath("//ul[@class='figures']/li")) == 8
    assert len(page.xpath("//ul[@class='report-list']/li")) == 14
    english = opened.see(COORDINATOR, "/reports?period=all", lang="en")
    assert "Closing the follow-up loop" in text_of(english)
    partner = opened.see("mol_officer.irbid", "/reports")
    assert len(partner.xpath("//ul[@class='report-list']/li")) == 3


def test_every_report_opens_in_both_languages(opened: Pages) -> None:
    page = opened.see(COORDINATOR, "/reports?period=all")
    addresses = page.xpath("//ul[@class='report-list']//a/@href")
    for address in addresses:
        for lang in ("ar", "en"):
            shown = opened.see(COORDINATOR, address, lang=lang)
            assert shown.xpath("//section[contains(@class, 'definitions')]//dt"), address
            assert not shown.xpath("//*[@style]")
            assert not shown.xpath("//script[not(@src)]")


def test_a_number_leads_to_its_list_and_the_list_to_the_case(opened: Pages) -> None:
    page = opened.see(HEAD, "/reports/cycles?period=all")
    link = page.xpath("//th[normalize-space()='إربد']/../td[1]//a/@href")[0]
    listed = opened.see(HEAD, link)
    case = listed.xpath("//tbody//th//a/@href")
    assert len(case) == 1
    assert case[0].startswith("/cases/")
    assert opened.get(HEAD, case[0]).status_code == 200


def test_days_are_typed_and_mistakes_are_said_where_they_are(opened: Pages) -> None:
    page = opened.see(COORDINATOR, "/reports/cycles?from=01/01/2020&to=31/12/2020", lang="en")
    assert "From 1 January 2020 to 31 December 2020" in text_of(page)
    assert page.xpath("//input[@name='from']/@value") == ["01/01/2020"]
    for query, field in (("from=tomorrow", "from"), ("from=02/01/2026&to=01/01/2026", "to")):
        wrong = opened.see(COORDINATOR, f"/reports/cycles?{query}", status=422)
        assert wrong.xpath(f"//input[@name='{field}']/@aria-invalid") == ["true"]
        assert wrong.xpath("//*[@role='alert']//a/@href") == [f"#f-{field}"]
    assert opened.get(COORDINATOR, "/reports/cycles.csv?from=tomorrow").status_code == 422


def test_who_sees_totals_only_finds_no_lists(opened: Pages) -> None:
    page = opened.see(OWNER, "/reports/cycles?period=all", lang="en")
    assert not page.xpath("//table//a")
    assert "Numbers from 1 to 4 are hidden" in text_of(page)
    cell = quote("opened.opened.total")
    assert opened.get(OWNER, f"/reports/cycles/people?cell={cell}").status_code == 403
    assert opened.get("service_provider.vtc_irbid", "/reports").status_code == 403
    assert opened.get("mol_officer.irbid", "/reports/cycles").status_code == 404
    assert opened.get(HEAD, "/reports/cycles?unit=naf:zarqa").status_code == 404


def test_csv_has_latin_keys_and_a_mark_for_spreadsheets(opened: Pages) -> None:
    answer = opened.get(COORDINATOR, "/reports/cycles.csv?period=all&table=opened")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0]["key"] == "naf:irbid"
    assert (rows[0]["opened"], rows[0]["again_rate_denominator"]) == ("1", "1")
    assert opened.get(COORDINATOR, "/reports/cycles.csv?table=nothing").status_code == 404
    hidden = opened.get(OWNER, "/reports/cycles.csv?period=all&table=opened")
    assert "<5" in hidden.text
    facts = opened.get(COORDINATOR, "/reports/facts.csv?period=all").data.decode("utf-8-sig")
    (only,) = csv.DictReader(io.StringIO(facts))
    assert (only["person_no"], only["naf_branch"]) == ("1", "naf:irbid")


def test_a_workbook_has_arabic_labels_over_latin_keys(opened: Pages) -> None:
    answer = opened.get(COORDINATOR, "/reports/cycles.xlsx?period=all")
    book = load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    assert sheet.sheet_view.rightToLeft
    labels, keys, first = list(sheet.iter_rows(values_only=True))[:3]
    assert (labels[2], keys[2]) == ("رحلات فُتحت", "opened")
    assert first[0] == "naf:irbid"
    assert first[2] == 1
    assert book.sheetnames[-1] == "التعريفات"


def test_no_text_becomes_a_formula() -> None:
    heads = (Head("label", "البيان", Kind.TEXT),)
    lines = tuple((text,) for text in ("=1+1", "@SUM(A1)", "-2", "http://x.example", "plain"))
    sheet = Sheet("t", "ورقة / [1]", heads, lines)
    written = csv_of(sheet).decode("utf-8-sig").splitlines()
    assert written == ["label", "'=1+1", "'@SUM(A1)", "'-2", "http://x.example", "plain"]
    book = load_workbook(io.BytesIO(workbook_of([sheet], [("", "=2")])))
    page = book.worksheets[0]
    assert [page.cell(row, 1).data_type for row in (3, 4, 5)] == ["s", "s", "s"]
    assert page.cell(6, 1).hyperlink is None


@pytest.mark.parametrize("draw", [bars, funnel, line])
def test_charts_are_drawn_from_where_reading_begins(draw: object) -> None:
    assert callable(draw)
    arabic, english = draw(ROWS, "t", rtl=True), draw(ROWS, "t", rtl=False)
    assert isinstance(arabic, Markup)
    assert "<b>" not in arabic
    assert "&lt;b&gt;" in arabic
    for drawn, direction in ((arabic, "rtl"), (english, "ltr")):
        picture = picture_of(drawn)
        assert picture.get("role") == "img"
        assert picture.get("direction") == direction
        assert picture.find("title") is not None
        assert not picture.xpath("//*[@style]")
    assert arabic != english


def test_a_divided_bar_fills_its_width_from_either_side() -> None:
    for rtl in (True, False):
        picture = picture_of(shares(ROWS, "t", ["a", "b"], rtl=rtl, name="one"))
        parts = [
            (float(part.get("x")), float(part.get("width")))
            for part in picture.xpath("//rect[@height='18' and @y='25' and @class!='hatched']")
        ]
        assert sum(width for _, width in parts) == pytest.approx(640, abs=0.2)
        assert parts[0][0] == pytest.approx(640 - parts[0][1] if rtl else 0, abs=0.2)
        hatches = picture.xpath("//pattern/@id")
        assert len(hatches) == len(set(hatches)) == 6
