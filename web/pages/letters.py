"""Printing: a task's form, the letter of a referral, the file of a case; all as PDF."""

from __future__ import annotations

import re

from flask import Blueprint, Response, g, request

from engine.errors import Invalid
from engine.wording import Text
from web.context import actor, engine, journey, language
from web.letters import Printing, case_pdf, form_pdf, referral_letter
from web.letters.case_paper import case_on_paper
from web.letters.referral_paper import referral_on_paper
from web.letters.task_paper import task_on_paper

blueprint = Blueprint("letters", __name__)

_TOKEN = re.compile(r"[A-Za-z0-9._\-]+")
_LONGEST_LINK = 400


@blueprint.get("/letters/task/<task_id>.pdf")
def task(task_id: str) -> Response:
    """A task's form, as it is answered; `?blank=1`: to be filled in by hand."""
    blank = request.args.get("blank") == "1"
    address = f"{request.url_root}q/{task_id}"
    paper, facts = task_on_paper(
        engine(), journey(), actor(), task_id, blank=blank, address=address
    )
    made = form_pdf(paper, facts, _printing(), blank=blank)
    return _pdf(made, f"form-{paper.form.id}")


@blueprint.route("/letters/referral/<instance_id>.pdf", methods=["GET", "POST"])
def referral(instance_id: str) -> Response:
    """The letter of the referral issued last. A signed link for its code is posted as `link`: it
    is a key to the referral and stands in no address."""
    link = _link() if request.method == "POST" else ""
    letter = referral_on_paper(
        engine(), journey(), actor(), instance_id, link=link, site=request.url_root
    )
    return _pdf(referral_letter(letter, _printing()), "referral-letter")


@blueprint.get("/letters/case/<instance_id>.pdf")
def case(instance_id: str) -> Response:
    """The whole case of one cycle."""
    printing = _printing()
    file = case_on_paper(engine(), journey(), actor(), instance_id, printing.language)
    return _pdf(case_pdf(file, printing), "case-file")


def _printing() -> Printing:
    asked = request.args.get("language")
    chosen = asked if asked in ("ar", "en") else language()
    who = actor()
    return Printing(chosen, engine().clock.now(), who.name or who.username)


def _link() -> str:
    """Only a link of this site may be printed: a letter of the Fund sends nobody elsewhere."""
    link = request.form.get("link", "")
    site = f"{request.url_root}r/"
    token = link.removeprefix(site)
    if not link.startswith(site) or not _TOKEN.fullmatch(token) or len(link) > _LONGEST_LINK:
        raise Invalid(
            Text(
                "الرابط ليس رابط إحالة من هذا النظام.", "This is not a referral link of this site."
            ),
            {"link": [Text("رابط غير معروف.", "Not a known link.")]},
        )
    return link


def _pdf(content: bytes, name: str) -> Response:
    # The viewer inside browsers is an embedded object of the page that shows the document.
    g.csp = {"object-src": "'self'"}
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
