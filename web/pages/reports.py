"""Reports: the dashboard, each report with its lists behind the numbers, and files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from engine.errors import Invalid
from engine.records import Paging
from engine.wording import Text
from journey.reports import FactTable, Report
from web.charts import drawn
from web.context import actor, engine, journey
from web.dashboard import overview
from web.exports import csv_of, sheet_of_facts, sheets_of, workbook_of
from web.formats import words
from web.report_period import DEFAULT, PRESETS, Asked, asked, begin
from web.texts import _

blueprint = Blueprint("reports", __name__)

PATH = "/reports"
PAGE_SIZE = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACTS = "facts"


@blueprint.get(PATH)
def index() -> tuple[str, int]:
    """The dashboard and the list of reports."""
    wanted, errors = _asked()
    return _page(
        "reports/index.html",
        wanted,
        errors,
        reports=journey().reports.catalogue(actor()),
        overview=overview(journey().reports, actor(), wanted),
    )


@blueprint.get(f"{PATH}/<key>")
def show(key: str) -> tuple[str, int]:
    """One report: charts, tables, and what each number counts."""
    wanted, errors = _asked()
    return _page("reports/show.html", wanted, errors, report=_report(key, wanted), drawn=drawn)


@blueprint.get(f"{PATH}/<key>/people")
def people(key: str) -> tuple[str, int]:
    """The list behind a number."""
    wanted, errors = _asked()
    cursor = request.args.get("cursor") or None
    cell = request.args.get("cell", "")
    found = journey().reports.behind(
        actor(),
        key,
        cell,
        wanted.first,
        wanted.last,
        unit=wanted.unit,
        paging=Paging(PAGE_SIZE, cursor),
    )
    return _page(
        "reports/people.html", wanted, errors, found=found, key=key, cell=cell, cursor=cursor
    )


@blueprint.get(f"{PATH}/<key>.<any(csv, xlsx):ending>")
def export(key: str, ending: str) -> Response:
    """The report as a file; CSV holds one of its tables."""
    wanted = asked(request.args, _today())
    report = _report(key, wanted)
    facts = _facts(wanted) if key == FACTS and not report.small_hidden else None
    sheets = (sheet_of_facts(facts),) if facts else sheets_of(report)
    if ending == "xlsx":
        return _file(workbook_of(sheets, _notes(report, facts)), WORKBOOK, f"{key}.xlsx")
    chosen = request.args.get("table") or sheets[0].key
    sheet = next((sheet for sheet in sheets if sheet.key == chosen), None)
    if sheet is None:
        abort(404)
    return _file(csv_of(sheet), "text/csv; charset=utf-8", f"{key}-{sheet.key}.csv")


def _today() -> Any:
    return journey().reports.today()


def _asked() -> tuple[Asked, dict[str, list[str]]]:
    """The question of the address; where it cannot be read, the usual period with the reasons."""
    today = _today()
    try:
        wanted = asked(request.args, today)
        if wanted.first and wanted.last and wanted.last < wanted.first:
            message = Text("تنتهي الفترة قبل أن تبدأ.", "The period ends before it begins.")
            raise Invalid(message, {"to": [message]})
        return wanted, {}
    except Invalid as error:
        errors = {name: [words(text) for text in texts] for name, texts in error.errors.items()}
        return Asked(DEFAULT, begin(DEFAULT, today), None, None, False), errors


def _report(key: str, wanted: Asked) -> Report:
    return journey().reports.make(
        actor(), key, wanted.first, wanted.last, wanted.unit, hide_small=wanted.sharing
    )


def _facts(wanted: Asked) -> FactTable:
    return journey().reports.facts(actor(), wanted.first, wanted.last, wanted.unit)


def _notes(report: Report, facts: FactTable | None) -> list[tuple[str, str]]:
    """What stands on a workbook's last sheet: definitions, and footnotes."""
    about = {
        column.label.ar: column.about.ar for table in report.tables for column in table.columns
    }
    rows = [] if facts else list(about.items())
    return [(report.title.ar, report.about.ar), *rows, *(("", n.ar) for n in report.footnotes)]


def _page(
    template: str, wanted: Asked, errors: dict[str, list[str]], **values: Any
) -> tuple[str, int]:
    presets = {
        "month": _("This month"),
        "quarter": _("This quarter"),
        "year": _("This year"),
        "all": _("All time"),
    }
    page = render_template(
        template,
        wanted=wanted,
        presets=[(key, presets[key]) for key in PRESETS],
        errors=errors,
        typed=request.args,
        offices=journey().reports.offices(actor()),
        made=engine().clock.now(),
        **values,
    )
    return page, 422 if errors else 200


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="rihla-{name}"'
    return answer
