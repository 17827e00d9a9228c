"""Fills in a form of a page by the names of its fields, from the answers that the API would take:
what is typed, ticked and chosen is what a person would type, tick and choose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

AMMAN = ZoneInfo("Asia/Amman")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")


def fill(form: Locator, answers: Mapping[str, Any]) -> None:
    """Fill in `form`. Fields that appear when others are answered are filled in once they have
    (without JavaScript: once the page was asked for them); one that never appears fails, unless
    it is to be left empty."""
    waiting = dict(answers)
    asked = False
    while waiting:
        ready = [name for name, value in waiting.items() if _is_there(form, name, value)]
        if not ready:
            again = form.locator("noscript button[name=_refresh]")
            if asked or not again.count() or not again.first.is_visible():
                break
            again.first.click()
            asked = True
            continue
        asked = False
        for name in ready:
            _answer(form, name, waiting.pop(name))
    left = {name: value for name, value in waiting.items() if value not in (None, [], "")}
    assert not left, f"the form never showed {sorted(left)}"


def typed(value: object) -> str:
    """An answer as a person types it: 31/03/2026, not 2026-03-31."""
    text = str(value)
    if isinstance(value, str) and _DAY.fullmatch(text):
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    return text


def _is_there(form: Locator, name: str, value: object) -> bool:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return _adder(form, name).is_visible()
    return any(one.is_visible() and one.is_enabled() for one in _usable(form, name))


def _usable(form: Locator, name: str) -> list[Locator]:
    """What a person uses to answer: the fields, or the box that searches a long list of options."""
    fields = _fields(form, name)
    return [*fields.all(), *fields.locator("xpath=..").locator("[role=combobox]").all()]


def _answer(form: Locator, name: str, value: Any) -> None:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        _answer_rows(form, name, value)
        return
    fields = _fields(form, name)
    kind = fields.first.get_attribute("type") or fields.first.evaluate("e => e.localName")
    if kind == "radio":
        if value is not None:
            fields.and_(form.page.locator(f'[value="{_written(value)}"]')).check()
    elif kind == "checkbox":
        _tick(fields, value)
    elif kind == "select":
        _select(fields.first, "" if value is None else _written(value))
    elif isinstance(value, str) and _MOMENT.fullmatch(value):
        local = datetime.fromisoformat(value).astimezone(AMMAN)
        fields.first.fill(local.strftime("%d/%m/%Y"))
        _fields(form, f"{name}@time").first.fill(local.strftime("%H:%M"))
    else:
        fields.first.fill("" if value is None else typed(value))


def _select(field: Locator, value: str) -> None:
    if field.is_visible():
        field.select_option(value)
        return
    searched = field.locator("xpath=..")
    label = field.locator(f'option[value="{value}"]').text_content() or ""
    searched.locator("[role=combobox]").fill(label.strip() if value else "")
    if value:
        searched.locator(f'[role=option][data-value="{value}"]').click()


def _tick(fields: Locator, value: Any) -> None:
    wanted = {_written(one) for one in value} if isinstance(value, list) else None
    for number in range(fields.count()):
        field = fields.nth(number)
        chosen = field.get_attribute("value") in wanted if wanted is not None else bool(value)
        field.set_checked(chosen)


def _answer_rows(form: Locator, name: str, rows: list[Mapping[str, Any]]) -> None:
    # Row by row: without JavaScript a page that is asked for one more leaves out the empty ones.
    for index, row in enumerate(rows):
        if len(list(_row_numbers(form, name))) <= index:
            _adder(form, name).click()
            form.page.wait_for_load_state()
        number = list(_row_numbers(form, name))[index]
        fill(form, {f"{name}.{number}.{key}": value for key, value in row.items()})


def _row_numbers(form: Locator, name: str) -> Iterator[str]:
    """The numbers of a list's rows that are shown, in their order."""
    seen: dict[str, None] = {}
    for field in form.locator(f'[name^="{name}."]').all():
        if field.is_visible():
            seen.setdefault(str(field.get_attribute("name")).split(".")[1], None)
    yield from seen


def _adder(form: Locator, name: str) -> Locator:
    return form.locator(f'button[name="_add"][value="{name}"]').first


def _fields(form: Locator, name: str) -> Locator:
    return form.locator(f'[name="{name}"]:not([type="hidden"])')


def _written(value: object) -> str:
    """A value as the attribute of a choice says it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def refused(page: Page) -> list[str]:
    """The fields that the page marks as wrong, sorted; what is wrong is said beside each."""
    found = set()
    for field in page.locator("main [aria-invalid=true]:not([role=combobox])").all():
        # A group of choices is marked as a whole: the name is its choices'.
        name = field.get_attribute("name") or field.locator("[name]").first.get_attribute("name")
        found.add(str(name).removesuffix("@time"))
    for name in found:
        said = page.locator(f'[id="e-{name}"]')
        assert said.inner_text().strip(), f"nothing is said beside {name}"
        describes = f'[aria-describedby~="e-{name}"]'
        assert page.locator(describes).count(), f"what is said beside {name} is not tied to it"
    return sorted(found)
