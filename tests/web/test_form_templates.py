"""The HTML of forms: every shipped form can be read by assistive technology, works without
JavaScript, and posts back what it shows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict

from forms import Form, FormErrors, FormView, compile_form, hidden_fields, read_posted, render_view
from settings import ROOT
from web.texts import catalogue

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
FORMS = {path.stem: path for path in sorted((ROOT / "forms" / "definitions").glob("*.form"))}
VOID = {"input", "br", "hr", "meta", "link", "img"}
PARAMETERS = {
    "minimum_wage_jod_month": 220,
    "client_feedback_days": 10,
    "provider_feedback_days": 14,
    "benefit_retention_months": 24,
}
VARIABLES: dict[str, Any] = {
    "parameters": PARAMETERS,
    "data_sharing_consent": True,
    "client_group": "B",
    "proposed_group": "B",
    "stable_clock_from": "2026-11-05",
    "client_goals_text": "العمل <script>",
    "steps": [
        {
            "step_text": "سيرة ذاتية",
            "responsible": "client",
            "due_date": "2026-12-01",
            "step_status": "planned",
        }
    ],
}


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    pieces: list[str | Element] = field(default_factory=list)
    """Its text and its children in their order."""

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self) -> str:
        return " ".join(self.raw().split())

    def raw(self) -> str:
        return "".join(one if isinstance(one, str) else one.raw() for one in self.pieces)

    def inside(self, tag: str) -> bool:
        at = self.parent
        while at is not None and at.tag != tag:
            at = at.parent
        return at is not None


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(one)
        self.at.pieces.append(one)
        if tag not in VOID:
            self.at = one

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Elements by tag, those of templates left out."""
        return [e for e in self.root.walk() if e.tag in tags and not e.inside("template")]

    def by_id(self, name: str) -> Element:
        return next(e for e in self.root.walk() if e.attributes.get("id") == name)

    def posted(self) -> MultiDict[str, str]:
        """What a browser would send, no button pressed."""
        found: list[tuple[str, str]] = []
        for one in self.all("input", "textarea", "select"):
            name, kind = one.attributes["name"], one.attributes.get("type")
            if one.tag == "textarea":
                found.append((name, one.raw().removeprefix("\n")))
            elif one.tag == "select":
                options = one.children
                chosen = next((o for o in options if "selected" in o.attributes), options[0])
                found.append((name, chosen.attributes["value"]))
            elif kind not in ("radio", "checkbox") or "checked" in one.attributes:
                found.append((name, one.attributes["value"]))
        return MultiDict(found)


class Arabic:
    """The Arabic catalogue as Jinja asks for it."""

    def gettext(self, text: str) -> str:
        message = catalogue().get(text)
        assert message is not None, text
        return str(message.string)

    def ngettext(self, one: str, many: str, number: int) -> str:
        message = catalogue().get((one, many))
        assert message is not None, one
        assert isinstance(message.string, tuple)
        return str(message.string[1 if number == 1 else 3])


