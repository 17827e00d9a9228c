"""A story told by clicking: what users do to persons, tasks and cases they do in a browser; what
the story checks it asks over HTTP as ever. So the stories of the scenarios are told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.journey.scenarios import answers
from tests.journey.scenarios.driver import Json, Story
from tests.web.browser.filling import fill, refused
from tests.web.browser.seen import Seen
from tests.web.browser.window import Window

FORM = "form[data-task-form], form:has([data-form])"
"""The form of a task."""
SUBMIT = "button:not([name^=_])"


@dataclass
class ClickedStory(Story):
    """A `Story` whose users each look through a window of their own."""

    open_window: Callable[[str], Window] = field(kw_only=True)
    look_at_pages: bool = field(default=True, kw_only=True)
    seen: Seen = field(kw_only=True)
    _windows: dict[str, Window] = field(default_factory=dict, kw_only=True)

    def window(self, user: str) -> Window:
        """The user's window, opened when first needed."""
        if user not in self._windows:
            self._windows[user] = self.open_window(user)
        return self._windows[user]

    def look(self, window: Window, name: str) -> None:
        """Look at a page the first time that it comes by."""
        if self.look_at_pages and self.seen.first(window, name):
            window.look(name)

    # -- people and journeys

    def register(self, user: str, **data: Any) -> Json:
        """Look the national id up, register who is not known, and stand before the person."""
        person = {**answers.PERSON, **data}
        window = self._looked_up(user, person["national_id"])
        window.click("main form[action='/persons/new'] button")
        form = window.main.locator("form[action='/persons/new']")
        fill(form, person)
        self.look(window, "persons-new")
        window.click(form.locator(SUBMIT).last)
        assert refused(window.page) == []
        self.look(window, "persons-show")
        self.person = self.get(user, window.path)
        return self.person

    def open_journey(self, user: str, unit: str) -> Json:
        """Look the person up and open a journey, here or as another branch's person."""
        window = self._looked_up(user, self.person["national_id"])
        window.click("main form[action$='/journeys'] button")
        self._compare()
        [opened, *_] = self.cycles(user)
        self.case = opened["instance_id"]
        assert opened["unit"] == unit
        return self.instance()

    def _looked_up(self, user: str, national_id: str) -> Window:
        window = self.window(user).open("/persons")
        self.look(window, "persons")
        window.page.locator("main [name=q]").fill(national_id)
        window.click("main form[role=search] button")
        return window

    # -- tasks

    def do(self, user: str, element: str, /, instance: str | None = None, **typed: Any) -> Json:
        """Find the task in one's list, fill its form in, hand it in."""
        window = self._handed_in(user, element, instance, typed)
        assert refused(window.page) == [], (element, window.text())
        unusual = window.page.locator("main input[name='_confirmed']")
        if unusual.count():  # an answer that may be given, but is asked about once more
            self.look(window, f"unusual-{element}")
            unusual.check()
            window.click(window.main.locator(FORM).first.locator(SUBMIT).last)
            assert refused(window.page) == [], (element, window.text())
        self.look(window, f"after-{element}")
        self._compare()
        return {}

    def errors(self, user: str, element: str, /, **typed: Any) -> list[str]:
        """The fields that the page marks; the task stays open."""
        window = self._handed_in(user, element, None, typed)
        marked = refused(window.page)
        assert marked, (element, window.path)
        self.look(window, f"refused-{element}")
        return marked

    def correct(self, user: str, element: str, reason: str, /, **typed: Any) -> Json:
        """Correct the completed task of an element (the one completed last), with a reason."""
        found = self.tasks(user, element=element, state="completed")
        task = max(found, key=lambda each: str(each["completed_at"]))
        window = self.window(user).open(f"/tasks/{task['id']}")
        window.click(f"main a[href='/tasks/{task['id']}/correct']")
        form = window.main.locator(FORM).first
        fill(form, {**typed, "reason": reason})
        window.click(form.locator(SUBMIT).last)
        assert refused(window.page) == []
        self._compare()
        return {}

    def _handed_in(
        self, user: str, element: str, instance: str | None, typed: dict[str, Any]
    ) -> Window:
        task = self.task(user, element, instance)
        window = self.window(user)
        if window.path != f"/tasks/{task['id']}":  # not led there by what was done before
            window.open("/tasks")
            window.click(f"main a[href^='/tasks/{task['id']}']")
        form = window.main.locator(FORM).first
        fill(form, typed)
        self.look(window, f"task-{element}")
        window.click(form.locator(SUBMIT).last)
        return window

    # -- cases

    def change(self, user: str, method: str, path: str, body: Any = None) -> Any:
        """A case is handed over and cancelled by clicking; everything else as ever."""
        action = path.rpartition("/")[2]
        if not path.startswith("/instances/") or action not in ("transfer", "cancel"):
            return super().change(user, method, path, body)
        case = path.split("/")[2]
        window = self.window(user).open(f"/cases/{case}")
        window.click(f"main a[href='/cases/{case}/{action}']")
        form = window.main.locator("form")
        fill(form, body)
        window.click(form.locator(SUBMIT).last)
        assert refused(window.page) == []
        self._compare()
        return self.instance(case)