def environment(language: str) -> Environment:
    found = Environment(
        loader=FileSystemLoader(ROOT / "web" / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    install: Any = found
    if language == "ar":
        arabic = Arabic()
        install.install_gettext_callables(arabic.gettext, arabic.ngettext, newstyle=True)
    else:
        install.install_null_translations(newstyle=True)
    return found


def form_of(name: str) -> Form:
    return compile_form(FORMS[name].read_bytes(), file=f"{name}.form")


def fill(view: FormView, macro: str = "form", **more: Any) -> Page:
    name = "render_form" if macro == "form" else "show_answers"
    template = environment(view.language).from_string(
        f'{{% from "form/{macro}.html" import {name} %}}{{{{ {name}(view, **more) }}}}'
    )
    return Page(template.render(view=view, more=more))


def view_of(form: Form, language: str = "en", **more: Any) -> FormView:
    data = more.pop("data", None) or form.defaults(VARIABLES, NOW)
    seen = hidden_fields(form, data, VARIABLES, NOW)
    return render_view(form, data, language=language, now=NOW, visibility=seen, **more)


def errors_of(form: Form, language: str) -> dict[str, list[str]]:
    try:
        form.validate({}, variables=VARIABLES, now=NOW, language=language)
    except FormErrors as error:
        return error.errors
    return {}


@pytest.fixture(params=["ar", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", FORMS)
def test_every_control_is_named_and_described(name: str, language: str) -> None:
    form = form_of(name)
    page = fill(view_of(form, language, errors=errors_of(form, language)))
    ids = Counter(e.attributes["id"] for e in page.root.walk() if "id" in e.attributes)
    assert max(ids.values()) == 1, ids.most_common(2)
    labels = {e.attributes["for"]: e for e in page.root.walk() if "for" in e.attributes}
    for control in page.all("input", "select", "textarea"):
        label = labels.get(control.attributes["id"])
        named = label is not None and label.text()
        assert named or control.inside("label"), control.attributes
    for one in page.root.walk():
        for described in one.attributes.get("aria-describedby", "").split():
            assert described in ids, (one.attributes, described)
    for fieldset in page.all("fieldset"):
        assert fieldset.children[0].tag == "legend"
        assert fieldset.children[0].text()


@pytest.mark.parametrize("name", FORMS)
def test_every_error_leads_to_a_control_and_says_so_there(name: str) -> None:
    form = form_of(name)
    errors = errors_of(form, "en")
    page = fill(view_of(form, errors=errors))
    links = [e.attributes["href"] for e in page.all("a")]
    assert sorted(links) == sorted(f"#f-{path}" for path in errors)
    for path in errors:
        target = page.by_id(f"f-{path}")
        assert target.tag in ("input", "select", "textarea", "legend")
        around: Element | None = target
        while around is not None and around.attributes.get("data-path") != path:
            around = around.parent
        assert around is not None
        assert "hidden" not in around.attributes
        assert page.by_id(f"e-{path}").text().startswith("Error:")
        invalid = [e for e in around.walk() if "aria-invalid" in e.attributes]
        assert invalid or around.attributes["data-kind"] in ("rows", "many")


@pytest.mark.parametrize("name", FORMS)
def test_the_page_posts_back_what_it_shows(name: str) -> None:
    form = form_of(name)
    data = form.defaults(VARIABLES, NOW)
    found = read_posted(form, fill(view_of(form, data=data)).posted(), now=NOW).data
    expected = {key: value for key, value in data.items() if not form.fields[key].read_only}
    sourced = {key for key, one in form.fields.items() if one.source is not None}
    # what the source no longer offers cannot be chosen again
    unchanged = {key: value for key, value in found.items() if key in expected.keys() - sourced}
    assert unchanged == {key: value for key, value in expected.items() if key not in sourced}
    assert all(found[key] in (None, [], False) for key in found.keys() - expected.keys())


@pytest.mark.parametrize("name", FORMS)
def test_nothing_runs_from_the_page_itself(name: str, language: str) -> None:
    for macro in ("form", "read"):
        page = fill(view_of(form_of(name), language), macro)
        for one in page.root.walk():
            assert one.tag not in ("script", "style")
            assert not [a for a in one.attributes if a.startswith("on") or a == "style"]


def test_words_of_files_and_people_are_never_html() -> None:
    raw = {
        "type": "default",
        "id": "probe",
        "components": [
            {
                "type": "textfield",
                "key": "a",
                "label": "<b>سؤال</b>",
                "properties": {
                    "label.en": '"><img src=x onerror=1>',
                    "hint.en": "<i>",
                    "hint.ar": "<i>",
                },
                "conditional": {"hide": '=other = "</script><script>\\" onload=1"'},
            },
            {"type": "text", "text": "**<u>**", "properties": {"text.en": "**<u>** & <img>"}},
        ],
    }
    form = compile_form(json.dumps(raw).encode(), file="probe.form")
    data = {"a": "</textarea>\"'><script>alert(1)</script>"}
    page = fill(render_view(form, data, language="en", now=NOW, errors={"a": ["<s>"]}))
    assert not page.all("img", "script", "i", "u", "s", "b")
    assert page.by_id("f-a").attributes["value"] == data["a"]
    assert json.loads(page.root.children[0].attributes["data-rules"])


def test_the_form_works_by_buttons_alone() -> None:
    page = fill(view_of(form_of("individual_action_plan")))
    buttons = [(e.attributes["name"], e.attributes["value"]) for e in page.all("button")]
    assert buttons == [("_refresh", "1"), ("_remove", "steps.0"), ("_add", "steps")]
    conditional = fill(view_of(form_of("job_readiness_interview")))
    assert conditional.all("noscript")
    assert not page.all("noscript"), "nothing depends on an answer there"


def test_dates_are_typed_as_people_write_them() -> None:
    page = fill(view_of(form_of("individual_action_plan"), "ar"))
    deadline = page.by_id("f-client_feedback_deadline").attributes
    assert (deadline["type"], deadline["inputmode"], deadline["dir"]) == ("text", "numeric", "ltr")
    assert deadline["value"] == "02/12/2026"
    assert page.by_id("f-client_agreement_at").attributes["value"] == "22/11/2026"
    assert page.by_id("f-client_agreement_at-time").attributes["value"] == "10:00"
    assert "31/03/2026" in page.by_id("m-client_feedback_deadline").text()


def test_hidden_questions_wait_on_the_page_and_held_ones_do_not() -> None:
    page = fill(view_of(form_of("job_readiness_interview")))
    assert "hidden" in page.by_id("q-expected_min_wage_jod").attributes
    assert "hidden" not in page.by_id("q-accepts_minimum_wage").attributes
    variables = {**VARIABLES, "data_sharing_consent": None}
    form = form_of("provider_acceptance")
    data = form.defaults(variables, NOW)
    seen = hidden_fields(form, data, variables, NOW)
    held = fill(render_view(form, data, language="en", now=NOW, visibility=seen))
    assert not [e for e in held.root.walk() if e.attributes.get("id") == "q-client_goals_text"]


def test_addresses_are_on_the_page_only_when_they_are_given() -> None:
    view = view_of(form_of("referral_form"))
    assert "data-draft-url" not in fill(view).root.children[0].attributes
    body = fill(view, draft_url="/d", visibility_url="/v").root.children[0].attributes
    assert (body["data-draft-url"], body["data-visibility-url"]) == ("/d", "/v")


def test_reading_shows_answers_in_order_and_marks_what_was_left_out(language: str) -> None:
    form = form_of("contact_log")
    data = {"attempted_at": "2026-11-20T07:30:00Z", "channel": "phone", "attempt_result": "refused"}
    page = fill(render_view(form, data, language=language, now=NOW), "read")
    terms = [e.text() for e in page.all("dt")]
    shown = [key for key in form.fields if key not in ("attempt_no", "appointment_at")]
    assert terms == [form.fields[key].label(language) for key in shown]
    values = [e.text() for e in page.all("dd")]
    assert values[0] == "20/11/2026 10:30"
    assert values[-1] == ("لا إجابة" if language == "ar" else "No answer")
    assert not page.all("input", "select", "textarea", "button")
